using StatusPage.Domain.Deliveries;

namespace StatusPage.Tests.Deliveries;

public sealed class RetryScheduleTests
{
    [Fact]
    public void The_first_wait_is_short() => Assert.Equal(TimeSpan.FromSeconds(10), RetrySchedule.After(1));

    [Fact]
    public void Every_wait_is_longer_than_the_one_before()
    {
        var waits = Enumerable.Range(1, RetrySchedule.MaxAttempts - 1).Select(attempt => RetrySchedule.After(attempt)!.Value).ToList();
        Assert.Equal(waits.Order(), waits);
        Assert.Equal(waits.Count, waits.Distinct().Count());
    }

    [Fact]
    public void There_is_an_end() => Assert.Null(RetrySchedule.After(RetrySchedule.MaxAttempts));

    [Fact]
    public void A_day_and_a_half_is_tried() =>
        Assert.InRange(Enumerable.Range(1, RetrySchedule.MaxAttempts - 1).Sum(attempt => RetrySchedule.After(attempt)!.Value.TotalHours), 35, 37);
}
