using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using StatusPage.Domain.Deliveries;

namespace StatusPage.Web.Channels;

/// <summary>The answer to one request, or why there is none.</summary>
/// <param name="Header">A header's value by its name; null where there is none.</param>
/// <param name="NotReached">Set when there is no answer.</param>
public sealed record Reply(int Status, string Body, Func<string, string?> Header, SendResult.NotSent? NotReached = null)
{
    /// <summary>The longest wait that a service can ask for.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    /// <summary>Characters kept of a service's own error text.</summary>
    private const int MaxWords = 200;

    public string Host { get; init; } = "";
    public bool IsGood => NotReached is null && Status is >= 200 and < 300;

    public static Reply Not(SendResult.NotSent result, string host) => new(0, "", _ => null, result) { Host = host };

    public static async Task<Reply> ReadAsync(HttpResponseMessage response) =>
        new((int)response.StatusCode, await response.Content.ReadAsStringAsync(), name => Find(response.Headers, name));

    public static string? Find(HttpResponseHeaders headers, string name) => headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;

    /// <summary>The meaning of a status where the service says nothing else. The caller handles success.</summary>
    /// <param name="words">The service's own error text, if it can be shown.</param>
    /// <param name="isGone">Whether the status says that the address is gone for good.</param>
    public SendResult.NotSent Failed(DateTimeOffset now, string? words = null, bool isGone = false)
    {
        if (NotReached is { } failure)
            return failure;
        var said = $"{Host} answered {Status}{Name(Status)}{(string.IsNullOrWhiteSpace(words) ? "" : ": " + Cut(words))}.";
        return Status switch
        {
            >= 300 and < 400 => new SendResult.TryAgain($"{Host} answered {Status}; redirects are not followed."),
            408 or 425 or 429 or >= 500 => new SendResult.TryAgain(said, RetryAt(now)),
            _ => new SendResult.GiveUp(said, EndsSubscription: isGone),
        };
    }

    /// <summary>
    /// When the service may be asked again: Retry-After (RFC 9110, section 10.2.3), the rate limit headers of X, Mastodon and Bluesky, or Discord's
    /// <c>retry_after</c>. Null when it does not say.
    /// </summary>
    public DateTimeOffset? RetryAt(DateTimeOffset now)
    {
        var at = Moment(Header("Retry-After"), now, isAfter: true);
        if (at is null && Status == 429)
            at =
                Seconds(Text("retry_after"), now)
                ?? Moment(Header("x-rate-limit-reset"), now)
                ?? Moment(Header("X-RateLimit-Reset"), now)
                ?? Moment(Header("ratelimit-reset"), now);
        return at is { } wanted && wanted > now
            ? wanted > now + LongestWait
                ? now + LongestWait
                : wanted
            : null;
    }

    /// <summary>A text or number in an answer's JSON object; null where there is none.</summary>
    public string? Text(params ReadOnlySpan<string> path)
    {
        try
        {
            using var document = JsonDocument.Parse(Body);
            var value = document.RootElement;
            foreach (var name in path)
                if (value.ValueKind != JsonValueKind.Object || !value.TryGetProperty(name, out value))
                    return null;
            return value.ValueKind switch
            {
                JsonValueKind.String => value.GetString(),
                JsonValueKind.Number => value.GetRawText(),
                _ => null,
            };
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <param name="isAfter">A number is seconds from now, as in Retry-After; else it is an epoch, or seconds where it is too small for one.</param>
    private static DateTimeOffset? Moment(string? value, DateTimeOffset now, bool isAfter = false)
    {
        if (value is null)
            return null;
        const long firstEpoch = 1_000_000_000;
        if (
            long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && !isAfter
            && number is >= firstEpoch and < 100_000_000_000
        )
            return DateTimeOffset.FromUnixTimeSeconds(number);
        if (Seconds(value, now) is { } instant)
            return instant;
        return DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date) ? date.ToUniversalTime() : null;
    }

    private static DateTimeOffset? Seconds(string? value, DateTimeOffset now) =>
        double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds >= 0
            ? now + TimeSpan.FromSeconds(Math.Min(seconds, LongestWait.TotalSeconds))
            : null;

    private static string Name(int status) => ReasonPhrases.GetReasonPhrase(status) is { Length: > 0 } phrase ? $" ({phrase})" : "";

    private static string Cut(string words)
    {
        var line = string.Join(' ', words.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).TrimEnd('.');
        return line.Length <= MaxWords ? line : Domain.Text.Cut(line, MaxWords) + "…";
    }
}
