using StatusPage.Domain.Incidents;
using StatusPage.Domain.Promises;

namespace StatusPage.Tests.Promises;

public sealed class PromiseReportTests
{
    private static readonly Web.Shared.Zone Zone = Zones.Of("America/Los_Angeles");

    /// <summary>An incident with posts at these minutes after its start, each with the minutes that it promises; null promises nothing.</summary>
    private static PromiseRecord Record(DateTimeOffset start, Severity? severity, params (double At, double? In)[] posts) =>
        new(
            severity,
            start,
            [.. posts.Select(post => new PromisePost(start.AddMinutes(post.At), post.In is { } minutes ? start.AddMinutes(post.At + minutes) : null))]
        );

    private static PromiseReport Tell(double minutesLater, params PromiseRecord[] records) =>
        PromiseReport.Tell(records, Zone, An.Instant.AddMinutes(minutesLater));

    [Fact]
    public void Kept_late_and_missed_are_counted_and_the_median_is_of_those_that_came_late()
    {
        // Kept to the minute; late by 10; late by 59; missed by 60 (3 × 30 after it was made); never answered, but over.
        var report = Tell(
            1000,
            Record(An.Instant, Severity.Sev2, (0, 30), (30, null)),
            Record(An.Instant, Severity.Sev2, (0, 30), (40, null)),
            Record(An.Instant, Severity.Sev2, (0, 30), (89, null)),
            Record(An.Instant, Severity.Sev2, (0, 30), (90, null)),
            Record(An.Instant, Severity.Sev2, (0, 30))
        );
        var month = Assert.Single(report.Months);
        Assert.Equal((new DateOnly(2026, 11, 1), 1, 2, 2, 5, 20), (month.First, month.Kept, month.Late, month.Missed, month.Made, month.KeptPercent));
        Assert.Equal(TimeSpan.FromMinutes(59), month.MedianLateness);
    }

    [Theory]
    [InlineData(20, 0, 0)]
    [InlineData(89, 0, 0)]
    [InlineData(90, 0, 1)]
    public void One_that_is_open_counts_when_it_is_missed(double now, int late, int missed)
    {
        var report = Tell(now, Record(An.Instant, null, (0, 30)));
        Assert.Equal((late, missed), (report.Months.Sum(month => month.Late), report.Months.Sum(month => month.Missed)));
    }

    [Fact]
    public void The_month_is_that_of_the_promised_time_in_the_pages_zone()
    {
        // It is 23:50 on November 30 in Los Angeles, and the promise is for ten past midnight.
        var start = new DateTimeOffset(2026, 12, 1, 7, 50, 0, TimeSpan.Zero);
        var report = Tell(60 * 24 * 10, Record(start, null, (0, 20), (10, null)), Record(start, null, (0, 5), (1, null)));
        Assert.Equal([(12, 1), (11, 1)], report.Months.Select(month => (month.First.Month, month.Kept)));
        Assert.Null(report.Months[0].MedianLateness);
    }

    [Fact]
    public void What_is_older_than_a_year_is_left_out()
    {
        var report = Tell(
            0,
            Record(new(2025, 11, 30, 12, 0, 0, TimeSpan.Zero), Severity.Sev1, (0, 30), (10, null)),
            Record(new(2025, 12, 2, 12, 0, 0, TimeSpan.Zero), Severity.Sev1, (0, 30), (10, null))
        );
        Assert.Equal(new DateOnly(2025, 12, 1), Assert.Single(report.Months).First);
        Assert.Equal(1, Assert.Single(report.Responses).Incidents);
    }

    [Fact]
    public void The_first_update_is_measured_by_the_severity()
    {
        var report = Tell(
            0,
            Record(An.Instant.AddHours(-9), Severity.Sev1, (0.5, null)),
            Record(An.Instant.AddHours(-9), Severity.Sev1, (2, null)),
            Record(An.Instant.AddHours(-9), Severity.Sev2, (15, null)),
            Record(An.Instant.AddHours(-9), null, (500, null))
        );
        Assert.Equal(
            [new ResponseTimes(Severity.Sev1, 2, 1, TimeSpan.FromSeconds(75)), new(Severity.Sev2, 1, 1, TimeSpan.FromMinutes(15))],
            report.Responses
        );
    }
}
