using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using StatusPage.Web.Languages;
using StatusPage.Web.Public.Badges;
using StatusPage.Web.Readers;
using StatusPage.Web.Snapshot;
using StatusPage.Web.StatusApi;

namespace StatusPage.Web.Public;

/// <summary>Serves the public site: a look-up and one write, before anything else in the pipeline runs.</summary>
public static class PublicRoutes
{
    /// <summary>How long the very first requests wait for the very first edition.</summary>
    private static readonly TimeSpan FirstEditionWait = TimeSpan.FromSeconds(5);

    private static readonly PathString[] NotPublic = ["/admin", "/v1", "/healthz"];

    private static readonly StringValues Vary = HeaderNames.AcceptEncoding;
    private static readonly StringValues VaryByLanguage = $"{HeaderNames.AcceptEncoding}, {HeaderNames.AcceptLanguage}";

    public static void UsePublicSite(this WebApplication app)
    {
        var sites = app.Services.GetRequiredService<PublicSites>();
        var keeper = app.Services.GetRequiredService<Doorkeeper>();
        app.Use(
            (context, next) =>
            {
                var site = sites.Choose(context);
                if (SpokenLanguage.InAddressOf(context) is { } spoken)
                    context.Features.Set(spoken);
                return site.Current is null ? BeginAsync(context, site, keeper, next) : EnterAsync(context, site, keeper, next);
            }
        );
    }

    /// <summary>Nobody passes before it is known whether the page is private.</summary>
    private static async Task BeginAsync(HttpContext context, PublicSite site, Doorkeeper keeper, RequestDelegate next)
    {
        if (Doorkeeper.IsOpen(context.Request.Path))
        {
            Stranger.Mark(context);
            await AnswerAsync(context, site, next);
            return;
        }
        await Task.WhenAny(site.First, Task.Delay(FirstEditionWait, context.RequestAborted));
        await (site.Current is null ? RefuseAsync(context) : EnterAsync(context, site, keeper, next));
    }

    private static Task EnterAsync(HttpContext context, PublicSite site, Doorkeeper keeper, RequestDelegate next) =>
        site.Current is not { Gate: { } gate } || keeper.LetsIn(context, gate)
            ? AnswerAsync(context, site, next)
            : keeper.StopAsync(context, site, passed => AnswerAsync(passed, site, next), next);

    private static Task AnswerAsync(HttpContext context, PublicSite site, RequestDelegate next)
    {
        if (Preflight.IsOne(context, site.Current))
            return Preflight.AnswerAsync(context);
        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
            return next(context);
        var edition = site.Current;
        WithoutSlash(context, edition);
        if (BadgeRoutes.IsCustomized(context.Request) || HistoryJson.IsPaged(context.Request))
            return next(context);
        if (edition?.Find(context.Request.Path.Value ?? "/") is { } document)
            return ServeAsync(context, edition, document, StatusCodes.Status200OK);
        if (edition?.Translations.IsSeldom(context.Request.Path.Value ?? "/") == true)
            return ServeSeldomAsync(context, edition, next);
        return edition is { IsComplete: true } ? next(context) : ServeFirstAsync(site, context, next);
    }

    /// <summary>A document has one address, and answers with a slash behind it as well, as endpoints do.</summary>
    private static void WithoutSlash(HttpContext context, Edition? edition)
    {
        if (context.Request.Path.Value is [_, .., '/'] path && edition?.Has(path[..^1]) == true)
            context.Request.Path = path[..^1];
    }

    private static async Task ServeSeldomAsync(HttpContext context, Edition edition, RequestDelegate next)
    {
        if (await edition.Translations.FindAsync(context.Request.Path.Value ?? "/", new(edition.Snapshot.Speaks, IsInAddress: false)) is { } document)
            await ServeAsync(context, edition, document, StatusCodes.Status200OK);
        else
            await next(context);
    }

    /// <summary>Just after a start, waits for a document that is not rendered yet; the rest of the site is served meanwhile.</summary>
    private static async Task ServeFirstAsync(PublicSite site, HttpContext context, RequestDelegate next)
    {
        var path = context.Request.Path;
        var isPublic = !Array.Exists(NotPublic, path.StartsWithSegments);
        if (isPublic)
            await Task.WhenAny(site.Current is null ? site.First : site.Complete, Task.Delay(FirstEditionWait, context.RequestAborted));
        var edition = site.Current;
        WithoutSlash(context, edition);
        path = context.Request.Path;
        if (edition?.Find(path.Value ?? "/") is { } document)
            await ServeAsync(context, edition, document, StatusCodes.Status200OK);
        else if (edition?.Translations.IsSeldom(path.Value ?? "/") == true)
            await ServeSeldomAsync(context, edition, next);
        else if (!isPublic || edition is { IsComplete: true } || edition is not null && path.StartsWithSegments("/subscribe"))
            await next(context);
        else
            await RefuseAsync(context);
    }

    private static Task RefuseAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        context.Response.Headers.RetryAfter = "2";
        context.Response.Headers.CacheControl = "no-store";
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync("The page is starting and has no data yet. Try again in a moment.", context.RequestAborted);
    }

    /// <summary>The document in the reader's language: that of the address, else the one that their browser prefers, else the page's own.</summary>
    public static Task ServeAsync(HttpContext context, Edition edition, RenderedDocument document, int status)
    {
        // At an open address of a private page; the page that says that there is nothing bears the name and the look of the page.
        if (status == StatusCodes.Status404NotFound && edition.Gate is not null && context.IsStranger())
            return PublicRoom.WriteAsync(context, status, "There is nothing here.");
        if (!document.Kind.IsWorded)
            return ServeAsync(context, document, status);
        var own = edition.Snapshot.Speaks;
        var spoken = context.Features.Get<SpokenLanguage>() ?? SpokenLanguage.Wished(context, own);
        Tell(context, spoken);
        if (!spoken.IsInAddress && spoken.Language == own)
            return ServeAsync(context, document, status);
        return TranslatedAsync(status == StatusCodes.Status404NotFound ? SiteRenderer.NotFound : context.Request.Path.Value ?? "/");

        // A document that cannot be made in the language is still better read in another than not at all. A page leads on within its language; a feed
        // names its items by the addresses of the feed that was asked for, whatever language the reader's program prefers.
        async Task TranslatedAsync(string path) =>
            await ServeAsync(
                context,
                await edition.Translations.FindAsync(path, new(spoken.Language, IsInAddress: spoken.IsInAddress || !document.Kind.IsFeed)) ?? document,
                status
            );
    }

    /// <summary>Tells which language the answer is in, and whether another reader may get another one here.</summary>
    public static void Tell(HttpContext context, SpokenLanguage spoken)
    {
        context.Response.Headers.ContentLanguage = spoken.Language.Code;
        context.Response.Headers.Vary = spoken.IsInAddress ? Vary : VaryByLanguage;
    }

    /// <summary>RFC 9110, sections 13.1 and 15.4.5: a matching validator gets 304 with the validators and no body.</summary>
    public static Task ServeAsync(HttpContext context, RenderedDocument document, int status)
    {
        var request = context.Request.Headers;
        var response = context.Response;
        var headers = response.Headers;
        var variant = Choose(document, request.AcceptEncoding);
        headers.ETag = variant.ETag;
        headers.CacheControl = document.Kind.CacheControl;
        if (headers.Vary.Count == 0)
            headers.Vary = Vary;
        headers.LastModified = document.LastModifiedHeader;
        foreach (var (name, value) in document.Kind.Headers)
            headers[name] = value;
        if (status == 200 && IsUnchanged(request, variant, document))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }
        response.StatusCode = status;
        headers.ContentType = document.Kind.ContentType;
        if (variant.Encoding.Count > 0)
            headers.ContentEncoding = variant.Encoding;
        headers.ContentLength = variant.Body.Length;
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : response.Body.WriteAsync(variant.Body, 0, variant.Body.Length);
    }

    private static bool IsUnchanged(IHeaderDictionary request, RenderedDocument.Variant variant, RenderedDocument document)
    {
        if (request.IfNoneMatch is { Count: > 0 } tags)
        {
            foreach (var value in tags)
                if (value is not null && (value == variant.Tag || value == "*" || value.Contains(variant.Tag, StringComparison.Ordinal)))
                    return true;
            return false;
        }
        return request.IfModifiedSince is { Count: > 0 } since
            && HeaderUtilities.TryParseDate(since.ToString(), out var date)
            && document.LastModified <= date;
    }

    private static RenderedDocument.Variant Choose(RenderedDocument document, StringValues accepted)
    {
        if (document.Gzip is null || accepted.Count == 0)
            return document.Plain;
        var header = accepted.ToString().AsSpan();
        if (document.Brotli is { } brotli && Accepts(header, "br"))
            return brotli;
        return Accepts(header, "gzip") ? document.Gzip : document.Plain;
    }

    /// <summary>Whether Accept-Encoding names a coding with a weight above zero (RFC 9110, section 12.5.3); "*" is not taken as a wish.</summary>
    private static bool Accepts(ReadOnlySpan<char> header, string coding)
    {
        foreach (var range in header.Split(','))
        {
            var item = header[range].Trim();
            var semicolon = item.IndexOf(';');
            var name = (semicolon < 0 ? item : item[..semicolon]).TrimEnd();
            if (!name.Equals(coding, StringComparison.OrdinalIgnoreCase))
                continue;
            return semicolon < 0 || !IsZero(item[(semicolon + 1)..]);
        }
        return false;

        static bool IsZero(ReadOnlySpan<char> weight)
        {
            weight = weight.Trim();
            return weight.StartsWith("q=", StringComparison.OrdinalIgnoreCase) && weight[2..].Trim().Trim('0').Trim('.').Trim('0').Length == 0;
        }
    }
}
