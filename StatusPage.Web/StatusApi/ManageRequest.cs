using StatusPage.Domain.Components;
using StatusPage.Domain.Incidents;
using StatusPage.Domain.Maintenances;
using StatusPage.Domain.Pages;
using StatusPage.Domain.Snapshot;
using StatusPage.Web.Accounts;
using StatusPage.Web.Components;
using StatusPage.Web.Data;
using StatusPage.Web.Destinations;
using StatusPage.Web.Hosting;
using StatusPage.Web.Incidents;
using StatusPage.Web.Public;
using StatusPage.Web.Shared;

namespace StatusPage.Web.StatusApi;

/// <summary>What the endpoints of the manage API have in common: the desk, who asks, and how answers are written.</summary>
public sealed class ManageRequest(
    ChangeWriter writer,
    IncidentDesk incidents,
    DestinationDesk destinations,
    PublicAddress address,
    PublicSites sites,
    IHttpContextAccessor http
)
{
    private Page? _page;
    private ShapeMaker? _maker;

    public ChangeWriter Writer => writer;
    public IncidentDesk Incidents => incidents;
    public DestinationDesk Destinations => destinations;
    public HttpRequest Request => http.HttpContext!.Request;
    public CancellationToken Cancel => http.HttpContext!.RequestAborted;
    public bool MayPublish => http.HttpContext!.User.MayPublish();
    public string Actor => http.HttpContext!.User.Identity!.Name!;

    /// <summary>The edition that the public sees of the request's page.</summary>
    public async Task<Edition?> ShownAsync() => sites.Of((await PageAsync()).Id)?.Current;

    public async Task<Page> PageAsync() => _page ??= await writer.PageAsync(Cancel);

    /// <summary>Makes answers with the components as they are now.</summary>
    public async Task<ShapeMaker> MakerAsync() => _maker ??= new(await NowAsync(), address);

    public async Task<ManagedIncident> ShapeAsync(Incident incident) =>
        Shape(await MakerAsync(), incident) ?? throw ManageApi.NotFound("incident", incident.Id.Value);

    /// <summary>Null where the public was not told of it.</summary>
    public static ManagedIncident? Shape(ShapeMaker make, Incident incident) =>
        IncidentView.Of(incident) is { } view ? make.Managed(view, incident) : null;

    public async Task<ManagedIncident> ShapeAsync(Maintenance maintenance) => Shape(await MakerAsync(), maintenance);

    public ManagedIncident Shape(ShapeMaker make, Maintenance maintenance) => make.Managed(MaintenanceView.Of(maintenance, null, writer.Now), maintenance);

    public async Task<ManagedComponent> ShapeAsync(Component component) => (await MakerAsync()).Managed(component.Id);

    private async Task<StatusSnapshot> NowAsync()
    {
        var page = await PageAsync();
        var states = await writer.Db.StatesAsync(page.Id, writer.Now, Cancel);
        // Built as the page is, of its components alone. The holder of a key sees the severity.
        return SnapshotBuilder.Build(
            new()
            {
                Page = page,
                Zone = Zones.Of(page.TimeZone),
                Groups = [],
                Components = [.. states.Components.Where(component => component.ArchivedAt is null)],
                States = states,
                Incidents = [],
                Maintenances = [],
            },
            writer.Now
        ) with
        {
            ShowsSeverity = true,
        };
    }
}
