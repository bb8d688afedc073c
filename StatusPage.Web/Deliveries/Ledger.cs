using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Deliveries;
using StatusPage.Domain.Subscriptions;
using StatusPage.Web.Data;

namespace StatusPage.Web.Deliveries;

/// <summary>A delivery in this worker's hands, with what is needed to send it.</summary>
public sealed record Claim(long Id, AnnouncementId AnnouncementId, SubscriberId SubscriberId, int Attempts);

/// <summary>The only writer of delivery state. Races settle in SQL: by the unique key, and by who updates a row first.</summary>
public sealed class Ledger(IServiceScopeFactory scopes, TimeProvider time)
{
    /// <summary>Characters of a reason that are kept.</summary>
    private const int MaxReason = 500;

    /// <summary>Who holds our leases: this process and no other.</summary>
    private readonly string _worker = Guid.NewGuid().ToString("N");

    /// <summary>Writes the rows of every announcement that has none yet. Interrupted at any point, it can be run again.</summary>
    /// <returns>Rows written.</returns>
    public async Task<int> FanOutAsync(CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<StatusDb>();
        var orders = await db.Announcements.AsNoTracking().Where(row => row.FannedOutAt == null).OrderBy(row => row.CreatedAt).ToListAsync(cancel);
        var written = 0;
        foreach (var order in orders)
        {
            await using var transaction = await db.Database.BeginTransactionAsync(cancel);
            written += order.SubscriberId is null ? await WriteForAllAsync(db, order, cancel) : await WriteForOneAsync(db, order, cancel);
            await db.Announcements.Where(row => row.Id == order.Id).ExecuteUpdateAsync(set => set.SetProperty(row => row.FannedOutAt, time.GetUtcNow()), cancel);
            await transaction.CommitAsync(cancel);
        }
        return written;
    }

    /// <summary>Takes what is due, or was left by a worker that died, for the length of the lease.</summary>
    public async Task<IReadOnlyList<Claim>> ClaimAsync(int atMost, TimeSpan lease, CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<StatusDb>();
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var until = now + (long)lease.TotalMilliseconds;
        // SQLite has one writer at a time, so there is nothing to skip.
        var locking = db is PostgresStatusDb ? "FOR UPDATE SKIP LOCKED" : "";
        var sql = $$"""
            UPDATE "Deliveries" SET "State" = {{(int)DeliveryState.Sending}}, "Attempts" = "Attempts" + 1, "NextAttemptAt" = {0}, "LeasedBy" = {1}
            WHERE "Id" IN (SELECT "Id" FROM "Deliveries" WHERE "State" IN (0, 1) AND "NextAttemptAt" <= {2} ORDER BY "NextAttemptAt", "Id" LIMIT {3} {{locking}})
            RETURNING "Id", "AnnouncementId", "SubscriberId", "Attempts"
            """;
        var rows = await db.Database.SqlQueryRaw<ClaimRow>(sql, until, _worker, now, atMost).ToListAsync(cancel);
        return [.. rows.Select(row => new Claim(row.Id, AnnouncementId.Of(row.AnnouncementId), SubscriberId.Of(row.SubscriberId), row.Attempts))];
    }

    /// <summary>Writes what became of a batch, in one transaction. A row whose lease went to somebody else meanwhile is left to them.</summary>
    public async Task FinishAsync(IReadOnlyCollection<(Claim Claim, SendResult Result)> results, CancellationToken cancel)
    {
        if (results.Count == 0) return;
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<StatusDb>();
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var now = time.GetUtcNow();
        foreach (var group in results.GroupBy(result => Outcome(result.Claim, result.Result, now)))
        {
            var ids = group.Select(result => result.Claim.Id).ToList();
            var (state, next, reason) = group.Key;
            await db.Deliveries.Where(row => ids.Contains(row.Id) && row.LeasedBy == _worker && row.State == DeliveryState.Sending)
                .ExecuteUpdateAsync(set => set
                    .SetProperty(row => row.State, state)
                    .SetProperty(row => row.NextAttemptAt, next)
                    .SetProperty(row => row.LastError, reason)
                    .SetProperty(row => row.LeasedBy, (string?)null)
                    .SetProperty(row => row.FinishedAt, state == DeliveryState.Queued ? null : now), cancel);
        }
        await transaction.CommitAsync(cancel);
    }

    /// <summary>Gives back what was claimed and not begun, so that a stop costs nobody the length of a lease.</summary>
    public async Task ReleaseAsync(IReadOnlyCollection<Claim> claims, CancellationToken cancel)
    {
        if (claims.Count == 0) return;
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<StatusDb>();
        var ids = claims.Select(claim => claim.Id).ToList();
        await db.Deliveries.Where(row => ids.Contains(row.Id) && row.LeasedBy == _worker && row.State == DeliveryState.Sending)
            .ExecuteUpdateAsync(set => set
                .SetProperty(row => row.State, DeliveryState.Queued)
                .SetProperty(row => row.Attempts, row => row.Attempts - 1)
                .SetProperty(row => row.NextAttemptAt, time.GetUtcNow())
                .SetProperty(row => row.LeasedBy, (string?)null), cancel);
    }

    private static (DeliveryState State, DateTimeOffset Next, string? Reason) Outcome(Claim claim, SendResult result, DateTimeOffset now) => result switch
    {
        SendResult.Sent => (DeliveryState.Sent, now, null),
        SendResult.Suppress suppressed => (DeliveryState.Suppressed, now, Cut(suppressed.Reason)),
        SendResult.TryAgain again when RetrySchedule.After(claim.Attempts) is { } wait => (DeliveryState.Queued, now + wait, Cut(again.Reason)),
        SendResult.TryAgain again => (DeliveryState.Failed, now, Cut($"Given up after {claim.Attempts} attempts: {again.Reason}")),
        SendResult.GiveUp final => (DeliveryState.Failed, now, Cut(final.Reason)),
        _ => throw new ArgumentOutOfRangeException(nameof(result), result, null),
    };

    private static string Cut(string reason) => reason.Length <= MaxReason ? reason : reason[..MaxReason];

    private Task<int> WriteForOneAsync(StatusDb db, Announcement order, CancellationToken cancel) => db.Database.ExecuteSqlRawAsync(
        Insert + """VALUES ({0}, {1}, 0, 0, 0, {2}) ON CONFLICT DO NOTHING""",
        [order.Id.Value, order.SubscriberId!.Value.Value, time.GetUtcNow().ToUnixTimeMilliseconds()], cancel);

    /// <summary>Everybody who is confirmed and wants everything, or one of the components that it touches.</summary>
    private Task<int> WriteForAllAsync(StatusDb db, Announcement order, CancellationToken cancel)
    {
        var parameters = new List<object> { order.Id.Value, time.GetUtcNow().ToUnixTimeMilliseconds(), order.PageId.Value };
        var wanted = "\"WantsEverything\"";
        foreach (var component in order.ComponentIds)
        {
            wanted += $$""" OR "ComponentIds" LIKE {{{parameters.Count}}}""";
            parameters.Add($"% {component.Value} %");
        }
        var sql = Insert + $$"""
            SELECT {0}, "Id", 0, 0, 0, {1} FROM "Subscribers"
            WHERE "PageId" = {2} AND "State" = {{(int)SubscriptionState.Confirmed}} AND ({{wanted}})
            ON CONFLICT DO NOTHING
            """;
        return db.Database.ExecuteSqlRawAsync(sql, parameters, cancel);
    }

    private const string Insert = """
        INSERT INTO "Deliveries" ("AnnouncementId", "SubscriberId", "Channel", "State", "Attempts", "NextAttemptAt")

        """;

    private sealed record ClaimRow(long Id, string AnnouncementId, string SubscriberId, int Attempts);
}
