using System.Collections.Concurrent;
using System.Globalization;
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

/// <summary>Rung when there is something to give to the other nodes, or something from them.</summary>
public sealed class ExchangeBell(TimeProvider time) : Bell(time);

/// <summary>A snapshot as one node gives it to the others.</summary>
/// <param name="BuiltAt">When it was read from the store.</param>
public sealed record SharedSnapshot(StatusSnapshot Snapshot, DateTimeOffset BuiltAt);

/// <summary>
/// Hands the newest snapshot from the node that built it to all others. It uses FusionCache over memory and, where Redis is configured, a second level
/// there and a backplane that says when another node gave one. It works beside the publisher, which never waits for Redis: an offered snapshot is sent
/// when Redis takes it, of each page only the newest. While Redis is away, a read is a miss, never an error.
/// </summary>
public sealed class SnapshotExchange(
    SharedRedis redis,
    IServiceProvider services,
    ExchangeBell bell,
    PublishBell publish,
    WorkerTools tools,
    ILogger<SnapshotExchange> logger
) : Worker("Exchange between nodes", tools, logger)
{
    /// <summary>Changes with the shape of the snapshot, so that nodes of two releases do not read each other's.</summary>
    private const string Shape = "7";

    public const string Prefix = $"snapshot:{Shape}:";

    /// <summary>Keys of the versions that lie there, so that nobody has to read a snapshot to learn that it is newer than what they have.</summary>
    private const string VersionPrefix = $"version:{Shape}:";

    /// <summary>The list of pages, for a node that has only this to ask.</summary>
    private const string ListKey = "pages:2";

    private static readonly TimeSpan Rest = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, bool> _heard = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<SharedSnapshot> _news = new();
    private readonly ConcurrentDictionary<PageId, SharedSnapshot> _outgoing = new();
    private readonly ConcurrentDictionary<PageId, SharedSnapshot> _newest = new();
    private readonly Lock _opening = new();
    private IReadOnlyList<PageId> _listed = [];
    private IReadOnlyList<PageId>? _list;
    private IFusionCache? _cache;

    protected override bool NeedsStore => false;

    /// <summary>The snapshots that other nodes gave since the last call.</summary>
    public IReadOnlyList<SharedSnapshot> News()
    {
        var news = new List<SharedSnapshot>();
        while (_news.TryDequeue(out var shared))
            news.Add(shared);
        return news;
    }

    /// <summary>Has a snapshot sent to the others, unless a newer one of the page is on its way already.</summary>
    public void Offer(SharedSnapshot shared)
    {
        if (!redis.IsConfigured)
            return;
        var newest = _newest.AddOrUpdate(
            shared.Snapshot.PageId,
            shared,
            (_, before) => before.Snapshot.Version > shared.Snapshot.Version ? before : shared
        );
        if (newest != shared)
            return;
        _outgoing[shared.Snapshot.PageId] = shared;
        bell.Ring();
    }

    /// <summary>Says which pages there are, the first page first.</summary>
    public void List(IReadOnlyList<PageId> pages)
    {
        if (!redis.IsConfigured || pages.SequenceEqual(_listed))
            return;
        foreach (var gone in _listed.Except(pages))
            _newest.TryRemove(gone, out _);
        (_listed, _list) = (pages, pages);
        bell.Ring();
    }

    /// <summary>The newest snapshot that any node gave for each page; none at all without the first page's.</summary>
    public async Task<IReadOnlyList<SharedSnapshot>> GetAsync(CancellationToken cancel)
    {
        if (!redis.IsConfigured)
            return [];
        var all = new List<SharedSnapshot>();
        foreach (var page in await ReadAsync<string[]>(ListKey, cancel) ?? [])
            if (await ReadAsync<SharedSnapshot>(Prefix + page, cancel) is { } shared)
                all.Add(shared);
        return all.Exists(shared => shared.Snapshot.Location == PageLocation.Root) ? all : [];
    }

    protected override async Task<TimeSpan> RoundAsync(CancellationToken stopping)
    {
        // Opening the cache connects to Redis, and nobody else should wait for that.
        await Task.Yield();
        foreach (var key in _heard.Keys)
            if (_heard.TryRemove(key, out _) && await ReadAsync<SharedSnapshot>(key, stopping) is { } shared)
                Take(shared);
        if (Interlocked.Exchange(ref _list, null) is { } list)
            await Cache.SetAsync(ListKey, list.Select(page => page.Value).ToArray(), token: stopping);
        foreach (var page in _outgoing.Keys)
            if (_outgoing.TryRemove(page, out var shared))
                await SendAsync(shared, stopping);
        return Rest;
    }

    protected override Task PauseAsync(TimeSpan length, CancellationToken stopping) => bell.WaitAsync(length, stopping);

    private void Take(SharedSnapshot shared)
    {
        var page = shared.Snapshot.PageId;
        if (_newest.TryGetValue(page, out var ours) && ours.Snapshot.Version > shared.Snapshot.Version)
        {
            // A node that was cut off gave a snapshot that is old by now.
            _outgoing.TryAdd(page, ours);
            return;
        }
        _news.Enqueue(shared);
        publish.Ring();
    }

    private async Task SendAsync(SharedSnapshot shared, CancellationToken cancel)
    {
        var snapshot = shared.Snapshot;
        if (
            await ReadAsync<string>(VersionPrefix + snapshot.PageId, cancel) is { } there
            && long.Parse(there, CultureInfo.InvariantCulture) > snapshot.Version
        )
            return;
        await Cache.SetAsync(
            VersionPrefix + snapshot.PageId,
            snapshot.Version.ToString(CultureInfo.InvariantCulture),
            options => options.SetSkipBackplaneNotifications(true),
            token: cancel
        );
        await Cache.SetAsync(Prefix + snapshot.PageId, shared, token: cancel);
    }

    private IFusionCache Cache
    {
        get
        {
            lock (_opening)
            {
                if (_cache is not null)
                    return _cache;
                _cache = services.GetRequiredService<IFusionCache>();
                _cache.Events.Backplane.MessageReceived += (_, happened) =>
                {
                    if (happened.Message.CacheKey is not { } key || key.IndexOf(Prefix, StringComparison.Ordinal) is not (>= 0 and var at))
                        return;
                    _heard[key[at..]] = true;
                    bell.Ring();
                };
                return _cache;
            }
        }
    }

    /// <summary>Reads past this node's memory, which would hold what the node gave itself.</summary>
    private async Task<T?> ReadAsync<T>(string key, CancellationToken cancel)
        where T : class => (await Cache.TryGetAsync<T>(key, options => options.SetSkipMemoryCache(), cancel)).GetValueOrDefault(null!);
}

/// <summary>The caches, and how patient they are.</summary>
public static class SnapshotCaches
{
    /// <summary>Snapshots that this node keeps to give them again when Redis comes back: one for each page.</summary>
    private const int MostSnapshots = 1_000;

    /// <summary>A snapshot is replaced, it does not grow old; it may lie in Redis for as long as nobody posts.</summary>
    private static readonly TimeSpan SnapshotLasts = TimeSpan.FromDays(30);

    private static readonly TimeSpan AskRedisAgainAfter = TimeSpan.FromSeconds(1);

    public static void AddSnapshotExchange(this IServiceCollection services, Settings settings)
    {
        services.AddSingleton<ExchangeBell>();
        services.AddSingleton<SnapshotExchange>();
        if (settings.Redis is not null)
            services.AddHostedService(provider => provider.GetRequiredService<SnapshotExchange>());
        var cache = services
            .AddFusionCache()
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
        if (settings.Redis is null)
            return;
        cache
            .WithDistributedCache(provider => new RedisCache(
                new RedisCacheOptions { ConnectionMultiplexerFactory = Redis(provider).ConnectAsync, InstanceName = "statuspage:" }
            ))
            .WithBackplane(provider => new RedisBackplane(new RedisBackplaneOptions { ConnectionMultiplexerFactory = Redis(provider).ConnectAsync }));

        static SharedRedis Redis(IServiceProvider provider) => provider.GetRequiredService<SharedRedis>();
    }
}
