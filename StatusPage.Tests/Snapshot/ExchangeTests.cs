using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using StatusPage.Tests.Host;
using StatusPage.Web.Public;
using StatusPage.Web.Snapshot;
using ZiggyCreatures.Caching.Fusion;

namespace StatusPage.Tests.Snapshot;

/// <summary>A node shares its snapshots with the others, and never waits for Redis to show its own page.</summary>
public sealed class ExchangeTests
{
    /// <summary>Authors see their post on the page within this time.</summary>
    private static readonly TimeSpan Shown = TimeSpan.FromSeconds(2);

    [Fact]
    public async Task A_Redis_that_never_answers_takes_nothing_of_the_two_seconds_of_an_author()
    {
        using var redis = new BlackHole();
        await using var app = await AppHost.StartAsync("--ConnectionStrings:Redis", redis.Address);
        using var api = await app.ApiAsync();
        await api.OpenIncidentAsync(new { name = "The first finds cold code", body = "x" });
        for (var i = 0; i < 5; i++)
        {
            var began = Stopwatch.GetTimestamp();
            await api.OpenIncidentAsync(new { name = $"Into the dark {i}", body = "x" });
            Assert.InRange(Stopwatch.GetElapsedTime(began), TimeSpan.Zero, Shown);
            Assert.Contains($"Into the dark {i}", await app.Http.GetStringAsync("/"), StringComparison.Ordinal);
        }
        Assert.True(redis.Taken > 0);
    }

    [Fact]
    public async Task What_is_older_and_comes_late_gives_way_to_the_newer_again()
    {
        await using var redis = new RedisServer();
        await redis.StartAsync();
        await using var postgres = new PostgresServer();
        string[] args =
        [
            "--ConnectionStrings:Postgres",
            await postgres.CreateDatabaseAsync(),
            "--ConnectionStrings:Redis",
            redis.ConnectionString,
            "--PublicUrl",
            "https://status.acme.example",
        ];
        await using var first = await AppHost.StartAsync(args);
        var cache = first.Services.GetRequiredService<IFusionCache>();
        using var api = await first.ApiAsync();
        await api.OpenIncidentAsync(new { name = "The newest", body = "x" });
        var newest = first.Services.GetRequiredService<PublicSites>().First.Current!.Snapshot;
        var key = $"{SnapshotExchange.Prefix}{newest.PageId}";
        await Eventually.TrueAsync("the newest lies in Redis", LiesThereAsync);

        // Another node, cut off for a while, comes back with its old snapshot.
        await using var other = await AppHost.StartAsync("--ConnectionStrings:Redis", redis.ConnectionString);
        var old = new SharedSnapshot(newest with { Version = newest.Version - 1, Name = "Old" }, DateTimeOffset.UtcNow);
        other.Services.GetRequiredService<SnapshotExchange>().Offer(old);
        await other.Services.GetRequiredService<IFusionCache>().SetAsync(key, new SentSnapshot(old.Snapshot, null, old.BuiltAt));
        await Eventually.TrueAsync("the newest lies in Redis again", LiesThereAsync);
        Assert.Equal(newest.Version, first.Services.GetRequiredService<PublicSites>().First.Current!.Snapshot.Version);
        Assert.DoesNotContain("Old", await first.Http.GetStringAsync("/"), StringComparison.Ordinal);

        async Task<bool> LiesThereAsync() =>
            (await cache.TryGetAsync<SentSnapshot>(key, options => options.SetSkipMemoryCache())).GetValueOrDefault(null!)?.Snapshot?.Version
            == newest.Version;
    }

    [Fact]
    public async Task The_data_folder_is_looked_through_when_there_are_other_pages_and_not_each_second()
    {
        await using var app = await AppHost.StartAsync();
        await app.AddPageAsync("Beside", "beside");
        var left = Path.Combine(app.DataDirectory, "snapshot-left.json");
        await File.WriteAllTextAsync(left, "{}");
        using var api = await app.ApiAsync();
        for (var i = 0; i < 3; i++)
            await api.OpenIncidentAsync(new { name = $"Post {i}", body = "x" });
        Assert.True(File.Exists(left));
        await app.AddPageAsync("Other", "other");
        await Eventually.TrueAsync("what no page left is gone", () => !File.Exists(left));
    }
}
