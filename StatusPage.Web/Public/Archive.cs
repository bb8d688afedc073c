using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Incidents;
using StatusPage.Domain.Snapshot;
using StatusPage.Web.Data;
using StatusPage.Web.Incidents;
using StatusPage.Web.Languages;
using StatusPage.Web.Shared;
using StatusPage.Web.Snapshot;

namespace StatusPage.Web.Public;

/// <summary>A month of incidents on its own page.</summary>
public sealed record ArchiveMonth(DateOnly First, IReadOnlyList<IncidentView> Incidents)
{
    /// <summary>Maintenances that are listed beside the incidents. Without a limit, one that recurs daily would push the rest away.</summary>
    public const int MostMaintenances = 20;

    public string Path => PathOf(First);

    public static string PathOf(DateOnly month) => month.ToString("'/history/'yyyy-MM", CultureInfo.InvariantCulture);

    /// <summary>The months that have incidents, the newest first.</summary>
    public static IEnumerable<DateOnly> Of(StatusSnapshot snapshot, ZoneClock clock) =>
        snapshot
            .Incidents.Select(incident => incident.StartedAt)
            .Concat(snapshot.Archive.Select(incident => incident.StartedAt))
            .Select(instant => clock.DateOf(instant))
            .Select(day => new DateOnly(day.Year, day.Month, 1))
            .Distinct()
            .OrderDescending();
}

/// <summary>
/// The pages that are older than the snapshot. Each is rendered when it is first asked for, and kept for as long as the page stays at its version, whether
/// the store is there or away. The next version drops all of them, so that nothing is shown that was taken back. The snapshot knows which pages exist, so
/// an address that does not exist costs no query.
/// </summary>
public sealed partial class Archive(IServiceScopeFactory scopes, PageRenderer pages, ILogger<Archive> logger)
{
    /// <summary>Bytes of all pages together.</summary>
    private const long Most = 16 * 1024 * 1024;

    private readonly DocumentShelf<(PublicSite Site, string Path, SpokenLanguage Spoken)> _shelf = new(Most);
    private readonly ConditionalWeakTable<PublicSite, string> _stamps = [];

    public async Task<RenderedDocument?> IncidentAsync(PublicSite site, SpokenLanguage spoken, string id)
    {
        if (site.Current is not { } edition || !PublicId.LooksLikeOne(id))
            return null;
        var incident = IncidentId.Of(id);
        if (!edition.Snapshot.Archive.Any(archived => archived.Id == incident))
            return null;
        return await GetAsync(
            site,
            edition,
            spoken,
            $"/incidents/{id}",
            "incidents/{id}",
            async (db, page) =>
            {
                var row = await db.Incidents.AsNoTracking().Public().Whole().FirstOrDefaultAsync(row => row.Id == incident && row.PageId == page);
                return row is null ? null : View(row);
            }
        );
    }

    public async Task<RenderedDocument?> MonthAsync(PublicSite site, SpokenLanguage spoken, string month)
    {
        if (
            site.Current is not { } edition
            || !DateOnly.TryParseExact(month + "-01", "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var first)
        )
            return null;
        var clock = ZoneClock.For(edition.Snapshot.TimeZone, edition.Snapshot.AsOf);
        if (!ArchiveMonth.Of(edition.Snapshot, clock).Contains(first))
            return null;
        return await GetAsync(
            site,
            edition,
            spoken,
            ArchiveMonth.PathOf(first),
            "history/{month}",
            async (db, page) =>
            {
                var from = clock.StartOf(first);
                var to = clock.StartOf(first.AddMonths(1));
                var rows = await db
                    .Incidents.AsNoTracking()
                    .Public()
                    .Whole()
                    .Where(row => row.PageId == page && row.StartedAt >= from && row.StartedAt < to)
                    .OrderByDescending(row => row.StartedAt)
                    .ToListAsync();
                return new ArchiveMonth(first, [.. rows.Select(View).OfType<IncidentView>()]);
            }
        );
    }

    private async Task<RenderedDocument?> GetAsync(
        PublicSite site,
        Edition edition,
        SpokenLanguage spoken,
        string path,
        string route,
        Func<StatusDb, PageId, Task<object?>> read
    )
    {
        var snapshot = edition.Snapshot;
        // A date of another year shows its year, so the current year is part of the stamp.
        var stamp = $"{snapshot.PageId}|{snapshot.Version}|{edition.Look}|{ZoneClock.For(snapshot.TimeZone, snapshot.AsOf).DateOf(snapshot.AsOf).Year}";
        if (!_stamps.TryGetValue(site, out var before) || before != stamp)
        {
            _stamps.AddOrUpdate(site, stamp);
            _shelf.Drop(key => key.Site == site);
        }
        return (
            await _shelf.GetAsync(
                (site, path, spoken),
                stamp,
                async _ =>
                {
                    await using var scope = scopes.CreateAsyncScope();
                    if (await read(scope.ServiceProvider.GetRequiredService<StatusDb>(), snapshot.PageId) is not { } subject)
                        return null;
                    return new(
                        null,
                        RenderedDocument.Of(
                            SiteRenderer.Html,
                            await RenderAsync(path, route, new(snapshot, edition.AsOf, subject, spoken)),
                            snapshot.AsOf,
                            null
                        )
                    );
                }
            )
        )?.Document;
    }

    /// <summary>An incident whose view cannot be made does not affect the others of its month.</summary>
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
        app.MapMethods(
                "/incidents/{id}",
                ["GET", "HEAD"],
                async (string id, Archive archive, PublicSite site, HttpContext context) =>
                    await ServeAsync(context, site, await archive.IncidentAsync(site, Spoken(context, site), id))
            )
            .AllowAnonymous();
        app.MapMethods(
                "/history/{month}",
                ["GET", "HEAD"],
                async (string month, Archive archive, PublicSite site, HttpContext context) =>
                    await ServeAsync(context, site, await archive.MonthAsync(site, Spoken(context, site), month))
            )
            .AllowAnonymous();
    }

    /// <summary>A document in another language than the page's own is kept under that language's address, however it was asked for.</summary>
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
