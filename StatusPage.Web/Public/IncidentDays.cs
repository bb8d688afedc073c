using StatusPage.Domain.Snapshot;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Public;

/// <summary>The days of the page on which an incident was open, first and last included. A withdrawn incident was never open.</summary>
public sealed record IncidentDays(IncidentView Incident, DateOnly From, DateOnly To)
{
    public bool Has(DateOnly day) => From <= day && day <= To;

    /// <summary>The days of all incidents, the newest first.</summary>
    public static IReadOnlyList<IncidentDays> Of(StatusSnapshot snapshot, ZoneClock clock)
    {
        var today = clock.DateOf(snapshot.AsOf);
        return
        [
            .. snapshot
                .Incidents.Where(incident => incident.WithdrawnAt is null)
                .Select(incident => new IncidentDays(
                    incident,
                    clock.DateOf(incident.StartedAt),
                    incident.ResolvedAt is { } end ? clock.DateOf(end) : today
                )),
        ];
    }
}
