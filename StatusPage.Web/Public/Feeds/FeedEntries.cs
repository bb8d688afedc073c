using StatusPage.Domain.Maintenances;
using StatusPage.Domain.Snapshot;

namespace StatusPage.Web.Public.Feeds;

/// <summary>What stands in a feed, the newest first.</summary>
internal static class FeedEntries
{
    /// <summary>Entries, as readers ask for the newest only. What is not over stands there beyond them: nobody else would tell of its end.</summary>
    public const int Most = 50;

    /// <param name="incidents">Each with the time by which it is sorted.</param>
    public static IEnumerable<T> Of<T>(
        IEnumerable<(DateTimeOffset At, IncidentView Incident)> incidents,
        IEnumerable<(DateTimeOffset At, MaintenanceView Maintenance)> maintenances,
        Func<IncidentView, T> ofIncident,
        Func<MaintenanceView, T> ofMaintenance
    )
    {
        var all = incidents
            .Select(one => (one.At, IsGoingOn: one.Incident.IsOpen, Make: (Func<T>)(() => ofIncident(one.Incident))))
            .Concat(
                maintenances.Select(one => (one.At, IsGoingOn: one.Maintenance.Phase.IsRunning(), Make: (Func<T>)(() => ofMaintenance(one.Maintenance))))
            )
            .OrderByDescending(one => one.At);
        return all.Where((one, place) => place < Most || one.IsGoingOn).Select(one => one.Make());
    }
}
