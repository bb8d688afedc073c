using StatusPage.Web.Deliveries;

namespace StatusPage.Tests.Deliveries;

/// <summary>How long the delivery worker sleeps: long at rest, but no longer than until the next delivery falls due.</summary>
public sealed class DeliveryWaitTests
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    [Theory]
    [InlineData(new double[0], 10, 10)]
    [InlineData(new double[] { 60 }, 10, 10)]
    [InlineData(new double[] { 3 }, 3, 3.1)]
    [InlineData(new double[] { 8, 3 }, 3, 3.1)]
    // When one delivery of a channel is due, more may follow at once.
    [InlineData(new double[] { 0 }, 0, 1)]
    [InlineData(new double[] { -5, 60 }, 0, 1)]
    public void It_looks_when_something_may_fall_due(double[] dueIn, double from, double to) =>
        Assert.InRange(DeliveryWorker.WaitAfter(dueIn.Select(seconds => An.Instant.AddSeconds(seconds)), An.Instant, Pause).TotalSeconds, from, to);
}
