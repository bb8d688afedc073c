using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Time.Testing;
using StatusPage.Domain.Channels;
using StatusPage.Web.Deliveries;
using StatusPage.Web.Hosting;

namespace StatusPage.Tests.Deliveries;

/// <summary>No host gets requests faster than its limit, and the worker does not ask in vain again and again.</summary>
public sealed class ThrottleTests
{
    private readonly FakeTimeProvider _time = new(An.Instant);

    private Throttle Of(int mailsPerSecond = 0, int requestsPerSecond = 0) =>
        new(
            Settings.Read(
                new ConfigurationBuilder()
                    .AddInMemoryCollection(
                        new Dictionary<string, string?>
                        {
                            ["Email:PerDomainPerSecond"] = $"{mailsPerSecond}",
                            ["Delivery:PerHostPerSecond"] = $"{requestsPerSecond}",
                        }
                    )
                    .Build()
            ),
            _time
        );

    [Fact]
    public void Without_a_rate_everything_goes()
    {
        var throttle = Of();
        for (var i = 0; i < 10_000; i++)
            Assert.Null(throttle.Take(Channel.Email, "example.com"));
    }

    [Fact]
    public void A_host_gets_its_rate_and_no_more_and_each_that_waits_has_an_instant_of_his_own()
    {
        const int count = 300;
        var throttle = Of(requestsPerSecond: 10);
        var waiting = new PriorityQueue<int, DateTimeOffset>(Enumerable.Range(0, count).Select(i => (i, An.Instant)));
        var sent = new List<DateTimeOffset>();
        var asked = 0;
        while (waiting.TryDequeue(out var row, out var at))
        {
            if (at > _time.GetUtcNow())
                _time.SetUtcNow(at);
            asked++;
            if (throttle.Take(Channel.Webhook, "hooks.example") is { } later)
            {
                Assert.True(later > _time.GetUtcNow());
                waiting.Enqueue(row, later);
            }
            else
                sent.Add(_time.GetUtcNow());
        }
        Assert.Equal(count, sent.Count);
        Assert.InRange(asked, count, 3 * count);
        // The rate holds, with a second's worth at once in the beginning, and it is not much slower.
        Assert.All(Enumerable.Range(1, 40), second => Assert.InRange(sent.Count(at => at < An.Instant.AddSeconds(second)), 0, 10 * second + 11));
        Assert.InRange((sent[^1] - An.Instant).TotalSeconds, 28, 45);
    }

    [Fact]
    public void Hosts_and_channels_do_not_wait_for_each_other()
    {
        var throttle = Of(mailsPerSecond: 1, requestsPerSecond: 1);
        while (throttle.Take(Channel.Webhook, "a.example") is null) { }
        Assert.Null(throttle.Take(Channel.Webhook, "b.example"));
        Assert.Null(throttle.Take(Channel.Email, "a.example"));
        Assert.NotNull(throttle.Take(Channel.Webhook, "A.EXAMPLE"));
    }

    [Fact]
    public void A_host_that_asked_for_it_is_left_alone_until_then()
    {
        var throttle = Of();
        throttle.Close(Channel.X, "api.x.com", An.Instant.AddMinutes(15));
        Assert.Equal(An.Instant.AddMinutes(15), throttle.Take(Channel.X, "api.x.com"));
        _time.Advance(TimeSpan.FromMinutes(15));
        Assert.Null(throttle.Take(Channel.X, "api.x.com"));
    }
}
