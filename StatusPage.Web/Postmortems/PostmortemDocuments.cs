using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Incidents;
using StatusPage.Domain.Pages;
using StatusPage.Domain.Postmortems;
using StatusPage.Web.Data;
using StatusPage.Web.Destinations;
using StatusPage.Web.Hosting;
using StatusPage.Web.Incidents;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Postmortems;

/// <summary>Postmortems and action items as other systems are given them.</summary>
public sealed class PostmortemDocuments(ChangeWriter writer, ActionDesk actions, PublicAddresses addresses) : IDestinationSource
{
    private StatusDb Db => writer.Db;

    /// <summary>The team's postmortem. Where a program alone wrote one, its text with the action items below.</summary>
    public async Task<PostmortemDocument?> PostmortemAsync(PageId page, IncidentId incident, CancellationToken cancel)
    {
        var found = await Db.Incidents.AsNoTracking().Whole().FirstOrDefaultAsync(row => row.PageId == page && row.Id == incident, cancel);
        if (found is null)
            return null;
        var postmortem = await Db.Postmortems.AsNoTracking().FirstOrDefaultAsync(row => row.PageId == page && row.IncidentId == incident, cancel);
        if (postmortem is null && found.PostmortemBody is null)
            return null;
        var home = await HomeAsync(page, cancel);
        var items = await ActionItemsAsync(page, incident, cancel);
        var words = PostmortemWording.Of(found, ZoneClock.For(home.TimeZone, writer.Now));
        var parts = postmortem is null
            ? PostmortemMarkdown.WithItems(found.PostmortemBody!, items, words)
            : new PostmortemMarkdown(postmortem, found, items, words).Parts();
        return new(
            incident,
            postmortem?.Revision ?? found.Version,
            UrlOf(home, incident),
            $"Postmortem: {found.Title}",
            found.Severity,
            found.StartedAt,
            found.ResolvedAt,
            postmortem?.UsersAffected,
            postmortem?.Revenue,
            postmortem?.BodyOf(PostmortemKind.RootCause),
            [.. postmortem?.Timeline.Where(entry => entry.IsIn).Select(entry => new PostmortemMoment(entry.At, entry.Text)) ?? []],
            items,
            PostmortemMarkdown.Joined(parts, words),
            parts
        );
    }

    public async Task<ItemDocument?> ActionItemAsync(PageId page, ActionItemId item, CancellationToken cancel) =>
        await Db.ItemsOf(page).FirstOrDefaultAsync(row => row.Item.Id == item, cancel) is { } found
            ? new(found.Item, found.Incident, UrlOf(await HomeAsync(page, cancel), found.Item.IncidentId))
            : null;

    public async Task<IReadOnlyList<ActionItem>> ActionItemsAsync(PageId page, IncidentId incident, CancellationToken cancel) =>
        (await Db.ActionItemsAsync(incident, cancel)).FindAll(item => item.PageId == page);

    public async Task ItemStateReadAsync(PageId page, ActionItemId item, ActionItemState state, string from, CancellationToken cancel)
    {
        if (await actions.FindAsync(page, item.Value, cancel) is { } found)
            await actions.MoveAsync(found, state, from, null, cancel);
    }

    /// <summary>In English, whoever reads it at the desk: its words are published, and what was ticked or approved is known again by them.</summary>
    public static PostmortemMarkdown MarkdownOf(
        Postmortem postmortem,
        Incident incident,
        IReadOnlyList<ActionItem> items,
        Page page,
        DateTimeOffset now
    ) => MarkdownOf(postmortem, incident, items, ZoneClock.For(page.TimeZone, now));

    public static PostmortemMarkdown MarkdownOf(Postmortem postmortem, Incident incident, IReadOnlyList<ActionItem> items, ZoneClock clock) =>
        new(postmortem, incident, items, PostmortemWording.Of(incident, clock));

    private Task<Page> HomeAsync(PageId page, CancellationToken cancel) => Db.Pages.AsNoTracking().FirstAsync(row => row.Id == page, cancel);

    private string UrlOf(Page page, IncidentId incident) => addresses.Of(page.Location).Of($"/incidents/{incident}");
}
