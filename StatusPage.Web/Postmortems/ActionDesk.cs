using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Incidents;
using StatusPage.Domain.Postmortems;
using StatusPage.Web.Data;
using StatusPage.Web.Incidents;

namespace StatusPage.Web.Postmortems;

/// <summary>Keeps action items, for the forms and for the API alike.</summary>
public sealed class ActionDesk(ChangeWriter writer)
{
    /// <summary>Incidents with open items that are compared with a new one, the newest.</summary>
    private const int MostCompared = 100;

    /// <summary>Null where there is none, or its incident is deleted.</summary>
    public Task<ActionItem?> FindAsync(PageId page, string? id, CancellationToken cancel)
    {
        if (!PublicId.LooksLikeOne(id))
            return Task.FromResult<ActionItem?>(null);
        var key = ActionItemId.Of(id!);
        return writer.Db.ActionItems.FirstOrDefaultAsync(
            row => row.PageId == page && row.Id == key && writer.Db.Incidents.Any(incident => incident.Id == row.IncidentId && incident.DeletedAt == null),
            cancel
        );
    }

    /// <exception cref="RuleViolation">The incident has as many as it can have.</exception>
    public async Task AddAsync(Incident incident, ActionItem item, string actor, string? token, CancellationToken cancel, string? location = null)
    {
        if (await writer.Db.ActionItems.CountAsync(row => row.IncidentId == incident.Id, cancel) >= ActionItem.MostOnIncident)
            throw new RuleViolation($"An incident has at most {ActionItem.MostOnIncident} action items.", nameof(ActionItem.Title));
        writer.Db.ActionItems.Add(item);
        await SaveAsync(item, "added", actor, token, cancel, location);
    }

    public Task SaveAsync(ActionItem item, string verb, string actor, string? token, CancellationToken cancel, string? location = null)
    {
        var entry = writer.Db.Entry(item);
        if (entry.State == EntityState.Added || entry.State == EntityState.Modified && entry.Property(row => row.Title).IsModified)
            item.TitleBy(actor);
        return writer.SaveAsync(item.PageId, new(actor, $"actionitem.{verb}", item.Subject, token, location), cancel);
    }

    /// <returns>False where that is no change.</returns>
    public async Task<bool> MoveAsync(
        ActionItem item,
        ActionItemState state,
        string actor,
        string? token,
        CancellationToken cancel,
        string? location = null
    )
    {
        if (!item.MoveTo(state, writer.Now))
            return false;
        await SaveAsync(item, VerbOf(state), actor, token, cancel, location);
        return true;
    }

    public static string VerbOf(ActionItemState state) =>
        state switch
        {
            ActionItemState.Done => "done",
            ActionItemState.Dropped => "dropped",
            _ => "reopened",
        };

    public Task RemoveAsync(ActionItem item, string actor, CancellationToken cancel)
    {
        writer.Db.ActionItems.Remove(item);
        return SaveAsync(item, "removed", actor, null, cancel);
    }

    /// <summary>Notes, or forgets, that an item would have prevented another incident.</summary>
    public async Task PreventAsync(ActionItem item, Incident incident, bool would, string actor, string? token, string? location, CancellationToken cancel)
    {
        var known = await writer.Db.Preventions.FirstOrDefaultAsync(row => row.ItemId == item.Id && row.IncidentId == incident.Id, cancel);
        if (would == (known is not null))
            return;
        if (would && item.IncidentId == incident.Id)
            throw new RuleViolation("It comes from this very incident.");
        if (known is null)
            writer.Db.Preventions.Add(new(item.Id, incident.Id));
        else
            writer.Db.Preventions.Remove(known);
        await SaveAsync(item, would ? "would-have-prevented" : "prevention-taken-back", actor, token, cancel, location);
    }

    /// <summary>Open items from earlier incidents that hit one of the same components: what was learned, and is not done yet.</summary>
    public async Task<IReadOnlyList<ItemRow>> OpenFromEarlierAsync(Incident incident, CancellationToken cancel)
    {
        var hit = incident.ComponentIds.ToHashSet();
        if (hit.Count == 0)
            return [];
        var open = await writer
            .Db.ItemsOf(incident.PageId)
            .Where(row => row.Item.State == ActionItemState.Open && row.Item.IncidentId != incident.Id)
            .OrderByDescending(row => row.Item.CreatedAt)
            .Take(MostCompared)
            .ToListAsync(cancel);
        var ids = open.Select(row => row.Item.IncidentId).Distinct().ToList();
        if (ids.Count == 0)
            return [];
        var same = (await writer.Db.Incidents.AsNoTracking().Whole().Where(row => ids.Contains(row.Id)).ToListAsync(cancel))
            .Where(row => row.StartedAt <= incident.StartedAt && row.ComponentIds.Any(hit.Contains))
            .Select(row => row.Id)
            .ToHashSet();
        return [.. open.Where(row => same.Contains(row.Item.IncidentId))];
    }
}
