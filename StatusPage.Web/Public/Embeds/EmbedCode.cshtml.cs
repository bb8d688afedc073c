using Microsoft.AspNetCore.Mvc;
using StatusPage.Web.Data;
using StatusPage.Web.Hosting;
using StatusPage.Web.Public.Badges;
using StatusPage.Web.Readers;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Public.Embeds;

/// <summary>
/// Puts together what other pages copy: a badge, a frame, a banner. The form is a GET, so that a choice can be linked and needs no script.
/// </summary>
public sealed class EmbedCodePage(ChangeWriter writer, PublicSite site, PublicAddress address) : AdminPage(writer)
{
    public static readonly IReadOnlyList<string> Styles = ["flat", "flat-square", "plastic", "for-the-badge"];

    [BindProperty(SupportsGet = true)]
    public string? Component { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? Shows { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? Look { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? Label { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? Language { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? Position { get; set; }

    /// <summary>"yes": the banner lies over the page.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Overlay { get; set; }

    public IReadOnlyList<(string Slug, string Name)> Components { get; private set; } = [];

    /// <summary>The badge's address without scheme and host.</summary>
    public string BadgePath { get; private set; } = "";
    public string BadgeUrl => address.Of(WithToken(BadgePath));

    /// <summary>Whether programs need a read token.</summary>
    public bool IsPrivate => site.Current?.Gate is not null;

    private string WithToken(string path) =>
        IsPrivate ? $"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}{Doorkeeper.Token}=TOKEN" : path;

    public string PageUrl => address.Of(Language is { Length: > 0 } and not "en" ? $"/{Language}/" : "/");
    public string Name => StatusPage.Name;
    public string Markdown => $"[![{Name} status]({BadgeUrl})]({PageUrl})";
    public string Html => $"""<a href="{PageUrl}"><img src="{BadgeUrl}" alt="{System.Net.WebUtility.HtmlEncode(Name)} status"></a>""";
    public string EmbedPath => Language is { Length: > 0 } and not "en" ? $"/{Language}/embed" : "/embed";
    public string Frame =>
        $"""<iframe src="{address.Of(WithToken(EmbedPath))}" title="{System.Net.WebUtility.HtmlEncode(Name)} status" """
        + """width="360" height="110" loading="lazy" style="border:0"></iframe>"""
        + $"""\n<script src="{address.Of("/embed.js")}" async data-show="frame"></script>""";
    public string Script =>
        $"""<script src="{address.Of(WithToken("/embed.js"))}" async{(Position == "bottom" ? " data-position=\"bottom\"" : "")}"""
        + $"""{(Overlay == "yes" ? " data-overlay" : "")}{(Language is { Length: > 0 } and not "en" ? $" data-lang=\"{Language}\"" : "")}></script>""";

    public void OnGet()
    {
        var components = site.Current?.Snapshot.Components ?? [];
        Components = [.. components.Select(component => (component.Slug, component.Name))];
        var slug = Components.Any(component => component.Slug == Component) ? Component! : "overall";
        Look = Badge.Parse(Look) is null ? "flat" : Look;
        Language = Domain.Languages.Language.Find(Language)?.Code ?? "en";
        var query = new QueryString();
        if (Look != "flat")
            query = query.Add("style", Look!);
        if (!string.IsNullOrWhiteSpace(Label))
            query = query.Add("label", Label.Trim());
        if (Language != "en")
            query = query.Add("lang", Language);
        BadgePath =
            $"/badges/{slug}{(Shows == "uptime" && components.Any(component => component.Slug == slug && component.Showcase) ? "/uptime" : "")}.svg{query}";
        Response.Headers.ContentSecurityPolicy = SecurityHeaders.PolicyWithFrames;
    }
}
