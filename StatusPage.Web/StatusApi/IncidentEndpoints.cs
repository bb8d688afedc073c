using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Accounts;
using StatusPage.Domain.Components;
using StatusPage.Domain.Incidents;
using StatusPage.Domain.Maintenances;
using StatusPage.Domain.Snapshot;
using StatusPage.Web.Data;
using StatusPage.Web.Incidents;
using StatusPage.Web.Maintenances;

namespace StatusPage.Web.StatusApi;

/// <summary><c>/v1/pages/{page_id}/incidents</c></summary>
public static class IncidentEndpoints
{
    private static readonly string[] PhaseCodes = [.. Phases.Postable.Select(phase => phase.Code())];
    private static readonly string[] SeverityCodes = [.. Severities.All.Select(severity => severity.Code())];
    private static readonly string[] ImpactCodes = [.. Impacts.All.Select(impact => impact.Code())];
    private static readonly string[] StatusCodesOfComponents = [.. ComponentStatuses.All.Select(status => status.Code())];

    private static readonly string[] TellingFields = ["body", "status", "components", "component_ids", "impact_summary", "team_status", "next_update_at"];

    public static void MapIncidents(this RouteGroupBuilder v1)
    {
        var incidents = v1.MapGroup("/incidents").In(ApiScopes.Incidents, "Incidents");
        incidents.MapGet("", ListAsync).Pages().Query("q", "Words of the title").Says<IReadOnlyList<ManagedIncident>>("Incidents and maintenances, newest first");
        incidents.MapGet("/unresolved", UnresolvedAsync).Pages().Says<IReadOnlyList<ManagedIncident>>("Incidents that are open");
        incidents.MapMaintenances();
        incidents.MapPost("", OpenAsync).Writes().Takes<IncidentRequest>().Says<ManagedIncident>("Open an incident, or schedule a maintenance", StatusCodes.Status201Created);
        incidents.MapGet("/{incident_id}", GetAsync).Says<ManagedIncident>("An incident or a maintenance");
        incidents.MapMethods("/{incident_id}", ["PATCH", "PUT"], UpdateAsync).Writes().Takes<IncidentRequest>().Says<ManagedIncident>("Post an update, or change the incident");
        incidents.MapDelete("/{incident_id}", DeleteAsync).Writes().Says<ManagedIncident>("Take an incident off the page, or call a maintenance off");
        incidents.MapMethods("/{incident_id}/incident_updates/{incident_update_id}", ["PATCH", "PUT"], CorrectAsync).Writes().Takes<UpdateRequest>().Says<ManagedUpdate>("Correct an update; the page shows that it was corrected");
        var postmortem = v1.MapGroup("/incidents/{incident_id}/postmortem").In(ApiScopes.Incidents, "Postmortems");
        postmortem.MapGet("", async (string incident_id, ManageRequest request) => Postmortem(await FindAsync(request, incident_id))).Says<PostmortemShape>("The postmortem, as far as it is written");
        postmortem.MapMethods("", ["PUT", "PATCH"], WritePostmortemAsync).Writes().Takes<PostmortemRequest>().Says<PostmortemShape>("Write the postmortem");
        postmortem.MapDelete("", RemovePostmortemAsync).Writes().SaysNothing("Remove the postmortem");
        postmortem.MapPut("/publish", (string incident_id, ManageRequest request) => ShowPostmortemAsync(incident_id, request, publish: true)).Writes().Says<PostmortemShape>("Publish the postmortem");
        postmortem.MapPut("/revert", (string incident_id, ManageRequest request) => ShowPostmortemAsync(incident_id, request, publish: false)).Writes().Says<PostmortemShape>("Make the postmortem a draft again");
    }

    /// <summary>Both kinds, of which the store has two tables: as many of each as there can be on the page that is asked for.</summary>
    private static async Task<IResult> ListAsync(ManageRequest request)
    {
        var page = await request.PageAsync();
        var (skip, take) = ManageApi.Paging(request.Request);
        var (words, db) = (request.Request.Query["q"].ToString(), request.Desk.Db);
        var incidents = await db.Incidents.AsNoTracking().Public().Whole().Where(row => row.PageId == page.Id).Where(Search.In<Incident>(row => row.Title, words))
            .OrderByDescending(row => row.StartedAt).ThenByDescending(row => row.Id).Take(skip + take).ToListAsync(request.Cancel);
        var maintenances = await db.Maintenances.AsNoTracking().Whole().Where(row => row.PageId == page.Id && row.CancelledAt == null).Where(Search.In<Maintenance>(row => row.Title, words))
            .OrderByDescending(row => row.CreatedAt).ThenByDescending(row => row.Id).Take(skip + take).ToListAsync(request.Cancel);
        var make = await request.MakerAsync();
        return ManageApi.Ok<IReadOnlyList<ManagedIncident>>([.. incidents.Select(row => ManageRequest.Shape(make, row)).OfType<ManagedIncident>()
            .Concat(maintenances.Select(row => request.Shape(make, row))).OrderByDescending(one => one.CreatedAt).Skip(skip).Take(take)]);
    }

    private static async Task<IResult> UnresolvedAsync(ManageRequest request)
    {
        var page = await request.PageAsync();
        var (skip, take) = ManageApi.Paging(request.Request);
        var list = await request.Desk.Db.Incidents.AsNoTracking().Public().Whole().Where(row => row.PageId == page.Id && row.ResolvedAt == null)
            .OrderByDescending(row => row.StartedAt).ThenByDescending(row => row.Id).Skip(skip).Take(take).ToListAsync(request.Cancel);
        var make = await request.MakerAsync();
        return ManageApi.Ok<IReadOnlyList<ManagedIncident>>([.. list.Select(row => ManageRequest.Shape(make, row)).OfType<ManagedIncident>()]);
    }

    private static async Task<IResult> GetAsync(string incident_id, ManageRequest request, MaintenanceDesk desk) =>
        await MaintenanceEndpoints.FindAsync(incident_id, request, desk) ?? ManageApi.Ok(await request.ShapeAsync(await FindAsync(request, incident_id)));

    private static async Task<IResult> OpenAsync(ManageRequest request, MaintenanceDesk desk)
    {
        var body = await Body.ReadAsync(request.Request, "incident", request.Cancel);
        if (MaintenanceEndpoints.IsOne(body)) return await MaintenanceEndpoints.ScheduleAsync(request, desk, body);
        var page = await request.PageAsync();
        var draft = await DraftAsync(request, body, null, SeverityOf(body));
        var metadata = MetadataOf(body);
        var incident = await request.Incidents.OpenAsync(page, body.Text("name"), SeverityOf(body), ImpactOf(body), draft, request.Actor, null, request.Cancel, metadata: metadata);
        return ManageApi.Json(StatusCodes.Status201Created, await request.ShapeAsync(incident));
    }

    /// <summary>A body or a status appends an update; anything else changes the incident itself.</summary>
    private static async Task<IResult> UpdateAsync(string incident_id, ManageRequest request, MaintenanceDesk desk)
    {
        var body = await Body.ReadAsync(request.Request, "incident", request.Cancel);
        if (await MaintenanceEndpoints.UpdateAsync(incident_id, request, desk, body) is { } planned) return planned;
        var incident = await FindAsync(request, incident_id);
        var page = await request.PageAsync();
        var title = body.Text("name") ?? incident.Title;
        var severity = body.Has("severity") ? SeverityOf(body) : incident.Severity;
        var impact = body.Has("impact_override") ? ImpactOf(body) : incident.ImpactOverride;
        var described = title != incident.Title || severity != incident.Severity || impact != incident.ImpactOverride;
        var draft = TellingFields.Any(body.Has) ? await DraftAsync(request, body, incident, severity) : null;
        var metadata = MetadataOf(body);
        if (metadata is not null) incident.Keep(metadata);
        if (draft is not null)
        {
            if (described) incident.Describe(title, severity, impact, request.Desk.Now);
            await request.Incidents.PostAsync(page, incident, draft, request.Actor, null, request.Cancel);
        }
        else if (described) await request.Incidents.DescribeAsync(incident, title, severity, impact, request.Actor, null, request.Cancel);
        else if (metadata is not null) await request.Incidents.KeepAsync(incident, request.Actor, request.Cancel);
        return ManageApi.Ok(await request.ShapeAsync(incident));
    }

    private static async Task<IResult> DeleteAsync(string incident_id, ManageRequest request, MaintenanceDesk desk)
    {
        if (await MaintenanceEndpoints.CancelAsync(incident_id, request, desk) is { } planned) return planned;
        var incident = await FindAsync(request, incident_id);
        await request.Incidents.DeleteAsync(incident, request.Actor, null, request.Cancel);
        return ManageApi.Ok(await request.ShapeAsync(incident));
    }

    /// <summary>Statuspage rewrites an update in silence; here it is corrected, which the page shows.</summary>
    private static async Task<IResult> CorrectAsync(string incident_id, string incident_update_id, ManageRequest request, MaintenanceDesk desk)
    {
        var body = await Body.ReadAsync(request.Request, "incident_update", request.Cancel);
        if (await MaintenanceEndpoints.CorrectAsync(incident_id, incident_update_id, request, desk, body) is { } planned) return planned;
        var incident = await FindAsync(request, incident_id);
        if (incident.Updates.FirstOrDefault(row => row.Id.Value == incident_update_id && row.IsPublic) is not { } known) throw ManageApi.NotFound("incident update", incident_update_id);
        await request.Incidents.CorrectAsync(
            incident, known.Id, body.Has("body") ? body.Text("body") : known.Body, body.Has("impact_summary") ? body.Text("impact_summary") : known.ImpactSummary,
            body.Has("team_status") ? body.Text("team_status") : known.TeamStatus, null, body.Flag("deliver_notifications", false), request.Actor, null, request.Cancel);
        return ManageApi.Ok(ShapeMaker.Managed(UpdateView.Of(known), incident.Id));
    }

    private static async Task<IResult> WritePostmortemAsync(string incident_id, ManageRequest request)
    {
        var body = await Body.ReadAsync(request.Request, "postmortem", request.Cancel);
        var incident = await FindAsync(request, incident_id);
        await request.Incidents.WritePostmortemAsync(incident, body.Text("body_draft") ?? body.Text("body"), null, request.Actor, null, request.Cancel);
        return Postmortem(incident);
    }

    private static async Task<IResult> ShowPostmortemAsync(string id, ManageRequest request, bool publish)
    {
        var incident = await FindAsync(request, id);
        await request.Incidents.WritePostmortemAsync(incident, incident.PostmortemBody, publish, request.Actor, null, request.Cancel);
        return Postmortem(incident);
    }

    private static async Task<IResult> RemovePostmortemAsync(string incident_id, ManageRequest request)
    {
        await request.Incidents.RemovePostmortemAsync(await FindAsync(request, incident_id), request.Actor, request.Cancel);
        return ManageApi.Nothing();
    }

    private static JsonBytes Postmortem(Incident incident)
    {
        var isPublic = incident.PostmortemPublishedAt is not null;
        return ManageApi.Ok(new PostmortemShape(
            null, incident.Id.Value, isPublic ? incident.PostmortemBody : null, isPublic ? incident.PostmortemUpdatedAt : null, incident.PostmortemBody, incident.PostmortemUpdatedAt,
            incident.PostmortemPublishedAt, false, false, null, false));
    }

    /// <summary>Statuspage takes objects under names; null when none are given.</summary>
    private static string? MetadataOf(Body body) => body.JsonOf("metadata");

    private static async Task<Incident> FindAsync(ManageRequest request, string id) =>
        await request.Incidents.FindAsync((await request.PageAsync()).Id, id, request.Cancel) is { IsPublic: true } incident ? incident : throw ManageApi.NotFound("incident", id);

    private static Severity? SeverityOf(Body body) => body.OneOf("severity", Severities.Parse, SeverityCodes);

    private static Impact? ImpactOf(Body body) => body.OneOf("impact_override", Impacts.Parse, ImpactCodes);

    /// <summary>What is not said stays as the last update had it; without a text, the change of phase is the news.</summary>
    /// <exception cref="RuleViolation">The severity needs two pairs of eyes, and a key has none.</exception>
    private static async Task<UpdateDraft> DraftAsync(ManageRequest request, Body body, Incident? incident, Severity? severity)
    {
        var rule = (await request.Desk.Db.SeverityRulesAsync((await request.PageAsync()).Id, request.Cancel)).FirstOrDefault(rule => rule.Severity == severity);
        if (rule is { NeedsApproval: true }) throw new RuleViolation($"{rule.Severity.Code()} needs two pairs of eyes on this page. Submit it for approval at the comms desk.", "severity");
        var last = incident?.Updates.LastOrDefault(update => update is { IsPublic: true, WithdrawnAt: null }) ?? incident?.Standing;
        var phase = body.OneOf("status", Phases.Parse, PhaseCodes) ?? incident?.Phase ?? Phase.Investigating;
        var promise = body.Has("next_update_at") ? body.Instant("next_update_at")
            : phase.IsOver() || last?.NextUpdateBy <= request.Desk.Now ? null : last?.NextUpdateBy;
        var text = body.Text("body");
        if (string.IsNullOrWhiteSpace(text) && incident is not null)
            text = phase == incident.Phase ? "The details of this incident were updated." : $"This incident is now {phase.Label().ToLowerInvariant()}.";
        return new()
        {
            Phase = phase,
            Body = text ?? "",
            ImpactSummary = body.Has("impact_summary") ? body.Text("impact_summary") : phase.IsOver() ? null : last?.ImpactSummary,
            TeamStatus = body.Has("team_status") ? body.Text("team_status") : phase.IsOver() ? null : last?.TeamStatus,
            NextUpdateBy = promise,
            Cadence = rule?.Cadence,
            Notifies = body.Flag("deliver_notifications", true),
            Components = await ComponentsAsync(request, body),
        };
    }

    private static async Task<Dictionary<ComponentId, ComponentStatus>> ComponentsAsync(ManageRequest request, Body body)
    {
        var states = new Dictionary<ComponentId, ComponentStatus>();
        var page = (await request.PageAsync()).Id;
        foreach (var (id, code) in body.Map("components") ?? new Dictionary<string, string>())
            states[IdOf(id)] = ComponentStatuses.Parse(code) ?? throw body.Wrong($"components.{id}", $"one of {string.Join(", ", StatusCodesOfComponents)}");
        foreach (var id in (body.Texts("component_ids") ?? []).Select(IdOf).Where(id => !states.ContainsKey(id)))
        {
            // Touched without a change of state.
            var component = await request.Desk.Db.Components.AsNoTracking().FirstOrDefaultAsync(row => row.Id == id && row.PageId == page && row.ArchivedAt == null, request.Cancel)
                ?? throw ManageApi.NotFound("component", id.Value);
            states[id] = component.Status;
        }
        return states;
    }

    internal static ComponentId IdOf(string id) => PublicId.LooksLikeOne(id) ? ComponentId.Of(id)
        : throw new ApiException(StatusCodes.Status422UnprocessableEntity, "A component's id is 12 lower-case letters and digits, as in /api/v2/components.json.");
}
