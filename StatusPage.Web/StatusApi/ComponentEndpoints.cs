using Microsoft.EntityFrameworkCore;
using StatusPage.Domain.Components;
using StatusPage.Web.Components;

namespace StatusPage.Web.StatusApi;

/// <summary><c>/v1/pages/{page_id}/components</c></summary>
public static class ComponentEndpoints
{
    private static readonly string[] StatusCodesOfComponents = [.. ComponentStatuses.All.Select(status => status.Code())];

    public static void MapComponents(this RouteGroupBuilder v1)
    {
        var components = v1.MapGroup("/components");
        components.MapGet("", ListAsync);
        components.MapPost("", CreateAsync).Writes();
        components.MapGet("/{id}", async (string id, ManageRequest request, ComponentDesk desk) =>
            await request.ComponentsAsync(200, [await FindAsync(request, desk, id)], bare: true));
        components.MapMethods("/{id}", ["PATCH", "PUT"], UpdateAsync).Writes();
        components.MapDelete("/{id}", DeleteAsync).Writes();
    }

    private static async Task<IResult> ListAsync(ManageRequest request)
    {
        var page = await request.PageAsync();
        var (skip, take) = ManageApi.Paging(request.Request);
        var list = await request.Desk.Db.Components.AsNoTracking().Where(row => row.PageId == page.Id && row.ArchivedAt == null)
            .OrderBy(row => row.Position).ThenBy(row => row.Id).Skip(skip).Take(take).ToListAsync(request.Cancel);
        return await request.ComponentsAsync(200, list, bare: false);
    }

    private static async Task<IResult> CreateAsync(ManageRequest request, ComponentDesk desk)
    {
        var body = await Body.ReadAsync(request.Request, "component", request.Cancel);
        var page = await request.PageAsync();
        var component = await desk.CreateAsync(page.Id, body.Text("name"), body.Text("description"), body.Text("group_id"),
            StatusOf(body) ?? ComponentStatus.Operational, request.Actor, null, request.Cancel);
        return await request.ComponentsAsync(201, [component], bare: true);
    }

    private static async Task<IResult> UpdateAsync(string id, ManageRequest request, ComponentDesk desk)
    {
        var body = await Body.ReadAsync(request.Request, "component", request.Cancel);
        var component = await FindAsync(request, desk, id);
        await desk.DescribeAsync(component,
            body.Has("name") ? body.Text("name") : component.Name,
            body.Has("description") ? body.Text("description") : component.Description,
            body.Has("group_id") ? body.Text("group_id") : component.GroupId?.Value,
            StatusOf(body) ?? component.Status, request.Actor, null, request.Cancel);
        return await request.ComponentsAsync(200, [component], bare: true);
    }

    /// <summary>The component leaves the page; its history stays.</summary>
    private static async Task<IResult> DeleteAsync(string id, ManageRequest request, ComponentDesk desk)
    {
        var component = await FindAsync(request, desk, id);
        await desk.ArchiveAsync(component, archived: true, request.Actor, null, request.Cancel);
        return Results.NoContent();
    }

    private static ComponentStatus? StatusOf(Body body) => body.OneOf("status", ComponentStatuses.Parse, StatusCodesOfComponents);

    private static async Task<Component> FindAsync(ManageRequest request, ComponentDesk desk, string id) =>
        await desk.FindAsync((await request.PageAsync()).Id, id, request.Cancel) is { ArchivedAt: null } component
            ? component : throw ManageApi.NotFound("component", id);
}
