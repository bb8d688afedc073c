using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Incidents;
using StatusPage.Domain.Snapshot;
using StatusPage.Web.Data;
using StatusPage.Web.Hosting;
using StatusPage.Web.Incidents;
using StatusPage.Web.Languages;
using StatusPage.Web.Shared;
using StatusPage.Web.Snapshot;
using StatusPage.Web.StatusApi;

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
public sealed partial class Archive(IServiceScopeFactory scopes, PageRenderer pages, PublicAddresses addresses, ILogger<Archive> logger)
{
    /// <summary>Bytes of all pages together.</summary>
    private const long Most = 16 * 1024 * 1024;

    private readonly DocumentShelf<(PublicSite Site, string Path, SpokenLanguage Spoken)> _shelf = new(Most);
    private readonly ConditionalWeakTable<PublicSite, string> _stamps = [];

    private static readonly string[] ForPrograms = [IncidentPlans.Json, MarkdownTwins.Suffix];

    /// <summary>Whether it is the address of an incident for programs, of whatever age.</summary>
    public static bool IsForPrograms(PathString path) =>
        path.StartsWithSegments("/incidents", out var rest)
        && Array.Exists(ForPrograms, suffix => rest.Value?.EndsWith(suffix, StringComparison.Ordinal) == true);

    /// <param name="id">With ".json" or ".md" at its end, for programs.</param>
    public async Task<RenderedDocument?> IncidentAsync(PublicSite site, SpokenLanguage spoken, string id)
    {
        var suffix = Array.Find(ForPrograms, suffix => id.EndsWith(suffix, StringComparison.Ordinal)) ?? "";
        id = id[..^suffix.Length];
        if (site.Current is not { } edition || !PublicId.LooksLikeOne(id))
            return null;
        var incident = IncidentId.Of(id);
        if (!edition.Snapshot.Archive.Any(archived => archived.Id == incident))
            return null;
        return await GetAsync(
            site,
            edition,
            suffix.Length > 0 ? Own(edition) : spoken,
            $"/incidents/{id}{suffix}",
            suffix.Length > 0 ? null : "incidents/{id}",
            async (db, page) =>
            {
                var row = await db.Incidents.AsNoTracking().Public().Whole().FirstOrDefaultAsync(row => row.Id == incident && row.PageId == page);
                return (row is null ? null : View(row)) is not { } view ? null
                    : suffix == IncidentPlans.Json ? Json(edition, JsonOf(view, edition.Snapshot))
                    : suffix == MarkdownTwins.Suffix ? Twin(edition, view)
                    : view;
            }
        );
    }

    /// <summary>A page of <see cref="HistoryJson"/>. The store is asked for months alone of which the snapshot does not hold all.</summary>
    public async Task<RenderedDocument?> HistoryAsync(PublicSite site, int page)
    {
        if (site.Current is not { } edition)
            return null;
        var clock = ZoneClock.For(edition.Snapshot.TimeZone, edition.Snapshot.AsOf);
        if (page == 1)
            return edition.Find(HistoryJson.Path) ?? await edition.Translations.FindAsync(HistoryJson.Path, Own(edition));
        var months = HistoryJson.MonthsOf(edition.Snapshot, page, clock);
        if (months.Count == 0)
            return Json(edition, HistoryJson.Of(edition.Snapshot, addresses.Of(edition.Snapshot.Location), page, []));
        return await GetAsync(
            site,
            edition,
            Own(edition),
            // The months of a page are others from the next month on.
            $"{HistoryJson.Path}?page={page}&from={months[0]:yyyy-MM}",
            null,
            async (db, ofPage) =>
            {
                var older = new List<IncidentView>();
                foreach (var month in months.Where(month => HistoryJson.ArchivedIn(edition.Snapshot, month, clock)))
                    older.AddRange((await RowsAsync(db, ofPage, month, clock)).Select(View).OfType<IncidentView>());
                var known = edition.Snapshot.Incidents.Select(incident => incident.Id).ToHashSet();
                older.RemoveAll(incident => known.Contains(incident.Id));
                return Json(edition, HistoryJson.Of(edition.Snapshot, addresses.Of(edition.Snapshot.Location), page, older));
            }
        );
    }

    private static Task<List<Incident>> RowsAsync(StatusDb db, PageId page, DateOnly first, ZoneClock clock)
    {
        var from = clock.StartOf(first);
        var to = clock.StartOf(first.AddMonths(1));
        return db
            .Incidents.AsNoTracking()
            .Public()
            .Whole()
            .Where(row => row.PageId == page && row.StartedAt >= from && row.StartedAt < to)
            .OrderByDescending(row => row.StartedAt)
            .ToListAsync();
    }

    private static SpokenLanguage Own(Edition edition) => new(edition.Snapshot.Speaks, IsInAddress: false);

    private static RenderedDocument Json(Edition edition, byte[] json) => RenderedDocument.Of(SiteRenderer.Json, json, edition.Snapshot.AsOf, null);

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
            async (db, page) => new ArchiveMonth(first, [.. (await RowsAsync(db, page, first, clock)).Select(View).OfType<IncidentView>()])
        );
    }

    private async Task<RenderedDocument?> GetAsync(
        PublicSite site,
        Edition edition,
        SpokenLanguage spoken,
        string path,
        string? route,
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
                // Documents for programs tell the states of components, too, which the clock changes.
                route is null
                    ? $"{stamp}|{string.Join(',', snapshot.Components.Select(component => component.Status))}"
                    : stamp,
                async _ =>
                {
                    await using var scope = scopes.CreateAsyncScope();
                    if (await read(scope.ServiceProvider.GetRequiredService<StatusDb>(), snapshot.PageId) is not { } subject)
                        return null;
                    if (subject is RenderedDocument ready)
                        return new(null, ready);
                    return new(
                        null,
                        RenderedDocument.Of(
                            SiteRenderer.Html,
                            await RenderAsync(path, route!, new(snapshot, edition.AsOf, subject, spoken)),
                            snapshot.AsOf,
                            null
                        )
                    );
                }
            )
        )?.Document;
    }

    private byte[] JsonOf(IncidentView incident, StatusSnapshot snapshot) =>
        StatusJson.Write(new IncidentDocument(new ShapeMaker(snapshot, addresses.Of(snapshot.Location)).Managed(incident)));

    private RenderedDocument Twin(Edition edition, IncidentView incident) =>
        RenderedDocument.Of(
            SiteRenderer.Markdown,
            new MarkdownTwins(edition.Snapshot, addresses.Of(edition.Snapshot.Location)).Of(incident),
            edition.Snapshot.AsOf,
            null
        );

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
                HistoryJson.Path,
                ["GET", "HEAD"],
                async (Archive archive, PublicSite site, HttpContext context) =>
                {
                    context.Response.Headers.AccessControlAllowOrigin = "*";
                    if (HistoryJson.PageOf(context.Request) is not { } page)
                        await ApiErrors.WriteAsync(context, StatusCodes.Status400BadRequest, "'page' must be a whole number; 1 is the first page.");
                    else if (await archive.HistoryAsync(site, page) is { } document)
                        await PublicRoutes.ServeAsync(context, document, StatusCodes.Status200OK);
                    else
                        await ApiErrors.WriteAsync(context, StatusCodes.Status503ServiceUnavailable, "The page is starting. Try again in a moment.");
                }
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
        if (document is { Kind.IsWorded: false })
            return PublicRoutes.ServeAsync(context, document, StatusCodes.Status200OK);
        if (document is null && Archive.IsForPrograms(context.Request.Path))
        {
            context.Response.Headers.AccessControlAllowOrigin = "*";
            return ApiErrors.WriteAsync(context, StatusCodes.Status404NotFound, $"There is nothing at {context.Request.Path}.");
        }
        if (document is not null)
        {
            PublicRoutes.Tell(context, SpokenLanguage.Of(context, site));
            return PublicRoutes.ServeAsync(context, document, StatusCodes.Status200OK);
        }
        return PublicRoutes.ServeAsync(context, edition, edition.Find(SiteRenderer.NotFound)!, StatusCodes.Status404NotFound);
    }
}
