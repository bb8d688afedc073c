using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Accounts;
using StatusPage.Domain.Components;
using StatusPage.Domain.Pages;
using StatusPage.Web.Components;
using StatusPage.Web.Shared;

namespace StatusPage.Web.StatusApi;

/// <summary><c>/v1/pages/{page_id}/components</c></summary>
public static class ComponentEndpoints
{
    private static readonly string[] StatusCodesOfComponents = [.. ComponentStatuses.All.Select(status => status.Code())];

    public static void MapComponents(this RouteGroupBuilder v1)
    {
        var components = v1.MapGroup("/components").In(ApiScopes.Components, "Components");
        components.MapGet("", ListAsync).Pages().Says<IReadOnlyList<ManagedComponent>>("Components, as the page orders them, followed by the groups");
        components.MapPost("", CreateAsync).Writes().Takes<ComponentRequest>().Says<ManagedComponent>("Create a component", StatusCodes.Status201Created);
        components
            .MapGet(
                "/{component_id}",
                async (string component_id, ManageRequest request, ComponentDesk desk) =>
                    ManageApi.Ok(
                        await desk.FindGroupAsync((await request.PageAsync()).Id, component_id, request.Cancel) is { } group
                            ? (await request.MakerAsync()).Managed(group)
                            : await request.ShapeAsync(await FindAsync(request, desk, component_id))
                    )
            )
            .Says<ManagedComponent>("A component, or a group");
        components
            .MapGet(
                "/{component_id}/uptime",
                async (string component_id, ManageRequest request, ComponentDesk desk) =>
                    await UptimeEndpoints.OfAsync(
                        request,
                        component_id,
                        (await FindAsync(request, desk, component_id)).Name,
                        [await FindAsync(request, desk, component_id)]
                    )
            )
            .Ranges()
            .Says<UptimeShape>("How long it was down");
        components
            .MapMethods("/{component_id}", ["PATCH", "PUT"], UpdateAsync)
            .Writes()
            .Takes<ComponentRequest>()
            .Says<ManagedComponent>("Change a component, or its state");
        components.MapDelete("/{component_id}", DeleteAsync).Writes().SaysNothing("Take a component off the page; its history stays");
    }

    private static async Task<IResult> ListAsync(ManageRequest request)
    {
        var page = await request.PageAsync();
        var (skip, take) = ManageApi.Paging(request.Request);
        var list = await request
            .Writer.Db.Components.AsNoTracking()
            .Where(row => row.PageId == page.Id && row.ArchivedAt == null)
            .OrderBy(row => row.Position)
            .ThenBy(row => row.Id)
            .Select(row => row.Id)
            .ToListAsync(request.Cancel);
        var groups = await request
            .Writer.Db.ComponentGroups.AsNoTracking()
            .Where(row => row.PageId == page.Id)
            .OrderBy(row => row.Position)
            .ThenBy(row => row.Id)
            .ToListAsync(request.Cancel);
        var make = await request.MakerAsync();
        return ManageApi.Ok<IReadOnlyList<ManagedComponent>>([
            .. list.Select(id => make.Managed(id)).Concat(groups.Select(group => make.Managed(group))).Skip(skip).Take(take),
        ]);
    }

    /// <summary>A description is one line here; a program may send several.</summary>
    private static string? LineOf(string? text) => text?.ReplaceLineEndings(" ").Trim();

    private static async Task<IResult> CreateAsync(ManageRequest request, ComponentDesk desk)
    {
        var body = await Body.ReadAsync(request.Request, "component", request.Cancel);
        var page = await request.PageAsync();
        var component = await desk.CreateAsync(
            page.Id,
            body.Text("name"),
            LineOf(body.Text("description")),
            body.Text("group_id"),
            StatusOf(body) ?? ComponentStatus.Operational,
            request.Actor,
            null,
            request.Cancel,
            StartOf(body, page, null),
            body.Flag("showcase", true),
            body.Flag("only_show_if_degraded", false)
        );
        return ManageApi.Json(StatusCodes.Status201Created, await request.ShapeAsync(component));
    }

    private static async Task<IResult> UpdateAsync(string component_id, ManageRequest request, ComponentDesk desk)
    {
        var body = await Body.ReadAsync(request.Request, "component", request.Cancel);
        var component = await FindAsync(request, desk, component_id);
        await desk.DescribeAsync(
            component,
            body.Has("name") ? body.Text("name") : component.Name,
            body.Mentions("description") ? LineOf(body.Text("description")) : component.Description,
            body.Mentions("group_id") ? body.Text("group_id") : component.GroupId?.Value,
            StatusOf(body),
            StartOf(body, await request.PageAsync(), component),
            request.Actor,
            null,
            request.Cancel,
            body.Flag("showcase"),
            body.Flag("only_show_if_degraded")
        );
        return ManageApi.Ok(await request.ShapeAsync(component));
    }

    private static async Task<IResult> DeleteAsync(string component_id, ManageRequest request, ComponentDesk desk)
    {
        var component = await FindAsync(request, desk, component_id);
        await desk.ArchiveAsync(component, archived: true, request.Actor, null, request.Cancel);
        return ManageApi.Nothing();
    }

    /// <summary>Null where the day stays the same.</summary>
    private static DateTimeOffset? StartOf(Body body, Page page, Component? component)
    {
        if (body.Text("start_date") is not { Length: > 0 } text)
            return null;
        if (Instants.Day(text) is not { } day)
            throw body.Wrong("start_date", $"a day such as 2026-11-24, {Instants.Range}");
        var zone = Zones.Of(page.TimeZone);
        return component is not null && day == zone.DateOf(component.StartedAt) ? null : zone.StartOf(day);
    }

    private static ComponentStatus? StatusOf(Body body) => body.OneOf("status", ComponentStatuses.Parse, StatusCodesOfComponents);

    private static async Task<Component> FindAsync(ManageRequest request, ComponentDesk desk, string id) =>
        await desk.FindAsync((await request.PageAsync()).Id, id, request.Cancel) is { ArchivedAt: null } component
            ? component
            : throw ManageApi.NotFound("component", id);
}
