using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Components;
using StatusPage.Domain.Deliveries;
using StatusPage.Web.Data;

namespace StatusPage.Web.Components;

/// <summary>Creates and changes components, for the forms and for the API alike.</summary>
public sealed class ComponentDesk(ChangeWriter writer)
{
    public Task<Component?> FindAsync(PageId page, string? id, CancellationToken cancel) =>
        PublicId.LooksLikeOne(id)
            ? writer.Db.Components.FirstOrDefaultAsync(row => row.PageId == page && row.Id == ComponentId.Of(id!), cancel)
            : Task.FromResult<Component?>(null);

    /// <summary>The name of another component of the group that reads the same; null: there is none.</summary>
    /// <param name="groupId">Empty: among those that stand alone.</param>
    public async Task<string?> TwinAsync(PageId page, string? name, string? groupId, ComponentId? but, CancellationToken cancel)
    {
        ComponentGroupId? group = PublicId.LooksLikeOne(groupId) ? ComponentGroupId.Of(groupId!) : null;
        var rows = await writer
            .Db.Components.Where(row => row.PageId == page && row.ArchivedAt == null && row.GroupId == group)
            .Select(row => new { row.Id, row.Name })
            .ToListAsync(cancel);
        return rows.Find(row => row.Id != but && Component.ReadsAs(row.Name, name))?.Name;
    }

    public async Task<Component> CreateAsync(
        PageId page,
        string? name,
        string? description,
        string? groupId,
        ComponentStatus status,
        string actor,
        string? token,
        CancellationToken cancel,
        DateTimeOffset? startedAt = null,
        bool showcase = true,
        bool onlyShowIfDegraded = false
    )
    {
        var taken = await writer.Db.Components.Where(row => row.PageId == page).Select(row => row.Slug).ToHashSetAsync(cancel);
        var position = await writer.Db.Components.Where(row => row.PageId == page).Select(row => (int?)row.Position).MaxAsync(cancel) ?? 0;
        var group = await GroupAsync(page, groupId, cancel);
        var component = Component.Create(page, name, description, group, Component.FreeSlug(name, taken), position + 1, writer.Now);
        if (startedAt is { } since)
            component.StartAt(since, writer.Now);
        component.Show(showcase, onlyShowIfDegraded, writer.Now);
        writer.Db.Components.Add(component);
        if (status != ComponentStatus.Operational)
            writer.Db.ManualStatuses.Add(component.Set(status, writer.Now));
        await writer.PublishAsync(page, new(actor, "component.created", component.Name, token, "/admin/components"), cancel);
        return component;
    }

    /// <summary>Adds those of a list that are not there yet, with the groups that they need.</summary>
    /// <returns>How many were added, and how many were there.</returns>
    public async Task<(int Added, int Known)> AddListAsync(PageId page, string? list, string actor, string? token, CancellationToken cancel)
    {
        var lines = ComponentList.Read(list, "List");
        var all = await writer.Db.Components.Where(row => row.PageId == page).ToListAsync(cancel);
        var groups = await writer.Db.ComponentGroups.Where(row => row.PageId == page).ToListAsync(cancel);
        var taken = all.Select(row => row.Slug).ToHashSet(StringComparer.Ordinal);
        var added = 0;
        foreach (var (groupName, name) in lines)
        {
            var group = groupName is null ? null : groups.Find(row => ComponentList.IsSame(row.Name, groupName));
            if (groupName is not null && group is null)
            {
                groups.Add(group = ComponentGroup.Create(page, groupName, groups.Select(row => row.Position).DefaultIfEmpty().Max() + 1, writer.Now));
                writer.Db.ComponentGroups.Add(group);
            }
            if (all.Exists(row => row.ArchivedAt is null && row.GroupId == group?.Id && ComponentList.IsSame(row.Name, name)))
                continue;
            var position = all.Select(row => row.Position).DefaultIfEmpty().Max() + 1;
            var component = Component.Create(page, name, null, group?.Id, Component.FreeSlug(name, taken), position, writer.Now);
            taken.Add(component.Slug);
            all.Add(component);
            writer.Db.Components.Add(component);
            added++;
        }
        if (added > 0)
            await writer.PublishAsync(page, new(actor, "components.added", $"{added} from a list", token, "/admin/components"), cancel);
        return (added, lines.Count - added);
    }

    /// <param name="status">Null leaves it as it is.</param>
    /// <param name="startedAt">Since when the component exists; null leaves it as it is.</param>
    /// <param name="showcase">Null leaves it as it is, and likewise the other.</param>
    public async Task DescribeAsync(
        Component component,
        string? name,
        string? description,
        string? groupId,
        ComponentStatus? status,
        DateTimeOffset? startedAt,
        string actor,
        string? token,
        CancellationToken cancel,
        bool? showcase = null,
        bool? onlyShowIfDegraded = null
    )
    {
        var shown = (Showcase: showcase ?? component.Showcase, OnlyShowIfDegraded: onlyShowIfDegraded ?? component.OnlyShowIfDegraded);
        var group = await GroupAsync(component.PageId, groupId, cancel);
        var states = await StatesAsync(component.PageId, cancel);
        var before = states.Own(component.Id);
        var isNews = status is { } given && states.IsNews(component.Id, given);
        if (
            !isNews
            && (startedAt ?? component.StartedAt) == component.StartedAt
            && shown == (component.Showcase, component.OnlyShowIfDegraded)
            && (name, description, group) == (component.Name, component.Description, component.GroupId)
        )
            return;
        component.Describe(name, description, group, writer.Now);
        component.Show(shown.Showcase, shown.OnlyShowIfDegraded, writer.Now);
        if (startedAt is { } since)
            component.StartAt(since, writer.Now);
        if (isNews)
            writer.Db.ManualStatuses.Add(component.Set(status!.Value, writer.Now));
        if (isNews && status != before)
            writer.Db.Announcements.Add(Announcement.Of(component, before, status!.Value, writer.Now));
        await writer.PublishAsync(
            component.PageId,
            new(actor, "component.edited", $"{component.Name}: {(status ?? before).Code()}", token, "/admin/components"),
            cancel
        );
    }

    public Task<ComponentStates> StatesAsync(PageId page, CancellationToken cancel) => writer.Db.StatesAsync(page, writer.Now, cancel);

    public async Task ArchiveAsync(Component component, bool archived, string actor, string? token, CancellationToken cancel)
    {
        if (archived)
            component.Archive(writer.Now);
        else
            component.Restore(writer.Now);
        await writer.PublishAsync(
            component.PageId,
            new(actor, archived ? "component.archived" : "component.restored", component.Name, token, "/admin/components"),
            cancel
        );
    }

    public Task<ComponentGroup?> FindGroupAsync(PageId page, string? id, CancellationToken cancel) =>
        PublicId.LooksLikeOne(id)
            ? writer.Db.ComponentGroups.FirstOrDefaultAsync(row => row.PageId == page && row.Id == ComponentGroupId.Of(id!), cancel)
            : Task.FromResult<ComponentGroup?>(null);

    /// <param name="members">The components of the group; null: none yet.</param>
    public async Task<ComponentGroup> CreateGroupAsync(
        PageId page,
        string? name,
        IReadOnlyList<ComponentId>? members,
        string actor,
        string? token,
        CancellationToken cancel,
        string? description = null
    )
    {
        var last = await writer.Db.ComponentGroups.Where(row => row.PageId == page).Select(row => (int?)row.Position).MaxAsync(cancel) ?? 0;
        var group = ComponentGroup.Create(page, name, last + 1, writer.Now, description);
        writer.Db.ComponentGroups.Add(group);
        await JoinAsync(group, members, cancel);
        await writer.PublishAsync(page, new(actor, "group.created", group.Name, token, "/admin/components"), cancel);
        return group;
    }

    /// <param name="members">All components of the group; null leaves them as they are.</param>
    public async Task ChangeGroupAsync(
        ComponentGroup group,
        string? name,
        string? description,
        IReadOnlyList<ComponentId>? members,
        string actor,
        CancellationToken cancel
    )
    {
        group.Describe(name, description, writer.Now);
        await JoinAsync(group, members, cancel);
        await writer.PublishAsync(group.PageId, new(actor, members is null ? "group.renamed" : "group.edited", group.Name), cancel);
    }

    public Task RemoveGroupAsync(ComponentGroup group, string actor, CancellationToken cancel)
    {
        writer.Db.ComponentGroups.Remove(group);
        return writer.PublishAsync(group.PageId, new(actor, "group.removed", group.Name), cancel);
    }

    private async Task JoinAsync(ComponentGroup group, IReadOnlyList<ComponentId>? members, CancellationToken cancel)
    {
        if (members is null)
            return;
        var known = await writer
            .Db.Components.Where(row => row.PageId == group.PageId && row.ArchivedAt == null && (members.Contains(row.Id) || row.GroupId == group.Id))
            .ToListAsync(cancel);
        foreach (var id in members)
            if (!known.Exists(row => row.Id == id))
                throw new RuleViolation($"There is no component '{id}' on this page.", "Components");
        foreach (var component in known)
        {
            var joins = members.Contains(component.Id);
            if (joins != (component.GroupId == group.Id))
                component.Join(joins ? group.Id : null, writer.Now);
        }
    }

    private async Task<ComponentGroupId?> GroupAsync(PageId page, string? groupId, CancellationToken cancel)
    {
        if (string.IsNullOrEmpty(groupId))
            return null;
        if (!PublicId.LooksLikeOne(groupId))
            throw new RuleViolation("There is no such group on this page.", "GroupId");
        var id = ComponentGroupId.Of(groupId);
        return await writer.Db.ComponentGroups.AnyAsync(row => row.PageId == page && row.Id == id, cancel)
            ? id
            : throw new RuleViolation($"There is no group '{groupId}' on this page.", "GroupId");
    }
}
