using System.Globalization;
using StatusPage.Domain.Components;
using StatusPage.Domain.Incidents;

namespace StatusPage.Domain.Snapshot;

/// <summary>The state of everything in one sentence that names the thing.</summary>
public static class Headline
{
    private const int NamedAtMost = 2;

    /// <param name="say">Translates an English sentence, with {0} and {1} for names, into the reader's language; null leaves it in English.</param>
    public static string Of(StatusSnapshot snapshot, Func<string, string>? say = null)
    {
        var worst = snapshot.Components.Select(component => component.Status).Worst();
        var open = snapshot.Open.ToList();
        if (worst != ComponentStatus.Operational && worst == snapshot.Overall)
        {
            var hit = snapshot.Components.Where(component => component.Status == worst).ToList();
            var names = hit.ConvertAll(component => component.Name);
            var sentence =
                names.Count == snapshot.Components.Count && names.Count > 1
                    ? Say($"All systems are {Words(worst)}")
                    : Say($"{{0}} {(names.Count == 1 ? "is" : "are")} {Words(worst)}", Join(names));
            // The components already show one incident.
            var isTold = open.Exists(incident => incident.Affected.Any(affected => hit.Exists(component => component.Id == affected.ComponentId)));
            return (open.Count - (isTold ? 1 : 0)) switch
            {
                0 => sentence,
                1 => Say("{0}, and 1 more incident", sentence),
                var more => Say("{0}, and {1} more incidents", sentence, more),
            };
        }
        return open switch
        {
            [] => Say(snapshot.Components.Count == 0 ? "No components yet" : "All systems operational"),
            [{ Phase: Phase.Monitoring } only] => Say("Monitoring a fix: {0}", only.Title),
            [var only] => Say("Open incident: {0}", only.Title),
            [var first, _] => Say("{0} and 1 more incident", first.Title),
            [var first, ..] => Say("{0} and {1} more incidents", first.Title, open.Count - 1),
        };

        string Say(string english, params object[] parts) => string.Format(CultureInfo.InvariantCulture, say?.Invoke(english) ?? english, parts);

        string Join(List<string> names) =>
            names.Count switch
            {
                1 => names[0],
                NamedAtMost => Say("{0} and {1}", names[0], names[1]),
                _ => Say("{0}, {1} and {2} more", names[0], names[1], names.Count - NamedAtMost),
            };
    }

    /// <summary>Statuspage's <c>status.indicator</c>.</summary>
    public static string Indicator(StatusSnapshot snapshot) =>
        snapshot.Overall switch
        {
            ComponentStatus.UnderMaintenance => "maintenance",
            var status => Impacts.Of(status).Code(),
        };

    /// <summary>Statuspage's <c>status.description</c>, in its own words.</summary>
    public static string Description(StatusSnapshot snapshot) =>
        snapshot.Overall switch
        {
            ComponentStatus.Operational => "All Systems Operational",
            ComponentStatus.UnderMaintenance => "Service Under Maintenance",
            ComponentStatus.DegradedPerformance => "Partially Degraded Service",
            ComponentStatus.PartialOutage => "Partial System Outage",
            _ => "Major Service Outage",
        };

    private static string Words(ComponentStatus status) =>
        status switch
        {
            ComponentStatus.UnderMaintenance => "under maintenance",
            ComponentStatus.DegradedPerformance => "degraded",
            ComponentStatus.PartialOutage => "partly down",
            _ => "down",
        };
}
