using StatusPage.Domain.Deliveries;

namespace StatusPage.Domain.Destinations;

/// <summary>When to try again: at the growing intervals of deliveries, for three days, as Standard Webhooks asks, then never by itself.</summary>
public static class DestinationRetry
{
    public static readonly TimeSpan Longest = TimeSpan.FromDays(3);

    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(12);

    /// <summary>When to try next, or null when it was tried long enough.</summary>
    /// <param name="attempts">Attempts made so far, 1 or more.</param>
    /// <param name="since">When it was asked for.</param>
    /// <param name="notBefore">When the other side wants to hear of it again, if it said so.</param>
    public static DateTimeOffset? NextAfter(int attempts, DateTimeOffset since, DateTimeOffset now, DateTimeOffset? notBefore = null)
    {
        if (now - since >= Longest)
            return null;
        var next = now + (RetrySchedule.After(attempts) is { } wait && wait < LongestWait ? wait : LongestWait);
        return notBefore > next ? notBefore : next;
    }
}
