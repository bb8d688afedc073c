using System.Globalization;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Accounts;
using StatusPage.Domain.Deliveries;
using StatusPage.Domain.Drafts;
using StatusPage.Domain.Metrics;
using StatusPage.Domain.Notices;
using StatusPage.Web.Hosting;
using StatusPage.Web.StatusApi;

namespace StatusPage.Web.Data;

/// <summary>
/// Deletes old data; docs/retention.md says what and when. It works in steps, each a transaction of its own followed by a pause, so that no writer waits
/// for long. Two nodes that do it at once do no harm. The audit stays.
/// </summary>
public sealed class Retention(IServiceScopeFactory scopes, Settings settings, TimeProvider time)
{
    /// <summary>Rows of one step.</summary>
    private const int Step = 2_000;

    /// <summary>A form is sent again within minutes; one that was left open is sent once.</summary>
    public static readonly TimeSpan FormPostsKept = TimeSpan.FromDays(7);

    /// <summary>An expired link says so for a while.</summary>
    public static readonly TimeSpan LinksKept = TimeSpan.FromDays(30);

    /// <summary>What sources and destinations sent. The cases that came of it stay, for the record of the incident.</summary>
    public static readonly TimeSpan AlertsKept = TimeSpan.FromDays(30);

    public async Task RunAsync(CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        await DeleteAsync("IdempotentRequests", "\"At\" < {0}", now - Idempotency.KeptFor, cancel);
        await DeleteAsync("FormPosts", "\"At\" < {0}", now - FormPostsKept, cancel);
        await DeleteAsync("MetricPoints", "\"At\" < {0}", now - MetricSeries.Kept, cancel);
        await DeleteAsync("Notices", "\"FinishedAt\" < {0}", now - Notice.KeptFor, cancel);
        await DeleteAsync("DeskSessions", "\"SeenAt\" < {0}", now - DeskSession.IdleAtMost, cancel);
        await DeleteAsync("DeskSessions", "\"BegunAt\" < {0}", now - DeskSession.LastsAtMost, cancel);
        await DeleteAsync("OneTimeLinks", "\"ExpiresAt\" < {0}", now - LinksKept, cancel);
        await DeleteAsync("Drafts", $"\"State\" <> {(int)DraftState.Submitted} AND \"UpdatedAt\" < {{0}}", now - settings.DraftsKept, cancel);
        await DeleteAsync("AlertDeliveries", "\"State\" <> 0 AND \"ReceivedAt\" < {0}", now - AlertsKept, cancel);
        await DeleteAsync("DestinationDeliveries", "\"ReceivedAt\" < {0}", now - AlertsKept, cancel);
        await DeleteAsync("AlertHistories", "\"ChangedAt\" < {0}", now - AlertsKept, cancel);
        await CountDeliveriesAsync(now - settings.DeliveriesKept, cancel);
        DeleteMailFiles(now - settings.MailFilesKept);
    }

    private async Task DeleteAsync(string table, string condition, DateTimeOffset before, CancellationToken cancel)
    {
        while (true)
        {
            var began = time.GetTimestamp();
            await using (var scope = scopes.CreateAsyncScope())
            {
                var db = scope.ServiceProvider.GetRequiredService<StatusDb>();
                var place = db is PostgresStatusDb ? "ctid" : "rowid";
                var some = $"SELECT {place} FROM \"{table}\" WHERE {condition} LIMIT {Step.ToString(CultureInfo.InvariantCulture)}";
                var sql = $"DELETE FROM \"{table}\" WHERE {place} {db.Among(some)}";
                if (await db.Database.ExecuteSqlRawAsync(sql, [before.ToUnixTimeMilliseconds()], cancel) < Step)
                    return;
            }
            await RestAsync(began, cancel);
        }
    }

    /// <summary>The oldest announcements first. An announcement to one person goes with its delivery, as nobody asks about it any more.</summary>
    private async Task CountDeliveriesAsync(DateTimeOffset before, CancellationToken cancel)
    {
        while (true)
        {
            List<AnnouncementId> old;
            await using (var scope = scopes.CreateAsyncScope())
            {
                old = await scope
                    .ServiceProvider.GetRequiredService<StatusDb>()
                    .Announcements.Where(row => row.CountedAt == null && row.CreatedAt < before && row.FannedOutAt != null)
                    .OrderBy(row => row.CreatedAt)
                    .Select(row => row.Id)
                    .Take(100)
                    .ToListAsync(cancel);
            }
            if (old.Count == 0)
                return;
            foreach (var announcement in old)
            {
                bool isMore;
                do
                {
                    var began = time.GetTimestamp();
                    isMore = await CountStepAsync(announcement, cancel);
                    await RestAsync(began, cancel);
                } while (isMore);
            }
        }
    }

    /// <returns>Whether the announcement has more deliveries to count.</returns>
    private async Task<bool> CountStepAsync(AnnouncementId announcement, CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<StatusDb>();
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var some = $"SELECT \"Id\" FROM \"Deliveries\" WHERE \"AnnouncementId\" = {{0}} LIMIT {Step}";
        var sql = $"DELETE FROM \"Deliveries\" WHERE \"Id\" {db.Among(some)} RETURNING \"Channel\", \"State\"";
        var gone = await db.Database.SqlQueryRaw<Ended>(sql, announcement.Value).ToListAsync(cancel);
        foreach (var group in gone.GroupBy(row => row))
        {
            await db.Database.ExecuteSqlRawAsync(
                """
                INSERT INTO "DeliveryTotals" ("AnnouncementId", "Channel", "State", "Count") VALUES ({0}, {1}, {2}, {3})
                ON CONFLICT ("AnnouncementId", "Channel", "State") DO UPDATE SET "Count" = "DeliveryTotals"."Count" + excluded."Count"
                """,
                [announcement.Value, group.Key.Channel, group.Key.State, group.Count()],
                cancel
            );
        }
        var isMore = gone.Count == Step;
        if (!isMore)
        {
            var now = time.GetUtcNow();
            var told = db.Announcements.Where(row => row.Id == announcement);
            if (await told.Where(row => row.SubscriberId != null || row.Kind == AnnouncementKind.ComponentChange).ExecuteDeleteAsync(cancel) > 0)
                await db.DeliveryTotals.Where(row => row.AnnouncementId == announcement).ExecuteDeleteAsync(cancel);
            else
                await told.ExecuteUpdateAsync(set => set.SetProperty(row => row.CountedAt, now), cancel);
        }
        await transaction.CommitAsync(CancellationToken.None);
        return isMore;
    }

    private void DeleteMailFiles(DateTimeOffset before)
    {
        var folder = Path.Combine(settings.DataDirectory, DataFolder.Mails);
        if (!Directory.Exists(folder))
            return;
        foreach (var file in new DirectoryInfo(folder).EnumerateFiles("*.eml"))
            if (file.LastWriteTimeUtc < before.UtcDateTime)
                file.Delete();
    }

    /// <summary>Pauses for as long as the step took, so that others have their turn.</summary>
    private Task RestAsync(long began, CancellationToken cancel) => Task.Delay(time.GetElapsedTime(began), time, cancel);

    private sealed record Ended(int Channel, int State);
}
