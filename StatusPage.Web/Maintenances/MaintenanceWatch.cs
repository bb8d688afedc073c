using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Audit;
using StatusPage.Domain.Deliveries;
using StatusPage.Domain.Maintenances;
using StatusPage.Web.Data;
using StatusPage.Web.Hosting;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Maintenances;

/// <summary>
/// Announces reminders, starts and ends of maintenances by the clock, and creates the windows of series ahead. Every node looks; the unique key of an
/// announcement, and the number of windows made, ensure that only one node writes it, also after a restart. The page itself does not depend on this.
/// </summary>
public sealed partial class MaintenanceWatch(IServiceScopeFactory scopes, TimeProvider time, ILogger<MaintenanceWatch> logger)
{
    /// <summary>The longest reminder, and some margin.</summary>
    private static readonly TimeSpan Forward = TimeSpan.FromHours(73);
    private static readonly TimeSpan Back = TimeSpan.FromDays(9);

    /// <returns>When something is due next; null when nothing comes soon.</returns>
    public async Task<DateTimeOffset?> LookAsync(CancellationToken cancel)
    {
        await MakeAheadAsync(cancel);
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<StatusDb>();
        var now = time.GetUtcNow();
        var (from, to) = (now - Back, now + Forward);
        var rows = await db
            .Maintenances.AsNoTracking()
            .Where(row =>
                row.CancelledAt == null
                && row.CompletedAt == null
                && db.Pages.Any(page => page.Id == row.PageId && page.ClosedAt == null)
                && row.ScheduledFor < to
                && (row.ScheduledUntil > from || row.VerifyingAt > from || row.StartedAt > from || row.End == MaintenanceEnd.ByHand)
            )
            .ToListAsync(cancel);
        var looks = rows.Select(row => LookAt(row, now)).ToList();
        var due = looks.Where(look => look.Call is not null).ToList();
        if (due.Count > 0)
        {
            var keys = due.ConvertAll(look => look.Call!.Key);
            var told = await db.Announcements.Where(row => keys.Contains(row.Key!)).Select(row => row.Key).ToListAsync(cancel);
            foreach (var (maintenance, call, _) in due.Where(look => !told.Contains(look.Call!.Key)))
                await AnnounceAsync(db, maintenance, call!, now, cancel);
        }
        return looks.Select(look => look.Next).Where(at => at is not null).Min();
    }

    /// <summary>What is due for one maintenance, and when more is due; an error in one does not affect the others.</summary>
    private (Maintenance Maintenance, MaintenanceCall? Call, DateTimeOffset? Next) LookAt(Maintenance row, DateTimeOffset now)
    {
        try
        {
            return (row, MaintenanceCall.Due(row, now), MaintenanceCall.NextAfter(row, now));
        }
        catch (Exception exception)
        {
            Log.LeftOut(logger, "Maintenance", row.Id.Value, exception);
            return (row, null, null);
        }
    }

    private async Task AnnounceAsync(StatusDb db, Maintenance maintenance, MaintenanceCall call, DateTimeOffset now, CancellationToken cancel)
    {
        try
        {
            db.Announcements.Add(Announcement.Of(maintenance, call.Event, now, key: call.Key));
            db.Audit.Add(
                new AuditEntry(
                    maintenance.PageId,
                    "schedule",
                    $"maintenance.{call.Event.ToString().ToLowerInvariant()}",
                    $"{maintenance.Id} {maintenance.Title}",
                    now
                )
            );
            await db.SaveChangesAsync(cancel);
        }
        catch (DbUpdateException exception) when (StoreSetup.IsDuplicate(exception))
        {
            // Another node announced it at the same moment.
            db.ChangeTracker.Clear();
        }
        catch (Exception exception) when (!cancel.IsCancellationRequested && !StoreSetup.IsOutage(exception))
        {
            Log.LeftOut(logger, "Maintenance", maintenance.Id.Value, exception);
            db.ChangeTracker.Clear();
        }
    }

    private async Task MakeAheadAsync(CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<StatusDb>();
        var now = time.GetUtcNow();
        var all = await db.MaintenanceSeries.AsNoTracking().ToListAsync(cancel);
        foreach (var row in all)
        {
            try
            {
                if (row.Has(row.Made) && row.StartOf(row.Made) < (now + MaintenanceSeries.Ahead).UtcDateTime.AddDays(1))
                    await MakeAheadAsync(row.Id, now, cancel);
            }
            catch (Exception exception) when (!cancel.IsCancellationRequested && !StoreSetup.IsOutage(exception))
            {
                Log.LeftOut(logger, "Series", row.Id.Value, exception);
            }
        }
    }

    private async Task MakeAheadAsync(SeriesId id, DateTimeOffset now, CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var writer = scope.ServiceProvider.GetRequiredService<ChangeWriter>();
        var series = await writer.Db.MaintenanceSeries.FirstAsync(row => row.Id == id, cancel);
        var zone = await writer.Db.Pages.Where(row => row.Id == series.PageId).Select(row => row.TimeZone).FirstAsync(cancel);
        var windows = series.MakeAhead(ZoneClock.For(zone, now).FromLocal, now);
        if (windows.Count == 0)
            return;
        writer.Db.Maintenances.AddRange(windows);
        try
        {
            await writer.PublishAsync(
                series.PageId,
                new("schedule", "maintenance.made_ahead", $"{windows.Count} of {series.Title}, {series.Words}"),
                cancel
            );
        }
        catch (Exception exception) when (StoreSetup.IsConflict(exception))
        {
            // Another node made them.
        }
    }

    private static partial class Log
    {
        [LoggerMessage(247, LogLevel.Error, "{Kind} {Id} cannot be looked at and is left out; the others are announced.")]
        public static partial void LeftOut(ILogger logger, string kind, string id, Exception exception);
    }
}

/// <summary>Looks every few seconds, and at the instant at which something falls due.</summary>
public sealed class MaintenanceWorker(MaintenanceWatch watch, WorkerTools tools, ILogger<MaintenanceWorker> logger) : Worker("Maintenances", tools, logger)
{
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(5);

    protected override async Task<TimeSpan> RoundAsync(CancellationToken stopping) => Until(await watch.LookAsync(stopping), Poll);
}
