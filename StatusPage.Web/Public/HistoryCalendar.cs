using StatusPage.Domain.Components;
using StatusPage.Domain.Snapshot;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Public;

/// <param name="Worst">The worst state of any component on that day; null before and after what is known.</param>
/// <param name="Incidents">The incidents that were open on that day, the newest first.</param>
public sealed record CalendarDay(DateOnly Date, ComponentStatus? Worst, IReadOnlyList<IncidentView> Incidents)
{
    public string Says(ZoneClock clock) =>
        Worst is not { } worst
            ? clock.Date(Date)
            : $"{clock.Date(Date)}: {clock.Say.Within(worst.Label())}"
                + (Incidents.Count == 0 ? "" : $", {string.Join(", ", Incidents.Take(Shown.DayNames).Select(incident => incident.Title))}{Beyond(clock)}");

    private string Beyond(ZoneClock clock) =>
        Incidents.Count <= Shown.DayNames ? "" : $", {clock.Say.Count(Incidents.Count - Shown.DayNames, "1 more incident", "{0} more incidents")}";
}

/// <param name="Weeks">Weeks of seven cells each; a cell outside of the month is null.</param>
public sealed record CalendarMonth(DateOnly First, IReadOnlyList<IReadOnlyList<CalendarDay?>> Weeks);

/// <summary>The days that the snapshot knows, as sheets of a calendar, the newest first.</summary>
public static class HistoryCalendar
{
    public static IReadOnlyList<CalendarMonth> Of(StatusSnapshot snapshot, ZoneClock clock)
    {
        var today = clock.DateOf(snapshot.AsOf);
        var from = today.AddDays(1 - UptimeHistory.Days);
        var worst = snapshot
            .Components.SelectMany(component => component.Uptime.Troubled)
            .GroupBy(day => day.Date)
            .ToDictionary(day => day.Key, day => day.Select(trouble => trouble.Worst).Worst());
        // The history goes back to the oldest component or, without any, to the page's beginning.
        var since = snapshot.Components.Select(component => component.Uptime.Since ?? from).DefaultIfEmpty(clock.DateOf(snapshot.CreatedAt)).Min();
        var spans = IncidentDays.Of(snapshot, clock);
        var months = new List<CalendarMonth>();
        for (var month = new DateOnly(today.Year, today.Month, 1); month.AddMonths(1) > from; month = month.AddMonths(-1))
            months.Add(new(month, [.. Weeks(month)]));
        return months;

        IEnumerable<IReadOnlyList<CalendarDay?>> Weeks(DateOnly month)
        {
            var lead = ((int)month.DayOfWeek - (int)clock.Say.Culture.DateTimeFormat.FirstDayOfWeek + 7) % 7;
            for (var day = month.AddDays(-lead); day < month.AddMonths(1); day = day.AddDays(7))
                yield return [.. Enumerable.Range(0, 7).Select(i => day.AddDays(i)).Select(date => date.Month == month.Month ? Day(date) : null)];
        }

        CalendarDay Day(DateOnly date) =>
            date < from || date > today || date < since
                ? new(date, null, [])
                : new(
                    date,
                    worst.GetValueOrDefault(date, ComponentStatus.Operational),
                    [.. spans.Where(span => span.Has(date)).Select(span => span.Incident)]
                );
    }
}
