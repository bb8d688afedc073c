using Microsoft.EntityFrameworkCore;
using StatusPage.Domain.Audit;
using StatusPage.Domain.Deliveries;
using StatusPage.Domain.Maintenances;
using StatusPage.Web.Data;
using StatusPage.Web.Deliveries;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Maintenances;

/// <summary>
/// Announces what the clock makes of maintenances, and makes the windows of series ahead. Every node looks; the unique key of an
/// announcement, and how far a series got, make one of them write it, also after a restart. The page itself moves on without this.
/// </summary>
public sealed class MaintenanceWatch(IServiceScopeFactory scopes, FanOutBell bell, TimeProvider time)
{
    /// <summary>The longest reminder, and some.</summary>
    private static readonly TimeSpan Forward = TimeSpan.FromHours(73);
    private static readonly TimeSpan Back = TimeSpan.FromDays(9);

    /// <returns>When something is due next; null when nothing is to come soon.</returns>
    public async Task<DateTimeOffset?> LookAsync(CancellationToken cancel)
    {
        await MakeAheadAsync(cancel);
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<StatusDb>();
        var now = time.GetUtcNow();
        var (from, to) = (now - Back, now + Forward);
        var rows = await db.Maintenances.AsNoTracking().Where(row => row.CancelledAt == null && row.CompletedAt == null && db.Pages.Any(page => page.Id == row.PageId && page.ClosedAt == null) && row.ScheduledFor < to
            && (row.ScheduledUntil > from || row.VerifyingAt > from || row.StartedAt > from || row.End == MaintenanceEnd.ByHand)).ToListAsync(cancel);
        var due = rows.Select(row => (Maintenance: row, Call: MaintenanceCall.Due(row, now))).Where(pair => pair.Call is not null).ToList();
        if (due.Count > 0)
        {
            var keys = due.Select(pair => pair.Call!.Key).ToList();
            var told = await db.Announcements.Where(row => keys.Contains(row.Key!)).Select(row => row.Key).ToListAsync(cancel);
            foreach (var (maintenance, call) in due.Where(pair => !told.Contains(pair.Call!.Key)))
            {
                db.Announcements.Add(Announcement.Of(maintenance, call!.Event, now, key: call.Key));
                db.Audit.Add(new AuditEntry(maintenance.PageId, "schedule", $"maintenance.{call.Event.ToString().ToLowerInvariant()}", $"{maintenance.Id} {maintenance.Title}", now));
            }
            try
            {
                if (await db.SaveChangesAsync(cancel) > 0) bell.Ring();
            }
            catch (DbUpdateException exception) when (!StoreSetup.IsOutage(exception))
            {
                // Another node announced one of them at the same moment. The next look sees which are left.
            }
        }
        return rows.Select(row => MaintenanceCall.NextAfter(row, now)).Where(at => at is not null).Min();
    }

    private async Task MakeAheadAsync(CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<StatusDb>();
        var now = time.GetUtcNow();
        var all = await db.MaintenanceSeries.AsNoTracking().ToListAsync(cancel);
        foreach (var id in all.Where(row => row.Has(row.Made) && row.StartOf(row.Made) < (now + MaintenanceSeries.Ahead).UtcDateTime.AddDays(1)).Select(row => row.Id))
        {
            await using var one = scopes.CreateAsyncScope();
            var desk = one.ServiceProvider.GetRequiredService<Desk>();
            var series = await desk.Db.MaintenanceSeries.FirstAsync(row => row.Id == id, cancel);
            var zone = await desk.Db.Pages.Where(row => row.Id == series.PageId).Select(row => row.TimeZone).FirstAsync(cancel);
            var windows = series.MakeAhead(ZoneClock.For(zone, now).FromLocal, now);
            desk.Db.Maintenances.AddRange(windows);
            try
            {
                // Those that passed while no node ran are not looked at again.
                if (windows.Count == 0) await desk.Db.SaveChangesAsync(cancel);
                else await desk.PublishAsync(series.PageId, new("schedule", "maintenance.made_ahead", $"{windows.Count} of {series.Title}, {series.Words}"), cancel);
            }
            catch (DbUpdateException exception) when (!StoreSetup.IsOutage(exception))
            {
                // Another node made them.
            }
        }
    }
}

/// <summary>Looks every few seconds, and at the instant at which something falls due.</summary>
public sealed partial class MaintenanceWorker(MaintenanceWatch watch, StoreState store, TimeProvider time, ILogger<MaintenanceWorker> logger) : BackgroundService
{
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await store.Ready.WaitAsync(stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            var wait = Poll;
            try
            {
                if (await watch.LookAsync(stoppingToken) is { } next && next - time.GetUtcNow() is var soon && soon < Poll)
                    wait = soon > TimeSpan.Zero ? soon + TimeSpan.FromMilliseconds(1) : TimeSpan.FromMilliseconds(1);
            }
            catch (Exception exception) when (StoreSetup.IsOutage(exception))
            {
                Log.Away(logger);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                Log.Failed(logger, exception);
            }
            await Task.Delay(wait, time, stoppingToken);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(245, LogLevel.Warning, "Maintenances are not announced, as the database cannot be reached; what falls due is made up for.")]
        public static partial void Away(ILogger logger);

        [LoggerMessage(246, LogLevel.Error, "Maintenances could not be looked through; they are in a few seconds.")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
