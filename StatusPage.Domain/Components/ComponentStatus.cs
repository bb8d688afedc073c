namespace StatusPage.Domain.Components;

/// <summary>
/// The state of a component, ordered from best to worst: the worst of several is the largest. A maintenance is announced, so it ranks below every state
/// that was not announced.
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
    /// The rule that combines everything that speaks of one component at one time: the worst wins. The component's own state, which incidents and people
    /// set, is compared with "under maintenance", once for all running windows. So a maintenance turns operational into under maintenance and hides no
    /// trouble, two windows are like one, and the own state shows again when the last window ends.
    /// </summary>
    /// <param name="isMaintained">Whether any window with this component is running.</param>
    public static ComponentStatus Shown(this ComponentStatus own, bool isMaintained) =>
        new[] { own, isMaintained ? ComponentStatus.UnderMaintenance : ComponentStatus.Operational }.Worst();

    /// <summary>
    /// The part of each minute that counts as down: all of it in a major outage, in a partial outage as much as the owner of the page sets.
    /// </summary>
    /// <param name="partialPercent">Per cent of a partial outage that count.</param>
    public static double DowntimeWeight(this ComponentStatus status, int partialPercent) =>
        status switch
        {
            ComponentStatus.MajorOutage => 1.0,
            ComponentStatus.PartialOutage => partialPercent / 100.0,
            _ => 0.0,
        };
}
