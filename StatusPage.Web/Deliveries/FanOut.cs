using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using StatusPage.Domain;
using StatusPage.Domain.Channels;
using StatusPage.Domain.Deliveries;
using StatusPage.Domain.Subscriptions;
using StatusPage.Web.Data;
using StatusPage.Web.Hosting;

namespace StatusPage.Web.Deliveries;

/// <summary>
/// Turns an announcement into rows of the ledger, by INSERT … SELECT over a stretch of subscribers at a time. So the first rows are sent while the last
/// are written, a post in between waits for no more than one stretch, and a crash costs no more than one.
/// </summary>
public sealed class FanOut(IServiceScopeFactory scopes, TimeProvider time)
{
    /// <summary>
    /// Subscribers per transaction: few in the first, so that sending begins at once; then as many as do not make anybody wait for long.
    /// </summary>
    private const int FirstStretch = 2_000;
    private const int Stretch = 50_000;

    /// <summary>On SQLite nobody else can write meanwhile, for about a tenth of a second.</summary>
    private const int StretchOnSqlite = 20_000;

    /// <summary>How long an announcement that failed lets the others go first.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<AnnouncementId, DateTimeOffset> _setBack = new();

    /// <summary>Writes the next stretch of the next unfinished announcement. Interrupted at any point, it can be run again.</summary>
    /// <returns>False when there was nothing to do.</returns>
    public async Task<bool> NextAsync(CancellationToken cancel)
    {
        try
        {
            return await NextAsync(tolerant: false, cancel);
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            return await NextAsync(tolerant: true, cancel);
        }
    }

    /// <summary>Checks without a lock: nearly always there is nothing to do.</summary>
    public async Task<bool> HasWorkAsync(CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<StatusDb>().Announcements.AnyAsync(row => row.FannedOutAt == null, cancel);
    }

    /// <param name="tolerant">
    /// Whether existing rows are skipped. On PostgreSQL that makes writing half as expensive again, and such rows do not occur: the rows and the mark of
    /// how far they go are written in one transaction.
    /// </param>
    private async Task<bool> NextAsync(bool tolerant, CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<StatusDb>();
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        if (await TakeAsync(db, cancel) is not { } id)
            return false;
        try
        {
            await WriteAsync(db, await db.Announcements.AsNoTracking().FirstAsync(row => row.Id == id, cancel), tolerant, cancel);
            await transaction.CommitAsync(cancel);
            return true;
        }
        catch (Exception exception)
            when (exception is not (OperationCanceledException or PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
                && !StoreSetup.IsOutage(exception)
            )
        {
            _setBack[id] = time.GetUtcNow() + Pause;
            throw new InvalidOperationException($"Announcement {id} could not be turned into deliveries.", exception);
        }
    }

    private async Task WriteAsync(StatusDb db, Announcement order, bool tolerant, CancellationToken cancel)
    {
        SubscriberId? upTo = null;
        if (order.SubscriberId is { } only)
            await ForOneAsync(db, order, only, cancel);
        else
        {
            // The page's own accounts post for the public.
            if (order is { FannedOutTo: null, AudienceId: null } && order.Kind.IsPosted())
                await ForAccountsAsync(db, order, cancel);
            upTo = await EndOfStretchAsync(db, order, cancel);
            await ForSubscribersAsync(db, order, upTo, tolerant || db is SqliteStatusDb, cancel);
        }
        await db
            .Announcements.Where(row => row.Id == order.Id)
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(row => row.FannedOutTo, upTo ?? order.FannedOutTo)
                        .SetProperty(row => row.FannedOutAt, upTo is null ? time.GetUtcNow() : null),
                cancel
            );
    }

    /// <summary>Takes the oldest announcement; those to one person go first. On PostgreSQL each node takes its own.</summary>
    private async Task<AnnouncementId?> TakeAsync(StatusDb db, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        foreach (var (id, until) in _setBack)
            if (!until.IsAhead(now, Pause))
                _setBack.TryRemove(id, out _);
        List<object> later = [.. _setBack.Keys.Select(id => id.Value)];
        var among = later.Count == 0 ? "" : $"AND \"Id\" NOT IN ({string.Join(", ", later.Select((_, place) => $"{{{place}}}"))})";
        var locking = db is PostgresStatusDb ? "FOR UPDATE SKIP LOCKED" : "";
        var sql = $"""
            SELECT "Id" AS "Value" FROM "Announcements" WHERE "FannedOutAt" IS NULL {among}
            ORDER BY CASE WHEN "SubscriberId" IS NULL THEN 1 ELSE 0 END, "CreatedAt" LIMIT 1 {locking}
            """;
        return await db.Database.SqlQueryRaw<string>(sql, [.. later]).ToListAsync(cancel) is [var next] ? AnnouncementId.Of(next) : null;
    }

    private async Task ForOneAsync(StatusDb db, Announcement order, SubscriberId subscriber, CancellationToken cancel)
    {
        var sql = Insert + $$"""VALUES ({0}, {1}, {{(int)order.Channels.Channels.First()}}, 0, 0, {2}) ON CONFLICT DO NOTHING""";
        await db.Database.ExecuteSqlRawAsync(sql, [order.Id.Value, subscriber.Value, Now], cancel);
    }

    private async Task ForAccountsAsync(StatusDb db, Announcement order, CancellationToken cancel)
    {
        var sql =
            Insert
            + $$"""
                SELECT {0}, "Id", "Channel", 0, 0, {1} FROM "ChannelAccounts"
                WHERE "PageId" = {2} AND "IsOn" AND "Channel" <> {{(int)Channel.WebPush}} AND {{Among(order.Channels)}} ON CONFLICT DO NOTHING
                """;
        await db.Database.ExecuteSqlRawAsync(sql, [order.Id.Value, Now, order.PageId.Value], cancel);
    }

    /// <summary>The last subscriber of the next stretch; null when the stretch goes to the end.</summary>
    private static async Task<SubscriberId?> EndOfStretchAsync(StatusDb db, Announcement order, CancellationToken cancel)
    {
        var length =
            order.FannedOutTo is null ? FirstStretch
            : db is SqliteStatusDb ? StretchOnSqlite
            : Stretch;
        var ids = await db
            .Database.SqlQueryRaw<string>(
                """SELECT "Id" AS "Value" FROM "Subscribers" WHERE "PageId" = {0} AND "Id" > {1} ORDER BY "PageId", "Id" LIMIT 1 OFFSET {2}""",
                order.PageId.Value,
                order.FannedOutTo?.Value ?? "",
                length - 1
            )
            .ToListAsync(cancel);
        return ids is [var id] ? SubscriberId.Of(id) : null;
    }

    /// <summary>All confirmed subscribers in the stretch who want everything, one of the affected components, or this incident.</summary>
    private async Task ForSubscribersAsync(StatusDb db, Announcement order, SubscriberId? upTo, bool tolerant, CancellationToken cancel)
    {
        var parameters = new List<object> { order.Id.Value, Now, order.PageId.Value, order.FannedOutTo?.Value ?? "" };
        var end = "";
        if (upTo is { } last)
        {
            end = $$"""AND "Id" <= {{{parameters.Count}}}""";
            parameters.Add(last.Value);
        }
        var wanted = "\"WantsEverything\"";
        foreach (var component in order.ComponentIds)
            Or("ComponentIds", component.Value);
        if (order.IncidentId is { } incident)
            Or("IncidentIds", incident.Value);
        // A group's members get everything that is for the group.
        if (order.AudienceId is not null)
            wanted = "TRUE";
        var audience = "IS NULL";
        if (order.AudienceId is { } group)
        {
            audience = $$"""= {{{parameters.Count}}}""";
            parameters.Add(group.Value);
        }
        // Programs alone want each change of a component.
        var channels =
            order.Kind == AnnouncementKind.ComponentChange ? $"{Among(ChannelSet.Of([Channel.Webhook]))} AND \"Chat\" IS NULL" : Among(order.Channels);
        var sql =
            Insert
            + $$"""
                SELECT {0}, "Id", "Channel", 0, 0, {1} FROM "Subscribers"
                WHERE "PageId" = {2} AND "Id" > {3} {{end}} AND "AudienceId" {{audience}} AND "State" = {{(int)
                    SubscriptionState.Confirmed}} AND {{channels}} AND ({{wanted}})
                ORDER BY "Id" {{(tolerant ? "ON CONFLICT DO NOTHING" : "")}}
                """;
        await db.Database.ExecuteSqlRawAsync(sql, parameters, cancel);

        void Or(string column, string id)
        {
            wanted += $$""" OR "{{column}}" LIKE {{{parameters.Count}}}""";
            parameters.Add($"% {id} %");
        }
    }

    private static string Among(ChannelSet channels) =>
        channels == ChannelSet.All
            ? "TRUE"
            : $"\"Channel\" IN ({string.Join(", ", channels.Channels.Select(channel => (int)channel).DefaultIfEmpty(-1))})";

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    private const string Insert = """
        INSERT INTO "Deliveries" ("AnnouncementId", "RecipientId", "Channel", "State", "Attempts", "NextAttemptAt")

        """;
}
