using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Audit;
using StatusPage.Domain.Channels;
using StatusPage.Domain.Subscriptions;
using StatusPage.Web.Hosting;

namespace StatusPage.Web.Data;

/// <summary>
/// Once an hour: deletes data that was kept for long enough, takes incidents that have been over for a week (until then they may be reopened) off the
/// lists of their followers, removes subscribers who wanted nothing else, and removes webhooks that nobody confirmed. Two nodes that do it at once do no
/// harm.
/// </summary>
public sealed class RetentionWorker(Retention retention, IServiceScopeFactory scopes, WorkerTools tools, ILogger<RetentionWorker> logger)
    : Worker("Retention", tools, logger)
{
    public static readonly TimeSpan KeptFor = TimeSpan.FromDays(7);
    private static readonly TimeSpan Every = TimeSpan.FromHours(1);

    /// <summary>Subscribers changed in one transaction, so that a post in between waits for no more than these.</summary>
    private const int AtOnce = 500;

    protected override async Task<TimeSpan> RoundAsync(CancellationToken stopping)
    {
        await using (var scope = scopes.CreateAsyncScope())
            await TidyAsync(scope.ServiceProvider.GetRequiredService<StatusDb>(), Time.GetUtcNow(), stopping);
        await retention.RunAsync(stopping);
        return Every;
    }

    public static async Task TidyAsync(StatusDb db, DateTimeOffset now, CancellationToken cancel)
    {
        var until = now - KeptFor;
        // Each request for a webhook is a row of its own; after a week, somebody whose mail lay unread asks again.
        await db
            .Subscribers.Where(row => row.Channel == Channel.Webhook && row.State == SubscriptionState.Pending && row.CreatedAt < until)
            .ExecuteDeleteAsync(cancel);
        var last = SubscriberId.Of("");
        while (true)
        {
            // Subscribers who unsubscribed or are suppressed stay as they are, so that nobody subscribes them again by mistake.
            var rows = await db
                .Subscribers.FromSqlRaw(
                    """SELECT * FROM "Subscribers" WHERE "IncidentIds" <> '' AND "State" IN (0, 1) AND "Id" > {0} ORDER BY "Id" LIMIT {1}""",
                    last.Value,
                    AtOnce
                )
                .ToListAsync(cancel);
            if (rows.Count == 0)
                return;
            var named = rows.SelectMany(row => row.IncidentIds).Distinct().ToList();
            var current = await db
                .Incidents.Where(row => named.Contains(row.Id) && row.DeletedAt == null && (row.ResolvedAt == null || row.ResolvedAt > until))
                .Select(row => row.Id)
                .ToListAsync(cancel);
            foreach (var row in rows)
            {
                var kept = row.IncidentIds.Where(current.Contains).ToList();
                if (kept.Count == row.IncidentIds.Count)
                    continue;
                if (kept.Count == 0 && row.ComponentIds.Count == 0)
                {
                    db.Subscribers.Remove(row);
                    db.Audit.Add(
                        new AuditEntry(row.PageId, "housekeeping", "subscriber.removed", $"{row.Id} the incidents that it followed are over", now)
                    );
                }
                else
                    row.Choose(row.ComponentIds, kept);
            }
            await db.SaveChangesAsync(cancel);
            db.ChangeTracker.Clear();
            last = rows[^1].Id;
        }
    }
}
