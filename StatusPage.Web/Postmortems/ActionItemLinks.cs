using StatusPage.Domain;
using StatusPage.Web.Data;
using StatusPage.Web.StatusApi;

namespace StatusPage.Web.Postmortems;

/// <summary>Where action items are kept in other systems, too, such as issues at a tracker.</summary>
public static class ActionItemLinks
{
    /// <summary>The links of each item. No other system is connected, so there is none.</summary>
    public static Task<ILookup<ActionItemId, ActionItemLinkShape>> LinksOfAsync(
        this StatusDb db,
        IReadOnlyCollection<ActionItemId> items,
        CancellationToken cancel
    )
    {
        cancel.ThrowIfCancellationRequested();
        ArgumentNullException.ThrowIfNull(db);
        return Task.FromResult(items.Take(0).ToLookup(item => item, _ => new ActionItemLinkShape("", "", "", null)));
    }
}
