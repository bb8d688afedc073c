using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Components;
using StatusPage.Web.Data;

namespace StatusPage.Web.Components;

/// <summary>The order in which the page lists groups, and components within their group.</summary>
public sealed class ComponentOrder(ChangeWriter writer)
{
    /// <summary>Moves it up or down by so many places within its group.</summary>
    public async Task MoveAsync(PageId page, string id, int by, string actor, CancellationToken cancel)
    {
        var all = await ComponentsAsync(page, cancel);
        if (all.Find(row => row.Id.Value == id) is { } moved)
            await PlaceAsync(all, moved, moved.GroupId, Members(all, moved.GroupId).IndexOf(moved) + Math.Sign(by), actor, cancel);
    }

    /// <param name="group">Empty: it stands alone.</param>
    /// <param name="at">Its place among those of the group, from 0.</param>
    public async Task PlaceAsync(PageId page, string id, string? group, int at, string actor, CancellationToken cancel)
    {
        var all = await ComponentsAsync(page, cancel);
        ComponentGroupId? goal = PublicId.LooksLikeOne(group) ? ComponentGroupId.Of(group!) : null;
        if (!string.IsNullOrEmpty(group) && !await writer.Db.ComponentGroups.AnyAsync(row => row.PageId == page && row.Id == goal, cancel))
            throw new RuleViolation("There is no such group on this page.");
        if (all.Find(row => row.Id.Value == id) is { } moved)
            await PlaceAsync(all, moved, goal, at, actor, cancel);
    }

    public async Task MoveGroupAsync(PageId page, string id, int by, string actor, CancellationToken cancel)
    {
        var all = await GroupsAsync(page, cancel);
        await PlaceGroupAsync(all, id, all.FindIndex(row => row.Id.Value == id) + Math.Sign(by), actor, cancel);
    }

    public async Task PlaceGroupAsync(PageId page, string id, int at, string actor, CancellationToken cancel) =>
        await PlaceGroupAsync(await GroupsAsync(page, cancel), id, at, actor, cancel);

    private async Task PlaceAsync(List<Component> all, Component moved, ComponentGroupId? group, int at, string actor, CancellationToken cancel)
    {
        if (group != moved.GroupId)
            moved.Join(group, writer.Now);
        var order = Placed(Members(all, group), moved, at);
        for (var i = 0; i < order.Count; i++)
            order[i].Position = i + 1;
        await writer.PublishAsync(moved.PageId, new(actor, "component.moved", moved.Name), cancel);
    }

    private async Task PlaceGroupAsync(List<ComponentGroup> all, string id, int at, string actor, CancellationToken cancel)
    {
        if (all.Find(row => row.Id.Value == id) is not { } moved)
            return;
        var order = Placed(all, moved, at);
        for (var i = 0; i < order.Count; i++)
            order[i].Position = i + 1;
        await writer.PublishAsync(moved.PageId, new(actor, "group.moved", moved.Name), cancel);
    }

    /// <summary>All rows are numbered anew from 1, which also resolves equal positions.</summary>
    private static List<T> Placed<T>(IEnumerable<T> rows, T moved, int at)
        where T : class
    {
        var order = rows.Where(row => row != moved).ToList();
        order.Insert(Math.Clamp(at, 0, order.Count), moved);
        return order;
    }

    private static List<Component> Members(List<Component> all, ComponentGroupId? group) => [.. all.Where(row => row.GroupId == group)];

    private Task<List<Component>> ComponentsAsync(PageId page, CancellationToken cancel) =>
        writer
            .Db.Components.Where(row => row.PageId == page && row.ArchivedAt == null)
            .OrderBy(row => row.Position)
            .ThenBy(row => row.Name)
            .ToListAsync(cancel);

    private Task<List<ComponentGroup>> GroupsAsync(PageId page, CancellationToken cancel) =>
        writer.Db.ComponentGroups.Where(row => row.PageId == page).OrderBy(row => row.Position).ThenBy(row => row.Name).ToListAsync(cancel);
}
