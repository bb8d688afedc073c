using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Components;
using StatusPage.Domain.Incidents;
using StatusPage.Domain.Maintenances;
using StatusPage.Web.Maintenances;

namespace StatusPage.Web.StatusApi;

/// <summary>Maintenances, which Statuspage's API has among the incidents: those with <c>scheduled_for</c>.</summary>
public static class MaintenanceEndpoints
{
    private static readonly string[] PhaseCodes = [.. Enum.GetValues<MaintenancePhase>().Select(phase => phase.Code())];

    public static void MapMaintenances(this RouteGroupBuilder incidents)
    {
        incidents
            .MapGet("/scheduled", (ManageRequest request) => ListAsync(request, _ => true))
            .Pages()
            .Says<IReadOnlyList<ManagedIncident>>("Maintenances");
        incidents
            .MapGet("/upcoming", (ManageRequest request) => ListAsync(request, phase => phase == MaintenancePhase.Scheduled))
            .Pages()
            .Says<IReadOnlyList<ManagedIncident>>("Maintenances that have not begun");
        incidents
            .MapGet("/active_maintenance", (ManageRequest request) => ListAsync(request, phase => phase.IsRunning()))
            .Pages()
            .Says<IReadOnlyList<ManagedIncident>>("Maintenances that run");
    }

    private static async Task<IResult> ListAsync(ManageRequest request, Func<MaintenancePhase, bool> wanted)
    {
        var page = await request.PageAsync();
        var (skip, take) = ManageApi.Paging(request.Request);
        var rows = await request
            .Writer.Db.Maintenances.AsNoTracking()
            .Whole()
            .Where(row => row.PageId == page.Id && row.CancelledAt == null)
            .OrderByDescending(row => row.ScheduledFor)
            .ThenBy(row => row.Id)
            .ToListAsync(request.Cancel);
        var make = await request.MakerAsync();
        return ManageApi.Ok<IReadOnlyList<ManagedIncident>>([
            .. rows.Where(row => wanted(row.PhaseAt(request.Writer.Now))).Skip(skip).Take(take).Select(row => request.Shape(make, row)),
        ]);
    }

    /// <summary>Whether a new incident is a maintenance.</summary>
    public static bool IsOne(Body body) => body.Has("scheduled_for");

    public static async Task<IResult> ScheduleAsync(ManageRequest request, MaintenanceDesk desk, Body body)
    {
        var page = await request.PageAsync();
        var from = body.Instant("scheduled_for") ?? throw body.Wrong("scheduled_for", "a time");
        var until = body.Instant("scheduled_until") ?? throw body.Wrong("scheduled_until", "a time");
        var isBackfilled = body.Flag("backfilled", false);
        var phase = body.OneOf("status", MaintenancePhases.Parse, PhaseCodes);
        var notes = NotesOf(body);
        if (phase > MaintenancePhase.InProgress && !isBackfilled)
            throw body.Wrong("status", "scheduled or in_progress, as it is new");
        var text = body.Told() ?? MaintenanceStory.NewsOf(isBackfilled ? MaintenancePhase.Completed : MaintenancePhase.Scheduled);
        var draft = new MaintenanceContent(
            body.Text("name"),
            text,
            [.. await ComponentsAsync(request, body, []) ?? []],
            ConductOf(body, MaintenanceConduct.Default) ?? MaintenanceConduct.Default
        );
        try
        {
            var made = isBackfilled
                ? await desk.RecordAsync(page.Id, draft, from, until, request.Actor, null, request.Cancel)
                : await desk.ScheduleAsync(
                    page.Id,
                    draft,
                    from,
                    until,
                    body.Flag("deliver_notifications", true),
                    request.Actor,
                    null,
                    request.Cancel,
                    begins: phase == MaintenancePhase.InProgress
                );
            return ManageApi.Json(StatusCodes.Status201Created, await request.ShapeAsync(made) with { Notes = notes });
        }
        catch (RuleViolation violation) when (violation.Message == Maintenance.IsInThePast)
        {
            throw new ApiException(StatusCodes.Status422UnprocessableEntity, $"{violation.Message} For that, send \"backfilled\": true.");
        }
    }

    /// <summary>Null when no maintenance has that id.</summary>
    public static async Task<IResult?> FindAsync(string id, ManageRequest request, MaintenanceDesk desk) =>
        await desk.FindAsync((await request.PageAsync()).Id, id, request.Cancel) is { } found ? ManageApi.Ok(await request.ShapeAsync(found)) : null;

    /// <summary>One change: the plan's fields change the plan, a status moves it, and a body is always told as a post.</summary>
    public static async Task<IResult?> UpdateAsync(string id, ManageRequest request, MaintenanceDesk desk, Body body)
    {
        if (await desk.FindAsync((await request.PageAsync()).Id, id, request.Cancel) is not { } found)
            return null;
        var notes = NotesOf(body);
        await desk.ChangeAsync(
            found,
            new()
            {
                Title = body.Text("name"),
                From = body.Instant("scheduled_for"),
                Until = body.Instant("scheduled_until"),
                Components = await ComponentsAsync(request, body, found.ComponentIds),
                Conduct = ConductOf(body, found.Conduct),
                Phase = body.OneOf("status", MaintenancePhases.Parse, PhaseCodes),
                News = body.Told(),
                Notifies = body.Flag("deliver_notifications", true),
                Author = request.Actor,
            },
            null,
            request.Cancel
        );
        return ManageApi.Ok(await request.ShapeAsync(found) with { Notes = notes });
    }

    /// <summary>The impact of a maintenance is always the same; any other is left aside, and the answer says so.</summary>
    private static IReadOnlyList<string>? NotesOf(Body body) =>
        body.Text("impact_override") switch
        {
            null or Indicator.Maintenance => null,
            var code when Impacts.Parse(code) is not null =>
            [
                "impact_override was left aside: the impact of a maintenance is maintenance. Other trouble is an incident.",
            ],
            _ => throw body.Wrong("impact_override", Indicator.Maintenance),
        };

    /// <summary>
    /// Corrects the announcement as Statuspage's clients correct an update: by its id, which is the maintenance's own. Posts stay as they are.
    /// </summary>
    public static async Task<IResult?> CorrectAsync(string id, string update, ManageRequest request, MaintenanceDesk desk, Body body)
    {
        if (await desk.FindAsync((await request.PageAsync()).Id, id, request.Cancel) is not { } found)
            return null;
        if (update != found.Id.Value)
        {
            if (found.Posts.All(post => post.Id.Value != update))
                throw ManageApi.NotFound("incident update", update);
            throw new ApiException(
                StatusCodes.Status422UnprocessableEntity,
                "What was posted of a maintenance stays as it is. Post what is right with another body."
            );
        }
        await desk.ChangeAsync(
            found,
            new()
            {
                Body = body.Told(),
                Notifies = false,
                Author = request.Actor,
            },
            null,
            request.Cancel
        );
        return ManageApi.Ok((await request.ShapeAsync(found)).IncidentUpdates[^1]);
    }

    public static async Task<IResult?> CancelAsync(string id, ManageRequest request, MaintenanceDesk desk)
    {
        if (await desk.FindAsync((await request.PageAsync()).Id, id, request.Cancel) is not { } found)
            return null;
        await desk.CancelAsync(found, following: false, tells: true, request.Actor, null, request.Cancel);
        return ManageApi.Ok(await request.ShapeAsync(found));
    }

    /// <summary>
    /// Null when the body changes nothing of it. A value that the request confirms stays as it was: Statuspage knows only one of our several reminders and
    /// ways to end.
    /// </summary>
    private static MaintenanceConduct? ConductOf(Body body, MaintenanceConduct old)
    {
        var (reminds, ends) = (body.Flag("scheduled_remind_prior"), body.Flag("scheduled_auto_completed"));
        var conduct = old with
        {
            RemindBefore =
                reminds is { } wanted && wanted != old.RemindBefore is not null
                    ? wanted
                        ? MaintenanceConduct.Reminders[0]
                        : null
                    : old.RemindBefore,
            TellsPhases =
                body.Flag("auto_transition_deliver_notifications_at_start")
                ?? body.Flag("auto_transition_deliver_notifications_at_end")
                ?? old.TellsPhases,
            StartsItself = body.Flag("scheduled_auto_in_progress") ?? old.StartsItself,
            End =
                ends is { } itself && itself != (old.End != MaintenanceEnd.ByHand)
                    ? itself
                        ? MaintenanceEnd.OnTime
                        : MaintenanceEnd.ByHand
                    : old.End,
        };
        return conduct == old ? null : conduct;
    }

    /// <summary>
    /// All components that the maintenance will be of: <c>component_ids</c> names all, <c>components</c> adds its keys. An archived component is left out,
    /// unless the maintenance was of it before. Null when none is named.
    /// </summary>
    private static async Task<IReadOnlyCollection<ComponentId>?> ComponentsAsync(ManageRequest request, Body body, IReadOnlyList<ComponentId> before)
    {
        var all = (body.Texts("component_ids") ?? []).Where(id => id.Length > 0).Select(IncidentEndpoints.IdOf).ToHashSet();
        var states = body.Map("components") ?? new Dictionary<string, string?>();
        // The window itself brings these states, and takes them back.
        foreach (var (id, state) in states.Where(pair => pair.Value is not null))
        {
            if (ComponentStatuses.Parse(state) is ComponentStatus.UnderMaintenance or ComponentStatus.Operational)
                continue;
            throw body.Wrong(
                $"components.{id}",
                "under_maintenance or operational, which a maintenance brings by itself; trouble beside it is an incident, or set at the component"
            );
        }
        var added = states.Keys.Select(IncidentEndpoints.IdOf).ToHashSet();
        if (all.Count + added.Count == 0)
            return null;
        var named = all.Union(added).ToHashSet();
        var page = (await request.PageAsync()).Id;
        var known = await request
            .Writer.Db.Components.AsNoTracking()
            .Where(row => row.PageId == page && named.Contains(row.Id))
            .Select(row => new { row.Id, row.ArchivedAt })
            .ToListAsync(request.Cancel);
        if (named.FirstOrDefault(id => known.All(row => row.Id != id)) is { Value: not null } unknown)
            throw new ApiException(StatusCodes.Status422UnprocessableEntity, $"There is no component '{unknown}' on this page.");
        var kept = known.Where(row => row.ArchivedAt is null || before.Contains(row.Id)).Select(row => row.Id).ToHashSet();
        return [.. before.Where(id => all.Count == 0 || all.Contains(id)).Union(named.Where(kept.Contains))];
    }
}
