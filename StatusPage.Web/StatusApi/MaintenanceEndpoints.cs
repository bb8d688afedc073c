using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Maintenances;
using StatusPage.Domain.Snapshot;
using StatusPage.Web.Maintenances;

namespace StatusPage.Web.StatusApi;

/// <summary>Maintenances, which Statuspage's API has among the incidents: those with <c>scheduled_for</c>.</summary>
public static class MaintenanceEndpoints
{
    private static readonly string[] PlanFields = ["name", "scheduled_for", "scheduled_until", "component_ids", "components"];
    private static readonly string[] PhaseCodes = [.. Enum.GetValues<MaintenancePhase>().Select(phase => phase.Code())];

    public static void MapMaintenances(this RouteGroupBuilder incidents)
    {
        incidents.MapGet("/scheduled", (ManageRequest request) => ListAsync(request, _ => true));
        incidents.MapGet("/upcoming", (ManageRequest request) => ListAsync(request, view => view.Phase == MaintenancePhase.Scheduled));
        incidents.MapGet("/active_maintenance", (ManageRequest request) => ListAsync(request, view => view.Phase.IsRunning()));
    }

    private static async Task<IResult> ListAsync(ManageRequest request, Func<MaintenanceView, bool> wanted)
    {
        var page = await request.PageAsync();
        var (skip, take) = ManageApi.Paging(request.Request);
        var rows = await request.Desk.Db.Maintenances.AsNoTracking().Whole().Where(row => row.PageId == page.Id && row.CancelledAt == null)
            .OrderByDescending(row => row.ScheduledFor).ThenBy(row => row.Id).ToListAsync(request.Cancel);
        return await request.MaintenancesAsync(200, [.. rows.Select(row => MaintenanceView.Of(row, null, request.Desk.Now)).Where(wanted).Skip(skip).Take(take)], bare: false);
    }

    public static async Task<IResult> ScheduleAsync(ManageRequest request, MaintenanceDesk desk, Body body)
    {
        var page = await request.PageAsync();
        var (from, until) = (body.Instant("scheduled_for") ?? throw body.Wrong("scheduled_for", "a time"), body.Instant("scheduled_until") ?? throw body.Wrong("scheduled_until", "a time"));
        var made = await desk.ScheduleAsync(page.Id, DraftOf(body, null), from, until, body.Flag("deliver_notifications", true), request.Actor, null, request.Cancel);
        return await request.MaintenancesAsync(201, [MaintenanceView.Of(made, null, request.Desk.Now)], bare: true);
    }

    public static async Task<IResult?> FindAsync(string id, ManageRequest request, MaintenanceDesk desk) =>
        await desk.FindAsync((await request.PageAsync()).Id, id, request.Cancel) is { } found ? await request.MaintenancesAsync(200, [MaintenanceView.Of(found, null, request.Desk.Now)], bare: true) : null;

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
        return await request.MaintenancesAsync(200, [MaintenanceView.Of(found, null, request.Desk.Now)], bare: true);
    }

    public static async Task<IResult?> CancelAsync(string id, ManageRequest request, MaintenanceDesk desk)
    {
        if (await desk.FindAsync((await request.PageAsync()).Id, id, request.Cancel) is not { } found) return null;
        await desk.CancelAsync(found, following: false, tells: true, request.Actor, null, request.Cancel);
        return await request.MaintenancesAsync(200, [MaintenanceView.Of(found, null, request.Desk.Now)], bare: true);
    }

    private static MaintenanceDraft DraftOf(Body body, Maintenance? old)
    {
        var conduct = old?.Conduct ?? MaintenanceConduct.Default;
        conduct = conduct with
        {
            StartsItself = body.Flag("scheduled_auto_in_progress", conduct.StartsItself),
            End = body.Has("scheduled_auto_completed") ? body.Flag("scheduled_auto_completed", true) ? MaintenanceEnd.OnTime : MaintenanceEnd.ByHand : conduct.End,
        };
        var ids = body.Texts("component_ids") ?? body.Map("components")?.Keys.ToList();
        return new(body.Text("name") ?? old?.Title, body.Text("body") ?? old?.Body, ids is null ? old?.ComponentIds ?? [] : [.. ids.Select(IncidentEndpoints.IdOf)], conduct);
    }
}
