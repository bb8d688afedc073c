using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using StatusPage.Domain;
using StatusPage.Domain.Incidents;
using StatusPage.Domain.Snapshot;
using StatusPage.Web.Data;
using StatusPage.Web.Incidents;
using StatusPage.Web.Languages;
using StatusPage.Web.Shared;
using ZiggyCreatures.Caching.Fusion;

namespace StatusPage.Web.Snapshot;

/// <summary>A month of incidents on its own page.</summary>
public sealed record ArchiveMonth(DateOnly First, IReadOnlyList<IncidentView> Incidents)
{
    /// <summary>Those listed beside the incidents; what comes again daily would push the rest away.</summary>
    public const int MostMaintenances = 20;

    public string Path => PathOf(First);

    public static string PathOf(DateOnly month) => month.ToString("'/history/'yyyy-MM", CultureInfo.InvariantCulture);

    /// <summary>The months that have incidents, the newest first.</summary>
    public static IEnumerable<DateOnly> Of(StatusSnapshot snapshot, ZoneClock clock) =>
        snapshot.Incidents.Select(incident => incident.StartedAt).Concat(snapshot.Archive.Select(incident => incident.StartedAt))
            .Select(instant => clock.DateOf(instant)).Select(day => new DateOnly(day.Year, day.Month, 1)).Distinct().OrderDescending();
}

/// <summary>
/// What is older than the snapshot, rendered when it is first asked for and kept: a minute fresh, a day stale when the store is away.
/// The snapshot knows which pages exist, so an address that does not costs no query.
/// </summary>
public sealed partial class Archive(IFusionCacheProvider caches, IServiceScopeFactory scopes, PageRenderer pages, ILogger<Archive> logger)
{
    private readonly IFusionCache _cache = caches.GetCache(SnapshotCaches.Archive);

    public async Task<RenderedDocument?> IncidentAsync(PublicSite site, SpokenLanguage spoken, string id, CancellationToken cancel)
    {
        if (site.Current is not { } edition || !PublicId.LooksLikeOne(id)) return null;
        var incident = IncidentId.Of(id);
        if (!edition.Snapshot.Archive.Any(archived => archived.Id == incident)) return null;
        return await GetAsync(site, spoken, $"/incidents/{id}", "incidents/{id}", async (db, page) =>
        {
            var row = await db.Incidents.AsNoTracking().Public().Whole().FirstOrDefaultAsync(row => row.Id == incident && row.PageId == page, cancel);
            return row is null ? null : View(row);
        }, cancel);
    }

    public async Task<RenderedDocument?> MonthAsync(PublicSite site, SpokenLanguage spoken, string month, CancellationToken cancel)
    {
        if (site.Current is not { } edition
            || !DateOnly.TryParseExact(month + "-01", "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var first)) return null;
        var clock = ZoneClock.For(edition.Snapshot.TimeZone, edition.Snapshot.AsOf);
        if (!ArchiveMonth.Of(edition.Snapshot, clock).Contains(first)) return null;
        return await GetAsync(site, spoken, ArchiveMonth.PathOf(first), "history/{month}", async (db, page) =>
        {
            var from = clock.FromLocal(first.ToDateTime(TimeOnly.MinValue));
            var to = clock.FromLocal(first.AddMonths(1).ToDateTime(TimeOnly.MinValue));
            var rows = await db.Incidents.AsNoTracking().Public().Whole()
                .Where(row => row.PageId == page && row.StartedAt >= from && row.StartedAt < to).OrderByDescending(row => row.StartedAt).ToListAsync(cancel);
            return new ArchiveMonth(first, [.. rows.Select(View).OfType<IncidentView>()]);
        }, cancel);
    }

    private async Task<RenderedDocument?> GetAsync(PublicSite site, SpokenLanguage spoken, string path, string route, Func<StatusDb, PageId, Task<object?>> read, CancellationToken cancel)
    {
        return await _cache.GetOrSetAsync<RenderedDocument?>($"{site.Location.Base()}{site.Location.HostName}{spoken.Prefix}{path}|{site.Current?.Look}{site.Current?.Snapshot.Style?.GetHashCode(StringComparison.Ordinal)}", async (entry, _) =>
        {
            var edition = site.Current!;
            await using var scope = scopes.CreateAsyncScope();
            var subject = await read(scope.ServiceProvider.GetRequiredService<StatusDb>(), edition.Snapshot.PageId);
            if (subject is null) return null;
            var body = await RenderAsync(path, route, new(edition.Snapshot, edition.AsOf, subject, spoken));
            var document = RenderedDocument.Of(SiteRenderer.Html, body, edition.Snapshot.AsOf, null);
            entry.Options.SetSize(document.Size);
            return document;
        }, options => options.SetSize(1), token: cancel);
    }

    /// <summary>One incident of which no view can be made leaves the others of its month alone.</summary>
    private IncidentView? View(Incident row)
    {
        try
        {
            return IncidentView.Of(row);
        }
        catch (Exception exception)
        {
            Log.LeftOut(logger, row.Id.Value, exception);
            return null;
        }
    }

    /// <summary>An incident's page that cannot be rendered is shown plainly.</summary>
    private async Task<byte[]> RenderAsync(string path, string route, Rendering rendering)
    {
        try
        {
            return await pages.RenderAsync(route, rendering);
        }
        catch (Exception exception) when (rendering.Subject is IncidentView)
        {
            Log.NotMade(logger, path, exception);
            return PlainPage.Of(rendering.Snapshot, (IncidentView)rendering.Subject);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(112, LogLevel.Error, "Incident {Incident} cannot be shown and is left out of the archive.")]
        public static partial void LeftOut(ILogger logger, string incident, Exception exception);

        [LoggerMessage(113, LogLevel.Error, "{Path} could not be made; a plain page stands in.")]
        public static partial void NotMade(ILogger logger, string path, Exception exception);
    }
}

public static class ArchiveRoutes
{
    public static void MapArchive(this WebApplication app)
    {
        app.MapMethods("/incidents/{id}", ["GET", "HEAD"], async (string id, Archive archive, PublicSite site, HttpContext context) =>
            await ServeAsync(context, site, await archive.IncidentAsync(site, Spoken(context, site), id, context.RequestAborted))).AllowAnonymous();
        app.MapMethods("/history/{month}", ["GET", "HEAD"], async (string month, Archive archive, PublicSite site, HttpContext context) =>
            await ServeAsync(context, site, await archive.MonthAsync(site, Spoken(context, site), month, context.RequestAborted))).AllowAnonymous();
    }

    /// <summary>What is not the page's own language is kept under the language's address, whoever asked for it in which way.</summary>
    private static SpokenLanguage Spoken(HttpContext context, PublicSite site)
    {
        var spoken = SpokenLanguage.Of(context, site);
        return spoken.Language == site.Current?.Snapshot.Speaks ? spoken : spoken with { IsInAddress = true };
    }

    private static Task ServeAsync(HttpContext context, PublicSite site, RenderedDocument? document)
    {
        var edition = site.Current!;
        if (document is not null)
        {
            PublicRoutes.Tell(context, SpokenLanguage.Of(context, site));
            return PublicRoutes.ServeAsync(context, document, StatusCodes.Status200OK);
        }
        return PublicRoutes.ServeAsync(context, edition, edition.Find(SiteRenderer.NotFound)!, StatusCodes.Status404NotFound);
    }
}
