using StatusPage.Domain.Records;
using StatusPage.Web.Metrics;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Records;

/// <param name="Said">The bar in words.</param>
public sealed record MonthBar(double X, double Y, double Height, string Said);

/// <summary>A bar for each month, drawn on the server: 600 by 120, with a scale of three round numbers. A month without a value has no bar.</summary>
public sealed class MonthBars
{
    public const int Width = 600;
    public const int Height = 120;

    /// <summary>The share of a month's width that its bar takes.</summary>
    private const double Share = .6;

    /// <summary>A value near zero is seen as a line, unlike a month without one.</summary>
    private const double LeastHeight = 2;

    private readonly IReadOnlyList<(DateOnly Month, double? Value)> _months;
    private readonly Func<double, string> _say;
    private readonly ZoneClock _clock;
    private readonly double _top;

    private MonthBars(string name, IReadOnlyList<(DateOnly, double?)> months, Func<double, string> say, Func<double, double> nice, ZoneClock clock)
    {
        (Name, _months, _say, _clock) = (name, months, say, clock);
        var most = months.Max(month => month.Item2) ?? 0;
        HasData = months.Any(month => month.Item2 is not null);
        _top = Math.Max(nice(most), double.Epsilon);
    }

    public string Name { get; }
    public bool HasData { get; }
    public double BarWidth => Math.Round(Width * Share / _months.Count, 1);

    public static MonthBars OfCounts(string name, RecordReport report, ZoneClock clock) =>
        new(
            name,
            [.. report.ByMonth.Select(month => (month.First, month.Figures.Incidents is var count and > 0 ? count : (double?)null))],
            count => count.ToString("0.#", clock.Say.Culture),
            // Halves of the scale are whole incidents.
            most => Math.Max(2, most + most % 2),
            clock
        );

    /// <param name="time">Which of the times.</param>
    public static MonthBars OfTimes(string name, RecordReport report, Func<TimeFigures, TimeFigure> time, ZoneClock clock) =>
        new(
            name,
            [.. report.ByMonth.Select(month => (month.First, time(month.Figures).Median?.TotalMinutes))],
            minutes => minutes <= 0 ? clock.Say["{0} min", 0] : clock.Lasting(TimeSpan.FromMinutes(minutes)),
            most => Math.Max(2, most > 60 ? 60 * MetricChart.Nice(most / 60) : MetricChart.Nice(most)),
            clock
        );

    public IEnumerable<MonthBar> Bars =>
        _months.Select(
            (month, at) =>
            {
                var height = month.Value is { } known ? Math.Max(LeastHeight, Math.Round(known / _top * Height, 1)) : 0;
                return new MonthBar(
                    Math.Round((at + (1 - Share) / 2) * Width / _months.Count, 1),
                    Height - height,
                    height,
                    $"{_clock.Month(month.Month)}: {(month.Value is { } value ? _say(value) : _clock.Say.Within("None"))}"
                );
            }
        );

    /// <summary>All of it in words.</summary>
    public string Summary => $"{Name}. {string.Join("; ", Bars.Select(bar => bar.Said))}";

    /// <summary>The numbers beside the thin lines, from the top to the bottom.</summary>
    public IEnumerable<(double Y, string Label)> Ticks => new[] { _top, _top / 2, 0 }.Select(value => (Height - value / _top * Height, _say(value)));

    public IEnumerable<string> Months => _months.Select(month => month.Month.ToString("MMM", _clock.Say.Culture));
}
