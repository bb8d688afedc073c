using Microsoft.EntityFrameworkCore;
using StatusPage.Domain.Maintenances;
using StatusPage.Web.Maintenances;

namespace StatusPage.Web.StatusApi;

/// <summary>Maintenances, which Statuspage's API has among the incidents: those with <c>scheduled_for</c>.</summary>
public static class MaintenanceEndpoints
{
    private static readonly string[] PlanFields = ["name", "scheduled_for", "scheduled_until", "component_ids", "components", "scheduled_auto_in_progress", "scheduled_auto_completed", "scheduled_remind_prior"];
    private static readonly string[] PhaseCodes = [.. Enum.GetValues<MaintenancePhase>().Select(phase => phase.Code())];

    public static void MapMaintenances(this RouteGroupBuilder incidents)
    {
        incidents.MapGet("/scheduled", (ManageRequest request) => ListAsync(request, _ => true)).Pages().Says<IReadOnlyList<ManagedIncident>>("Maintenances");
        incidents.MapGet("/upcoming", (ManageRequest request) => ListAsync(request, phase => phase == MaintenancePhase.Scheduled)).Pages().Says<IReadOnlyList<ManagedIncident>>("Maintenances that have not begun");
        incidents.MapGet("/active_maintenance", (ManageRequest request) => ListAsync(request, phase => phase.IsRunning())).Pages().Says<IReadOnlyList<ManagedIncident>>("Maintenances that run");
    }

    private static async Task<IResult> ListAsync(ManageRequest request, Func<MaintenancePhase, bool> wanted)
    {
        var page = await request.PageAsync();
        var (skip, take) = ManageApi.Paging(request.Request);
        var rows = await request.Desk.Db.Maintenances.AsNoTracking().Whole().Where(row => row.PageId == page.Id && row.CancelledAt == null)
            .OrderByDescending(row => row.ScheduledFor).ThenBy(row => row.Id).ToListAsync(request.Cancel);
        var make = await request.MakerAsync();
        return ManageApi.Ok<IReadOnlyList<ManagedIncident>>([.. rows.Where(row => wanted(row.PhaseAt(request.Desk.Now))).Skip(skip).Take(take).Select(row => request.Shape(make, row))]);
    }

    public static async Task<IResult> ScheduleAsync(ManageRequest request, MaintenanceDesk desk, Body body)
    {
        var page = await request.PageAsync();
        var (from, until) = (body.Instant("scheduled_for") ?? throw body.Wrong("scheduled_for", "a time"), body.Instant("scheduled_until") ?? throw body.Wrong("scheduled_until", "a time"));
        var made = await desk.ScheduleAsync(page.Id, DraftOf(body, null), from, until, body.Flag("deliver_notifications", true), request.Actor, null, request.Cancel);
        return ManageApi.Json(StatusCodes.Status201Created, await request.ShapeAsync(made));
    }

    /// <summary>Null when no maintenance has that id.</summary>
    public static async Task<IResult?> FindAsync(string id, ManageRequest request, MaintenanceDesk desk) =>
        await desk.FindAsync((await request.PageAsync()).Id, id, request.Cancel) is { } found ? ManageApi.Ok(await request.ShapeAsync(found)) : null;

    /// <summary>New times or words change the plan; a status or a body alone is news of it.</summary>
    public static async Task<IResult?> UpdateAsync(string id, ManageRequest request, MaintenanceDesk desk, Body body)
    {
        if (await desk.FindAsync((await request.PageAsync()).Id, id, request.Cancel) is not { } found) return null;
        var tells = body.Flag("deliver_notifications", true);
        if (PlanFields.Any(body.Has))
            await desk.ChangeAsync(found, DraftOf(body, found), body.Instant("scheduled_for") ?? found.ScheduledFor, body.Instant("scheduled_until") ?? found.ScheduledUntil, tells, request.Actor, null, request.Cancel);
        else if (body.Has("status") || body.Has("body"))
        {
            var phase = body.OneOf("status", MaintenancePhases.Parse, PhaseCodes) ?? found.PhaseAt(request.Desk.Now);
            await desk.PostAsync(found, phase, body.Text("body") ?? $"The maintenance is {phase.Label().ToLowerInvariant()}.", tells, request.Actor, null, request.Cancel);
        }
        return ManageApi.Ok(await request.ShapeAsync(found));
    }

    public static async Task<IResult?> CancelAsync(string id, ManageRequest request, MaintenanceDesk desk)
    {
        if (await desk.FindAsync((await request.PageAsync()).Id, id, request.Cancel) is not { } found) return null;
        await desk.CancelAsync(found, following: false, tells: true, request.Actor, null, request.Cancel);
        return ManageApi.Ok(await request.ShapeAsync(found));
    }

    private static MaintenanceDraft DraftOf(Body body, Maintenance? old)
    {
        var conduct = old?.Conduct ?? MaintenanceConduct.Default;
        conduct = conduct with
        {
            RemindBefore = body.Has("scheduled_remind_prior") ? body.Flag("scheduled_remind_prior", false) ? MaintenanceConduct.Reminders[0] : null : conduct.RemindBefore,
            TellsPhases = body.Flag("auto_transition_deliver_notifications_at_start", conduct.TellsPhases),
            StartsItself = body.Flag("scheduled_auto_in_progress", conduct.StartsItself),
            End = body.Has("scheduled_auto_completed") ? body.Flag("scheduled_auto_completed", true) ? MaintenanceEnd.OnTime : MaintenanceEnd.ByHand : conduct.End,
        };
        var ids = body.Texts("component_ids") ?? body.Map("components")?.Keys.ToList();
        return new(body.Text("name") ?? old?.Title, body.Text("body") ?? old?.Body, ids is null ? old?.ComponentIds ?? [] : [.. ids.Select(IncidentEndpoints.IdOf)], conduct);
    }
}
