using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using StatusPage.Web.Public;
using StatusPage.Web.StatusApi;

namespace StatusPage.Web.Readers;

/// <summary>Marks a request that came to an open address of a private page without being a reader's.</summary>
public sealed class Stranger
{
    private static readonly Stranger Is = new();

    private Stranger() { }

    public static void Mark(HttpContext context) => context.Features.Set(Is);
}

/// <summary>The address that a stranger asked for, where a new reader is led.</summary>
public sealed record AskedFor(string Path);

/// <summary>
/// The one place where a private page is closed. It stands before everything that answers at the page's addresses and lets through readers, programs with a
/// token, and the few addresses that have a check of their own or nothing of the page; whatever else there is, or is added, is closed to strangers.
/// Their request goes on as one for the sign-in, so that nothing behind it learns what they asked for.
/// </summary>
public sealed class Doorkeeper(DeskReaders desk, TokenUses uses, TimeProvider time)
{
    public const string Token = "token";

    private static readonly PathString[] Open =
    [
        // These ask for an account, a key, a signature or a signed link.
        "/admin",
        "/v1",
        "/hooks",
        "/audiences",
        "/subscribe/confirm",
        "/subscribe/manage",
        "/subscribe/unsubscribe",
        "/subscribe/browser/end",
        // These say nothing of the page.
        ReaderPaths.SignIn,
        "/healthz",
        "/assets",
        "/push-worker.js",
        "/embed.js",
        "/robots.txt",
    ];

    private static readonly PathString[] ForPrograms = ["/api", "/badges", "/embed"];

    // A shared cache must not keep it, and a browser that somebody else uses next must not show it.
    private static readonly StringValues NotKept = "private, no-store";
    private static readonly StringValues Vary =
        $"{HeaderNames.Cookie}, {HeaderNames.Authorization}, {HeaderNames.AcceptEncoding}, {HeaderNames.AcceptLanguage}";
    private static readonly StringValues NoIndex = "noindex";
    private static readonly StringValues SameOrigin = "same-origin";
    private static readonly StringValues NoReferrer = "no-referrer";

    public static bool IsOpen(PathString path) => Array.Exists(Open, path.StartsWithSegments);

    /// <summary>Whether a token opens it: feeds, badges, embeds, the API, twins in Markdown; everything that is not for people.</summary>
    private static bool IsForPrograms(PathString path) => Array.Exists(ForPrograms, path.StartsWithSegments) || Path.HasExtension(path.Value);

    /// <summary>From memory: whether the request may go on at once. If not, <see cref="StopAsync"/> says what becomes of it.</summary>
    public bool LetsIn(HttpContext context, Gate gate)
    {
        var (request, path) = (context.Request, context.Request.Path);
        var isOpen = path.Value is not "/" && IsOpen(path);
        if (gate.Knows(request.Headers.Cookie, time.GetUtcNow()))
        {
            if (!isOpen)
                Keep(context, byToken: false);
            return true;
        }
        if (isOpen)
        {
            Stranger.Mark(context);
            return true;
        }
        if (!IsForPrograms(path) || gate.TokenOf(request) is not { } token)
            return false;
        uses.Note(token, time.GetUtcNow());
        // Nothing behind sees or logs the token.
        request.QueryString = WithoutToken(request);
        Keep(context, byToken: true);
        return true;
    }

    /// <summary>Somebody whom memory does not know: of the desk, or a stranger.</summary>
    /// <param name="pass">Serves the page.</param>
    /// <param name="next">What stands behind the public site.</param>
    public async Task StopAsync(HttpContext context, PublicSite site, RequestDelegate pass, RequestDelegate next)
    {
        var request = context.Request;
        if (site.PageId is { } page && await desk.KnowsAsync(context, page))
        {
            Keep(context, byToken: false);
            await pass(context);
        }
        else if (HttpMethods.IsOptions(request.Method))
            // The same at every address, or it would tell which there are. What is asked for then brings a token, or gets nothing.
            await Preflight.AnswerAsync(context);
        else if (IsForPrograms(request.Path))
            await RefuseAsync(context);
        else
        {
            Shut(context);
            context.Features.Set(new AskedFor($"{request.PathBase}{request.Path}{WithoutToken(request)}"));
            Stranger.Mark(context);
            (request.Method, request.Path, request.QueryString) = (HttpMethods.Get, ReaderPaths.SignIn, default);
            await next(context);
        }
    }

    private static QueryString WithoutToken(HttpRequest request) =>
        request.QueryString.HasValue && request.Query.ContainsKey(Token)
            ? QueryString.Create(request.Query.Where(pair => !pair.Key.Equals(Token, StringComparison.OrdinalIgnoreCase)))
            : request.QueryString;

    private static Task RefuseAsync(HttpContext context)
    {
        Shut(context);
        const string message = "This page is private. Send a read token, as Authorization: Bearer TOKEN or as ?token=TOKEN; its owner makes one.";
        if (ApiErrors.IsApi(context.Request.Path))
            return ApiErrors.WriteAsync(context, StatusCodes.Status401Unauthorized, message);
        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(message, context.RequestAborted);
    }

    private static void Shut(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.CacheControl = "no-store";
        headers.WWWAuthenticate = "Bearer realm=\"status page\"";
        headers["X-Robots-Tag"] = NoIndex;
        headers["Referrer-Policy"] = SameOrigin;
    }

    /// <summary>Whatever answers, its answer is for this reader alone.</summary>
    private static void Keep(HttpContext context, bool byToken)
    {
        context.Response.OnStarting(byToken ? ForProgram : ForReader, context.Response.Headers);
    }

    private static readonly Func<object, Task> ForReader = headers => KeepAsync((IHeaderDictionary)headers, SameOrigin);
    private static readonly Func<object, Task> ForProgram = headers => KeepAsync((IHeaderDictionary)headers, NoReferrer);

    private static Task KeepAsync(IHeaderDictionary headers, StringValues referrer)
    {
        headers.CacheControl = NotKept;
        headers.Vary = Vary;
        headers["X-Robots-Tag"] = NoIndex;
        headers["Referrer-Policy"] = referrer;
        return Task.CompletedTask;
    }
}

public static class StrangerRequests
{
    public static bool IsStranger(this HttpContext context) => context.Features.Get<Stranger>() is not null;
}
