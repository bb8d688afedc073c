using System.Collections.Frozen;
using System.Text;
using Microsoft.Extensions.Primitives;
using StatusPage.Domain.Snapshot;
using StatusPage.Web.Badges;
using StatusPage.Web.Feeds;
using StatusPage.Web.Hosting;
using StatusPage.Web.Shared;
using StatusPage.Web.StatusApi;
using StatusPage.Web.Themes;

namespace StatusPage.Web.Snapshot;

/// <summary>Makes every public document of a snapshot. What comes out the same as before keeps its compressed bytes.</summary>
public sealed class SiteRenderer(PageRenderer pages, PublicAddress address, Theme theme)
{
    /// <summary>The document behind every address that does not exist; its name cannot be asked for.</summary>
    public const string NotFound = "not-found";

    // A shared cache asks again after 10 s, and may serve what it has while it asks, or for a day when nobody answers.
    private const string Fresh = "public, max-age=5, s-maxage=10, stale-while-revalidate=30, stale-if-error=86400";
    private const string Badge = "public, max-age=60, s-maxage=60, stale-while-revalidate=300, stale-if-error=86400";
    private const string Forever = "public, max-age=31536000, immutable";
    private const string Daily = "public, max-age=86400";

    private static readonly KeyValuePair<string, StringValues> NoSniff = new("X-Content-Type-Options", "nosniff");
    private static readonly KeyValuePair<string, StringValues> AnyOrigin = new("Access-Control-Allow-Origin", "*");

    internal static readonly DocumentKind Html = new("text/html; charset=utf-8", Fresh, SecurityHeaders.All);
    private static readonly DocumentKind MissingHtml = new("text/html; charset=utf-8", "no-store", SecurityHeaders.All);
    private static readonly DocumentKind Rss = new("application/rss+xml; charset=utf-8", Fresh, [NoSniff, AnyOrigin]);
    private static readonly DocumentKind Atom = new("application/atom+xml; charset=utf-8", Fresh, [NoSniff, AnyOrigin]);
    private static readonly DocumentKind Json = new("application/json; charset=utf-8", Fresh, [NoSniff, AnyOrigin]);

    /// <summary>A badge is shown on other people's pages, so it may be loaded there; its own policy lets nothing in it act.</summary>
    private static readonly DocumentKind BadgeSvg = new("image/svg+xml; charset=utf-8", Badge,
        [NoSniff, AnyOrigin, new("Cross-Origin-Resource-Policy", "cross-origin"), new("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")]);

    private static readonly DocumentKind Icon = new("image/svg+xml; charset=utf-8", Daily, [NoSniff]);
    private static readonly DocumentKind Css = new("text/css; charset=utf-8", Forever, [NoSniff]);
    private static readonly DocumentKind Script = new("text/javascript; charset=utf-8", Forever, [NoSniff]);
    private static readonly DocumentKind Plain = new("text/plain; charset=utf-8", Daily, [NoSniff]);

    public async Task<Edition> RenderAsync(StatusSnapshot snapshot, DateTimeOffset? asOf, Edition? before)
    {
        var documents = new Dictionary<string, RenderedDocument>(StringComparer.Ordinal);

        void Add(string path, DocumentKind kind, byte[] body) =>
            documents[path] = RenderedDocument.Of(kind, body, snapshot.AsOf, before?.Find(path));

        async Task AddPageAsync(string path, string route, object? subject = null, DocumentKind? kind = null) =>
            Add(path, kind ?? Html, await pages.RenderAsync(route, new(snapshot, asOf, subject)));

        await AddPageAsync("/", "");
        await AddPageAsync("/history", "history");
        foreach (var incident in snapshot.Incidents) await AddPageAsync($"/incidents/{incident.Id}", "incidents/{id}", incident);
        foreach (var maintenance in snapshot.Maintenances) await AddPageAsync($"/incidents/{maintenance.Id}", "maintenances/{id}", maintenance);
        foreach (var component in snapshot.Components) await AddPageAsync($"/components/{component.Slug}", "components/{slug}", component);
        await AddPageAsync(NotFound, "not-found", kind: MissingHtml);

        Add("/history.rss", Rss, IncidentFeed.Rss(snapshot, address));
        Add("/history.atom", Atom, IncidentFeed.Atom(snapshot, address));
        Add("/badges/overall.svg", BadgeSvg, Badges.Badge.Of("status", snapshot.Overall));
        foreach (var component in snapshot.Components)
        {
            Add($"/components/{component.Slug}/history.rss", Rss, IncidentFeed.Rss(snapshot, address, component));
            Add($"/badges/{component.Slug}.svg", BadgeSvg, Badges.Badge.Of(component.Name, component.Status));
        }
        foreach (var (path, json) in PublicApi.Documents(snapshot, address)) Add(path, Json, json);

        Add(theme.CssAddress, Css, Encoding.UTF8.GetBytes(theme.Css));
        Add(Assets.Js, Script, Encoding.UTF8.GetBytes(Assets.SiteScript));
        Add(Assets.AdminCss, Css, Encoding.UTF8.GetBytes(Assets.AdminStyle));
        Add(Assets.AdminJs, Script, Encoding.UTF8.GetBytes(Assets.AdminScript));
        Add("/favicon.svg", Icon, Encoding.UTF8.GetBytes(Assets.Favicon));
        Add("/favicon.ico", Icon, Encoding.UTF8.GetBytes(Assets.Favicon));
        Add("/robots.txt", Plain, "User-agent: *\nDisallow: /admin\nDisallow: /api/\nDisallow: /v1/\n"u8.ToArray());
        return new(snapshot, documents.ToFrozenDictionary(StringComparer.Ordinal), asOf);
    }
}
