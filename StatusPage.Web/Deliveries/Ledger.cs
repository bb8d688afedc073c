using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Audit;
using StatusPage.Domain.Channels;
using StatusPage.Domain.Deliveries;
using StatusPage.Domain.Subscriptions;
using StatusPage.Web.Data;
using StatusPage.Web.Hosting;
using StatusPage.Web.Subscriptions;

namespace StatusPage.Web.Deliveries;

/// <summary>A claimed delivery, with what is needed to send it.</summary>
public sealed record Claim(long Id, AnnouncementId AnnouncementId, RecipientId RecipientId, Channel Channel, int Attempts, int OurFaults = 0);

/// <summary>The only writer of delivery state. Races settle in SQL: by the unique key, and by who updates a row first.</summary>
public sealed partial class Ledger(IServiceScopeFactory scopes, Node node, Pauses pauses, TimeProvider time, ILogger<Ledger> logger)
{
    /// <summary>The holder of our leases: this node and no other.</summary>
    private string Worker => node.Id;

    /// <summary>Claims, for the length of the lease, rows of one channel that are due or were left by a worker that died.</summary>
    public async Task<IReadOnlyList<Claim>> ClaimAsync(Channel channel, int atMost, TimeSpan lease, CancellationToken cancel)
    {
        if (pauses.BySetting)
            return [];
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<StatusDb>();
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var until = now + (long)lease.TotalMilliseconds;
        var due = $$"""
            SELECT "Id" FROM "Deliveries" WHERE "Channel" = {3} AND "State" IN (0, 1) AND "NextAttemptAt" <= {2} AND {{Pauses.Not}}
            ORDER BY "Channel", "NextAttemptAt", "Id" LIMIT {{atMost}}
            """;
        // SQLite has one writer at a time, so there is nothing to skip.
        var mine = db.Among(db is PostgresStatusDb ? $"{due} FOR UPDATE SKIP LOCKED" : due);
        var sql = $$"""
            UPDATE "Deliveries" SET "State" = {{(int)DeliveryState.Sending}}, "Attempts" = "Attempts" + 1, "NextAttemptAt" = {0}, "LeasedBy" = {1}
            WHERE "Id" {{mine}}
            RETURNING "Id", "AnnouncementId", "RecipientId", "Attempts", "OurFaults"
            """;
        var rows = await db.Database.SqlQueryRaw<ClaimRow>(sql, until, Worker, now, (int)channel).ToListAsync(cancel);
        return
        [
            .. rows.OrderBy(row => row.Id)
                .Select(row => new Claim(
                    row.Id,
                    AnnouncementId.Of(row.AnnouncementId),
                    RecipientId.Of(row.RecipientId),
                    channel,
                    row.Attempts,
                    row.OurFaults
                )),
        ];
    }

    /// <summary>When the next row of each channel falls due or a lease ends: one index look-up for each.</summary>
    public async Task<IReadOnlyList<(Channel Channel, DateTimeOffset At)>> NextAsync(CancellationToken cancel)
    {
        if (pauses.BySetting)
            return [];
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<StatusDb>();
        var channels = string.Join(", ", ChannelKinds.All.Select(channel => $"({(int)channel})"));
        var sql = $$"""
            WITH channels(number) AS (VALUES {{channels}})
            SELECT number AS "Channel",
                (SELECT "NextAttemptAt" FROM "Deliveries" WHERE "Channel" = number AND "State" IN (0, 1)
                  ORDER BY "Channel", "NextAttemptAt", "Id" LIMIT 1) AS "At"
            FROM channels WHERE {{Pauses.Not}}
            """;
        var rows = await db.Database.SqlQueryRaw<NextRow>(sql).ToListAsync(cancel);
        return [.. rows.Where(row => row.At is not null).Select(row => ((Channel)row.Channel, DateTimeOffset.FromUnixTimeMilliseconds(row.At!.Value)))];
    }

    /// <summary>Renews the leases of unfinished claims.</summary>
    /// <returns>The ids that are still held. The others went to another node, because this one was away for longer than its lease.</returns>
    public async Task<IReadOnlyList<long>> RenewAsync(IReadOnlyCollection<long> ids, TimeSpan lease, CancellationToken cancel)
    {
        if (ids.Count == 0)
            return [];
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<StatusDb>();
        const string renew = """UPDATE "Deliveries" SET "NextAttemptAt" = {0} WHERE "State" = 1 AND "LeasedBy" = {1} AND "Id" """;
        object among = db is PostgresStatusDb ? ids.ToArray() : JsonSerializer.Serialize(ids);
        var sql = renew + (db is PostgresStatusDb ? "= ANY ({2})" : "IN (SELECT value FROM json_each({2}))") + """ RETURNING "Id" AS "Value" """;
        return await db.Database.SqlQueryRaw<long>(sql, (time.GetUtcNow() + lease).ToUnixTimeMilliseconds(), Worker, among).ToListAsync(cancel);
    }

    /// <summary>
    /// Releases what this node held on a channel when it was killed. Nobody knows whether those messages went out, so they are sent again, under the same
    /// Message-ID. This node must not be sending on the channel yet.
    /// </summary>
    public async Task<int> TakeBackAsync(Channel channel, CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var now = time.GetUtcNow();
        // Due rows are claimed anyway. The first condition on the state repeats the index's own; SQLite would not use it otherwise.
        var sql = $$"""
            UPDATE "Deliveries" SET "State" = 0, "NextAttemptAt" = {0}, "LeasedBy" = NULL
            WHERE "State" IN (0, 1) AND "Channel" = {1} AND "NextAttemptAt" > {0} AND "State" = 1 AND "LeasedBy" = {2}
            """;
        return await scope
            .ServiceProvider.GetRequiredService<StatusDb>()
            .Database.ExecuteSqlRawAsync(sql, [now.ToUnixTimeMilliseconds(), (int)channel, Worker], cancel);
    }

    /// <summary>Makes rows due that wait for, or are leased until, an instant that a wrong clock set.</summary>
    public async Task<int> BringForwardAsync(DateTimeOffset from, CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var now = time.GetUtcNow();
        return await scope
            .ServiceProvider.GetRequiredService<StatusDb>()
            .Deliveries.Where(row => (row.State == DeliveryState.Queued || row.State == DeliveryState.Sending) && row.NextAttemptAt >= from)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.NextAttemptAt, now), cancel);
    }

    /// <summary>
    /// Writes the results of a batch in one transaction. A row whose lease went to another node meanwhile is left to that node. A batch that cannot be
    /// written is written row by row, so that one bad result does not make the others be sent again.
    /// </summary>
    public async Task FinishAsync(IReadOnlyCollection<(Claim Claim, SendResult Result)> results, CancellationToken cancel)
    {
        try
        {
            await WriteAsync(results, cancel);
        }
        catch (Exception exception) when (!cancel.IsCancellationRequested && !StoreSetup.IsOutage(exception))
        {
            Log.OneByOne(logger, results.Count, exception);
            foreach (var result in results)
                await FinishAloneAsync(result, cancel);
        }
    }

    /// <summary>Writes only whether the message was sent: the row alone, where the other changes cannot be written.</summary>
    private async Task FinishAloneAsync((Claim Claim, SendResult Result) result, CancellationToken cancel)
    {
        foreach (var rowAlone in new[] { false, true })
        {
            try
            {
                await WriteAsync([result], cancel, rowAlone);
                return;
            }
            catch (Exception exception) when (!cancel.IsCancellationRequested && !StoreSetup.IsOutage(exception))
            {
                Log.NotWritten(
                    logger,
                    result.Claim.Id,
                    result.Result.GetType().Name,
                    rowAlone ? "It is sent again when its lease ends" : "It is tried without what else hangs on it",
                    exception
                );
            }
        }
    }

    private async Task WriteAsync(IReadOnlyCollection<(Claim Claim, SendResult Result)> results, CancellationToken cancel, bool rowAlone = false)
    {
        if (results.Count == 0)
            return;
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<StatusDb>();
        var now = time.GetUtcNow();
        var outcomes = results.GroupBy(result => Outcome.Of(result.Claim, result.Result, now)).ToList();
        // A single statement is its own transaction, and nearly every batch is one.
        await using var transaction =
            !rowAlone && (outcomes.Count > 1 || outcomes.Any(HasMoreToWrite)) ? await db.Database.BeginTransactionAsync(cancel) : null;
        foreach (var group in outcomes)
        {
            var ids = group.Select(result => result.Claim.Id).ToArray();
            var outcome = group.Key;
            var sql = db is PostgresStatusDb ? FinishOnPostgres : FinishOnSqlite;
            await db.Database.ExecuteSqlRawAsync(
                sql,
                [
                    (int)outcome.State,
                    outcome.Counts ? 0 : 1,
                    outcome.Next.ToUnixTimeMilliseconds(),
                    outcome.Reason!,
                    outcome.RemoteId!,
                    outcome.State == DeliveryState.Queued ? null! : now.ToUnixTimeMilliseconds(),
                    Worker,
                    db is PostgresStatusDb ? ids : JsonSerializer.Serialize(ids),
                    outcome.IsOurs ? 1 : 0,
                ],
                cancel
            );
            if (rowAlone || !HasMoreToWrite(group))
                continue;
            foreach (var (claim, result) in group)
            {
                if (outcome.EndsSubscription)
                    await SuppressAsync(db, claim.RecipientId.AsSubscriber, outcome.Reason!, now, cancel);
                if (!claim.Channel.IsPersonal())
                    await RecordAsync(db, claim.RecipientId.AsAccount, result, outcome.Reason, now, cancel);
            }
            await db.SaveChangesAsync(cancel);
        }
        if (transaction is not null)
            await transaction.CommitAsync(CancellationToken.None);

        static bool HasMoreToWrite(IGrouping<Outcome, (Claim Claim, SendResult Result)> group) =>
            group.Key.EndsSubscription || !group.First().Claim.Channel.IsPersonal();
    }

    /// <summary>Releases claims that were not begun, so that a stop does not delay them by the length of a lease.</summary>
    public async Task ReleaseAsync(IReadOnlyCollection<Claim> claims, CancellationToken cancel)
    {
        if (claims.Count == 0)
            return;
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<StatusDb>();
        var ids = claims.Select(claim => claim.Id).ToList();
        await db
            .Deliveries.Where(row => ids.Contains(row.Id) && row.LeasedBy == Worker && row.State == DeliveryState.Sending)
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(row => row.State, DeliveryState.Queued)
                        .SetProperty(row => row.Attempts, row => row.Attempts - 1)
                        .SetProperty(row => row.NextAttemptAt, time.GetUtcNow())
                        .SetProperty(row => row.LeasedBy, (string?)null),
                cancel
            );
    }

    /// <summary>
    /// Puts failed rows of an announcement back into the queue, and moves those that wait for another attempt to its head, with their attempts reset.
    /// </summary>
    /// <param name="reason">Only those that failed for this reason; null: all that failed.</param>
    /// <returns>Rows that will be tried again.</returns>
    public async Task<int> RetryAsync(AnnouncementId announcement, Channel channel, string? reason, CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<StatusDb>();
        return await db
            .Deliveries.Where(row =>
                row.AnnouncementId == announcement
                && row.Channel == channel
                && (row.State == DeliveryState.Failed || (row.State == DeliveryState.Queued && row.Attempts > 0))
                && (reason == null || row.LastError == reason)
            )
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(row => row.State, DeliveryState.Queued)
                        .SetProperty(row => row.Attempts, 0)
                        .SetProperty(row => row.OurFaults, 0)
                        .SetProperty(row => row.NextAttemptAt, time.GetUtcNow())
                        .SetProperty(row => row.FinishedAt, (DateTimeOffset?)null),
                cancel
            );
    }

    /// <summary>Suppresses a subscriber whom nothing reaches any more. A webhook's email contact is told once, however many results say so.</summary>
    private static async Task SuppressAsync(StatusDb db, SubscriberId id, string reason, DateTimeOffset now, CancellationToken cancel)
    {
        var ended = await db
            .Subscribers.WithMembers()
            .Where(row => row.Id == id && row.State == SubscriptionState.Confirmed)
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(row => row.State, SubscriptionState.Suppressed)
                        .SetProperty(row => row.SuppressedFor, reason)
                        .SetProperty(row => row.EndedAt, now),
                cancel
            );
        if (ended == 0)
            return;
        var subscriber = await db.Subscribers.WithMembers().AsNoTracking().FirstAsync(row => row.Id == id, cancel);
        db.Audit.Add(new AuditEntry(subscriber.PageId, "delivery", "subscriber.suppressed", subscriber.Id.Value, now));
        if (subscriber is { Channel: Channel.Webhook, Email: not null })
            db.Announcements.Add(Announcement.To(subscriber, AnnouncementKind.WebhookStopped, now));
    }

    /// <summary>Stores with an account how its sending goes, for the desk.</summary>
    private static async Task RecordAsync(
        StatusDb db,
        ChannelAccountId id,
        SendResult result,
        string? reason,
        DateTimeOffset now,
        CancellationToken cancel
    )
    {
        if (result is SendResult.Postpone or SendResult.Suppress)
            return;
        var account = db.ChannelAccounts.Where(row => row.Id == id);
        if (result is SendResult.Sent)
        {
            await account.ExecuteUpdateAsync(
                set =>
                    set.SetProperty(row => row.LastSentAt, now)
                        .SetProperty(row => row.Trouble, (string?)null)
                        .SetProperty(row => row.TroubleSince, (DateTimeOffset?)null),
                cancel
            );
        }
        else
            await account.ExecuteUpdateAsync(
                set => set.SetProperty(row => row.Trouble, reason).SetProperty(row => row.TroubleSince, row => row.TroubleSince ?? now),
                cancel
            );
    }

    /// <summary>The new state of a row. Rows with the same outcome are written by one statement.</summary>
    private sealed record Outcome(
        DeliveryState State,
        DateTimeOffset Next,
        string? Reason,
        string? RemoteId = null,
        bool Counts = true,
        bool EndsSubscription = false,
        bool IsOurs = false
    )
    {
        public static Outcome Of(Claim claim, SendResult result, DateTimeOffset now) =>
            result switch
            {
                SendResult.Sent sent => new(DeliveryState.Sent, now, sent.Instead, sent.RemoteId),
                SendResult.Suppress suppressed => new(DeliveryState.Suppressed, now, suppressed.Reason),
                SendResult.Postpone later => new(DeliveryState.Queued, later.Until, later.Reason, Counts: false),
                SendResult.TryAgain again when RetrySchedule.NextAfter(claim.Attempts, now, again.NotBefore) is { } next => new(
                    DeliveryState.Queued,
                    next,
                    again.Reason
                ),
                // A webhook that failed to answer in all this time is not called again, if every attempt really called it.
                SendResult.TryAgain again => new(
                    DeliveryState.Failed,
                    now,
                    GivenUp(claim, again.Reason),
                    EndsSubscription: claim is { Channel: Channel.Webhook, OurFaults: 0 }
                ),
                SendResult.OurFault fault when RetrySchedule.NextAfter(claim.Attempts, now) is { } next => new(
                    DeliveryState.Queued,
                    next,
                    fault.Reason,
                    IsOurs: true
                ),
                SendResult.OurFault fault => new(DeliveryState.Failed, now, GivenUp(claim, fault.Reason), IsOurs: true),
                SendResult.GiveUp final => new(
                    DeliveryState.Failed,
                    now,
                    final.Reason,
                    EndsSubscription: final.EndsSubscription && claim.Channel.IsPersonal()
                ),
                _ => throw new ArgumentOutOfRangeException(nameof(result), result, null),
            };

        private static string GivenUp(Claim claim, string reason) => Text.Cut($"Given up after {claim.Attempts} attempts: {reason}", SendResult.MaxReason);
    }

    // A plain command, as it is run hundreds of times a second while an announcement goes out.
    private const string Finish = """
        UPDATE "Deliveries" SET "State" = {0}, "Attempts" = "Attempts" - {1}, "OurFaults" = "OurFaults" + {8}, "NextAttemptAt" = {2}, "LastError" = {3},
          "RemoteId" = COALESCE({4}, "RemoteId"), "FinishedAt" = {5}, "LeasedBy" = NULL
        WHERE "State" = 1 AND "LeasedBy" = {6} AND "Id"
        """;
    private const string FinishOnPostgres = Finish + " = ANY ({7})";
    private const string FinishOnSqlite = Finish + " IN (SELECT value FROM json_each({7}))";

    private sealed record NextRow(int Channel, long? At);

    private sealed record ClaimRow(long Id, string AnnouncementId, string RecipientId, int Attempts, int OurFaults);

    private static partial class Log
    {
        [LoggerMessage(215, LogLevel.Error, "What became of {Number} deliveries could not be written at once; it is written one by one.")]
        public static partial void OneByOne(ILogger logger, int number, Exception exception);

        [LoggerMessage(216, LogLevel.Error, "That delivery {Delivery} ended as {Result} could not be written. {Next}.")]
        public static partial void NotWritten(ILogger logger, long delivery, string result, string next, Exception exception);
    }
}
