using StatusPage.Web.Shared;
using StatusPage.Web.StatusApi;

namespace StatusPage.Web.Hosting;

/// <summary>A door that takes what changes something from other sites, too: each call proves itself by a key, a signature or a signed link.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class TakesOtherOriginsAttribute : Attribute;

/// <summary>
/// From where a browser says that a request was made: <c>Sec-Fetch-Site</c> (Fetch Metadata), which no page can forge, and <c>Origin</c> (RFC 6454) where
/// a browser sends no such thing, as under plain http.
/// </summary>
public static class Origins
{
    private const string SameOrigin = "same-origin";

    /// <summary>By the person's own hand: a bookmark, the address bar.</summary>
    private const string ByHand = "none";

    /// <summary>Refuses what changes something and comes from another site, at every door but those that are made for it. It stands behind routing.</summary>
    public static void UseOwnOrigins(this WebApplication app) =>
        app.Use(
            (context, next) =>
                IsUnsafe(context.Request) && IsForeign(context) && context.GetEndpoint()?.Metadata.GetMetadata<TakesOtherOriginsAttribute>() is null
                    ? RefuseAsync(context)
                    : next(context)
        );

    /// <summary>Refuses methods that no door takes, such as TRACE: a Razor page takes for a GET without its handler what it does not know.</summary>
    public static void UseKnownMethods(this WebApplication app) =>
        app.Use(
            (context, next) =>
            {
                if (Array.Exists(Known, known => HttpMethods.Equals(known, context.Request.Method)))
                    return next(context);
                context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
                context.Response.Headers.Allow = string.Join(", ", Known);
                context.Response.Headers.CacheControl = "no-store";
                return Task.CompletedTask;
            }
        );

    private static readonly string[] Known =
    [
        HttpMethods.Get,
        HttpMethods.Head,
        HttpMethods.Post,
        HttpMethods.Put,
        HttpMethods.Patch,
        HttpMethods.Delete,
        HttpMethods.Options,
    ];

    /// <summary>RFC 9110, section 9.2.1.</summary>
    public static bool IsUnsafe(HttpRequest request) =>
        !HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method) && !HttpMethods.IsOptions(request.Method);

    /// <summary>Whether a browser says that another site made the request. A program says nothing, and holds no cookie of anybody's.</summary>
    private static bool IsForeign(HttpContext context)
    {
        if (context.Request.Headers["Sec-Fetch-Site"] is { Count: > 0 } site)
            return site != SameOrigin && site != ByHand;
        return context.Request.Headers.Origin.Count > 0 && !HasOwnOrigin(context);
    }

    /// <summary>Whether a browser says that one of this page's own documents made the request. Silence is no proof.</summary>
    public static bool AreOwn(HttpContext context) =>
        context.Request.Headers["Sec-Fetch-Site"] is { Count: > 0 } site ? site == SameOrigin : HasOwnOrigin(context);

    /// <summary>That of the address that the request came to, or of the page's public one: a proxy may have changed either.</summary>
    private static bool HasOwnOrigin(HttpContext context)
    {
        var origin = context.Request.Headers.Origin.ToString();
        return origin.Length > 0
            && (
                origin == $"{context.Request.Scheme}://{context.Request.Host}"
                || origin == context.RequestServices.GetRequiredService<PublicAddress>().Origin
            );
    }

    private static Task RefuseAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        context.Response.Headers.CacheControl = "no-store";
        const string why = "This was sent from another site, so nothing was done. Open the page itself and do it there.";
        return ApiErrors.IsApi(context.Request.Path)
            ? ApiErrors.WriteAsync(context, StatusCodes.Status403Forbidden, why)
            : context.RequestServices.GetRequiredService<UnavailablePage>().WriteAsync(context, why);
    }
}
