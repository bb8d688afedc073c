using StatusPage.Web.Hosting;
using StatusPage.Web.Public.Badges;
using StatusPage.Web.Snapshot;
using StatusPage.Web.StatusApi;

namespace StatusPage.Web.Public;

public static class PublicRoom
{
    public static void AddPublic(this IServiceCollection services)
    {
        services.AddSingleton<Archive>();
        services.AddSingleton<PublicSites>();
        // In a request, the site is the page that the request is for.
        services.AddScoped(provider =>
            provider.GetRequiredService<IHttpContextAccessor>().HttpContext?.Features.Get<PublicSite>() ?? provider.GetRequiredService<PublicSites>().First
        );
        services.AddScoped(provider => provider.GetRequiredService<PublicAddresses>().Of(provider.GetRequiredService<PublicSite>().Location));
    }

    public static void MapPublic(this WebApplication app)
    {
        app.MapArchive();
        app.MapBadges();
        app.MapNotFound();
    }

    /// <summary>
    /// Answers every address that nothing else does: JSON for programs, a page for people, 405 where something is written to a public page.
    /// </summary>
    private static void MapNotFound(this WebApplication app) =>
        app.Map(
                "{**path}",
                async (HttpContext context, PublicSite site) =>
                {
                    var path = context.Request.Path;
                    if (path.StartsWithSegments("/api"))
                        context.Response.Headers.AccessControlAllowOrigin = "*";
                    if (site.Current?.Has(path.Value is [_, .., '/'] slashed ? slashed[..^1] : path.Value ?? "/") == true)
                    {
                        context.Response.Headers.Allow = "GET, HEAD";
                        await WriteAsync(context, StatusCodes.Status405MethodNotAllowed, "This address can only be read.");
                    }
                    else if (NotHere.Of(path) is { } instead)
                        await ApiErrors.WriteAsync(context, StatusCodes.Status501NotImplemented, instead);
                    else if (ApiErrors.IsApi(path))
                        await ApiErrors.WriteAsync(context, StatusCodes.Status404NotFound, $"There is nothing at {path}.");
                    else if (site.Current is { } edition)
                        await PublicRoutes.ServeAsync(context, edition, edition.Find(SiteRenderer.NotFound)!, StatusCodes.Status404NotFound);
                    else
                        await WriteAsync(context, StatusCodes.Status404NotFound, "There is nothing here.");
                }
            )
            .AllowAnonymous()
            .WithOrder(int.MaxValue);

    internal static async Task WriteAsync(HttpContext context, int status, string message)
    {
        if (ApiErrors.IsApi(context.Request.Path))
            await ApiErrors.WriteAsync(context, status, message);
        else
        {
            context.Response.StatusCode = status;
            context.Response.Headers.CacheControl = "no-store";
            context.Response.ContentType = "text/plain; charset=utf-8";
            await context.Response.WriteAsync(message, context.RequestAborted);
        }
    }
}
