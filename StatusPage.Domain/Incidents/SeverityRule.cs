using StatusPage.Domain.Components;

namespace StatusPage.Domain.Incidents;

/// <summary>
/// What a page's owner decided for a severity: how often updates come, what it means for the page, and whether a second person must approve.
/// </summary>
public sealed class SeverityRule
{
    /// <summary>Nobody can keep a shorter cadence; a longer one is no promise.</summary>
    public static readonly TimeSpan ShortestCadence = TimeSpan.FromMinutes(5);
    public static readonly TimeSpan LongestCadence = TimeSpan.FromHours(24);

    private SeverityRule() { }

    public PageId PageId { get; private init; }
    public Severity Severity { get; private init; }

    /// <summary>From one update to the next, as the form proposes it.</summary>
    public TimeSpan Cadence { get; private set; }

    /// <summary>State that the form proposes for the affected components.</summary>
    public ComponentStatus ProposedStatus { get; private set; }

    /// <summary>Whether a second person must approve before something is published.</summary>
    public bool NeedsApproval { get; private set; }

    /// <summary>Impact on the page, which follows from the proposed state.</summary>
    public Impact ProposedImpact => Impacts.Of(ProposedStatus);

    /// <summary>How often the guide wants updates; an incident that nobody rated yet counts as moderate.</summary>
    public static TimeSpan CadenceOf(Severity? severity) =>
        severity switch
        {
            Incidents.Severity.Sev1 => TimeSpan.FromMinutes(15),
            Incidents.Severity.Sev2 => TimeSpan.FromMinutes(30),
            Incidents.Severity.Sev4 => TimeSpan.FromHours(4),
            _ => TimeSpan.FromHours(1),
        };

    /// <summary>The incident management guide's table, which holds until somebody changes it.</summary>
    public static SeverityRule Default(PageId page, Severity severity) =>
        new()
        {
            PageId = page,
            Severity = severity,
            Cadence = CadenceOf(severity),
            ProposedStatus = severity switch
            {
                Incidents.Severity.Sev1 => ComponentStatus.MajorOutage,
                Incidents.Severity.Sev2 => ComponentStatus.PartialOutage,
                _ => ComponentStatus.DegradedPerformance,
            },
        };

    public void Decide(TimeSpan cadence, ComponentStatus proposed, bool needsApproval)
    {
        if (cadence < ShortestCadence || cadence > LongestCadence)
            throw new RuleViolation(
                $"{Severity.Code()}: choose a time between {ShortestCadence.TotalMinutes:N0} minutes and {LongestCadence.TotalHours:N0} hours.",
                nameof(Cadence)
            );
        (Cadence, ProposedStatus, NeedsApproval) = (cadence, proposed, needsApproval);
    }
}
