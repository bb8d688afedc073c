using StatusPage.Web.Shared;
using StatusPage.Web.StatusApi;

namespace StatusPage.Web.Hosting;

/// <summary>Marks an endpoint that accepts writes from other sites, too: each call proves itself by a key, a signature or a signed link.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class TakesOtherOriginsAttribute : Attribute;

/// <summary>
/// Where a request comes from, as the browser says: <c>Sec-Fetch-Site</c> (Fetch Metadata), which no page can forge, or <c>Origin</c> (RFC 6454) if the
/// browser does not send that, as under plain http.
/// </summary>
public static class Origins
{
    private const string SameOrigin = "same-origin";

    /// <summary>The person made the request directly: a bookmark, the address bar.</summary>
    private const string ByHand = "none";

    /// <summary>Refuses writes from other sites, except at endpoints that are made for them. It runs after routing.</summary>
    public static void UseOwnOrigins(this WebApplication app) =>
        app.Use(
            (context, next) =>
                IsUnsafe(context.Request) && IsForeign(context) && context.GetEndpoint()?.Metadata.GetMetadata<TakesOtherOriginsAttribute>() is null
                    ? RefuseAsync(context)
                    : next(context)
        );

    /// <summary>Refuses methods that no endpoint uses, such as TRACE: a Razor page treats an unknown method as a GET without its handler.</summary>
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

    /// <summary>Whether a browser says that another site made the request. Programs send no such header, and hold nobody's cookies.</summary>
    private static bool IsForeign(HttpContext context)
    {
        if (context.Request.Headers["Sec-Fetch-Site"] is { Count: > 0 } site)
            return site != SameOrigin && site != ByHand;
        return context.Request.Headers.Origin.Count > 0 && !HasOwnOrigin(context);
    }

    /// <summary>Whether a browser says that one of this page's own documents made the request. A missing header is no proof.</summary>
    public static bool AreOwn(HttpContext context) =>
        context.Request.Headers["Sec-Fetch-Site"] is { Count: > 0 } site ? site == SameOrigin : HasOwnOrigin(context);

    /// <summary>Whether it is the origin of the requested address, or of the page's public one: a proxy may have changed either.</summary>
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
