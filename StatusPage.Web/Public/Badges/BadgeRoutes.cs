using System.Globalization;
using System.Text.Json;
using StatusPage.Domain.Components;
using StatusPage.Domain.Languages;
using StatusPage.Domain.Snapshot;
using StatusPage.Web.Languages;
using StatusPage.Web.Shared;
using StatusPage.Web.Snapshot;
using StatusPage.Web.StatusApi;

namespace StatusPage.Web.Public.Badges;

/// <summary>
/// The plain badges are rendered ahead. A customized badge has options in its query. It is drawn when it is asked for, from the snapshot in memory, which
/// takes some microseconds. Options that mean nothing are ignored, as shields.io does.
/// </summary>
public static class BadgeRoutes
{
    public const string Folder = "/badges";

    /// <summary>Characters of a label.</summary>
    private const int MaxLabel = 60;

    public static void MapBadges(this WebApplication app) => app.MapMethods(Folder + "/{**name}", ["GET", "HEAD"], ServeAsync).AllowAnonymous();

    /// <summary>Whether a request is for a customized badge, which is none of the documents that lie ready.</summary>
    public static bool IsCustomized(HttpRequest request) =>
        request.QueryString.HasValue && request.Path.StartsWithSegments(Folder) && request.Path.Value!.EndsWith(".svg", StringComparison.Ordinal);

    private static Task ServeAsync(string? name, HttpContext context, PublicSite site)
    {
        if (name?.EndsWith(".svg", StringComparison.Ordinal) != true)
            return ApiErrors.WriteAsync(context, StatusCodes.Status404NotFound, $"There is no badge at {context.Request.Path}.");
        var query = context.Request.Query;
        if (site.Current is not { } edition)
            return Results.StatusCode(StatusCodes.Status503ServiceUnavailable).ExecuteAsync(context);
        var say = Words.Of(Language.Find(query["lang"].ToString()) ?? Language.English);
        var found = Find(edition.Snapshot, name ?? "", say);
        var badge = found ?? Badge.Unknown with { Message = say.Within("not found") };
        if (query.TryGetValue("label", out var label))
            badge = badge with { Label = Cut(label.ToString()) };
        if (BadgeColour.Find(query["color"].ToString()) is { } colour && found is not null)
            badge = badge with { Colour = colour };
        if (BadgeColour.Find(query["labelColor"].ToString()) is { } ground)
            badge = badge with { LabelColour = ground };
        if (Badge.Parse(query["style"].ToString()) is { } style)
            badge = badge with { Style = style };
        return PublicRoutes.ServeAsync(
            context,
            RenderedDocument.Of(SiteRenderer.BadgeSvg, badge.Draw(), edition.Snapshot.AsOf, null),
            found is null ? StatusCodes.Status404NotFound : StatusCodes.Status200OK
        );
    }

    /// <summary>"overall.svg", "api.svg", "api/uptime.svg"; null for a name that does not exist.</summary>
    public static Badge? Find(StatusSnapshot snapshot, string name, Words say) =>
        Plain(snapshot, name, say) is { } badge ? badge with { Icon = BadgeIcon.Of(snapshot) } : null;

    private static Badge? Plain(StatusSnapshot snapshot, string name, Words say)
    {
        if (name == "overall.svg")
            return new(say["status"], say.Within(snapshot.Overall.Label()), BadgeColour.NameOf(snapshot.Overall));
        var slug =
            name.EndsWith("/uptime.svg", StringComparison.Ordinal) ? name[..^"/uptime.svg".Length]
            : name.EndsWith(".svg", StringComparison.Ordinal) ? name[..^4]
            : "";
        if (snapshot.Components.FirstOrDefault(component => component.Slug == slug) is not { } found)
            return null;
        return name.EndsWith("/uptime.svg", StringComparison.Ordinal)
            ? found.Showcase
                ? Uptime(found, say)
                : null
            : new(found.Name, say.Within(found.Status.Label()), BadgeColour.NameOf(found.Status));
    }

    public static Badge Uptime(ComponentView component, Words say) =>
        component.Uptime.UptimePercent is { } percent
            ? new(say["uptime"], ZoneClock.Percent(percent, say) + "%", BadgeColour.NameOfUptime(percent))
            : new(
                say["uptime"],
                say["Since {0}", component.StartDate.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)].ToLowerInvariant(),
                "inactive"
            );

    /// <summary>What shields.io's endpoint badge reads: https://shields.io/badges/endpoint-badge</summary>
    public static byte[] Json(string label, ComponentStatus status, string? svg = null)
    {
        var badge = new Dictionary<string, object>
        {
            ["schemaVersion"] = 1,
            ["label"] = label,
            ["message"] = status.Label().ToLowerInvariant(),
            ["color"] = BadgeColour.NameOf(status),
            ["cacheSeconds"] = 300,
        };
        if (svg is not null)
            badge["logoSvg"] = svg;
        return JsonSerializer.SerializeToUtf8Bytes(badge);
    }

    private static string Cut(string label)
    {
        var info = new StringInfo(label);
        return info.LengthInTextElements <= MaxLabel ? label : info.SubstringByTextElements(0, MaxLabel) + "…";
    }
}
