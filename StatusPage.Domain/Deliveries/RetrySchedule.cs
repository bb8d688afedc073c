namespace StatusPage.Domain.Deliveries;

/// <summary>When to try again: at growing intervals, for a day and a half, then never.</summary>
public static class RetrySchedule
{
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
        TimeSpan.FromHours(20),
    ];

    public static int MaxAttempts => Waits.Length + 1;

    /// <summary>The wait after an attempt, or null when it was the last.</summary>
    /// <param name="attempts">Attempts made so far, 1 or more.</param>
    public static TimeSpan? After(int attempts) => attempts <= Waits.Length ? Waits[attempts - 1] : null;

    /// <summary>When to try next, or null when the attempt was the last.</summary>
    /// <param name="attempts">Attempts made so far, 1 or more.</param>
    /// <param name="notBefore">When the other side wants to hear of it again, if it said so.</param>
    public static DateTimeOffset? NextAfter(int attempts, DateTimeOffset now, DateTimeOffset? notBefore = null) =>
        After(attempts) is not { } wait ? null
        : notBefore > now + wait ? notBefore
        : now + wait;
}
