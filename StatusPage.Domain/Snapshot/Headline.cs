using StatusPage.Domain.Components;
using StatusPage.Domain.Incidents;

namespace StatusPage.Domain.Snapshot;

/// <summary>The state of everything in one sentence that names the thing.</summary>
public static class Headline
{
    private const int NamedAtMost = 2;

    public static string Of(StatusSnapshot snapshot)
    {
        var worst = snapshot.Components.Select(component => component.Status).Worst();
        if (worst > ComponentStatus.UnderMaintenance || (worst == ComponentStatus.UnderMaintenance && !snapshot.Open.Any()))
        {
            var names = snapshot.Components.Where(component => component.Status == worst).Select(component => component.Name).ToList();
            if (names.Count == snapshot.Components.Count && names.Count > 1) return $"All systems are {Words(worst)}";
            return $"{Join(names)} {(names.Count == 1 ? "is" : "are")} {Words(worst)}";
        }
        var open = snapshot.Open.ToList();
        return open switch
        {
            [] => "All systems operational",
            [{ Phase: Phase.Monitoring } only] => $"Monitoring a fix: {only.Title}",
            [var only] => $"Open incident: {only.Title}",
            _ => $"{open.Count} open incidents",
        };
    }

    /// <summary>Statuspage's <c>status.indicator</c>.</summary>
    public static string Indicator(StatusSnapshot snapshot) => snapshot.Overall switch
    {
        ComponentStatus.UnderMaintenance => "maintenance",
        var status => Impacts.Of(status).Code(),
    };

    /// <summary>Statuspage's <c>status.description</c>, in its own words.</summary>
    public static string Description(StatusSnapshot snapshot) => snapshot.Overall switch
    {
        ComponentStatus.Operational => "All Systems Operational",
        ComponentStatus.UnderMaintenance => "Service Under Maintenance",
        ComponentStatus.DegradedPerformance => "Partially Degraded Service",
        ComponentStatus.PartialOutage => "Partial System Outage",
        _ => "Major Service Outage",
    };

    private static string Words(ComponentStatus status) => status switch
    {
        ComponentStatus.UnderMaintenance => "under maintenance",
        ComponentStatus.DegradedPerformance => "degraded",
        ComponentStatus.PartialOutage => "partly down",
        _ => "down",
    };

    private static string Join(List<string> names) => names.Count switch
    {
        1 => names[0],
        <= NamedAtMost => string.Join(" and ", names),
        _ => $"{string.Join(", ", names.Take(NamedAtMost))} and {names.Count - NamedAtMost} more",
    };
}
