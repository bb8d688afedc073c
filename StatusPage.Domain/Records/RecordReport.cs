using StatusPage.Domain.Incidents;
using StatusPage.Domain.Promises;

namespace StatusPage.Domain.Records;

/// <param name="Median">Null where no time is known.</param>
/// <param name="Known">How many incidents the time is known of.</param>
/// <param name="InTime">Of these, how many were within the guide's response time; null where that says nothing.</param>
public sealed record TimeFigure(TimeSpan? Median, int Known, int? InTime = null)
{
    internal static TimeFigure Of(IEnumerable<IncidentRecord> records, Func<IncidentRecord, TimeSpan?> time, Func<IncidentRecord, bool?>? inTime = null)
    {
        var all = records.ToList();
        var times = all.Select(time).OfType<TimeSpan>().ToList();
        return new(PromiseReport.Median(times), times.Count, inTime is null ? null : all.Count(record => inTime(record) == true));
    }
}

/// <summary>The times of several incidents.</summary>
public sealed record TimeFigures(int Incidents, TimeFigure Detect, TimeFigure Acknowledge, TimeFigure FirstUpdate, TimeFigure Resolve)
{
    public static TimeFigures Of(IReadOnlyCollection<IncidentRecord> records) =>
        new(
            records.Count,
            TimeFigure.Of(records, record => record.ToDetect),
            TimeFigure.Of(records, record => record.ToAcknowledge, record => record.IsAcknowledgedInTime),
            TimeFigure.Of(records, record => record.ToFirstUpdate, record => record.IsToldInTime),
            TimeFigure.Of(records, record => record.ToResolve)
        );
}

/// <param name="Severity">Null: not rated.</param>
public sealed record SeverityFigures(Severity? Severity, TimeFigures Figures);

/// <param name="First">The first day of the month, in the page's zone.</param>
public sealed record MonthFigures(DateOnly First, TimeFigures Figures);

/// <summary>How fast incidents were noticed, taken, told of and mended: by severity, and by the month in which they began.</summary>
/// <param name="BySeverity">The most severe first; only those that there were.</param>
/// <param name="ByMonth">The oldest first, months without incidents included.</param>
public sealed record RecordReport(IReadOnlyList<SeverityFigures> BySeverity, IReadOnlyList<MonthFigures> ByMonth)
{
    /// <summary>Months that the report covers, the current one included.</summary>
    public const int MonthsShown = 12;

    public static RecordReport Tell(IReadOnlyCollection<IncidentRecord> records, DateOnly firstMonth, int months, IZone zone)
    {
        var byMonth = records.ToLookup(record => MonthOf(record.BeganAt, zone));
        var firsts = Enumerable.Range(0, months).Select(firstMonth.AddMonths).ToList();
        var within = firsts.SelectMany(first => byMonth[first]).ToList();
        return new(
            [
                .. within
                    .GroupBy(record => record.Severity)
                    .OrderBy(group => group.Key ?? (Severity)int.MaxValue)
                    .Select(group => new SeverityFigures(group.Key, TimeFigures.Of([.. group]))),
            ],
            [.. firsts.Select(first => new MonthFigures(first, TimeFigures.Of([.. byMonth[first]])))]
        );
    }

    /// <summary>The first day of the month in which an instant lies.</summary>
    public static DateOnly MonthOf(DateTimeOffset instant, IZone zone)
    {
        var day = zone.DateOf(instant);
        return new(day.Year, day.Month, 1);
    }
}
