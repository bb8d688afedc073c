using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace StatusPage.Domain.Audit;

/// <summary>
/// The end of the chain, signed with a key that is not in the store, so that a missing end is found too. There is one row; the writer that appends locks
/// it.
/// </summary>
public sealed class AuditHead
{
    public const int TheOne = 1;

    public int Id { get; init; } = TheOne;
    public long Number { get; set; }
    public string Hash { get; set; } = AuditEntry.Beginning;

    /// <summary>Null: not signed, as heads were before signatures existed.</summary>
    public DateTimeOffset? SignedAt { get; set; }

    /// <summary>The id of the key that signed.</summary>
    public string? Key { get; set; }
    public string? Signature { get; set; }

    public SignedHead? Attested => SignedAt is { } at && Key is { } key && Signature is { } signature ? new(Number, Hash, at, key, signature) : null;
}

/// <summary>A statement that the audit ended with this row at an instant. It fits into one line of a log.</summary>
/// <param name="Number">Number of the last row; 0 when there was none.</param>
/// <param name="Hash">Hash of the last row, in hex.</param>
/// <param name="Key">The id of the key that signed.</param>
/// <param name="Signature">Signature of <see cref="Statement"/>, in base64url.</param>
public sealed partial record SignedHead(long Number, string Hash, DateTimeOffset At, string Key, string Signature)
{
    private const string Instant = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    /// <summary>What is signed.</summary>
    public static string Statement(long number, string hash, DateTimeOffset at, string key) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"StatusPage audit v1 number={number} hash={hash} at={at.UtcDateTime.ToString(Instant, CultureInfo.InvariantCulture)} key={key}"
        );

    public byte[] Bytes => Encoding.UTF8.GetBytes(Statement(Number, Hash, At, Key));

    public override string ToString() => $"{Statement(Number, Hash, At, Key)} signature={Signature}";

    /// <summary>Finds a statement in a line of a log, whatever text surrounds it; null when there is none.</summary>
    public static SignedHead? Find(string text)
    {
        if (
            Written().Match(text) is not { Success: true } match
            || !long.TryParse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture, out var number)
            || !DateTimeOffset.TryParseExact(match.Groups[3].ValueSpan, Instant, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
        )
            return null;
        return new(number, match.Groups[2].Value, at, match.Groups[4].Value, match.Groups[5].Value);
    }

    [GeneratedRegex(
        "StatusPage audit v1 number=([0-9]{1,18}) hash=([0-9a-f]{64}) at=([0-9TZ:.-]{24}) key=([0-9a-f]{16}) signature=([A-Za-z0-9_-]{40,200})",
        RegexOptions.NonBacktracking
    )]
    private static partial Regex Written();
}

/// <summary>The signed head at the end of a day, by UTC. The node that writes the row also writes it to the log; of several nodes, one does.</summary>
public sealed class DailyHead
{
    private DailyHead() { }

    public DateOnly Day { get; private init; }
    public long Number { get; private init; }
    public string Hash { get; private init; } = "";
    public DateTimeOffset At { get; private init; }
    public string Key { get; private init; } = "";
    public string Signature { get; private init; } = "";

    /// <summary>Attempts to send it to the webhook.</summary>
    public int Attempts { get; private set; }

    /// <summary>When to send it to the webhook; while it is being sent, the end of the lease; null: it is not to be sent, or not any more.</summary>
    public DateTimeOffset? NextAttemptAt { get; private set; }
    public DateTimeOffset? SentAt { get; private set; }

    public SignedHead Attested => new(Number, Hash, At, Key, Signature);

    public static DailyHead Of(DateOnly day, SignedHead head, bool isSent) =>
        new()
        {
            Day = day,
            Number = head.Number,
            Hash = head.Hash,
            At = head.At,
            Key = head.Key,
            Signature = head.Signature,
            NextAttemptAt = isSent ? head.At : null,
        };

    /// <summary>The webhook accepted it.</summary>
    public void Sent(DateTimeOffset now) => (SentAt, NextAttemptAt) = (now, null);

    /// <summary>The webhook did not accept it.</summary>
    /// <param name="isAttempt">False: it was not even tried.</param>
    /// <param name="at">Null: never again.</param>
    public void Wait(DateTimeOffset? at, bool isAttempt = true)
    {
        NextAttemptAt = at;
        if (isAttempt)
            Attempts++;
    }
}
