using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;
using StatusPage.Domain;
using StatusPage.Domain.Snapshot;
using StatusPage.Web.Hosting;
using StatusPage.Web.Languages;
using StatusPage.Web.Shared;
using StatusPage.Web.Themes;

namespace StatusPage.Web.Public.Search;

/// <param name="Id">Of an incident or a maintenance, which share their addresses.</param>
/// <param name="Incident">Null for one that is older than the snapshot, and for a maintenance.</param>
public sealed record Found(string Id, string Title, DateTimeOffset At, IncidentView? Incident, MaintenanceView? Maintenance = null);

/// <summary>
/// Finds incidents and maintenances by their words. It looks at the snapshot alone: at everything that was said in the last 90 days, and at the titles of
/// older incidents.
/// So it needs no store, just like the page itself.
/// </summary>
[AllowAnonymous]
[EnableRateLimiting(Limits.Search)]
public sealed class SearchPage(PublicSite site, PublicAddress address, ThemeCatalog themes) : LivePage(address, themes)
{
    /// <summary>Characters.</summary>
    public const int MaxLength = 100;

    private const int MostFound = 50;

    private static readonly System.Runtime.CompilerServices.ConditionalWeakTable<object, string> Texts = [];

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
        Query = Text.Cut((q ?? "").Trim(), MaxLength);
        PublicRoutes.Tell(HttpContext, Spoken);
        Response.Headers.CacheControl = "public, max-age=5";
        Response.Headers["X-Robots-Tag"] = "noindex";
        var words = SearchText.Words(Query);
        if (words.Length > 0)
        {
            var incidents = Snapshot
                .Incidents.Where(incident => HasAll(words, TextOf(incident)))
                .Select(incident => new Found(incident.Id.Value, incident.Title, incident.StartedAt, incident));
            // Of those that come again and again, the next and all that began.
            var maintenances = Snapshot
                .Running.Concat(Snapshot.Next)
                .Concat(Snapshot.Past)
                .Where(maintenance => HasAll(words, TextOf(maintenance)))
                .Select(maintenance => new Found(maintenance.Id.Value, maintenance.Title, maintenance.ScheduledFor, null, maintenance));
            var older = Snapshot
                .Archive.Where(incident => HasAll(words, SearchText.Bare(incident.Title)))
                .Select(incident => new Found(incident.Id.Value, incident.Title, incident.StartedAt, null));
            Found = [.. incidents.Concat(maintenances).OrderByDescending(found => found.At).Concat(older).Take(MostFound)];
        }
        return Page();
    }

    private static bool HasAll(string[] words, string text) => Array.TrueForAll(words, word => text.Contains(word, StringComparison.Ordinal));

    /// <summary>Texts of the views of one edition are folded once, however many people search in them.</summary>
    private static string TextOf(IncidentView incident) =>
        Texts.GetValue(
            incident,
            static key =>
            {
                var incident = (IncidentView)key;
                return Joined([
                    incident.Title,
                    .. incident.Affected.Select(component => component.Name),
                    .. incident.Updates.SelectMany(update => new[] { update.Body, update.ImpactSummary, update.TeamStatus }),
                    incident.Postmortem?.Body,
                ]);
            }
        );

    private string TextOf(MaintenanceView maintenance) =>
        Joined([
            maintenance.Title,
            maintenance.Body,
            .. maintenance.Story.Where(entry => !entry.IsByClock).Select(entry => entry.Body),
            .. Snapshot.Components.Where(component => maintenance.ComponentIds.Contains(component.Id)).Select(component => component.Name),
        ]);

    private static string Joined(IEnumerable<string?> parts) => SearchText.Bare(string.Join('\n', parts));
}
