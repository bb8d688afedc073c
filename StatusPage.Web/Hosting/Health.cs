using System.Text.Json;
using StatusPage.Web.Data;
using StatusPage.Web.Snapshot;

namespace StatusPage.Web.Hosting;

/// <summary>Probes. Live: the process answers. Ready: 200 as long as it can serve the public, with what it can do told apart in the body.</summary>
public static class Health
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public static void MapHealth(this WebApplication app)
    {
        app.MapGet("/healthz/live", () => Results.Text("live")).AllowAnonymous();
        app.MapGet("/healthz/ready", async (PublicSites sites, StatusDb db, StoreState store, HttpContext context) =>
        {
            var site = sites.First;
            var canServe = site.Current is not null;
            var canPost = store.IsReady && await AnswersAsync(db, context.RequestAborted);
            context.Response.Headers.CacheControl = "no-store";
            return Results.Json(new
            {
                @public = canServe ? "ok" : "unavailable",
                posts = canPost ? "ok" : "unavailable",
                asOf = site.Current?.AsOf,
                version = site.Current?.Snapshot.Version,
            }, JsonSerializerOptions.Web, statusCode: canServe ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
        }).AllowAnonymous();
    }

    private static async Task<bool> AnswersAsync(StatusDb db, CancellationToken cancel)
    {
        try
        {
            using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            limited.CancelAfter(Patience);
            return await db.Database.CanConnectAsync(limited.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return false;
        }
    }
}
