using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Channels;
using StatusPage.Domain.Subscriptions;
using StatusPage.Web.Data;
using StatusPage.Web.Hosting;
using StatusPage.Web.Languages;

namespace StatusPage.Web.Deliveries;

/// <summary>An account of the page's own on which the last attempt failed.</summary>
public sealed record TroubledAccount(ChannelAccountId Id, string Name, Channel Channel, string Reason, DateTimeOffset? Since);

/// <summary>Recent trouble with deliveries.</summary>
/// <param name="Bounced">Addresses suppressed within a day because mail bounced or was unwanted; 0 while their number is within what is usual.</param>
/// <param name="BouncedPercent">Their share of all addresses that were mailed.</param>
/// <param name="Mail">Why the mail server accepts nothing at all; null while it does.</param>
public sealed record Trouble(
    IReadOnlyList<TroubledAccount> Accounts,
    int Bounced,
    int BouncedPercent,
    int Failed,
    string? FailedFor,
    UpdateId? FailedUpdate,
    int Waiting,
    string? WaitingFor,
    DateTimeOffset? NextAttemptAt,
    MailTrouble? Mail = null
)
{
    public bool IsNone => Mail is null && Accounts.Count == 0 && Bounced == 0 && Failed == 0;

    /// <summary>"Slack does not work · 12 messages failed", in the reader's language.</summary>
    public string InWords(Words say)
    {
        var parts = Accounts.Select(account => say["{0} ({1}) does not work", account.Name, say[account.Channel.Label()]]).ToList();
        if (Mail is not null)
            parts.Insert(0, say["The mail server takes no mails"]);
        if (Failed > 0)
            parts.Add(say.Count(Failed, "1 message could not be delivered", "{0:N0} messages could not be delivered"));
        if (Bounced > 0)
            parts.Add(say.Count(Bounced, "1 address bounced or complained", "{0:N0} addresses bounced or complained"));
        return string.Join(" · ", parts);
    }

    public static string Count(int number, string noun) =>
        string.Create(CultureInfo.InvariantCulture, $"{number:N0} {(number == 1 ? noun : noun.EndsWith('s') ? noun + "es" : noun + "s")}");
}

/// <summary>Looks for trouble, for every page of the desk. A result is good for a multiple of the time it took to find.</summary>
public sealed class DeliveryTrouble(Settings settings, MailTransport transport, TimeProvider time) : IDisposable
{
    /// <summary>It keeps the database busy for at most a twenty-first of the time.</summary>
    private const int Rest = 20;

    /// <summary>Fewer bounces than these are normal.</summary>
    private const int MinBounced = 10;

    private static readonly TimeSpan Lately = TimeSpan.FromDays(1);

    /// <summary>A message is given up a day and a half after it was announced, so a recent failure was announced within this time.</summary>
    private static readonly TimeSpan Announced = TimeSpan.FromDays(3);

    /// <summary>The most pages whose trouble is kept; beyond that, the cache is emptied.</summary>
    private const int Most = 200;

    private readonly SemaphoreSlim _one = new(1);

    /// <summary>Kept for each page: people at one page do not hear of another's accounts.</summary>
    private readonly ConcurrentDictionary<PageId, Found> _found = new();

    /// <summary>What the mail server does is known here, and is never said late.</summary>
    public async Task<Trouble> FindAsync(StatusDb db, PageId page, CancellationToken cancel) =>
        await KnownAsync(db, page, cancel) with
        {
            Mail = transport.Trouble,
        };

    private async Task<Trouble> KnownAsync(StatusDb db, PageId page, CancellationToken cancel)
    {
        var before = _found.GetValueOrDefault(page);
        if (before is not null && IsFresh(before))
            return before.Trouble;
        // While one request looks, the others use the previous result.
        if (!await _one.WaitAsync(before is null ? Timeout.InfiniteTimeSpan : TimeSpan.Zero, cancel))
            return before!.Trouble;
        try
        {
            if (_found.TryGetValue(page, out var meanwhile) && IsFresh(meanwhile))
                return meanwhile.Trouble;
            var began = time.GetTimestamp();
            var trouble = await ReadAsync(db, page, cancel);
            if (_found.Count >= Most)
                _found.Clear();
            _found[page] = new(trouble, time.GetTimestamp(), time.GetElapsedTime(began));
            return trouble;
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    private bool IsFresh(Found found) => time.GetElapsedTime(found.At) < found.Took * Rest;

    private async Task<Trouble> ReadAsync(StatusDb db, PageId page, CancellationToken cancel)
    {
        var since = time.GetUtcNow() - Lately;
        var accounts = await db
            .ChannelAccounts.Where(row => row.PageId == page && row.IsOn && row.Trouble != null)
            .OrderBy(row => row.TroubleSince)
            .Select(row => new TroubledAccount(row.Id, row.Name, row.Channel, row.Trouble!, row.TroubleSince))
            .ToListAsync(cancel);
        var bounced = await db.Subscribers.CountAsync(
            row => row.PageId == page && row.State == SubscriptionState.Suppressed && row.Channel == Channel.Email && row.EndedAt >= since,
            cancel
        );
        var percent = 0;
        if (bounced >= MinBounced)
        {
            var confirmed = await db.Subscribers.CountAsync(
                row => row.PageId == page && row.State == SubscriptionState.Confirmed && row.Channel == Channel.Email,
                cancel
            );
            percent = (int)(100L * bounced / (confirmed + bounced));
        }
        var failed = await db
            .Database.SqlQueryRaw<FailedRow>(
                """
                SELECT CAST(COUNT(*) AS INTEGER) AS "Count", MAX(d."Id") AS "Last"
                FROM "Announcements" a JOIN "Deliveries" d ON d."AnnouncementId" = a."Id"
                WHERE a."PageId" = {2} AND a."CreatedAt" >= {0} AND d."State" = 3 AND d."FinishedAt" >= {1}
                """,
                (since - Announced).ToUnixTimeMilliseconds(),
                since.ToUnixTimeMilliseconds(),
                page.Value
            )
            .SingleAsync(cancel);
        var last = failed.Last is not { } id
            ? null
            : await (
                from delivery in db.Deliveries
                where delivery.Id == id
                join announcement in db.Announcements on delivery.AnnouncementId equals announcement.Id
                // Only an incident's update has a page about its deliveries.
                select new { delivery.LastError, UpdateId = announcement.MaintenanceId == null ? announcement.UpdateId : null }
            ).FirstOrDefaultAsync(cancel);
        // Mails that wait for the mail server itself have had no attempt.
        var mail = transport.Trouble;
        // The first condition repeats the index's own; SQLite would not use it otherwise.
        var waiting = await db
            .Database.SqlQueryRaw<WaitingRow>(
                """
                SELECT CAST(COUNT(*) AS INTEGER) AS "Count", MIN("NextAttemptAt") AS "Next", MIN("LastError") AS "Reason" FROM "Deliveries"
                WHERE "State" IN (0, 1) AND "State" = 0 AND "LastError" IS NOT NULL AND ("Attempts" > 0 OR "Channel" = {1})
                  AND EXISTS (SELECT 1 FROM "Announcements" a WHERE a."Id" = "AnnouncementId" AND a."PageId" = {0})
                """,
                page.Value,
                mail is null ? -1 : (int)Channel.Email
            )
            .SingleAsync(cancel);
        var alarms = bounced >= MinBounced && percent >= settings.BounceAlertPercent;
        return new(
            accounts,
            alarms ? bounced : 0,
            percent,
            failed.Count,
            last?.LastError,
            last?.UpdateId,
            waiting.Count,
            mail?.Reason ?? waiting.Reason,
            waiting.Next is { } next ? DateTimeOffset.FromUnixTimeMilliseconds(next) : null,
            mail
        );
    }

    private sealed record Found(Trouble Trouble, long At, TimeSpan Took);

    private sealed record FailedRow(int Count, long? Last);

    private sealed record WaitingRow(int Count, long? Next, string? Reason);
}
