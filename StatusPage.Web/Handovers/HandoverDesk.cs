using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Alerts;
using StatusPage.Domain.Drafts;
using StatusPage.Domain.Handovers;
using StatusPage.Domain.Incidents;
using StatusPage.Domain.Maintenances;
using StatusPage.Domain.Pages;
using StatusPage.Web.Alerts;
using StatusPage.Web.Data;
using StatusPage.Web.Deliveries;
using StatusPage.Web.Drafts;
using StatusPage.Web.Hosting;
using StatusPage.Web.Incidents;
using StatusPage.Web.Languages;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Handovers;

/// <summary>Writes and acknowledges handovers, and knows what the next one must say.</summary>
public sealed class HandoverDesk(ChangeWriter writer, DeliveryTrouble troubles, PublicAddresses addresses)
{
    public const string List = "/admin/handover";

    private StatusDb Db => writer.Db;

    public Task<Handover?> FindAsync(PageId page, string? id, CancellationToken cancel) =>
        PublicId.LooksLikeOne(id)
            ? Db.Handovers.FirstOrDefaultAsync(row => row.PageId == page && row.Id == HandoverId.Of(id!), cancel)
            : Task.FromResult<Handover?>(null);

    /// <summary>The newest note that nobody has acknowledged, if somebody else than the reader wrote it.</summary>
    public async Task<Handover?> WaitingAsync(PageId page, string reader, CancellationToken cancel) =>
        await Db.Handovers.AsNoTracking().Where(row => row.PageId == page).OrderByDescending(row => row.CreatedAt).FirstOrDefaultAsync(cancel)
            is { } newest
        && newest.IsFor(reader)
            ? newest
            : null;

    public async Task<Handover> WriteAsync(PageId page, string? body, string actor, string? token, CancellationToken cancel)
    {
        var handover = Handover.Write(page, body, actor, writer.Now);
        Db.Add(handover);
        await writer.SaveAsync(page, new(actor, "handover.written", handover.Id.Value, token, $"{List}/{handover.Id}"), cancel);
        return handover;
    }

    public Task EditAsync(Handover handover, string? body, string actor, CancellationToken cancel)
    {
        handover.Edit(body, actor, writer.Now);
        return writer.SaveAsync(handover.PageId, new(actor, "handover.edited", handover.Id.Value), cancel);
    }

    public Task AcknowledgeAsync(Handover handover, string actor, CancellationToken cancel)
    {
        handover.Acknowledge(actor, writer.Now);
        return writer.SaveAsync(handover.PageId, new(actor, "handover.acknowledged", handover.Id.Value), cancel);
    }

    /// <summary>What is open, promised and waiting at this moment.</summary>
    public async Task<HandoverState> StateAsync(Page page, ZoneClock clock, CancellationToken cancel)
    {
        var (now, desk, say) = (writer.Now, addresses.Of(page.Location), clock.Say);
        var open = await Db.Incidents.AsNoTracking().Whole().Where(row => row.PageId == page.Id && row.ResolvedAt == null).ToListAsync(cancel);
        var cases = await Db
            .AlertCases.AsNoTracking()
            .Where(row => row.PageId == page.Id && row.IncidentId == null && (row.State == AlertCaseState.Open || row.State == AlertCaseState.Held))
            .OrderBy(row => row.ReceivedAt)
            .ToListAsync(cancel);
        // The draft of an alert is listed with the alert.
        var ofAlerts = cases.Select(row => row.DraftId).OfType<DraftId>().ToHashSet();
        var drafts = await Db
            .Drafts.AsNoTracking()
            .Where(row => row.PageId == page.Id && row.State <= DraftState.Submitted)
            .OrderByDescending(row => row.State)
            .ThenBy(row => row.UpdatedAt)
            .ToListAsync(cancel);
        var ahead = now + HandoverState.Ahead;
        var maintenances = await Db
            .Maintenances.AsNoTracking()
            .Where(row => row.PageId == page.Id && row.CancelledAt == null && row.CompletedAt == null && row.ScheduledFor < ahead)
            .OrderBy(row => row.ScheduledFor)
            .ToListAsync(cancel);
        return new(
            [
                .. open.OrderBy(row => row.NextUpdateBy ?? DateTimeOffset.MaxValue)
                    .Select(row => new HandoverItem(
                        AlertWords.Plain(row.Title),
                        desk.Of($"/admin/incidents/{row.Id}"),
                        string.Join(", ", new[] { row.Severity?.Code(), say.Within(row.Phase.Label()), Promise(row.NextUpdateBy) }.OfType<string>())
                    )),
            ],
            [
                .. cases.Select(row => new HandoverItem(
                    AlertWords.Plain(row.Title),
                    desk.Of($"{AlertsPage.List}/{row.Id}"),
                    row.TakenBy is { } by
                        ? say["alert since {0}, taken by {1}", clock.Near(row.AlertedAt, now), AlertWords.Plain(by)]
                        : say["alert since {0}, taken by nobody", clock.Near(row.AlertedAt, now)]
                )),
                .. drafts
                    .Where(row => !ofAlerts.Contains(row.Id))
                    .Select(row => new HandoverItem(
                        AlertWords.Plain(row.Title),
                        desk.Of(Composer.AddressOf(row)),
                        row.State == DraftState.Submitted
                            ? say["draft, waits for approval, submitted by {0}", AlertWords.Plain(row.SubmittedBy ?? "")]
                            : say["draft by {0}", AlertWords.Plain(row.Editor)]
                    )),
            ],
            [
                .. maintenances
                    .Where(row => row.PhaseAt(now) is var phase && (phase.IsRunning() || phase == MaintenancePhase.Scheduled))
                    .Select(row => new HandoverItem(
                        AlertWords.Plain(row.Title),
                        desk.Of($"/admin/maintenances/{row.Id}"),
                        row.PhaseAt(now).IsRunning() ? say["{0}, is running", WindowOf(row)] : WindowOf(row)
                    )),
            ],
            Troubled(await troubles.FindAsync(Db, page.Id, cancel), desk, say)
        );

        string WindowOf(Maintenance row) => say["{0} to {1}", clock.DateAndTime(row.ScheduledFor), clock.Near(row.ScheduledUntil, row.ScheduledFor)];

        string Promise(DateTimeOffset? by) =>
            by is not { } at ? say["no next update is promised"]
            : at <= now ? say["**the next update is overdue** since {0}", clock.Near(at, now)]
            : say["the next update is promised by {0}", clock.Near(at, now)];
    }

    private static List<HandoverItem> Troubled(Trouble trouble, PublicAddress desk, Words say)
    {
        var items = new List<HandoverItem>();
        if (!trouble.IsNone)
            items.Add(new(AlertWords.Plain(trouble.InWords(say)), desk.Of("/admin"), ""));
        if (trouble.Waiting > 0)
            items.Add(new(say.Count(trouble.Waiting, "1 message waits after a failed attempt", "{0:N0} messages wait after a failed attempt"), null, ""));
        return items;
    }
}
