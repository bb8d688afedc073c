using Microsoft.EntityFrameworkCore;
using StatusPage.Domain.Components;
using StatusPage.Domain.Incidents;
using StatusPage.Domain.Maintenances;
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
    private ShapeMaker? _maker;

    public Desk Desk => desk;
    public IncidentDesk Incidents => incidents;
    public HttpRequest Request => http.HttpContext!.Request;
    public CancellationToken Cancel => http.HttpContext!.RequestAborted;
    public string Actor => http.HttpContext!.User.Identity!.Name!;

    public async Task<Page> PageAsync() => _page ??= await desk.PageAsync(Cancel);

    /// <summary>Makes answers with the components as they are now.</summary>
    public async Task<ShapeMaker> MakerAsync() => _maker ??= new(await NowAsync(), address);

    public async Task<ManagedIncident> ShapeAsync(Incident incident) => Shape(await MakerAsync(), incident) ?? throw ManageApi.NotFound("incident", incident.Id.Value);

    /// <summary>Null where the public was not told of it.</summary>
    public static ManagedIncident? Shape(ShapeMaker make, Incident incident) => IncidentView.Of(incident) is { } view ? make.Managed(view, incident) : null;

    public async Task<ManagedIncident> ShapeAsync(Maintenance maintenance) => Shape(await MakerAsync(), maintenance);

    public ManagedIncident Shape(ShapeMaker make, Maintenance maintenance) => make.Managed(MaintenanceView.Of(maintenance, null, desk.Now), maintenance);

    public async Task<ManagedComponent> ShapeAsync(Component component) => Shape(await MakerAsync(), component);

    public static ManagedComponent Shape(ShapeMaker make, Component component) => new(make.Component(View(component)));

    private async Task<StatusSnapshot> NowAsync()
    {
        var page = await PageAsync();
        var components = await desk.Db.Components.AsNoTracking().Where(row => row.PageId == page.Id && row.ArchivedAt == null)
            .OrderBy(row => row.Position).ToListAsync(Cancel);
        return new()
        {
            PageId = page.Id, Name = page.Name, TimeZone = page.TimeZone, ShowsSeverity = true, Version = page.Version, AsOf = desk.Now,
            NextChangeAt = desk.Now, CreatedAt = page.CreatedAt, ChangedAt = desk.Now, Groups = [], Components = [.. components.Select(View)], Incidents = [], Maintenances = [],
        };
    }

    private static ComponentView View(Component c) => new(
        c.Id, c.Slug, c.Name, c.Description, c.GroupId, c.Status, c.Status, c.Position, c.CreatedAt, c.UpdatedAt,
        DateOnly.FromDateTime(c.StartedAt.UtcDateTime), new(default, default, null, 100, []));
}
