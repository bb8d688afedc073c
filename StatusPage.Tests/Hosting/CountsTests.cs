using System.Diagnostics;
using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using StatusPage.Tests.Host;
using StatusPage.Web.Hosting;

namespace StatusPage.Tests.Hosting;

/// <summary>The counts behind limits: shared by all nodes where there is Redis, and bounded in any case.</summary>
public sealed class CountsTests : IAsyncLifetime
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private readonly RedisServer _redis = new();
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow);
    private readonly List<SharedRedis> _connections = [];

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (var connection in _connections)
            await connection.DisposeAsync();
        await _redis.DisposeAsync();
    }

    [Fact]
    public async Task Two_nodes_count_together()
    {
        await _redis.StartAsync();
        var (one, other) = (Node(_redis.ConnectionString), Node(_redis.ConnectionString));
        await TogetherAsync(one);
        await TogetherAsync(other);
        Assert.Equal(1, await one.AddAsync("k", "who", Minute, default));
        Assert.Equal(2, await other.AddAsync("k", "who", Minute, default));
        Assert.Equal(2, await one.ReadAsync("k", "who", Minute, default));
        Assert.Equal(1, await other.AddAsync("k", "somebody else", Minute, default));
        Assert.Equal(1, await other.AddAsync("another kind", "who", Minute, default));
        await other.ForgetAsync("k", "who", default);
        Assert.Equal(0, await one.ReadAsync("k", "who", Minute, default));
    }

    [Fact]
    public async Task Many_at_once_are_each_counted_once()
    {
        await _redis.StartAsync();
        var nodes = new[] { Node(_redis.ConnectionString), Node(_redis.ConnectionString) };
        foreach (var node in nodes)
            await TogetherAsync(node);
        var numbers = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => nodes[i % 2].AddAsync("k", "who", Minute, default)));
        Assert.Equal(Enumerable.Range(1, 200).Select(i => (long)i), numbers.Order());
    }

    [Fact]
    public async Task A_window_in_redis_ends()
    {
        await _redis.StartAsync();
        var node = Node(_redis.ConnectionString);
        await TogetherAsync(node);
        var tally = await node.TakeAsync("k", "who", TimeSpan.FromMilliseconds(200), default);
        Assert.InRange(tally.EndsIn.TotalMilliseconds, 1, 200);
        await Eventually.TrueAsync("the window is over", async () => await node.ReadAsync("k", "who", Minute, default) == 0);
        Assert.Equal(1, await node.AddAsync("k", "who", Minute, default));
    }

    [Fact]
    public async Task Nobody_can_read_in_redis_who_was_counted()
    {
        await _redis.StartAsync();
        var node = Node(_redis.ConnectionString);
        await TogetherAsync(node);
        await node.AddAsync("k", "jane@example.com", Minute, default);
        using var redis = await StackExchange.Redis.ConnectionMultiplexer.ConnectAsync(_redis.ConnectionString);
        var keys = redis.GetServers().Single().Keys().Select(key => key.ToString()).ToList();
        Assert.NotEmpty(keys);
        Assert.All(keys, key => Assert.DoesNotContain("jane", key, StringComparison.Ordinal));
    }

    [Fact]
    public async Task While_redis_is_away_a_node_goes_on_from_what_it_heard()
    {
        await _redis.StartAsync();
        var (one, other) = (Node(_redis.ConnectionString), Node(_redis.ConnectionString));
        await TogetherAsync(one);
        await TogetherAsync(other);
        for (var i = 0; i < 5; i++)
            await other.AddAsync("k", "who", Minute, default);
        Assert.Equal(6, await one.AddAsync("k", "who", Minute, default));
        await _redis.StopAsync();
        var watch = Stopwatch.StartNew();
        for (var i = 7; i < 107; i++)
            Assert.Equal(i, await one.AddAsync("k", "who", Minute, default));
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(1));
        await _redis.StartAsync();
        await TogetherAsync(one);
    }

    [Fact]
    public async Task A_redis_that_takes_connections_and_says_nothing_is_waited_for_once()
    {
        using var silent = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var node = Node($"127.0.0.1:{((IPEndPoint)silent.LocalEndpoint).Port}");
        var watch = Stopwatch.StartNew();
        for (var i = 1; i <= 1_000; i++)
            Assert.Equal(i, await node.AddAsync("k", "who", Minute, default));
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(2));
    }

    [Fact]
    public async Task Without_redis_a_window_ends_by_the_clock()
    {
        var node = Node(null);
        Assert.Equal(1, await node.AddAsync("k", "who", Minute, default));
        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(2, await node.AddAsync("k", "who", Minute, default));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(0, await node.ReadAsync("k", "who", Minute, default));
        Assert.Equal(1, await node.AddAsync("k", "who", Minute, default));
        await node.ForgetAsync("k", "who", default);
        Assert.Equal(0, await node.ReadAsync("k", "who", Minute, default));
    }

    [Fact]
    public async Task A_hundred_thousand_keys_stay_within_bounds_and_leave_other_kinds_alone()
    {
        var node = Node(null);
        await node.AddAsync("sign-in", "who", Minute, default);
        for (var i = 0; i < 100_000; i++)
        {
            await node.AddAsync("k", $"who {i}", Minute, default);
            if (i % 3 == 0)
                await node.ForgetAsync("k", $"who {i}", default);
        }
        Assert.InRange(node.SizeOf("k"), 1, CountTable.Most);
        // The newest counts are kept.
        Assert.Equal(2, await node.AddAsync("k", "who 99998", Minute, default));
        Assert.Equal(2, await node.AddAsync("sign-in", "who", Minute, default));
    }

    [Theory]
    [InlineData("203.0.113.7", "203.0.113.7", true)]
    [InlineData("203.0.113.7", "203.0.113.8", false)]
    [InlineData("::ffff:203.0.113.7", "203.0.113.7", true)]
    [InlineData("::ffff:203.0.113.7", "::ffff:203.0.113.8", false)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", false)]
    [InlineData("fe80::1%3", "fe80::2%4", true)]
    public void An_address_counts_as_one_with_its_network(string one, string other, bool same) =>
        Assert.Equal(same, ClientAddress.Of(IPAddress.Parse(one)) == ClientAddress.Of(IPAddress.Parse(other)));

    [Fact]
    public async Task Limits_hold_for_all_nodes_together()
    {
        await _redis.StartAsync();
        string[] args = ["--ConnectionStrings:Redis", _redis.ConnectionString, "--Limits:SubscriptionsPerMinute", "3"];
        await using var one = await AppHost.StartAsync(args);
        await using var other = await AppHost.StartAsync(args);
        var answers = new List<HttpStatusCode>();
        for (var i = 0; i < 6; i++)
        {
            using var answer = await (i % 2 == 0 ? one : other).Http.PostAsync("/subscribe", new FormUrlEncodedContent([]));
            answers.Add(answer.StatusCode);
            if (answer.StatusCode == HttpStatusCode.TooManyRequests)
                Assert.InRange(answer.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
        }
        Assert.DoesNotContain(HttpStatusCode.TooManyRequests, answers.Take(3));
        Assert.All(answers.Skip(3), status => Assert.Equal(HttpStatusCode.TooManyRequests, status));
    }

    /// <summary>Waits until the node counts in Redis, because connecting may take longer than a limit waits.</summary>
    private Task TogetherAsync(Counts node) =>
        Eventually.TrueAsync(
            "the node counts in Redis",
            async () =>
            {
                _time.Advance(TimeSpan.FromSeconds(2));
                await node.AddAsync("probe", "probe", Minute, default);
                using var redis = await StackExchange.Redis.ConnectionMultiplexer.ConnectAsync(_redis.ConnectionString);
                return await redis.GetDatabase().KeyDeleteAsync([.. redis.GetServers().Single().Keys(pattern: "*probe*")]) > 0;
            }
        );

    private Counts Node(string? redis)
    {
        var settings = Settings.Read(
            new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["ConnectionStrings:Redis"] = redis }).Build()
        );
        var connection = new SharedRedis(settings, NullLogger<SharedRedis>.Instance);
        _connections.Add(connection);
        return new(connection, _time, NullLogger<Counts>.Instance);
    }
}
