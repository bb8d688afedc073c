namespace StatusPage.Domain.Destinations;

/// <summary>When to try again: at growing intervals, for three days, as Standard Webhooks asks, then never by itself.</summary>
public static class DestinationRetry
{
    public static readonly TimeSpan Longest = TimeSpan.FromDays(3);

    private static readonly TimeSpan[] Waits =
    [
        TimeSpan.FromSeconds(10),
        TimeSpan.FromSeconds(30),
        TimeSpan.FromMinutes(2),
        TimeSpan.FromMinutes(5),
        TimeSpan.FromMinutes(15),
        TimeSpan.FromMinutes(30),
        TimeSpan.FromHours(1),
        TimeSpan.FromHours(2),
        TimeSpan.FromHours(4),
        TimeSpan.FromHours(8),
        TimeSpan.FromHours(12),
    ];

    /// <summary>When to try next, or null when it was tried long enough.</summary>
    /// <param name="attempts">Attempts made so far, 1 or more.</param>
    /// <param name="since">When it was asked for.</param>
    /// <param name="notBefore">When the other side wants to hear of it again, if it said so.</param>
    public static DateTimeOffset? NextAfter(int attempts, DateTimeOffset since, DateTimeOffset now, DateTimeOffset? notBefore = null)
    {
        if (now - since >= Longest)
            return null;
        var next = now + Waits[Math.Min(attempts, Waits.Length) - 1];
        return notBefore > next ? notBefore : next;
    }
}
