namespace StatusPage.Domain.Metrics;

/// <summary>One value of a drawn line; null where nothing was measured. Gaps are not filled.</summary>
public sealed record MetricValue(DateTimeOffset At, double? Value);

/// <summary>A metric as the public sees it.</summary>
/// <param name="Day">24 hours in steps of 5 minutes.</param>
/// <param name="Week">7 days in steps of an hour.</param>
/// <param name="Month">30 days in steps of 6 hours.</param>
public sealed record MetricView(
    MetricId Id,
    string Name,
    string? Suffix,
    int DecimalPlaces,
    IReadOnlyList<double?> Day,
    IReadOnlyList<double?> Week,
    IReadOnlyList<double?> Month
)
{
    /// <summary>Where the lines end: the values after it are not complete yet.</summary>
    public required DateTimeOffset Until { get; init; }
    public required DateTimeOffset HoursUntil { get; init; }

    /// <summary>Where the scale begins and ends; null: where the values ask for it.</summary>
    public double? YAxisMin { get; init; }
    public double? YAxisMax { get; init; }
    public bool YAxisHidden { get; init; }

    /// <summary>What it is, in a line.</summary>
    public string? TooltipDescription { get; init; }
}

/// <summary>Turns kept points into the lines that are drawn.</summary>
public static class MetricSeries
{
    /// <summary>The interval of the stored points.</summary>
    public static readonly TimeSpan Step = TimeSpan.FromMinutes(5);
    public static readonly TimeSpan HourStep = TimeSpan.FromHours(1);
    public static readonly TimeSpan MonthStep = TimeSpan.FromHours(6);
    public static readonly TimeSpan Kept = TimeSpan.FromDays(31);

    public static DateTimeOffset Floor(DateTimeOffset instant, TimeSpan step) => new(instant.UtcTicks - instant.UtcTicks % step.Ticks, TimeSpan.Zero);

    /// <param name="fine">Points of the last day, every five minutes.</param>
    /// <param name="coarse">Points of the last month, every hour.</param>
    public static MetricView Tell(Metric metric, IReadOnlyCollection<MetricPoint> fine, IReadOnlyCollection<MetricPoint> coarse, DateTimeOffset now)
    {
        var until = Floor(now, Step);
        // The lines that count in hours include the current hour.
        var hours = Floor(now, HourStep) + HourStep;
        return new(
            metric.Id,
            metric.Name,
            metric.Suffix,
            metric.DecimalPlaces,
            Line(fine, until, Step, 288),
            Line(coarse, hours, HourStep, 168),
            Line(coarse, hours, MonthStep, 120)
        )
        {
            Until = until,
            HoursUntil = hours,
            YAxisMin = metric.YAxisMin,
            YAxisMax = metric.YAxisMax,
            YAxisHidden = metric.YAxisHidden,
            TooltipDescription = metric.TooltipDescription,
        };
    }

    /// <summary>Each value is the mean of the points in its step, weighted by the number of values behind each point.</summary>
    public static IReadOnlyList<double?> Line(IEnumerable<MetricPoint> points, DateTimeOffset until, TimeSpan step, int count)
    {
        var from = until - step * count;
        var (sums, counts) = (new double[count], new long[count]);
        foreach (var point in points)
        {
            if (point.At < from || point.At >= until)
                continue;
            var index = (int)((point.At - from).Ticks / step.Ticks);
            sums[index] += point.Mean * point.Count;
            counts[index] += point.Count;
        }
        return [.. sums.Select((sum, i) => counts[i] == 0 ? (double?)null : Math.Round(sum / counts[i], 6))];
    }
}
