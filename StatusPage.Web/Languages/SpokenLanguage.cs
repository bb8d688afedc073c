using System.Security.Claims;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using Microsoft.Extensions.WebEncoders;
using StatusPage.Domain.Languages;
using StatusPage.Web.Public;

namespace StatusPage.Web.Languages;

/// <summary>The language in which a request is answered.</summary>
/// <param name="IsInAddress">Whether its addresses begin with the language; else the reader's browser asked for it, or it is the page's own.</param>
public sealed record SpokenLanguage(Language Language, bool IsInAddress)
{
    /// <summary>The prefix of every path: "/de" or nothing.</summary>
    public string Prefix => IsInAddress ? $"/{Language.Code}" : "";

    /// <summary>Paths that exist only without a language.</summary>
    private static readonly PathString[] Untold = ["/admin", "/v1", "/healthz", "/metrics", "/hooks", "/api"];

    /// <summary>
    /// Removes a language from the front of the path and adds it to the path base: later code sees the page's own paths, and links stay within the
    /// language.
    /// </summary>
    public static SpokenLanguage? InAddressOf(HttpContext context)
    {
        var path = context.Request.Path.Value.AsSpan();
        // Every code has two letters, so length and slash decide nearly every request.
        if (path.Length < 3 || path.Length > 3 && path[3] != '/' || Language.Find(path[1..3]) is not { } language)
            return null;
        var rest = path.Length == 3 ? new PathString("/") : new PathString(path[3..].ToString());
        if (Array.Exists(Untold, rest.StartsWithSegments))
            return null;
        context.Request.PathBase += $"/{language.Code}";
        context.Request.Path = rest;
        return new(language, true);
    }

    /// <summary>The page's language, unless the browser asks for another that we have.</summary>
    public static SpokenLanguage Wished(HttpContext context, Language own) =>
        new(context.Request.Headers.AcceptLanguage is [{ Length: > 0 } header] && Language.Preferred(header) is { } wish ? wish : own, false);

    /// <summary>The language of a request to a page that is not rendered ahead.</summary>
    public static SpokenLanguage Of(HttpContext? context, PublicSite site) =>
        context?.Features.Get<SpokenLanguage>()
        ?? (
            context is null ? new(Language.English, false)
            : context.Request.Path.StartsWithSegments("/admin") ? OfDesk(context)
            : site.Current is { } edition ? Wished(context, edition.Snapshot.Speaks)
            : new(Language.English, false)
        );

    /// <summary>The language that somebody chose for the desk, else the one that the browser asks for, else English.</summary>
    private static SpokenLanguage OfDesk(HttpContext context) =>
        Language.Find(context.User.FindFirstValue(ClaimOfDesk)) is { } chosen ? new(chosen, false) : Wished(context, Language.English);

    /// <summary>The claim with the language that an account chose for the desk.</summary>
    public const string ClaimOfDesk = "language";
}

/// <summary>The language of the text written in this scope: that of the request's reader, unless a document is rendered ahead.</summary>
public sealed class RequestLanguage(IHttpContextAccessor http, PublicSite site)
{
    private SpokenLanguage? _spoken;

    public SpokenLanguage Spoken
    {
        get => _spoken ??= SpokenLanguage.Of(http.HttpContext, site);
        set => _spoken = value;
    }
}

public static class LanguagesRoom
{
    /// <summary>Adds the language and words of a request's reader.</summary>
    public static void AddLanguages(this IServiceCollection services)
    {
        // Letters of every language are not escaped in HTML.
        services.Configure<WebEncoderOptions>(options => options.TextEncoderSettings = new TextEncoderSettings(UnicodeRanges.All));
        services.AddScoped<RequestLanguage>();
        services.AddScoped(provider => Words.Of(provider.GetRequiredService<RequestLanguage>().Spoken.Language));
    }
}
