using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Caching.Memory;
using StatusPage.Domain;
using StatusPage.Domain.Audiences;
using StatusPage.Domain.Snapshot;
using StatusPage.Web.Data;
using StatusPage.Web.Snapshot;
using ZiggyCreatures.Caching.Fusion;

namespace StatusPage.Web.Audiences;

/// <summary>
/// What a stakeholder group sees: a snapshot of its own, in a cache of its own that no public document is ever read from.
/// It lies in memory alone, and is shown for a day when the store is away.
/// </summary>
public sealed partial class AudienceSite(IFusionCacheProvider caches, IServiceScopeFactory scopes, PublicSites sites, TimeProvider time, ILogger<AudienceSite> logger)
{
    public const string Cache = "audiences";

    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Stale = TimeSpan.FromDays(1);
    private readonly IFusionCache _cache = caches.GetCache(Cache);

    public static void Add(IServiceCollection services)
    {
        services.AddSingleton<AudienceSite>();
        services.AddFusionCache(Cache).WithMemoryCache(new MemoryCache(new MemoryCacheOptions()))
            .WithDefaultEntryOptions(entry => entry.SetDuration(Fresh).SetFailSafe(true, Stale, TimeSpan.FromSeconds(5)));
    }

    /// <summary>Null when the group is closed, or was never there.</summary>
    public async Task<Audience?> FindAsync(PageId page, string slug, CancellationToken cancel) =>
        await _cache.GetOrSetAsync<Audience?>($"{page}/{slug}", async (_, token) =>
        {
            await using var scope = scopes.CreateAsyncScope();
            return await scope.ServiceProvider.GetRequiredService<StatusDb>().Audiences.AsNoTracking()
                .FirstOrDefaultAsync(row => row.PageId == page && row.Slug == slug && row.ClosedAt == null, token);
        }, token: cancel);

    public async Task<StatusSnapshot> SnapshotAsync(Audience audience, CancellationToken cancel) =>
        // A post makes the next version, and is seen at once.
        await _cache.GetOrSetAsync<StatusSnapshot>($"{audience.Id}/{sites.Of(audience.PageId)?.Current?.Snapshot.Version}", async (_, token) =>
        {
            await using var scope = scopes.CreateAsyncScope();
            return await scope.ServiceProvider.GetRequiredService<StatusDb>().ReadSnapshotAsync(audience.PageId, time.GetUtcNow(), token, audience.Id, (row, why) => Log.LeftOut(logger, row, why));
        }, token: cancel);

    private static partial class Log
    {
        [LoggerMessage(114, LogLevel.Error, "{Row} cannot be shown to a group and is left out; everything else is shown.")]
        public static partial void LeftOut(ILogger logger, string row, Exception why);
    }
}
