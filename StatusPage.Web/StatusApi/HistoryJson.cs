using System.Globalization;
using StatusPage.Domain.Incidents;
using StatusPage.Domain.Maintenances;
using StatusPage.Domain.Snapshot;
using StatusPage.Web.Hosting;
using StatusPage.Web.Shared;

namespace StatusPage.Web.StatusApi;

/// <param name="StartsOn">The weekday of its first day; 0 is Sunday.</param>
/// <param name="Incidents">Newest first.</param>
public sealed record HistoryMonth(string Name, int Year, int StartsOn, int Days, IReadOnlyList<HistoryIncident> Incidents) : Shape;

/// <param name="Message">The newest update, in Markdown.</param>
/// <param name="Timestamp">When it began and ended, in the page's zone, as HTML: its readers look for <c>data-var</c>.</param>
public sealed record HistoryIncident(string Code, string Name, string Message, [property: OneOf(typeof(Indicator))] string Impact, string Timestamp)
    : Shape;

public sealed record HistoryAnswer(PageShape Page, IReadOnlyList<HistoryMonth> Months) : Shape;

/// <summary>
/// <c>/history.json?page=N</c>, which Statuspage's own history page reads and programs that want more than the 50 newest incidents. A page has three
/// months; beyond the oldest, none. Page 1 is made of the snapshot alone. What of its months is older than the snapshot is the beginning of page 2.
/// </summary>
public static class HistoryJson
{
    public const string Path = "/history.json";
    private const int MonthsOnPage = 3;

    /// <summary>The greatest number that is looked at.</summary>
    private const int MostPages = 10_000;

    /// <summary>Whether a request is for one of several pages, which is not the document that lies ready.</summary>
    public static bool IsPaged(HttpRequest request) => request.QueryString.HasValue && request.Path == Path;

    /// <summary>0 and 1 are the first, as in every list. Null: no number.</summary>
    public static int? PageOf(HttpRequest request) =>
        request.Query["page"].ToString() is not { Length: > 0 } text ? 1
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var page) ? Math.Clamp(page, 1, MostPages)
        : null;

    /// <summary>The months of a page, the newest first. A page beyond the oldest has none.</summary>
    public static IReadOnlyList<DateOnly> MonthsOf(StatusSnapshot snapshot, int page, ZoneClock clock)
    {
        var newest = First(clock.DateOf(snapshot.AsOf));
        var oldest = snapshot
            .Incidents.Select(incident => incident.StartedAt)
            .Concat(snapshot.Archive.Select(incident => incident.StartedAt))
            .Append(snapshot.CreatedAt)
            .Select(instant => First(clock.DateOf(instant)))
            .Min();
        var furthest = (newest.Year - oldest.Year) * 12 + newest.Month - oldest.Month;
        var months = Enumerable.Range((page - 1) * MonthsOnPage, MonthsOnPage).Where(back => back <= furthest).Select(back => newest.AddMonths(-back));
        return page == 2 && ArchivedIn(snapshot, newest.AddMonths(1 - MonthsOnPage), clock)
            ? [newest.AddMonths(1 - MonthsOnPage), .. months]
            : [.. months];
    }

    /// <summary>Whether a month has incidents that only the store knows.</summary>
    public static bool ArchivedIn(StatusSnapshot snapshot, DateOnly month, ZoneClock clock) =>
        snapshot.Archive.Any(incident => First(clock.DateOf(incident.StartedAt)) == month);

    /// <param name="older">The incidents of its months that the snapshot does not hold.</param>
    public static byte[] Of(StatusSnapshot snapshot, PublicAddress address, int page, IReadOnlyCollection<IncidentView> older)
    {
        // The first page's incidents are told there, and the older ones of the same month on the second.
        var clock = ZoneClock.For(snapshot.TimeZone, snapshot.AsOf);
        var firstPage = page == 1 ? [] : MonthsOf(snapshot, 1, clock);
        var maintenances = snapshot.Maintenances.Where(row => row.Phase != MaintenancePhase.Scheduled);
        var all = snapshot
            .Incidents.Select(row => (At: row.StartedAt, IsOlder: false, Told: Incident(row, clock)))
            .Concat(older.Select(row => (At: row.StartedAt, IsOlder: true, Told: Incident(row, clock))))
            .Concat(maintenances.Select(row => (At: row.ScheduledFor, IsOlder: false, Told: Maintenance(row, clock))))
            .ToLookup(row => First(clock.DateOf(row.At)));
        return StatusJson.Write(
            new HistoryAnswer(
                new ShapeMaker(snapshot, address).Page(),
                [
                    .. MonthsOf(snapshot, page, clock)
                        .Select(month => new HistoryMonth(
                            month.ToString("MMMM", CultureInfo.InvariantCulture),
                            month.Year,
                            (int)month.DayOfWeek,
                            DateTime.DaysInMonth(month.Year, month.Month),
                            [
                                .. all[month]
                                    .Where(row => row.IsOlder || !firstPage.Contains(month))
                                    .OrderByDescending(row => row.At)
                                    .Select(row => row.Told),
                            ]
                        )),
                ]
            )
        );
    }

    private static HistoryIncident Incident(IncidentView row, ZoneClock clock) =>
        new(row.Id.Value, row.Title, row.Latest.Body, row.Impact.Code(), Stamp(row.StartedAt, row.ResolvedAt, clock));

    private static HistoryIncident Maintenance(MaintenanceView row, ZoneClock clock) =>
        new(row.Id.Value, row.Title, row.Latest.Body, Indicator.Maintenance, Stamp(row.ScheduledFor, row.ScheduledUntil, clock));

    private static DateOnly First(DateOnly day) => new(day.Year, day.Month, 1);

    /// <summary>Aug 10, 00:17 - 01:30 UTC, with the elements that its readers take apart.</summary>
    private static string Stamp(DateTimeOffset from, DateTimeOffset? until, ZoneClock clock)
    {
        var end = until is not { } at ? "" : $" - {(clock.DateOf(at) == clock.DateOf(from) ? "" : $"{Day(at)}, ")}{Time(at)}";
        return $"{Day(from)}, {Time(from)}{end} {clock.Abbreviation(until ?? from)}";

        string Day(DateTimeOffset instant) => $"{Part(instant, "MMM")} <var data-var='date'>{Part(instant, "%d")}</var>";

        string Time(DateTimeOffset instant) => $"<var data-var='time'>{Part(instant, "HH:mm")}</var>";

        string Part(DateTimeOffset instant, string pattern) => clock.ToLocal(instant).ToString(pattern, CultureInfo.InvariantCulture);
    }
}
