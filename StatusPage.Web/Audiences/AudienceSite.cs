using System.Collections.Frozen;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Audiences;
using StatusPage.Domain.Snapshot;
using StatusPage.Web.Data;
using StatusPage.Web.Public;
using StatusPage.Web.Snapshot;
using ZiggyCreatures.Caching.Fusion;

namespace StatusPage.Web.Audiences;

/// <param name="LinkKey">The key with which the page signs its links.</param>
/// <param name="Open">The open groups by their slugs.</param>
public sealed record Entrance(byte[] LinkKey, FrozenDictionary<string, Audience> Open);

/// <summary>
/// What a stakeholder group sees: a snapshot of its own, in a separate cache that no public document is ever read from. It is in memory only, and is shown
/// for a day while the store is away. Each page and each group has one entry; a group that only a request names has none.
/// </summary>
public sealed partial class AudienceSite(
    IFusionCacheProvider caches,
    IServiceScopeFactory scopes,
    PublicSites sites,
    TimeProvider time,
    ILogger<AudienceSite> logger
)
{
    public const string Cache = "audiences";

    /// <summary>Characters of all snapshots, roughly.</summary>
    internal const long Most = 64 * 1024 * 1024;

    /// <summary>Characters of an update, a component with its 90 days, and anything else, besides what people wrote.</summary>
    private const int UpdateWeight = 500;
    private const int ComponentWeight = 10_000;

    internal static readonly TimeSpan Fresh = TimeSpan.FromSeconds(2);
    internal static readonly TimeSpan Stale = TimeSpan.FromDays(1);
    private readonly IFusionCache _cache = caches.GetCache(Cache);

    /// <summary>Null when the group is closed or never existed.</summary>
    public async Task<Audience?> FindAsync(PageId page, string slug, CancellationToken cancel) =>
        (await EntranceAsync(page, cancel)).Open.GetValueOrDefault(slug);

    /// <summary>
    /// What is needed to check a key. It is read once for all requests, so that neither an unsigned key nor a missing group costs a query of its own.
    /// </summary>
    public async Task<Entrance> EntranceAsync(PageId page, CancellationToken cancel) =>
        await _cache.GetOrSetAsync<Entrance>(
            $"of/{page}",
            async (entry, token) =>
            {
                await using var scope = scopes.CreateAsyncScope();
                var db = scope.ServiceProvider.GetRequiredService<StatusDb>();
                var all = await db.Audiences.AsNoTracking().Where(row => row.PageId == page && row.ClosedAt == null).ToListAsync(token);
                entry.Options.SetSize(1 + all.Count * UpdateWeight);
                return new(
                    (await db.Pages.AsNoTracking().SingleAsync(row => row.Id == page, token)).LinkKey,
                    all.ToFrozenDictionary(audience => audience.Slug, StringComparer.Ordinal)
                );
            },
            token: cancel
        );

    public async Task<StatusSnapshot> SnapshotAsync(Audience audience, CancellationToken cancel)
    {
        var key = $"seen/{audience.Id}";
        var seen = await ReadAsync();
        // A post makes the next version, which is shown at once. The previous one is dropped.
        if (!(sites.Of(audience.PageId)?.Current?.Snapshot.Version > seen.Version))
            return seen;
        await _cache.ExpireAsync(key, token: cancel);
        return await ReadAsync();

        async Task<StatusSnapshot> ReadAsync() =>
            await _cache.GetOrSetAsync<StatusSnapshot>(
                key,
                async (entry, token) =>
                {
                    await using var scope = scopes.CreateAsyncScope();
                    var snapshot = await scope
                        .ServiceProvider.GetRequiredService<StatusDb>()
                        .ReadSnapshotAsync(audience.PageId, time.GetUtcNow(), token, audience.Id, (row, why) => Log.LeftOut(logger, row, why));
                    entry.Options.SetSize(WeightOf(snapshot));
                    return snapshot;
                },
                token: cancel
            );
    }

    private static long WeightOf(StatusSnapshot snapshot) =>
        UpdateWeight
        + snapshot.Components.Count * (long)ComponentWeight
        + snapshot.Archive.Count * (long)UpdateWeight
        + snapshot.Maintenances.Count * (long)UpdateWeight
        + snapshot.Incidents.Sum(incident => UpdateWeight + incident.Updates.Sum(update => UpdateWeight + (long)update.Body.Length));

    private static partial class Log
    {
        [LoggerMessage(114, LogLevel.Error, "{Row} cannot be shown to a group and is left out; everything else is shown.")]
        public static partial void LeftOut(ILogger logger, string row, Exception why);
    }
}
