using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;
using StatusPage.Domain;
using StatusPage.Domain.Snapshot;
using StatusPage.Web.Hosting;
using StatusPage.Web.Languages;
using StatusPage.Web.Themes;

namespace StatusPage.Web.Public.Search;

/// <param name="Incident">Null for one that is older than the snapshot.</param>
public sealed record Found(IncidentId Id, string Title, DateTimeOffset At, IncidentView? Incident);

/// <summary>
/// Finds incidents by their words. It looks at the snapshot alone: at everything that was said in the last 90 days, and at the titles of older incidents.
/// So it needs no store, just like the page itself.
/// </summary>
[AllowAnonymous]
[EnableRateLimiting(Limits.Search)]
public sealed class SearchPage(PublicSite site, PublicAddress address, ThemeCatalog themes, Words say) : LivePage(address, themes)
{
    /// <summary>Characters.</summary>
    public const int MaxLength = 100;

    private const int MostFound = 50;

    private StatusSnapshot? _snapshot;

    public string Query { get; private set; } = "";
    public IReadOnlyList<Found> Found { get; private set; } = [];
    public override StatusSnapshot Snapshot => _snapshot!;
    public override DateTimeOffset? AsOf => site.Current!.AsOf;

    public IActionResult OnGet(string? q)
    {
        if (site.Current is not { } edition)
            return StatusCode(StatusCodes.Status503ServiceUnavailable);
        _snapshot = edition.Snapshot.In(Spoken.Language);
        Query = (q ?? "").Trim();
        if (Query.Length > MaxLength)
            Query = Query[..MaxLength];
        PublicRoutes.Tell(HttpContext, Spoken);
        Response.Headers.CacheControl = "public, max-age=5";
        Response.Headers["X-Robots-Tag"] = "noindex";
        var words = Query.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (words.Length > 0)
        {
            Found =
            [
                .. Snapshot
                    .Incidents.Where(incident => HasAll(words, TextOf(incident)))
                    .Select(incident => new Found(incident.Id, incident.Title, incident.StartedAt, incident))
                    .Concat(
                        Snapshot
                            .Archive.Where(incident => HasAll(words, incident.Title))
                            .Select(incident => new Found(incident.Id, incident.Title, incident.StartedAt, null))
                    )
                    .Take(MostFound),
            ];
        }
        return Page();
    }

    private bool HasAll(string[] words, string text) =>
        Array.TrueForAll(
            words,
            word =>
                say.Culture.CompareInfo.IndexOf(
                    text,
                    word,
                    System.Globalization.CompareOptions.IgnoreCase | System.Globalization.CompareOptions.IgnoreNonSpace
                ) >= 0
        );

    private static string TextOf(IncidentView incident) =>
        string.Join(
            '\n',
            [
                incident.Title,
                .. incident.Affected.Select(component => component.Name),
                .. incident.Updates.SelectMany(update => new[] { update.Body, update.ImpactSummary, update.TeamStatus }),
            ]
        );
}
