namespace StatusPage.Domain.Components;

/// <summary>
/// The state of a component, ordered from best to worst: the worst of several is the largest.
/// A maintenance is announced and so ranks below every state that was not.
/// </summary>
public enum ComponentStatus
{
    Operational = 0,
    UnderMaintenance = 1,
    DegradedPerformance = 2,
    PartialOutage = 3,
    MajorOutage = 4,
}

public static class ComponentStatuses
{
    public static readonly ComponentStatus[] All = Enum.GetValues<ComponentStatus>();

    /// <summary>The word used by APIs, style sheets and forms, as in Statuspage's API.</summary>
    public static string Code(this ComponentStatus status) =>
        status switch
        {
            ComponentStatus.Operational => "operational",
            ComponentStatus.UnderMaintenance => "under_maintenance",
            ComponentStatus.DegradedPerformance => "degraded_performance",
            ComponentStatus.PartialOutage => "partial_outage",
            ComponentStatus.MajorOutage => "major_outage",
            _ => throw new ArgumentOutOfRangeException(nameof(status), status, null),
        };

    public static string Label(this ComponentStatus status) =>
        status switch
        {
            ComponentStatus.Operational => "Operational",
            ComponentStatus.UnderMaintenance => "Under maintenance",
            ComponentStatus.DegradedPerformance => "Degraded performance",
            ComponentStatus.PartialOutage => "Partial outage",
            ComponentStatus.MajorOutage => "Major outage",
            _ => throw new ArgumentOutOfRangeException(nameof(status), status, null),
        };

    public static ComponentStatus? Parse(string? code)
    {
        foreach (var status in All)
            if (status.Code() == code)
                return status;
        return null;
    }

    public static ComponentStatus Worst(this IEnumerable<ComponentStatus> statuses) => statuses.DefaultIfEmpty(ComponentStatus.Operational).Max();

    /// <summary>
    /// The rule by which everything resolves that speaks of one component at one time: the worst wins. The component's own state, which
    /// incidents and people set, stands against "under maintenance", once for all windows that run: so a maintenance turns operational into
    /// under maintenance and hides no trouble, two windows are as one, and when the last ends the own state shows again.
    /// </summary>
    /// <param name="isMaintained">Whether any window with this component runs.</param>
    public static ComponentStatus Shown(this ComponentStatus own, bool isMaintained) =>
        new[] { own, isMaintained ? ComponentStatus.UnderMaintenance : ComponentStatus.Operational }.Worst();

    /// <summary>Part of each minute that counts as down: a major outage wholly, a partial outage as the owner of the page sets it.</summary>
    /// <param name="partialPercent">Per cent of a partial outage that count.</param>
    public static double DowntimeWeight(this ComponentStatus status, int partialPercent) =>
        status switch
        {
            ComponentStatus.MajorOutage => 1.0,
            ComponentStatus.PartialOutage => partialPercent / 100.0,
            _ => 0.0,
        };
}
