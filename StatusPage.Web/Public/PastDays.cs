using StatusPage.Domain.Snapshot;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Public;

/// <summary>Consecutive days of which the same is to be said.</summary>
/// <param name="From">The newest day.</param>
/// <param name="To">The oldest day.</param>
/// <param name="Begun">Incidents that began on that day and are over.</param>
/// <param name="Lasting">Incidents that were open on these days and are shown elsewhere: above if they still are, otherwise on the day on which they
/// began.</param>
public sealed record PastStretch(DateOnly From, DateOnly To, IReadOnlyList<IncidentView> Begun, IReadOnlyList<IncidentView> Lasting)
{
    public bool IsQuiet => Begun.Count == 0 && Lasting.Count == 0;

    public bool GoesOnWith(PastStretch older) =>
        older.Begun.Count == 0
        && Begun.Count == 0
        && older.From == To.AddDays(-1)
        && Lasting.Select(incident => incident.Id).SequenceEqual(older.Lasting.Select(incident => incident.Id));
}

/// <summary>
/// The last two weeks, newest first; a run of days that are alike is one line. Days on which an incident was open are not called quiet, nor are those
/// before the page existed.
/// </summary>
public static class PastDays
{
    private const int Shown = 14;

    public static IEnumerable<PastStretch> Of(StatusSnapshot snapshot, ZoneClock clock)
    {
        var today = clock.DateOf(snapshot.AsOf);
        var born = clock.DateOf(snapshot.CreatedAt);
        var begun = snapshot.Incidents.Where(incident => !incident.IsOpen).ToLookup(incident => clock.DateOf(incident.StartedAt));
        var spans = IncidentDays.Of(snapshot, clock);
        PastStretch? run = null;
        for (var day = today; day > today.AddDays(-Shown); day = day.AddDays(-1))
        {
            var lasting = spans.Where(span => span.Has(day) && (span.Incident.IsOpen || span.From < day)).Select(span => span.Incident).ToList();
            var next = new PastStretch(day, day, [.. begun[day]], lasting);
            if (next.IsQuiet && day < born)
                continue;
            if (run?.GoesOnWith(next) == true)
                run = run with { To = day };
            else
            {
                if (run is not null)
                    yield return run;
                run = next;
            }
        }
        if (run is not null)
            yield return run;
    }
}
