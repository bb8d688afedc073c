using StatusPage.Domain;
using StatusPage.Domain.Postmortems;

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
