using StatusPage.Domain.Snapshot;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Snapshot;

/// <summary>The last two weeks, newest first; a run of quiet days is one line.</summary>
public static class PastDays
{
    private const int Shown = 14;

    public static IEnumerable<(DateOnly From, DateOnly To, List<IncidentView> Incidents)> Of(StatusSnapshot snapshot, ZoneClock clock)
    {
        var today = clock.DateOf(snapshot.AsOf);
        var ended = snapshot.Incidents.Where(incident => !incident.IsOpen).ToLookup(incident => clock.DateOf(incident.StartedAt));
        DateOnly? quietSince = null;
        for (var day = today; day > today.AddDays(-Shown); day = day.AddDays(-1))
        {
            if (!ended.Contains(day))
            {
                quietSince ??= day;
                continue;
            }
            if (quietSince is { } quiet) yield return (quiet, day.AddDays(1), []);
            quietSince = null;
            yield return (day, day, [.. ended[day]]);
        }
        if (quietSince is { } rest) yield return (rest, today.AddDays(1 - Shown), []);
    }
}
