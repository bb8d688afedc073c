using StatusPage.Domain.Snapshot;
using StatusPage.Web.Hosting;

namespace StatusPage.Web.StatusApi;

/// <summary>The eight documents of Statuspage's public API v2, written from the snapshot.</summary>
public static class PublicApi
{
    /// <summary>Newest incidents or maintenances in a list.</summary>
    private const int MaxListed = 50;

    /// <summary>The path, the summary and the type of each document, for its description.</summary>
    public static readonly IReadOnlyList<(string Path, string Summary, Type Answer)> Paths =
    [
        ("/api/v2/summary.json", "The state, the components, what is open and what is planned", typeof(SummaryAnswer)),
        ("/api/v2/status.json", "The state of the page in one sentence", typeof(StatusAnswer)),
        ("/api/v2/components.json", "Components and groups", typeof(ComponentsAnswer)),
        ("/api/v2/incidents.json", "The 50 newest incidents", typeof(IncidentsAnswer)),
        ("/api/v2/incidents/unresolved.json", "Incidents that are open", typeof(IncidentsAnswer)),
        ("/api/v2/scheduled-maintenances.json", "The 50 newest maintenances", typeof(MaintenancesAnswer)),
        ("/api/v2/scheduled-maintenances/upcoming.json", "Maintenances that have not begun", typeof(MaintenancesAnswer)),
        ("/api/v2/scheduled-maintenances/active.json", "Maintenances that run", typeof(MaintenancesAnswer)),
    ];

    /// <summary>Whether a document grows with each incident that is open.</summary>
    public static bool TellsOfAllOpen(string path) => path is "/api/v2/summary.json" or "/api/v2/incidents/unresolved.json";

    /// <summary>Each document is written when it is asked for, so that one that fails does not affect the others.</summary>
    public static IEnumerable<(string Path, Func<byte[]> Json)> Documents(StatusSnapshot snapshot, PublicAddress address)
    {
        var make = new ShapeMaker(snapshot, address);
        // The newest first, as Statuspage has it; our own pages have the worst first.
        var unresolved = snapshot.Incidents.Where(incident => incident.IsOpen).ToList();
        Func<byte[]>[] documents =
        [
            () =>
                StatusJson.Write(
                    new SummaryAnswer(
                        make.Page(),
                        make.Status(),
                        make.Components(),
                        Incidents(unresolved),
                        Maintenances(snapshot.Running.Concat(snapshot.Upcoming))
                    )
                ),
            () => StatusJson.Write(new StatusAnswer(make.Page(), make.Status())),
            () => StatusJson.Write(new ComponentsAnswer(make.Page(), make.Components())),
            () => StatusJson.Write(new IncidentsAnswer(make.Page(), Incidents(snapshot.Incidents.Take(MaxListed)))),
            () => StatusJson.Write(new IncidentsAnswer(make.Page(), Incidents(unresolved))),
            () => StatusJson.Write(new MaintenancesAnswer(make.Page(), Maintenances(snapshot.Maintenances.Reverse().Take(MaxListed)))),
            () => StatusJson.Write(new MaintenancesAnswer(make.Page(), Maintenances(snapshot.Upcoming))),
            () => StatusJson.Write(new MaintenancesAnswer(make.Page(), Maintenances(snapshot.Running))),
        ];
        return Paths.Zip(documents, (known, json) => (known.Path, json));

        IReadOnlyList<IncidentShape> Incidents(IEnumerable<IncidentView> views) => [.. views.Select(make.Incident)];
        IReadOnlyList<MaintenanceShape> Maintenances(IEnumerable<MaintenanceView> views) => [.. views.Select(make.Maintenance)];
    }
}
