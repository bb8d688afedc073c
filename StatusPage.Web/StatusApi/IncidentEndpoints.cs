using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Components;
using StatusPage.Domain.Incidents;
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

    private static readonly string[] UpdateFields = ["body", "status", "components", "component_ids", "impact_summary", "team_status", "next_update_at"];

    public static void MapIncidents(this RouteGroupBuilder v1)
    {
        var incidents = v1.MapGroup("/incidents");
        incidents.MapGet("", (ManageRequest request) => ListAsync(request, openOnly: false));
        incidents.MapGet("/unresolved", (ManageRequest request) => ListAsync(request, openOnly: true));
        incidents.MapMaintenances();
        incidents.MapPost("", OpenAsync).Writes();
        incidents.MapGet("/{id}", async (string id, ManageRequest request, MaintenanceDesk desk) => await MaintenanceEndpoints.FindAsync(id, request, desk) ?? await request.IncidentsAsync(200, [await FindAsync(request, id)], bare: true));
        incidents.MapGet("/{id}/postmortem", PostmortemAsync);
        incidents.MapMethods("/{id}/postmortem", ["PUT", "PATCH"], WritePostmortemAsync).Writes();
        incidents.MapPut("/{id}/postmortem/publish", (string id, ManageRequest request) => ShowPostmortemAsync(id, request, publish: true)).Writes();
        incidents.MapPut("/{id}/postmortem/revert", (string id, ManageRequest request) => ShowPostmortemAsync(id, request, publish: false)).Writes();
        incidents.MapMethods("/{id}", ["PATCH", "PUT"], UpdateAsync).Writes();
        incidents.MapDelete("/{id}", DeleteAsync).Writes();
        incidents.MapMethods("/{id}/incident_updates/{update}", ["PATCH", "PUT"], CorrectAsync).Writes();
    }

    private static async Task<IResult> ListAsync(ManageRequest request, bool openOnly)
    {
        var page = await request.PageAsync();
        var (skip, take) = ManageApi.Paging(request.Request);
        var list = await request.Desk.Db.Incidents.AsNoTracking().Public().Whole()
            .Where(row => row.PageId == page.Id && (!openOnly || row.ResolvedAt == null))
            .OrderByDescending(row => row.StartedAt).ThenByDescending(row => row.Id).Skip(skip).Take(take).ToListAsync(request.Cancel);
        return await request.IncidentsAsync(200, list, bare: false);
    }

    private static async Task<IResult> OpenAsync(ManageRequest request, MaintenanceDesk desk)
    {
        var body = await Body.ReadAsync(request.Request, "incident", request.Cancel);
        if (body.Has("scheduled_for")) return await MaintenanceEndpoints.ScheduleAsync(request, desk, body);
        var page = await request.PageAsync();
        var draft = await DraftAsync(request, body, null, SeverityOf(body));
        var incident = await request.Incidents.OpenAsync(page, body.Text("name"), SeverityOf(body), ImpactOf(body), draft, request.Actor, null, request.Cancel);
        return await request.IncidentsAsync(201, [incident], bare: true);
    }

    /// <summary>A body or a status appends an update; anything else changes the incident itself.</summary>
    private static async Task<IResult> UpdateAsync(string id, ManageRequest request, MaintenanceDesk desk)
    {
        var body = await Body.ReadAsync(request.Request, "incident", request.Cancel);
        if (await MaintenanceEndpoints.UpdateAsync(id, request, desk, body) is { } planned) return planned;
        var incident = await FindAsync(request, id);
        var page = await request.PageAsync();
        var title = body.Text("name") ?? incident.Title;
        var severity = body.Has("severity") ? SeverityOf(body) : incident.Severity;
        var impact = body.Has("impact_override") ? ImpactOf(body) : incident.ImpactOverride;
        var described = title != incident.Title || severity != incident.Severity || impact != incident.ImpactOverride;
        if (AppendsUpdate(body))
        {
            var draft = await DraftAsync(request, body, incident, severity);
            if (described) incident.Describe(title, severity, impact, request.Desk.Now);
            await request.Incidents.PostAsync(page, incident, draft, request.Actor, null, request.Cancel);
        }
        else if (described) await request.Incidents.DescribeAsync(incident, title, severity, impact, request.Actor, null, request.Cancel);
        return await request.IncidentsAsync(200, [incident], bare: true);
    }

    private static async Task<IResult> DeleteAsync(string id, ManageRequest request, MaintenanceDesk desk)
    {
        if (await MaintenanceEndpoints.CancelAsync(id, request, desk) is { } planned) return planned;
        var incident = await FindAsync(request, id);
        await request.Incidents.DeleteAsync(incident, request.Actor, null, request.Cancel);
        return await request.IncidentsAsync(200, [incident], bare: true);
    }

    /// <summary>Statuspage rewrites an update in silence; here it is corrected, which the page shows.</summary>
    private static async Task<IResult> CorrectAsync(string id, string update, ManageRequest request)
    {
        var body = await Body.ReadAsync(request.Request, "incident_update", request.Cancel);
        var incident = await FindAsync(request, id);
        if (incident.Updates.FirstOrDefault(row => row.Id.Value == update && row.IsPublic) is not { } known) throw ManageApi.NotFound("incident update", update);
        await request.Incidents.CorrectAsync(
            incident, known.Id, body.Has("body") ? body.Text("body") : known.Body, body.Has("impact_summary") ? body.Text("impact_summary") : known.ImpactSummary,
            body.Has("team_status") ? body.Text("team_status") : known.TeamStatus, null, body.Flag("deliver_notifications", false), request.Actor, null, request.Cancel);
        return ManageRequest.Update(incident, known);
    }

    private static async Task<IResult> PostmortemAsync(string id, ManageRequest request) => Postmortem(await FindAsync(request, id));

    private static async Task<IResult> WritePostmortemAsync(string id, ManageRequest request)
    {
        var body = await Body.ReadAsync(request.Request, "postmortem", request.Cancel);
        var incident = await FindAsync(request, id);
        await request.Incidents.WritePostmortemAsync(incident, body.Text("body_draft") ?? body.Text("body"), null, request.Actor, null, request.Cancel);
        return Postmortem(incident);
    }

    private static async Task<IResult> ShowPostmortemAsync(string id, ManageRequest request, bool publish)
    {
        var incident = await FindAsync(request, id);
        await request.Incidents.WritePostmortemAsync(incident, incident.PostmortemBody, publish, request.Actor, null, request.Cancel);
        return Postmortem(incident);
    }

    private static IResult Postmortem(Incident incident) => ManageApi.Json(StatusCodes.Status200OK, json =>
    {
        var isPublic = incident.PostmortemPublishedAt is not null;
        json.WriteStartObject();
        json.WriteString("incident_id", incident.Id.Value);
        json.WriteString("body", isPublic ? incident.PostmortemBody : null);
        json.WriteString("body_draft", incident.PostmortemBody);
        json.WriteInstant("body_updated_at", isPublic ? incident.PostmortemUpdatedAt : null);
        json.WriteInstant("body_draft_updated_at", incident.PostmortemUpdatedAt);
        json.WriteInstant("published_at", incident.PostmortemPublishedAt);
        json.WriteBoolean("ignored", false);
        json.WriteBoolean("notify_subscribers", false);
        json.WriteBoolean("notify_twitter", false);
        json.WriteEndObject();
    });

    private static bool AppendsUpdate(Body body) =>
        UpdateFields.Any(body.Has);

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
