using System.Globalization;
using StatusPage.Domain.Components;
using StatusPage.Domain.Incidents;

namespace StatusPage.Domain.Snapshot;

/// <summary>The state of everything in one sentence that names the thing.</summary>
public static class Headline
{
    private const int NamedAtMost = 2;

    /// <param name="say">Says an English sentence, with {0} and {1} for names, in the reader's language; null leaves it in English.</param>
    public static string Of(StatusSnapshot snapshot, Func<string, string>? say = null)
    {
        var worst = snapshot.Components.Select(component => component.Status).Worst();
        if (worst > ComponentStatus.UnderMaintenance || (worst == ComponentStatus.UnderMaintenance && !snapshot.Open.Any()))
        {
            var names = snapshot.Components.Where(component => component.Status == worst).Select(component => component.Name).ToList();
            if (names.Count == snapshot.Components.Count && names.Count > 1) return Say($"All systems are {Words(worst)}");
            return Say($"{{0}} {(names.Count == 1 ? "is" : "are")} {Words(worst)}", Join(names));
        }
        var open = snapshot.Open.ToList();
        return open switch
        {
            [] => Say("All systems operational"),
            [{ Phase: Phase.Monitoring } only] => Say("Monitoring a fix: {0}", only.Title),
            [var only] => Say("Open incident: {0}", only.Title),
            _ => Say("{0} open incidents", open.Count),
        };

        string Say(string english, params object[] parts) => string.Format(CultureInfo.InvariantCulture, say?.Invoke(english) ?? english, parts);

        string Join(List<string> names) => names.Count switch
        {
            1 => names[0],
            NamedAtMost => Say("{0} and {1}", names[0], names[1]),
            _ => Say("{0}, {1} and {2} more", names[0], names[1], names.Count - NamedAtMost),
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
}
