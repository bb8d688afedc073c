using System.Globalization;
using StatusPage.Domain.Metrics;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Metrics;

/// <summary>A line drawn on the server: 600 by 120, with a scale of few round numbers and gaps where nothing was measured.</summary>
public sealed class MetricChart
{
    public const int Width = 600;
    public const int Height = 120;

    private readonly IReadOnlyList<double?> _values;
    private readonly ZoneClock _clock;
    private readonly MetricView _metric;

    /// <param name="threshold">A value that the scale shows in any case.</param>
    public MetricChart(MetricView metric, IReadOnlyList<double?> values, TimeSpan step, ZoneClock clock, double? threshold = null)
    {
        (_metric, _values, _clock, Step) = (metric, values, clock, step);
        From = (step < MetricSeries.HourStep ? metric.Until : metric.HoursUntil) - step * values.Count;
        var known = values.OfType<double>().ToList();
        HasData = known.Count > 0;
        if (!HasData)
            return;
        (Least, Most, Mean, Last) = (known.Min(), known.Max(), known.Average(), known[^1]);
        var (most, least) = (Math.Max(Most, threshold ?? Most), Math.Min(Least, threshold ?? Least));
        Top = Nice(Math.Max(most, 0) * 1.05);
        Bottom = least < 0 ? -Nice(-least * 1.05) : 0;
        (Top, Bottom) = (metric.YAxisMax ?? Top, metric.YAxisMin ?? Bottom);
        if (Top <= Bottom)
            (Top, Bottom) = metric.YAxisMin is null ? (Top, Top - 1) : (Bottom + 1, Bottom);
    }

    public TimeSpan Step { get; }
    public DateTimeOffset From { get; }
    public bool HasData { get; }
    public double Least { get; }
    public double Most { get; }
    public double Mean { get; }
    public double Last { get; }
    public double Top { get; }
    public double Bottom { get; }

    /// <summary>Number and unit, which read from left to right in every language.</summary>
    public string Say(double value) => _clock.Say.Culture.TextInfo.IsRightToLeft ? $"\u2066{Bare(value)}\u2069" : Bare(value);

    private string Bare(double value) =>
        $"{value.ToString($"N{_metric.DecimalPlaces}", _clock.Say.Culture)}{(_metric.Suffix is null ? "" : $" {_metric.Suffix}")}";

    public string Summary =>
        !HasData
            ? $"{_metric.Name}: {_clock.Say["No data"]}"
            : $"{_metric.Name}: {_clock.Say["now {0}", Say(Last)]}, {_clock.Say["mean {0}", Say(Mean)]}, "
                + $"{_clock.Say["from {0} to {1}", Say(Least), Say(Most)]}";

    /// <summary>The heights of the thin lines and their numbers.</summary>
    public IEnumerable<(double Y, string Label)> Ticks => new[] { Top, (Top + Bottom) / 2, Bottom }.Select(value => (Y(value), Say(value)));

    /// <summary>Four times along the bottom.</summary>
    public IEnumerable<(int X, string Label)> Times =>
        Enumerable
            .Range(0, 4)
            .Select(i =>
                (
                    i * Width / 4,
                    Step * _values.Count > TimeSpan.FromDays(2)
                        ? _clock.BareDate(From + Step * _values.Count * i / 4)
                        : _clock.BareTime(From + Step * _values.Count * i / 4)
                )
            );

    /// <summary>One path for each run without a gap; a single value is a short dash.</summary>
    public string Path
    {
        get
        {
            var path = new System.Text.StringBuilder();
            var isOpen = false;
            for (var i = 0; i < _values.Count; i++)
            {
                if (_values[i] is not { } value)
                {
                    isOpen = false;
                    continue;
                }
                var x = (i + .5) * Width / _values.Count;
                path.Append(CultureInfo.InvariantCulture, $"{(isOpen ? 'L' : 'M')}{x:0.#} {Y(value):0.#}");
                if (!isOpen && (i + 1 == _values.Count || _values[i + 1] is null))
                    path.Append("h2");
                isOpen = true;
            }
            return path.ToString();
        }
    }

    /// <summary>How far a value stands below the upper edge; one beyond the scale stands at its edge.</summary>
    public double Y(double value) => Math.Round(Height - (Math.Clamp(value, Bottom, Top) - Bottom) / (Top - Bottom) * Height, 1);

    /// <summary>The next of 1, 2, 2.5, 5 and 10 times a power of ten.</summary>
    public static double Nice(double value)
    {
        if (value <= 0)
            return 0;
        var power = Math.Pow(10, Math.Floor(Math.Log10(value)));
        return new[] { 1, 2, 2.5, 5, 10 }.Select(factor => factor * power).First(candidate => candidate >= value * 0.999999);
    }
}
