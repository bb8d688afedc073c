using System.Text.Encodings.Web;
using System.Text.Unicode;
using Microsoft.Extensions.WebEncoders;
using StatusPage.Domain.Languages;
using StatusPage.Web.Public;

namespace StatusPage.Web.Languages;

/// <summary>In which language a request is answered.</summary>
/// <param name="IsInAddress">Its addresses begin with the language; else the reader's browser asked for it, or the page speaks it.</param>
public sealed record SpokenLanguage(Language Language, bool IsInAddress)
{
    /// <summary>Before every path: "/de" or nothing.</summary>
    public string Prefix => IsInAddress ? $"/{Language.Code}" : "";

    /// <summary>What has an address without a language alone.</summary>
    private static readonly PathString[] Untold = ["/admin", "/v1", "/healthz", "/metrics", "/hooks", "/api"];

    /// <summary>Takes the language off the front of the path, where there is one: everything behind sees the page's own paths, and links lead inside the language.</summary>
    public static SpokenLanguage? InAddressOf(HttpContext context)
    {
        var path = context.Request.Path.Value.AsSpan();
        // Every code is two letters, so that nearly every request is told by its length or its slash.
        if (path.Length < 3 || path.Length > 3 && path[3] != '/' || Language.Find(path[1..3]) is not { } language)
            return null;
        var rest = path.Length == 3 ? new PathString("/") : new PathString(path[3..].ToString());
        if (Array.Exists(Untold, rest.StartsWithSegments))
            return null;
        context.Request.PathBase += $"/{language.Code}";
        context.Request.Path = rest;
        return new(language, true);
    }

    /// <summary>As the page speaks, unless the browser asks for another of ours.</summary>
    public static SpokenLanguage Wished(HttpContext context, Language own) =>
        new(context.Request.Headers.AcceptLanguage is [{ Length: > 0 } header] && Language.Preferred(header) is { } wish ? wish : own, false);

    /// <summary>Of a request to a page that is not rendered ahead.</summary>
    public static SpokenLanguage Of(HttpContext? context, PublicSite site) =>
        context?.Features.Get<SpokenLanguage>()
        ?? (
            context is null || context.Request.Path.StartsWithSegments("/admin") || site.Current is not { } edition
                ? new(Language.English, false)
                : Wished(context, edition.Snapshot.Speaks)
        );
}

/// <summary>The language of whatever is being written in this scope: a request's reader decides it, unless a document is rendered ahead.</summary>
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
    /// <summary>Whoever writes an answer has the words of its reader.</summary>
    public static void AddLanguages(this IServiceCollection services)
    {
        // Letters of every language stay as they are in HTML.
        services.Configure<WebEncoderOptions>(options => options.TextEncoderSettings = new TextEncoderSettings(UnicodeRanges.All));
        services.AddScoped<RequestLanguage>();
        services.AddScoped(provider => Words.Of(provider.GetRequiredService<RequestLanguage>().Spoken.Language));
    }
}
