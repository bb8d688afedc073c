using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Web.Data;
using StatusPage.Web.Deliveries;
using StatusPage.Web.Pages;
using StatusPage.Web.Public;

namespace StatusPage.Web.Hosting;

/// <summary>
/// Probes. Live: the process answers. Ready: 200 as long as it can serve the public; the body lists what works. A page that is behind its store is named
/// there without changing the 200: this node still shows the other pages, and no other node would show that page any better. The same holds for a worker
/// whose last round failed, until a round succeeds.
/// </summary>
public static class Health
{
    /// <summary>A page is behind when it has not shown its store's version for this long.</summary>
    public static readonly TimeSpan Behind = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public static void MapHealth(this WebApplication app)
    {
        app.MapGet("/healthz/live", () => Results.Text("live")).AllowAnonymous();
        app.MapGet(
                "/healthz/ready",
                async (
                    PublicSites sites,
                    StatusDb db,
                    StoreState store,
                    StoreHealth health,
                    Pauses pauses,
                    MailTransport mail,
                    WorkerHealth workers,
                    TimeProvider time,
                    HttpContext context
                ) =>
                {
                    var site = sites.First;
                    var canServe = site.Current?.Find("/") is not null;
                    var pages = store.IsReady ? await AskAsync(cancel => PagesAsync(db, cancel), health, context.RequestAborted) : null;
                    var paused =
                        pauses.BySetting
                        || pages is not null && await AskAsync(cancel => pauses.FindAsync(db, cancel), health, context.RequestAborted) is not null;
                    var trouble = store.IsReady ? await health.AskAsync(context.RequestAborted) : health.Trouble;
                    context.Response.Headers.CacheControl = "no-store";
                    return Results.Json(
                        new
                        {
                            @public = canServe ? "ok" : "unavailable",
                            posts = pages is not null && trouble is null ? "ok" : "unavailable",
                            database = trouble is null ? null : new { cause = trouble.Cause, since = trouble.Since },
                            deliveries = paused ? "paused"
                            : mail.Trouble is not null ? "mail waits"
                            : "ok",
                            asOf = site.Current?.AsOf,
                            version = site.Current?.Snapshot.Version,
                            behind = (pages ?? [])
                                .Select(page => (Page: page, Since: sites.BehindSince(page.Id, page.Version, time.GetUtcNow())))
                                .Where(one => one.Since is not null)
                                .Select(one => new
                                {
                                    page = one.Page.Name,
                                    id = one.Page.Id.Value,
                                    since = one.Since,
                                }),
                            workers = workers.Troubles,
                            newerSchema = store.NewerSchema,
                        },
                        JsonSerializerOptions.Web,
                        statusCode: canServe ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable
                    );
                }
            )
            .AllowAnonymous();
    }

    /// <summary>Since when a page has been behind its store; null when it is up to date, or fell behind only now.</summary>
    public static DateTimeOffset? BehindSince(this PublicSites sites, PageId page, long version, DateTimeOffset now) =>
        sites.Of(page)?.BehindSince(version, now) is { } since && now - since >= Behind ? since : null;

    private static async Task<IReadOnlyList<PageVersion>> PagesAsync(StatusDb db, CancellationToken cancel) =>
        await db.Pages.Open().OrderBy(page => page.CreatedAt).Select(page => new PageVersion(page.Id, page.Name, page.Version)).ToListAsync(cancel);

    /// <summary>Null when the store does not answer.</summary>
    private static async Task<T?> AskAsync<T>(Func<CancellationToken, Task<T>> ask, StoreHealth health, CancellationToken cancel)
        where T : class?
    {
        try
        {
            using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            limited.CancelAfter(Patience);
            return await ask(limited.Token);
        }
        catch (Exception exception) when (!cancel.IsCancellationRequested && (exception is OperationCanceledException || StoreSetup.IsOutage(exception)))
        {
            health.Failed(exception);
            return null;
        }
    }

    private sealed record PageVersion(PageId Id, string Name, long Version);
}
