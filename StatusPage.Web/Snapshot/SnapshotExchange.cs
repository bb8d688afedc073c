using System.Collections.Concurrent;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Caching.StackExchangeRedis;
using StatusPage.Domain;
using StatusPage.Domain.Pages;
using StatusPage.Domain.Snapshot;
using StatusPage.Web.Hosting;
using ZiggyCreatures.Caching.Fusion;
using ZiggyCreatures.Caching.Fusion.Backplane.StackExchangeRedis;
using ZiggyCreatures.Caching.Fusion.Serialization.SystemTextJson;

namespace StatusPage.Web.Snapshot;

/// <summary>A snapshot as one node gives it to the others.</summary>
/// <param name="BuiltAt">When it was read from the store.</param>
public sealed record SharedSnapshot(StatusSnapshot Snapshot, DateTimeOffset BuiltAt);

/// <summary>
/// Hands the newest snapshot from the node that built it to all others: FusionCache over memory and, where Redis is configured,
/// a second level there and a backplane that rings the others' bells. Redis being away is a miss, never an error.
/// </summary>
public sealed class SnapshotExchange
{
    /// <summary>The number changes with the shape of the snapshot, so that nodes of two releases do not read each other's.</summary>
    private const string Prefix = "snapshot:4:";

    /// <summary>Which pages there are, for a node that has only this to ask.</summary>
    private const string ListKey = "pages:2";

    private readonly IFusionCache _cache;
    private readonly ConcurrentDictionary<string, bool> _news = new(StringComparer.Ordinal);
    private IReadOnlyList<PageId> _listed = [];

    public SnapshotExchange(IFusionCache cache, PublishBell bell)
    {
        _cache = cache;
        cache.Events.Backplane.MessageReceived += (_, happened) =>
        {
            if (happened.Message.CacheKey is { } key && key.Contains(Prefix, StringComparison.Ordinal)) _news[key[key.IndexOf(Prefix, StringComparison.Ordinal)..]] = true;
            bell.Ring();
        };
    }

    /// <summary>What other nodes gave since this was last asked.</summary>
    public async Task<IReadOnlyList<SharedSnapshot>> NewsAsync(CancellationToken cancel)
    {
        var news = new List<SharedSnapshot>();
        foreach (var key in _news.Keys)
            if (_news.TryRemove(key, out _) && await ReadAsync<SharedSnapshot>(key, cancel) is { } shared) news.Add(shared);
        return news;
    }

    public async Task PutAsync(SharedSnapshot snapshot, CancellationToken cancel) => await _cache.SetAsync(Prefix + snapshot.Snapshot.PageId, snapshot, token: cancel);

    /// <summary>Says which pages there are, the first page first.</summary>
    public async Task ListAsync(IReadOnlyList<PageId> pages, CancellationToken cancel)
    {
        if (pages.SequenceEqual(_listed)) return;
        await _cache.SetAsync(ListKey, pages.Select(page => page.Value).ToArray(), token: cancel);
        _listed = pages;
    }

    /// <summary>The newest that any node gave for each page; without the first page's, none.</summary>
    public async Task<IReadOnlyList<SharedSnapshot>> GetAsync(CancellationToken cancel)
    {
        var all = new List<SharedSnapshot>();
        foreach (var page in await ReadAsync<string[]>(ListKey, cancel) ?? [])
            if (await ReadAsync<SharedSnapshot>(Prefix + page, cancel) is { } shared) all.Add(shared);
        return all.Exists(shared => shared.Snapshot.Location == PageLocation.Root) ? all : [];
    }

    /// <summary>Past this node's memory, which would hold what it gave itself.</summary>
    private async Task<T?> ReadAsync<T>(string key, CancellationToken cancel) where T : class =>
        (await _cache.TryGetAsync<T>(key, options => options.SetSkipMemoryCache(), cancel)).GetValueOrDefault(null!);
}

/// <summary>The caches, and how patient they are.</summary>
public static class SnapshotCaches
{
    public const string Archive = "archive";

    /// <summary>Bytes of archive pages kept in memory.</summary>
    private const long ArchiveSize = 16 * 1024 * 1024;

    /// <summary>Snapshots that this node keeps to give them again when Redis comes back: one for each page.</summary>
    private const int MostSnapshots = 1_000;

    /// <summary>A snapshot is replaced, it does not grow old; it may lie in Redis for as long as nobody posts.</summary>
    private static readonly TimeSpan SnapshotLasts = TimeSpan.FromDays(30);

    private static readonly TimeSpan ArchiveFresh = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan ArchiveStale = TimeSpan.FromDays(1);
    private static readonly TimeSpan AskRedisAgainAfter = TimeSpan.FromSeconds(1);

    public static void AddSnapshotExchange(this IServiceCollection services, Settings settings)
    {
        services.AddSingleton<SnapshotExchange>();
        services.AddFusionCache(Archive)
            .WithMemoryCache(new MemoryCache(new MemoryCacheOptions { SizeLimit = ArchiveSize }))
            .WithDefaultEntryOptions(entry => entry.SetDuration(ArchiveFresh).SetFailSafe(true, ArchiveStale, TimeSpan.FromSeconds(10)));
        var cache = services.AddFusionCache()
            .WithOptions(options =>
            {
                options.DistributedCacheCircuitBreakerDuration = AskRedisAgainAfter;
                options.BackplaneCircuitBreakerDuration = AskRedisAgainAfter;
                options.AutoRecoveryMaxItems = MostSnapshots;
            })
            .WithMemoryCache(new MemoryCache(new MemoryCacheOptions { SizeLimit = MostSnapshots }))
            .WithDefaultEntryOptions(entry =>
            {
                entry.SetSize(1);
                entry.SetDuration(SnapshotLasts).SetFailSafe(true, SnapshotLasts);
                entry.SetDistributedCacheTimeouts(SharedRedis.Patience, SharedRedis.Patience);
                entry.ReThrowSerializationExceptions = false;
                entry.AllowBackgroundDistributedCacheOperations = false;
                entry.AllowBackgroundBackplaneOperations = false;
            })
            .WithSerializer(new FusionCacheSystemTextJsonSerializer(SnapshotJson.Options));
        if (settings.Redis is null) return;
        cache.WithDistributedCache(provider => new RedisCache(new RedisCacheOptions { ConnectionMultiplexerFactory = Redis(provider).ConnectAsync, InstanceName = "statuspage:" }))
            .WithBackplane(provider => new RedisBackplane(new RedisBackplaneOptions { ConnectionMultiplexerFactory = Redis(provider).ConnectAsync }));

        static SharedRedis Redis(IServiceProvider provider) => provider.GetRequiredService<SharedRedis>();
    }
}
