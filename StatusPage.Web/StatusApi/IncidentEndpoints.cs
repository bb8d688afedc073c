using Microsoft.AspNetCore.Http.Features;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Accounts;
using StatusPage.Domain.Components;
using StatusPage.Domain.Destinations;
using StatusPage.Domain.Incidents;
using StatusPage.Domain.Maintenances;
using StatusPage.Domain.Snapshot;
using StatusPage.Web.Accounts;
using StatusPage.Web.Data;
using StatusPage.Web.Incidents;
using StatusPage.Web.Maintenances;
using StatusPage.Web.Shared;

namespace StatusPage.Web.StatusApi;

/// <summary><c>/v1/pages/{page_id}/incidents</c></summary>
public static class IncidentEndpoints
{
    private static readonly string[] PhaseCodes = [.. Phases.Postable.Select(phase => phase.Code())];
    private static readonly string[] SeverityCodes = [.. Severities.All.Select(severity => severity.Code())];
    private static readonly string[] ImpactCodes = [.. Impacts.All.Select(impact => impact.Code())];
    private static readonly string[] StatusCodesOfComponents = [.. ComponentStatuses.All.Select(status => status.Code())];

    /// <summary>Null and empty say nothing, so a request names the values that it takes away.</summary>
    private static readonly string[] Clearable = ["impact_summary", "team_status", "severity", "impact_override"];

    public static void MapIncidents(this RouteGroupBuilder v1)
    {
        var incidents = v1.MapGroup("/incidents").In(ApiScopes.Incidents, "Incidents");
        incidents
            .MapGet("", ListAsync)
            .Pages()
            .Query("q", "Words of the title, the status, the updates or the postmortem; all of them")
            .Says<IReadOnlyList<ManagedIncident>>("Incidents and maintenances, newest first");
        incidents.MapGet("/unresolved", UnresolvedAsync).Pages().Says<IReadOnlyList<ManagedIncident>>("Incidents that are open");
        incidents.MapMaintenances();
        incidents
            .MapPost("", OpenAsync)
            .Writes()
            .Takes<IncidentRequest>()
            .Says<ManagedIncident>("Open an incident, or schedule a maintenance", StatusCodes.Status201Created);
        incidents.MapGet("/{incident_id}", GetAsync).Says<ManagedIncident>("An incident or a maintenance");
        incidents
            .MapMethods("/{incident_id}", ["PATCH", "PUT"], UpdateAsync)
            .Writes()
            .Takes<IncidentRequest>()
            .Says<ManagedIncident>("Post an update, or change the incident");
        v1.MapActionItems();
        incidents.MapDelete("/{incident_id}", DeleteAsync).Writes().Says<ManagedIncident>("Take an incident off the page, or call a maintenance off");
        incidents
            .MapMethods("/{incident_id}/incident_updates/{incident_update_id}", ["PATCH", "PUT"], CorrectAsync)
            .Writes()
            .Takes<CorrectionRequest>()
            .Says<ManagedUpdate>("Correct an update; the page shows that it was corrected");
        var postmortem = v1.MapGroup("/incidents/{incident_id}/postmortem").In(ApiScopes.Incidents, "Postmortems");
        postmortem
            .MapGet("", async (string incident_id, ManageRequest request) => await PostmortemAsync(await FindAsync(request, incident_id), request))
            .Says<PostmortemShape>("The postmortem, as far as it is written");
        postmortem
            .MapMethods("", ["PUT", "PATCH"], WritePostmortemAsync)
            .Writes()
            .Takes<PostmortemRequest>()
            .Says<PostmortemShape>("Write the postmortem");
        postmortem.MapDelete("", RemovePostmortemAsync).Writes().SaysNothing("Remove the postmortem");
        postmortem.MapPut("/publish", PublishPostmortemAsync).Writes().MayTake<PublishRequest>().Says<PostmortemShape>("Publish the postmortem");
        postmortem
            .MapPut("/revert", (string incident_id, ManageRequest request) => ShowPostmortemAsync(incident_id, request, publish: false, tells: false))
            .Writes()
            .Says<PostmortemShape>("Make the postmortem a draft again");
    }

    /// <summary>
    /// Incidents and maintenances, which the store has in two tables: reads as many of each as there can be on the page that is asked for.
    /// </summary>
    /// <summary>Words of a search that count.</summary>
    private const int MostWords = 10;

    private static async Task<IResult> ListAsync(ManageRequest request)
    {
        var page = await request.PageAsync();
        var (skip, take) = ManageApi.Paging(request.Request);
        var (words, db) = (request.Request.Query["q"].ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries), request.Writer.Db);
        var found = db.Incidents.AsNoTracking().Public().Whole().Where(row => row.PageId == page.Id);
        var planned = db.Maintenances.AsNoTracking().Whole().Where(row => row.PageId == page.Id && row.CancelledAt == null);
        foreach (var word in words.Take(MostWords))
            (found, planned) = (found.Tells(word), planned.Where(Search.In<Maintenance>(row => row.Title + " " + row.Body, word)));
        var incidents = await found.OrderByDescending(row => row.StartedAt).ThenByDescending(row => row.Id).Take(skip + take).ToListAsync(request.Cancel);
        var maintenances = await planned
            .OrderByDescending(row => row.CreatedAt)
            .ThenByDescending(row => row.Id)
            .Take(skip + take)
            .ToListAsync(request.Cancel);
        var make = await request.MakerAsync();
        return ManageApi.Ok<IReadOnlyList<ManagedIncident>>([
            .. incidents
                .Select(row => ManageRequest.Shape(make, row))
                .OfType<ManagedIncident>()
                .Concat(maintenances.Select(row => request.Shape(make, row)))
                .OrderByDescending(one => one.ScheduledFor is null ? one.StartedAt : one.CreatedAt)
                .Skip(skip)
                .Take(take),
        ]);
    }

    /// <summary>Those of which a word stands where Statuspage looks for it.</summary>
    private static IQueryable<Incident> Tells(this IQueryable<Incident> incidents, string word)
    {
        var pattern = Search.PatternOf(word);
        var phase = Phases.Parse(word);
        return incidents.Where(row =>
            row.Phase == phase
            || EF.Functions.Like(Search.Fold(row.Title), pattern, Search.Escape)
            || EF.Functions.Like(Search.Fold(row.PostmortemBody ?? ""), pattern, Search.Escape)
            || row.Updates.Any(update => EF.Functions.Like(Search.Fold(update.Body), pattern, Search.Escape))
        );
    }

    private static async Task<IResult> UnresolvedAsync(ManageRequest request)
    {
        var page = await request.PageAsync();
        var (skip, take) = ManageApi.Paging(request.Request);
        var list = await request
            .Writer.Db.Incidents.AsNoTracking()
            .Public()
            .Whole()
            .Where(row => row.PageId == page.Id && row.ResolvedAt == null)
            .OrderByDescending(row => row.StartedAt)
            .ThenByDescending(row => row.Id)
            .Skip(skip)
            .Take(take)
            .ToListAsync(request.Cancel);
        var make = await request.MakerAsync();
        return ManageApi.Ok<IReadOnlyList<ManagedIncident>>([.. list.Select(row => ManageRequest.Shape(make, row)).OfType<ManagedIncident>()]);
    }

    private static async Task<IResult> GetAsync(string incident_id, ManageRequest request, MaintenanceDesk desk) =>
        await MaintenanceEndpoints.FindAsync(incident_id, request, desk) ?? ManageApi.Ok(await request.ShapeAsync(await FindAsync(request, incident_id)));

    private static async Task<IResult> OpenAsync(ManageRequest request, MaintenanceDesk desk)
    {
        var body = await Body.ReadAsync(request.Request, "incident", request.Cancel);
        if (MaintenanceEndpoints.IsOne(body))
            return await MaintenanceEndpoints.ScheduleAsync(request, desk, body);
        return await DoAsync(request, null, body, StatusCodes.Status201Created);
    }

    /// <summary>
    /// A field that says something new appends an update. A name, a severity or a beginning changes the incident itself. A value that is so already is
    /// left alone.
    /// </summary>
    private static async Task<IResult> UpdateAsync(string incident_id, ManageRequest request, MaintenanceDesk desk)
    {
        var body = await Body.ReadAsync(request.Request, "incident", request.Cancel);
        if (await MaintenanceEndpoints.UpdateAsync(incident_id, request, desk, body) is { } planned)
            return planned;
        return await DoAsync(request, await FindAsync(request, incident_id), body, StatusCodes.Status200OK);
    }

    private static async Task<JsonBytes> DoAsync(ManageRequest request, Incident? incident, Body body, int status)
    {
        var page = await request.PageAsync();
        if (incident is null && !body.Has("name"))
            throw body.Wrong("name", "a title of up to 255 characters");
        var asked = Ask(body, incident, ZoneClock.For(page.TimeZone, request.Writer.Now));
        var (told, plan) = await request.Incidents.DoAsync(
            page,
            incident,
            asked,
            Approval.OfKey,
            request.Actor,
            null,
            request.Cancel,
            metadata: body.JsonOf("metadata")
        );
        return ManageApi.Json(
            status,
            await request.ShapeAsync(told) with
            {
                Notes = plan.Notes.Count == 0 ? null : [.. plan.Notes.Select(note => note.ToString())],
            }
        );
    }

    private static async Task<IResult> DeleteAsync(string incident_id, ManageRequest request, MaintenanceDesk desk)
    {
        if (await MaintenanceEndpoints.CancelAsync(incident_id, request, desk) is { } planned)
            return planned;
        var incident = await FindAsync(request, incident_id);
        if (!request.Request.HttpContext.User.May(IncidentRules.MayDelete))
            throw new ApiException(
                StatusCodes.Status403Forbidden,
                "Only a key with the role owner deletes an incident. To end it, PATCH its status to resolved; "
                    + "to take it back with a public trace, withdraw it at the comms desk."
            );
        await request.Incidents.DeleteAsync(incident, request.Actor, null, request.Cancel);
        return ManageApi.Ok(await request.ShapeAsync(incident));
    }

    /// <summary>Statuspage rewrites an update in silence; here it is corrected, and the page shows that.</summary>
    private static async Task<IResult> CorrectAsync(string incident_id, string incident_update_id, ManageRequest request, MaintenanceDesk desk)
    {
        var body = await Body.ReadAsync(request.Request, "incident_update", request.Cancel);
        if (await MaintenanceEndpoints.CorrectAsync(incident_id, incident_update_id, request, desk, body) is { } planned)
            return planned;
        var incident = await FindAsync(request, incident_id);
        if (incident.Updates.FirstOrDefault(row => row.Id.Value == incident_update_id && row.IsPublic) is not { } known)
            throw ManageApi.NotFound("incident update", incident_update_id);
        RefuseDisplayAt(body, known);
        var cleared = ClearedOf(body, "impact_summary", "team_status");
        var (text, impact, team) = (
            body.Told() ?? known.Body,
            Said(body, "impact_summary", cleared).Or(known.ImpactSummary),
            Said(body, "team_status", cleared).Or(known.TeamStatus)
        );
        if (!known.Says(text, impact, team))
            await request.Incidents.CorrectAsync(
                incident,
                known.Id,
                text,
                impact,
                team,
                null,
                body.Flag("deliver_notifications", false),
                Approval.OfKey,
                request.Actor,
                null,
                request.Cancel
            );
        return ManageApi.Ok(ShapeMaker.Managed(UpdateView.Of(known), incident.Id));
    }

    private static async Task<IResult> WritePostmortemAsync(string incident_id, ManageRequest request)
    {
        var body = await Body.ReadAsync(request.Request, "postmortem", request.Cancel);
        var incident = await FindAsync(request, incident_id);
        await request.Incidents.WritePostmortemAsync(
            incident,
            body.Text("body_draft") ?? body.Text("body"),
            null,
            isProgram: true,
            request.Actor,
            null,
            request.Cancel
        );
        return await PostmortemAsync(incident, request);
    }

    /// <summary>As with Statuspage, a request without a body tells nobody.</summary>
    private static async Task<IResult> PublishPostmortemAsync(string incident_id, ManageRequest request)
    {
        var hasBody = request.Request.HttpContext.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody == true;
        var tells = hasBody && (await Body.ReadAsync(request.Request, "postmortem", request.Cancel, mayBeBare: true)).Flag("notify_subscribers", false);
        return await ShowPostmortemAsync(incident_id, request, publish: true, tells);
    }

    private static async Task<IResult> ShowPostmortemAsync(string id, ManageRequest request, bool publish, bool tells)
    {
        var incident = await FindAsync(request, id);
        await request.Incidents.WritePostmortemAsync(
            incident,
            incident.PostmortemBody,
            publish,
            isProgram: true,
            request.Actor,
            null,
            request.Cancel,
            tells
        );
        return await PostmortemAsync(incident, request);
    }

    private static async Task<IResult> RemovePostmortemAsync(string incident_id, ManageRequest request)
    {
        await request.Incidents.RemovePostmortemAsync(await FindAsync(request, incident_id), request.Actor, request.Cancel);
        return ManageApi.Nothing();
    }

    private static async Task<IResult> PostmortemAsync(Incident incident, ManageRequest request)
    {
        var isPublic = incident.PostmortemPublishedAt is not null;
        var links = await request.Destinations.LinksOfAsync(incident.PageId, incident.Id, request.Cancel);
        return ManageApi.Ok(
            new PostmortemShape(
                null,
                incident.Id.Value,
                isPublic ? incident.PostmortemBody : null,
                isPublic ? incident.PostmortemUpdatedAt : null,
                incident.PostmortemBody,
                incident.PostmortemUpdatedAt,
                incident.PostmortemPublishedAt,
                incident.PostmortemToldAt is not null,
                false,
                null,
                false,
                [.. links.Where(link => link.What == DestinationObject.Postmortem).Select(LinkShape.Of)]
            )
        );
    }

    internal static async Task<Incident> FindAsync(ManageRequest request, string id) =>
        await request.Incidents.FindAsync((await request.PageAsync()).Id, id, request.Cancel) is { IsPublic: true } incident
            ? incident
            : throw ManageApi.NotFound("incident", id);

    /// <exception cref="ApiException">A field cannot be used.</exception>
    private static UpdateRequest Ask(Body body, Incident? incident, ZoneClock clock)
    {
        RefuseDisplayAt(body, null);
        var cleared = ClearedOf(body, Clearable);
        var states = new Dictionary<ComponentId, ComponentStatus?>();
        var touches = (body.Texts("component_ids") ?? []).Select(IdOf).ToList();
        foreach (var (id, code) in body.Map("components") ?? new Dictionary<string, string?>())
            if (code is null)
                touches.Add(IdOf(id));
            else
                states[IdOf(id)] =
                    ComponentStatuses.Parse(code) ?? throw body.Wrong($"components.{id}", $"one of {string.Join(", ", StatusCodesOfComponents)}");
        var isBackfilled = body.Flag("backfilled", false);
        if (incident is null && isBackfilled && !body.Has("backfill_date"))
            throw body.Wrong("backfill_date", "the day or the time when it began, as it is backfilled");
        if (incident is null && !isBackfilled)
            foreach (var field in new[] { "backfill_date", "resolved_at" })
                if (body.Has(field))
                    throw body.Wrong(field, "left out: it is for incidents with backfilled: true. When an incident that goes on began is started_at");
        return new()
        {
            Title = body.Text("name"),
            Severity = Said(body, "severity", cleared, () => body.OneOf("severity", Severities.Parse, SeverityCodes)),
            ImpactOverride = Said(body, "impact_override", cleared, () => OverrideOf(body)),
            StartedAt = (incident is null && isBackfilled ? body.DayOrInstant("backfill_date", clock.StartOf) : null) ?? body.Instant("started_at"),
            IsBackfilled = isBackfilled,
            EndedAt = incident is null ? body.Instant("resolved_at") : null,
            Phase = body.OneOf("status", Phases.Parse, PhaseCodes),
            Body = body.Told(),
            ImpactSummary = Said(body, "impact_summary", cleared),
            TeamStatus = Said(body, "team_status", cleared),
            NextUpdateBy = body.Instant("next_update_at"),
            Notifies = body.Flag("deliver_notifications", true),
            Components = states,
            Touches = touches,
        };
    }

    private static Impact? OverrideOf(Body body) =>
        body.Text("impact_override") == Indicator.Maintenance
            ? throw body.Wrong(
                "impact_override",
                $"one of {string.Join(", ", ImpactCodes)}: maintenance is the impact of what has scheduled_for and scheduled_until"
            )
            : body.OneOf("impact_override", Impacts.Parse, ImpactCodes);

    /// <summary>An update always shows when it was posted.</summary>
    /// <param name="update">Lets a client send back what it read.</param>
    private static void RefuseDisplayAt(Body body, IncidentUpdate? update)
    {
        if (body.Instant("display_at") is { } at && at.ToUnixTimeMilliseconds() != update?.PostedAt.ToUnixTimeMilliseconds())
            throw body.Wrong(
                "display_at",
                "left out: an update shows when it was posted. "
                    + "When an incident began is started_at, and what is over already is added with backfilled and backfill_date"
            );
    }

    private static Said<string?> Said(Body body, string name, IReadOnlyCollection<string> cleared) => Said(body, name, cleared, () => body.Text(name));

    private static Said<T> Said<T>(Body body, string name, IReadOnlyCollection<string> cleared, Func<T> read) =>
        cleared.Contains(name) ? new(default!)
        : body.Has(name) ? new(read())
        : default;

    private static IReadOnlyList<string> ClearedOf(Body body, params string[] allowed) =>
        (body.Texts("clear") ?? []) is var names && names.All(allowed.Contains)
            ? names
            : throw body.Wrong("clear", $"a list of {string.Join(", ", allowed)}");

    internal static ComponentId IdOf(string id) =>
        PublicId.LooksLikeOne(id)
            ? ComponentId.Of(id)
            : throw new ApiException(
                StatusCodes.Status422UnprocessableEntity,
                "A component's id is 12 lower-case letters and digits, as in /api/v2/components.json."
            );
}
