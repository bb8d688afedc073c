using Microsoft.EntityFrameworkCore;
using StatusPage.Domain.Components;
using StatusPage.Domain.Incidents;
using StatusPage.Domain.Pages;
using StatusPage.Domain.Snapshot;
using StatusPage.Web.Data;
using StatusPage.Web.Hosting;
using StatusPage.Web.Incidents;

namespace StatusPage.Web.StatusApi;

/// <summary>What the endpoints of the manage API have in common: the desk, who asks, and how answers are written.</summary>
public sealed class ManageRequest(Desk desk, IncidentDesk incidents, PublicAddress address, IHttpContextAccessor http)
{
    private Page? _page;

    public Desk Desk => desk;
    public IncidentDesk Incidents => incidents;
    public HttpRequest Request => http.HttpContext!.Request;
    public CancellationToken Cancel => http.HttpContext!.RequestAborted;
    public string Actor => http.HttpContext!.User.Identity!.Name!;

    public async Task<Page> PageAsync() => _page ??= await desk.PageAsync(Cancel);

    /// <summary>Incidents as the API shows them, with the components as they are now.</summary>
    public async Task<IResult> IncidentsAsync(int status, IReadOnlyList<Incident> list, bool bare)
    {
        var snapshot = await NowAsync();
        return ManageApi.Json(status, json =>
        {
            if (!bare) json.WriteStartArray();
            foreach (var view in list.Select(incident => IncidentView.Of(incident)).OfType<IncidentView>()) JsonShapes.Incident(json, view, snapshot, address);
            if (!bare) json.WriteEndArray();
        });
    }

    public async Task<IResult> MaintenancesAsync(int status, IReadOnlyList<MaintenanceView> list, bool bare)
    {
        var snapshot = await NowAsync();
        return ManageApi.Json(status, json =>
        {
            if (!bare) json.WriteStartArray();
            foreach (var view in list) JsonShapes.Maintenance(json, view, snapshot, address);
            if (!bare) json.WriteEndArray();
        });
    }

    public static IResult Update(Incident incident, IncidentUpdate update) =>
        ManageApi.Json(StatusCodes.Status200OK, json => JsonShapes.Update(json, UpdateView.Of(update), incident.Id, forWebhook: true));

    public async Task<IResult> ComponentsAsync(int status, IReadOnlyList<Component> list, bool bare)
    {
        var page = await PageAsync();
        return ManageApi.Json(status, json =>
        {
            if (!bare) json.WriteStartArray();
            foreach (var component in list) JsonShapes.Component(json, View(component), page.Id);
            if (!bare) json.WriteEndArray();
        });
    }

    private async Task<StatusSnapshot> NowAsync()
    {
        var page = await PageAsync();
        var components = await desk.Db.Components.AsNoTracking().Where(row => row.PageId == page.Id && row.ArchivedAt == null)
            .OrderBy(row => row.Position).ToListAsync(Cancel);
        return new()
        {
            PageId = page.Id, Name = page.Name, TimeZone = page.TimeZone, ShowsSeverity = true, Version = page.Version, AsOf = desk.Now,
            NextChangeAt = desk.Now, ChangedAt = desk.Now, Groups = [], Components = [.. components.Select(View)], Incidents = [], Maintenances = [],
        };
    }

    private static ComponentView View(Component c) => new(
        c.Id, c.Slug, c.Name, c.Description, c.GroupId, c.Status, c.Status, c.Position, c.CreatedAt, c.UpdatedAt,
        DateOnly.FromDateTime(c.StartedAt.UtcDateTime), new(default, default, null, 100, []));
}
