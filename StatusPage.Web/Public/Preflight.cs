using System.Text.RegularExpressions;
using StatusPage.Web.Public.Badges;
using StatusPage.Web.Snapshot;
using StatusPage.Web.StatusApi;

namespace StatusPage.Web.Public;

/// <summary>
/// What a browser asks before a script of another site reads something with more than a plain GET, such as one with a content type (the Fetch standard,
/// CORS-preflight fetch). Whatever any origin may read, it may ask for with any header: no answer here depends on who asks.
/// </summary>
internal static partial class Preflight
{
    private const string ForADay = "86400";
    private const string Methods = "GET, HEAD";

    /// <summary>Characters of header names that are sent back; beyond that, the wildcard must do.</summary>
    private const int MostAsked = 1_000;

    public static bool IsOne(HttpContext context, Edition? edition) =>
        HttpMethods.IsOptions(context.Request.Method) && IsForAnyOrigin(WithoutSlash(context.Request.Path), edition);

    public static Task AnswerAsync(HttpContext context)
    {
        var headers = context.Response.Headers;
        var asked = context.Request.Headers.AccessControlRequestHeaders.ToString();
        headers.AccessControlAllowOrigin = "*";
        headers.AccessControlAllowMethods = Methods;
        // Not every browser takes the wildcard for all names.
        headers.AccessControlAllowHeaders = asked.Length is > 0 and <= MostAsked && Names().IsMatch(asked) ? asked : "*";
        headers.AccessControlMaxAge = ForADay;
        headers.Allow = Methods;
        headers.CacheControl = "no-store";
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    private static PathString WithoutSlash(PathString path) => path.Value is [_, .., '/'] value ? value[..^1] : path;

    /// <summary>Whether its answers say that any origin may read them.</summary>
    private static bool IsForAnyOrigin(PathString path, Edition? edition) =>
        path.StartsWithSegments("/api")
        || path.StartsWithSegments(BadgeRoutes.Folder)
        || path == HistoryJson.Path
        || edition?.KindOf(path.Value ?? "/")?.Headers.Contains(SiteRenderer.AnyOrigin) == true
        || Archive.IsForPrograms(path);

    [GeneratedRegex(@"^[A-Za-z0-9_, -]+\z", RegexOptions.NonBacktracking)]
    private static partial Regex Names();
}
