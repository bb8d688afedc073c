using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Incidents;
using StatusPage.Domain.Pages;
using StatusPage.Domain.Postmortems;
using StatusPage.Web.Data;
using StatusPage.Web.Hosting;
using StatusPage.Web.Incidents;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Postmortems;

/// <summary>An action item, and the incident that it comes from.</summary>
/// <param name="Url">The page of the incident.</param>
public sealed record ItemOfIncident(ActionItem Item, string IncidentTitle, string Url);

/// <summary>Postmortems and action items as other systems are given them.</summary>
public sealed class PostmortemDocuments(StatusDb db, PublicAddresses addresses, TimeProvider time)
{
    /// <summary>Null where the incident is deleted, or has no postmortem.</summary>
    public async Task<PostmortemDocument?> FindAsync(PageId page, IncidentId id, CancellationToken cancel)
    {
        var incident = await db.Incidents.AsNoTracking().Whole().FirstOrDefaultAsync(row => row.PageId == page && row.Id == id, cancel);
        var postmortem = await db.Postmortems.AsNoTracking().FirstOrDefaultAsync(row => row.PageId == page && row.IncidentId == id, cancel);
        if (incident is null || postmortem is null)
            return null;
        var home = await db.Pages.AsNoTracking().FirstAsync(row => row.Id == page, cancel);
        var items = await db.ActionItemsAsync(id, cancel);
        return new(
            id,
            postmortem.Revision,
            UrlOf(home, id),
            $"Postmortem: {incident.Title}",
            incident.Severity,
            incident.StartedAt,
            incident.ResolvedAt,
            postmortem.UsersAffected,
            postmortem.Revenue,
            postmortem.BodyOf(PostmortemKind.RootCause),
            [.. postmortem.Timeline.Where(entry => entry.IsIn).Select(entry => new PostmortemMoment(entry.At, entry.Text))],
            items,
            MarkdownOf(postmortem, incident, items, ZoneClock.For(home.TimeZone, time.GetUtcNow())).Whole()
        );
    }

    /// <summary>Null where there is none, or its incident is deleted.</summary>
    public async Task<ItemOfIncident?> FindItemAsync(PageId page, ActionItemId id, CancellationToken cancel)
    {
        if (await db.ItemsOf(page).FirstOrDefaultAsync(row => row.Item.Id == id, cancel) is not { } found)
            return null;
        var home = await db.Pages.AsNoTracking().FirstAsync(row => row.Id == page, cancel);
        return new(found.Item, found.Incident, UrlOf(home, found.Item.IncidentId));
    }

    public static PostmortemMarkdown MarkdownOf(Postmortem postmortem, Incident incident, IReadOnlyList<ActionItem> items, ZoneClock clock) =>
        new(postmortem, incident, items, PostmortemWording.Of(incident, clock));

    private string UrlOf(Page page, IncidentId incident) => addresses.Of(page.Location).Of($"/incidents/{incident}");
}
