using Microsoft.EntityFrameworkCore;
using StatusPage.Domain.Audit;
using StatusPage.Domain.Channels;
using StatusPage.Domain.Deliveries;
using StatusPage.Web.Channels;
using StatusPage.Web.Data;
using StatusPage.Web.Hosting;

namespace StatusPage.Web.Audit;

/// <summary>
/// Each day's end of the audit log, by UTC, is written to the log and sent to a webhook if one is set, so that somebody who can change the database cannot
/// change those copies. Of several nodes, the one that writes the day's row does it.
/// </summary>
public sealed partial class AuditWatch(
    IServiceScopeFactory scopes,
    AuditKeys keys,
    OutboundHttp outbound,
    Settings settings,
    WorkerTools tools,
    ILogger<AuditWatch> logger
) : Worker("The end of the audit", tools, logger)
{
    private static readonly TimeSpan Looks = TimeSpan.FromMinutes(1);

    /// <summary>Longer than the webhook may take to answer.</summary>
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(2);

    private DateOnly _refused;

    protected override async Task<TimeSpan> RoundAsync(CancellationToken stopping)
    {
        await LookAsync(stopping);
        return Looks;
    }

    public async Task LookAsync(CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<StatusDb>();
        var today = DateOnly.FromDateTime(Time.GetUtcNow().UtcDateTime);
        var midnight = new DateTimeOffset(today.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
        if (!await db.DailyHeads.AnyAsync(row => row.Day == today.AddDays(-1), cancel) && await db.Audit.AnyAsync(entry => entry.At < midnight, cancel))
            await TellAsync(db, today.AddDays(-1), cancel);
        if (settings.AuditWebhook is { } webhook)
            await SendAsync(db, webhook, cancel);
    }

    private async Task TellAsync(StatusDb db, DateOnly day, CancellationToken cancel)
    {
        var head = await db.AuditHeads.AsNoTracking().SingleAsync(cancel);
        if (keys.Check(head.Attested) is var proof and not (HeadProof.Own or HeadProof.Former))
        {
            // A broken end is not signed again.
            if (_refused != day)
                Log.Refused(logger, AuditChain.Ends(head.Number).ToString(), AuditChain.Wrong(proof, head.Key).ToString());
            _refused = day;
            return;
        }
        var said = DailyHead.Of(day, keys.Sign(head.Number, head.Hash, Time.GetUtcNow()), settings.AuditWebhook is not null);
        try
        {
            await using var transaction = await db.Database.BeginTransactionAsync(cancel);
            db.Add(said);
            await db.SaveChangesAsync(cancel);
            // Before the commit, since twice is better than never.
            Log.Head(logger, day, said.Attested.ToString());
            await transaction.CommitAsync(CancellationToken.None);
        }
        catch (DbUpdateException exception) when (StoreSetup.IsDuplicate(exception))
        {
            // Another node was first, and writes the log.
            db.ChangeTracker.Clear();
        }
    }

    private async Task SendAsync(StatusDb db, Uri webhook, CancellationToken cancel)
    {
        var now = Time.GetUtcNow();
        foreach (var due in await db.DailyHeads.Where(row => row.NextAttemptAt <= now).OrderBy(row => row.Day).ToListAsync(cancel))
        {
            var leaseEndsAt = now + Lease;
            var seen = due.NextAttemptAt;
            if (
                await db
                    .DailyHeads.Where(row => row.Day == due.Day && row.NextAttemptAt == seen)
                    .ExecuteUpdateAsync(set => set.SetProperty(row => row.NextAttemptAt, leaseEndsAt), cancel) == 0
            )
                continue;
            using var request = new HttpRequestMessage(HttpMethod.Post, webhook)
            {
                Content = JsonContent.Create(
                    new
                    {
                        type = "audit.head",
                        day = due.Day,
                        number = due.Number,
                        hash = due.Hash,
                        at = due.At,
                        key = due.Key,
                        signature = due.Signature,
                        line = due.Attested.ToString(),
                    }
                ),
            };
            var reply = await outbound.SendAsync(Channel.Webhook, request);
            Record(due, reply.IsGood ? SendResult.Ok : reply.Failed(Time.GetUtcNow()));
            await db.SaveChangesAsync(cancel);
        }
    }

    private void Record(DailyHead day, SendResult result)
    {
        var now = Time.GetUtcNow();
        switch (result)
        {
            case SendResult.Sent:
                day.Sent(now);
                return;
            case SendResult.Postpone { Until: var until }:
                day.Wait(until, isAttempt: false);
                return;
            case SendResult.TryAgain { NotBefore: var wish } when RetrySchedule.NextAfter(day.Attempts + 1, now, wish) is { } next:
                day.Wait(next);
                return;
            default:
                day.Wait(null);
                break;
        }
        Log.NotTaken(logger, day.Day, ((SendResult.NotSent)result).Reason);
    }

    private static partial class Log
    {
        /// <summary>The reader of the log keeps it: <c>audit verify --head "…"</c> compares it with the audit.</summary>
        [LoggerMessage(140, LogLevel.Information, "The audit at the end of {Day}: {Head}")]
        public static partial void Head(ILogger logger, DateOnly day, string head);

        [LoggerMessage(141, LogLevel.Error, "The audit {Ends}, and that end {Wrong} Run 'audit verify'; docs/audit.md says what it may mean.")]
        public static partial void Refused(ILogger logger, string ends, string wrong);

        [LoggerMessage(142, LogLevel.Warning, "The end of the audit of {Day} could not be told to Audit:Webhook and is not tried again: {Reason}")]
        public static partial void NotTaken(ILogger logger, DateOnly day, string reason);
    }
}
