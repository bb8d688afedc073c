using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Accounts;
using StatusPage.Domain.Components;
using StatusPage.Web.Components;

namespace StatusPage.Web.StatusApi;

/// <summary><c>/v1/pages/{page_id}/component-groups</c></summary>
public static class GroupEndpoints
{
    public static void MapGroups(this RouteGroupBuilder v1)
    {
        var groups = v1.MapGroup("/component-groups").In(ApiScopes.Components, "Component groups");
        groups.MapGet("", ListAsync).Pages().Says<IReadOnlyList<GroupShape>>("Groups, as the page orders them");
        groups.MapPost("", CreateAsync).Writes().Takes<GroupRequest>().Says<GroupShape>("Create a group", StatusCodes.Status201Created);
        groups
            .MapGet(
                "/{group_id}",
                async (string group_id, ManageRequest request, ComponentDesk desk) =>
                    ManageApi.Ok(await ShapeAsync(request, await FindAsync(request, desk, group_id)))
            )
            .Says<GroupShape>("A group");
        groups.MapGet("/{group_id}/uptime", UptimeAsync).Ranges().Says<UptimeShape>("How long its components were down, on average");
        groups
            .MapMethods("/{group_id}", ["PATCH", "PUT"], UpdateAsync)
            .Writes()
            .Takes<GroupRequest>()
            .Says<GroupShape>("Rename a group, or choose its components");
        groups.MapDelete("/{group_id}", DeleteAsync).Writes().Says<GroupShape>("Remove a group; its components stay");
    }

    private static async Task<IResult> ListAsync(ManageRequest request)
    {
        var page = await request.PageAsync();
        var (skip, take) = ManageApi.Paging(request.Request);
        var groups = await request
            .Writer.Db.ComponentGroups.AsNoTracking()
            .Where(row => row.PageId == page.Id)
            .OrderBy(row => row.Position)
            .ThenBy(row => row.Id)
            .Skip(skip)
            .Take(take)
            .ToListAsync(request.Cancel);
        var members = await MembersAsync(request);
        return ManageApi.Ok<IReadOnlyList<GroupShape>>([.. groups.Select(group => Shape(group, members))]);
    }

    private static async Task<IResult> CreateAsync(ManageRequest request, ComponentDesk desk)
    {
        var body = await Body.ReadAsync(request.Request, "component_group", request.Cancel);
        var group = await desk.CreateGroupAsync(
            (await request.PageAsync()).Id,
            body.Text("name"),
            MembersOf(body),
            request.Actor,
            null,
            request.Cancel,
            DescriptionOf(body, null)
        );
        return ManageApi.Json(StatusCodes.Status201Created, await ShapeAsync(request, group));
    }

    private static async Task<IResult> UpdateAsync(string group_id, ManageRequest request, ComponentDesk desk)
    {
        var body = await Body.ReadAsync(request.Request, "component_group", request.Cancel);
        var group = await FindAsync(request, desk, group_id);
        await desk.ChangeGroupAsync(
            group,
            body.Has("name") ? body.Text("name") : group.Name,
            DescriptionOf(body, group),
            MembersOf(body),
            request.Actor,
            request.Cancel
        );
        return ManageApi.Ok(await ShapeAsync(request, group));
    }

    private static async Task<IResult> DeleteAsync(string group_id, ManageRequest request, ComponentDesk desk)
    {
        var group = await FindAsync(request, desk, group_id);
        var shape = await ShapeAsync(request, group);
        await desk.RemoveGroupAsync(group, request.Actor, request.Cancel);
        return ManageApi.Ok(shape);
    }

    private static async Task<IResult> UptimeAsync(string group_id, ManageRequest request, ComponentDesk desk)
    {
        var group = await FindAsync(request, desk, group_id);
        return await UptimeEndpoints.OfAsync(request, group.Id.Value, group.Name, [.. (await MembersAsync(request))[group.Id]]);
    }

    /// <summary>Statuspage has it beside the group; it may stand in it, too. Null and empty take it away.</summary>
    private static string? DescriptionOf(Body body, ComponentGroup? group) =>
        body.Around.Mentions("description") ? body.Around.Text("description")
        : body.Mentions("description") ? body.Text("description")
        : group?.Description;

    /// <summary>Null leaves them as they are.</summary>
    private static List<ComponentId>? MembersOf(Body body) => body.Texts("components")?.Select(IncidentEndpoints.IdOf).ToList();

    private static async Task<ComponentGroup> FindAsync(ManageRequest request, ComponentDesk desk, string id) =>
        await desk.FindGroupAsync((await request.PageAsync()).Id, id, request.Cancel) ?? throw ManageApi.NotFound("component group", id);

    private static async Task<ILookup<ComponentGroupId?, Component>> MembersAsync(ManageRequest request)
    {
        var page = await request.PageAsync();
        return (
            await request
                .Writer.Db.Components.AsNoTracking()
                .Where(row => row.PageId == page.Id && row.ArchivedAt == null && row.GroupId != null)
                .OrderBy(row => row.Position)
                .ToListAsync(request.Cancel)
        ).ToLookup(row => row.GroupId);
    }

    private static async Task<GroupShape> ShapeAsync(ManageRequest request, ComponentGroup group) => Shape(group, await MembersAsync(request));

    private static GroupShape Shape(ComponentGroup group, ILookup<ComponentGroupId?, Component> members) =>
        new(
            group.Id.Value,
            group.PageId.Value,
            group.Name,
            group.Description,
            [.. members[group.Id].Select(member => member.Id.Value)],
            group.Position,
            group.CreatedAt,
            group.UpdatedAt
        );
}
