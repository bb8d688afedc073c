using Microsoft.EntityFrameworkCore;
using StatusPage.Domain.Deliveries;
using StatusPage.Domain.Notices;
using StatusPage.Web.Data;
using StatusPage.Web.Deliveries;
using StatusPage.Web.Hosting;

namespace StatusPage.Web.Notices;

/// <summary>The only writer of the state of notices. Races settle in SQL: by the unique key, and by who updates a row first.</summary>
public sealed class NoticeClaims(IServiceScopeFactory scopes, Node node, Pauses pauses, TimeProvider time)
{
    /// <summary>How soon to look again when another notice of the same topic is being sent.</summary>
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(2);

    /// <summary>Longer than any answer may take, because it is not renewed.</summary>
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);

    /// <summary>Releases what this node held when it was killed.</summary>
    public async Task TakeBackAsync(CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var now = time.GetUtcNow();
        await scope
            .ServiceProvider.GetRequiredService<StatusDb>()
            .Notices.Where(row => row.State == DeliveryState.Sending && row.LeasedBy == node.Id)
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(row => row.State, DeliveryState.Queued)
                        .SetProperty(row => row.NextAttemptAt, now)
                        .SetProperty(row => row.LeasedBy, (string?)null),
                cancel
            );
    }

    /// <summary>Makes notices due that wait for, or are leased until, an instant that a wrong clock set.</summary>
    public async Task BringForwardAsync(DateTimeOffset from, CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var now = time.GetUtcNow();
        await scope
            .ServiceProvider.GetRequiredService<StatusDb>()
            .Notices.Where(row => (row.State == DeliveryState.Queued || row.State == DeliveryState.Sending) && row.NextAttemptAt >= from)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.NextAttemptAt, now), cancel);
    }

    /// <summary>When the next notice falls due, or a lease ends; null when there is none.</summary>
    public async Task<DateTimeOffset?> NextAsync(CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<StatusDb>();
        if (await pauses.FindAsync(db, cancel) is not null)
            return null;
        return await db
            .Notices.Where(row => row.State == DeliveryState.Queued || row.State == DeliveryState.Sending)
            .MinAsync(row => (DateTimeOffset?)row.NextAttemptAt, cancel);
    }

    /// <summary>Claims, for the length of a lease, notices that are due or were left by a node that died.</summary>
    public async Task<IReadOnlyList<Notice>> ClaimAsync(int atMost, CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<StatusDb>();
        var now = time.GetUtcNow();
        // SQLite has one writer at a time, so there is nothing to skip.
        var locking = db is PostgresStatusDb ? "FOR UPDATE SKIP LOCKED" : "";
        var sql = $$"""
            UPDATE "Notices" SET "State" = {{(int)DeliveryState.Sending}}, "NextAttemptAt" = {0}, "LeasedBy" = {2}
            WHERE "Id" IN (SELECT "Id" FROM "Notices" WHERE "State" IN (0, 1) AND "NextAttemptAt" <= {1} AND {{Pauses.Not}}
              ORDER BY "NextAttemptAt", "Id" LIMIT {{atMost}} {{locking}})
            RETURNING "Id" AS "Value"
            """;
        var ids = await db
            .Database.SqlQueryRaw<long>(sql, (now + Lease).ToUnixTimeMilliseconds(), now.ToUnixTimeMilliseconds(), node.Id)
            .ToListAsync(cancel);
        return ids.Count == 0 ? [] : await db.Notices.AsNoTracking().Where(row => ids.Contains(row.Id)).OrderBy(row => row.Id).ToListAsync(cancel);
    }

    /// <summary>
    /// Why a notice is not sent now: its topic was closed meanwhile, or the notice that it closes is still being sent. Null: it may be sent.
    /// </summary>
    public async Task<SendResult?> ObstacleAsync(Notice notice, CancellationToken cancel)
    {
        if (notice.Topic is not { } topic)
            return null;
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<StatusDb>();
        var others = db.Notices.Where(row => row.Topic == topic && row.Channel == notice.Channel && row.Address == notice.Address && row.Id != notice.Id);
        if (!notice.Closes)
            return await others.AnyAsync(row => row.Closes, cancel) ? new SendResult.Suppress("What it is about was over before it could be sent.") : null;
        return await others.AnyAsync(row => row.State == DeliveryState.Sending && !row.Closes, cancel)
            ? new SendResult.Postpone(time.GetUtcNow() + Turn, "Waiting for what it closes.")
            : null;
    }

    /// <summary>Writes the result of an attempt. A row whose lease went to another node meanwhile is left to that node.</summary>
    public async Task FinishAsync(Notice notice, SendResult result, CancellationToken cancel)
    {
        var leaseEndsAt = notice.NextAttemptAt;
        notice.Record(result, time.GetUtcNow());
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<StatusDb>();
        await db
            .Notices.Where(row => row.Id == notice.Id && row.State == DeliveryState.Sending && row.NextAttemptAt == leaseEndsAt)
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(row => row.State, notice.State)
                        .SetProperty(row => row.Attempts, notice.Attempts)
                        .SetProperty(row => row.NextAttemptAt, notice.NextAttemptAt)
                        .SetProperty(row => row.LastError, notice.LastError)
                        .SetProperty(row => row.FinishedAt, notice.FinishedAt)
                        .SetProperty(row => row.Link, notice.Link),
                cancel
            );
    }
}
