namespace StatusPage.Domain.Promises;

/// <summary>What an owner decided about promises that lapse.</summary>
/// <param name="Grace">Time from the promised time until the public page says "overdue".</param>
/// <param name="First">Time from the promised time until the first level is called.</param>
/// <param name="Second">The same for the second level.</param>
public sealed record PromiseRule(TimeSpan Grace, TimeSpan First, TimeSpan Second)
{
    public static readonly TimeSpan LongestGrace = TimeSpan.FromHours(1);
    public static readonly TimeSpan LongestEscalation = TimeSpan.FromHours(24);

    /// <summary>The escalation of the incident management guide: level 1 after 15 minutes, level 2 after 30.</summary>
    public static readonly PromiseRule Default = new(TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(15), TimeSpan.FromMinutes(30));

    /// <exception cref="RuleViolation">The times are out of bounds or in the wrong order.</exception>
    public PromiseRule Checked()
    {
        var checks = new Checks();
        checks.Refuse(Grace < TimeSpan.Zero || Grace > LongestGrace, $"Choose between 0 and {LongestGrace.TotalMinutes:N0} minutes.", nameof(Grace));
        checks.Refuse(
            First <= TimeSpan.Zero || First > LongestEscalation,
            $"Choose between 1 and {LongestEscalation.TotalMinutes:N0} minutes.",
            nameof(First)
        );
        checks.Refuse(
            Second <= First || Second > LongestEscalation,
            "The second level is called later than the first, and within 24 hours. Enter a larger number.",
            nameof(Second)
        );
        checks.Enforce();
        return this;
    }
}
