using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using StatusPage.Domain.Incidents;
using StatusPage.Domain.Records;
using StatusPage.Web.Data;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Records;

/// <summary>How fast incidents were noticed, taken, told of and mended in the last twelve months.</summary>
public sealed class RecordsPage(ChangeWriter writer) : AdminPage(writer)
{
    private static readonly string[] Columns =
    [
        "incident",
        "title",
        "severity",
        "began",
        "alert",
        "declared",
        "acknowledged",
        "identified",
        "fix_deployed",
        "resolved",
        "first_update",
        "minutes_to_notice",
        "minutes_to_acknowledge",
        "minutes_to_first_update",
        "minutes_to_resolve",
        "acknowledged_in_time",
        "told_in_time",
    ];

    public RecordReport Report { get; private set; } = null!;
    public IReadOnlyList<MonthBars> Charts { get; private set; } = [];

    /// <summary>The newest first.</summary>
    public IReadOnlyList<IncidentRecord> Latest { get; private set; } = [];

    /// <summary>Incidents of the list; the file has them all.</summary>
    private const int MostListed = 50;

    public async Task OnGetAsync()
    {
        var (first, records) = await ReadAsync();
        Report = RecordReport.Tell(records, first, RecordReport.MonthsShown, Zones.Of(StatusPage.TimeZone));
        Charts =
        [
            MonthBars.OfCounts(Say["Incidents by month"], Report, Clock),
            MonthBars.OfTimes(Say["Time until noticed (median)"], Report, figures => figures.Detect, Clock),
            MonthBars.OfTimes(Say["Time until acknowledged (median)"], Report, figures => figures.Acknowledge, Clock),
            MonthBars.OfTimes(Say["Time until the first update (median)"], Report, figures => figures.FirstUpdate, Clock),
            MonthBars.OfTimes(Say["Time until resolved (median)"], Report, figures => figures.Resolve, Clock),
        ];
        Latest = [.. records.Reverse().Take(MostListed)];
    }

    public async Task<IActionResult> OnGetExportAsync()
    {
        var (_, records) = await ReadAsync();
        await Csv.WriteAsync(Response, $"incidents-{Clock.DateOf(Now):yyyy-MM-dd}.csv", Columns, records.ToAsyncEnumerable(), Cells, Cancel);
        return new EmptyResult();
    }

    private static string?[] Cells(IncidentRecord record) =>
        [
            record.Id.Value,
            record.Title,
            record.Severity?.Code(),
            .. record.Moments.Select(moment => moment.At is { } at ? ZoneClock.Machine(at) : null),
            record.FirstUpdateAt is { } told ? ZoneClock.Machine(told) : null,
            Minutes(record.ToDetect),
            Minutes(record.ToAcknowledge),
            Minutes(record.ToFirstUpdate),
            Minutes(record.ToResolve),
            Word(record.IsAcknowledgedInTime),
            Word(record.IsToldInTime),
        ];

    private static string? Minutes(TimeSpan? span) => span?.TotalMinutes.ToString("0.##", CultureInfo.InvariantCulture);

    private static string? Word(bool? isTrue) =>
        isTrue switch
        {
            true => "yes",
            false => "no",
            null => null,
        };

    private async Task<(DateOnly First, IReadOnlyList<IncidentRecord> Records)> ReadAsync()
    {
        var first = RecordReport.MonthOf(Now, Zones.Of(StatusPage.TimeZone)).AddMonths(1 - RecordReport.MonthsShown);
        return (first, await Db.RecordsWithinAsync(StatusPage.Id, Clock.StartOf(first), Now.AddMinutes(1), Cancel));
    }
}
