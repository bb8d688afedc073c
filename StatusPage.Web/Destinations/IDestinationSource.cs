using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Incidents;
using StatusPage.Domain.Postmortems;
using StatusPage.Web.Data;
using StatusPage.Web.Destinations.Clients;
using StatusPage.Web.Hosting;

namespace StatusPage.Web.Destinations;

/// <summary>What destinations need of postmortems and action items: the room that has them is behind this.</summary>
public interface IDestinationSource
{
    /// <summary>Null when there is no such postmortem on the page, or it was removed.</summary>
    Task<PostmortemDocument?> PostmortemAsync(PageId page, IncidentId incident, CancellationToken cancel);

    /// <summary>Null when there is no such item on the page, or its incident was deleted.</summary>
    Task<ItemDocument?> ActionItemAsync(PageId page, ActionItemId item, CancellationToken cancel);

    /// <summary>The items of an incident, in the order in which they are shown.</summary>
    Task<IReadOnlyList<ActionItem>> ActionItemsAsync(PageId page, IncidentId incident, CancellationToken cancel);

    /// <summary>Another system changed the state of an item. It is saved with everything that is tracked, and with an audit entry.</summary>
    /// <param name="from">Who changed it, for the audit, such as "GitHub acme/api#17".</param>
    Task ItemStateReadAsync(PageId page, ActionItemId item, ActionItemState state, string from, CancellationToken cancel);
}

/// <summary>Over the tables as they are.</summary>
public sealed class StoredPostmortems(ChangeWriter writer, PublicAddresses addresses) : IDestinationSource
{
    public async Task<PostmortemDocument?> PostmortemAsync(PageId page, IncidentId incident, CancellationToken cancel)
    {
        var found = await FindAsync(page, incident, cancel);
        if (found is not { PostmortemBody: { } body })
            return null;
        var items = await ActionItemsAsync(page, incident, cancel);
        return new(
            found.Id,
            found.Version,
            await AddressOfAsync(page, incident, cancel),
            $"Postmortem: {found.Title}",
            found.Severity,
            found.StartedAt,
            found.ResolvedAt,
            UsersAffected: null,
            Revenue: null,
            RootCause: null,
            Timeline: [],
            items,
            items.Count == 0 ? body : $"{body}\n\n## Action Items\n\n{string.Join('\n', items.Select(Line))}"
        );
    }

    public async Task<ItemDocument?> ActionItemAsync(PageId page, ActionItemId item, CancellationToken cancel)
    {
        var found = await writer.Db.ActionItems.AsNoTracking().FirstOrDefaultAsync(row => row.PageId == page && row.Id == item, cancel);
        if (found is null || await FindAsync(page, found.IncidentId, cancel) is not { } incident)
            return null;
        return new(found, incident.Title, await AddressOfAsync(page, incident.Id, cancel));
    }

    public async Task<IReadOnlyList<ActionItem>> ActionItemsAsync(PageId page, IncidentId incident, CancellationToken cancel) =>
        await writer
            .Db.ActionItems.AsNoTracking()
            .Where(row => row.PageId == page && row.IncidentId == incident)
            .OrderBy(row => row.CreatedAt)
            .ThenBy(row => row.Id)
            .ToListAsync(cancel);

    public async Task ItemStateReadAsync(PageId page, ActionItemId item, ActionItemState state, string from, CancellationToken cancel)
    {
        var found = await writer.Db.ActionItems.FirstAsync(row => row.PageId == page && row.Id == item, cancel);
        if (found.MoveTo(state, writer.Now))
            await writer.SaveAsync(page, new(from, $"actionitem.{state.Code()}", found.Subject), cancel);
    }

    private Task<Incident?> FindAsync(PageId page, IncidentId incident, CancellationToken cancel) =>
        writer.Db.Incidents.AsNoTracking().FirstOrDefaultAsync(row => row.PageId == page && row.Id == incident && row.DeletedAt == null, cancel);

    private async Task<string> AddressOfAsync(PageId page, IncidentId incident, CancellationToken cancel) =>
        addresses.Of((await writer.Db.Pages.AsNoTracking().SingleAsync(row => row.Id == page, cancel)).Location).Of($"/incidents/{incident}");

    private static string Line(ActionItem item)
    {
        var facts = new[] { item.Owner is { } owner ? $"Owner: {owner}" : null, item.DueOn is { } due ? $"Due: {due:yyyy-MM-dd}" : null }
            .OfType<string>()
            .ToList();
        return $"- [{(item.State == ActionItemState.Open ? ' ' : 'x')}] {item.Title}{(facts.Count == 0 ? "" : $" ({string.Join(", ", facts)})")}";
    }
}
