using StatusPage.Domain;
using StatusPage.Domain.Metrics;
using StatusPage.Web.Metrics;
using StatusPage.Web.Shared;

namespace StatusPage.Tests.Metrics;

/// <summary>From stored points to drawn lines.</summary>
public sealed class MetricSeriesTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 24, 12, 3, 0, TimeSpan.Zero);
    private static readonly MetricId Id = MetricId.New();

    private static MetricPoint Point(double minutesAgo, double mean, int count = 1) =>
        new()
        {
            MetricId = Id,
            At = MetricSeries.Floor(Now.AddMinutes(-minutesAgo), MetricSeries.Step),
            Mean = mean,
            Count = count,
        };

    [Fact]
    public void A_step_is_the_mean_of_its_points_weighed_by_their_counts_and_a_gap_is_a_gap()
    {
        var line = MetricSeries.Line(
            [Point(10, 10, 1), Point(10, 40, 2), Point(30, 5)],
            MetricSeries.Floor(Now, MetricSeries.Step),
            MetricSeries.Step,
            12
        );
        Assert.Equal(12, line.Count);
        Assert.Equal(30, line[^2]);
        Assert.Equal(5, line[^6]);
        Assert.Equal(10, line.Count(value => value is null));
    }

    [Fact]
    public void The_five_minutes_that_are_not_over_are_not_drawn_yet()
    {
        var view = MetricSeries.Tell(Metric.Create(PageId.New(), Now), [Point(1, 7), Point(6, 3)], [Point(6, 3)], Now);
        Assert.Equal(new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero), view.Until);
        Assert.Equal([3d], view.Day.OfType<double>());
        Assert.Equal((288, 168, 120), (view.Day.Count, view.Week.Count, view.Month.Count));
    }

    [Theory]
    [InlineData(0.03, 0.05)]
    [InlineData(7, 10)]
    [InlineData(10, 10)]
    [InlineData(101, 200)]
    [InlineData(231, 250)]
    public void The_scale_ends_at_a_round_number(double most, double top) => Assert.Equal(top, MetricChart.Nice(most), 9);

    [Fact]
    public void A_chart_draws_each_run_by_itself_and_says_what_it_shows()
    {
        var metric = MetricSeries.Tell(
            Metric.Create(PageId.New(), Now).Describe("Response time", "ms", 0, true, null, null, Now),
            [Point(60, 100), Point(55, 200), Point(20, 150)],
            [],
            Now
        );
        var chart = new MetricChart(metric, metric.Day, MetricSeries.Step, ZoneClock.For("UTC", metric.Until));
        Assert.Equal(2, chart.Path.Count(c => c == 'M'));
        Assert.Equal("Response time: now 150 ms, mean 150 ms, from 100 ms to 200 ms", chart.Summary);
        Assert.Equal(["250 ms", "125 ms", "0 ms"], chart.Ticks.Select(tick => tick.Label));
        Assert.Equal((120d, 60d, 0d), (chart.Ticks.Last().Y, chart.Ticks.ElementAt(1).Y, chart.Ticks.First().Y));
    }
}
