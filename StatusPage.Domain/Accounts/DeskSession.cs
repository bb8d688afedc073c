using System.Security.Cryptography;

namespace StatusPage.Domain.Accounts;

/// <summary>One signed-in browser. The cookie names it; the row alone opens nothing.</summary>
public sealed class DeskSession
{
    public const int MaxAgentLength = 300;

    /// <summary>A session that was not used for this long is over.</summary>
    public static readonly TimeSpan IdleAtMost = TimeSpan.FromDays(14);

    /// <summary>A session is over this long after it began, however much it is used.</summary>
    public static readonly TimeSpan LastsAtMost = TimeSpan.FromDays(90);

    /// <summary>How long a proof of identity lets somebody change how they sign in.</summary>
    public static readonly TimeSpan ProofLasts = TimeSpan.FromMinutes(10);

    /// <summary>The precision of <see cref="SeenAt"/>.</summary>
    public static readonly TimeSpan SeenEvery = TimeSpan.FromMinutes(1);

    private DeskSession() { }

    public string Id { get; private init; } = "";
    public string AccountId { get; private init; } = "";
    public DateTimeOffset BegunAt { get; private init; }
    public DateTimeOffset SeenAt { get; private set; }
    public string? Address { get; private init; }
    public string? UserAgent { get; private init; }
    public DateTimeOffset? EndedAt { get; private set; }

    /// <summary>When its holder last proved who they are, with everything that their account asks for at a sign-in.</summary>
    public DateTimeOffset ProvenAt { get; private set; }

    public bool IsOver(DateTimeOffset now) => EndedAt is not null || now - SeenAt >= IdleAtMost || now - BegunAt >= LastsAtMost;

    public bool IsProven(DateTimeOffset now) => !IsOver(now) && now - ProvenAt < ProofLasts;

    public static DeskSession Begin(string account, string? address, string? agent, DateTimeOffset now, DateTimeOffset? provenAt = null) =>
        new()
        {
            Id = RandomNumberGenerator.GetString("abcdefghijkmnpqrstuvwxyz23456789", 24),
            AccountId = account,
            BegunAt = now,
            SeenAt = now,
            ProvenAt = provenAt is { } earlier && earlier < now ? Instants.Clamp(earlier) : now,
            Address = address,
            UserAgent = agent is null ? null : Text.Cut(agent, MaxAgentLength),
        };
}
