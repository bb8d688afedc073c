using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Query;
using StatusPage.Domain;
using StatusPage.Domain.Destinations;
using StatusPage.Web.Data;
using StatusPage.Web.Deliveries;
using StatusPage.Web.Hosting;

namespace StatusPage.Web.Destinations;

/// <summary>A row of the ledger that this node works on.</summary>
public sealed class ClaimedLink(DestinationLink link)
{
    public DestinationLink Link => link;

    /// <summary>When the claim ends.</summary>
    public DateTimeOffset Lease { get; set; } = link.NextAttemptAt!.Value;
}

/// <summary>Who works on which row. Races settle in SQL: by who updates a row first.</summary>
public sealed class DestinationClaims(IServiceScopeFactory scopes, Node node, TimeProvider time)
{
    /// <summary>Longer than the requests between two renewals take: a look through many pages of a list, of which one takes 30 seconds at most.</summary>
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(10);

    /// <summary>Releases what this node held when it was killed.</summary>
    public async Task TakeBackAsync(CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var now = time.GetUtcNow();
        await scope
            .ServiceProvider.GetRequiredService<StatusDb>()
            .DestinationLinks.Where(row => row.LeasedBy == node.Id)
            .ExecuteUpdateAsync(
                set => set.SetProperty(row => row.NextAttemptAt, (DateTimeOffset?)now).SetProperty(row => row.LeasedBy, (string?)null),
                cancel
            );
    }

    public async Task<bool> HasDestinationsAsync(CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<StatusDb>().Destinations.AnyAsync(cancel);
    }

    /// <summary>The destinations that have something due and may be sent to, and when the next of the others is.</summary>
    public async Task<(IReadOnlyList<DestinationId> Due, DateTimeOffset? Next)> LookAsync(CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<StatusDb>();
        var now = time.GetUtcNow();
        if (await db.DeliveryPauses.AnyAsync(cancel))
            return ([], null);
        var waiting = await (
            from destination in db.Destinations.AsNoTracking()
            join link in db.DestinationLinks.AsNoTracking() on destination.Id equals link.DestinationId
            where destination.IsOn && link.NextAttemptAt != null && db.Pages.Any(page => page.Id == destination.PageId && page.ClosedAt == null)
            group link.NextAttemptAt by new { destination.Id, destination.PausedUntil } into rows
            select new
            {
                rows.Key.Id,
                rows.Key.PausedUntil,
                At = rows.Min(),
            }
        ).ToListAsync(cancel);
        var due = waiting.ConvertAll(row => (row.Id, At: row.PausedUntil > row.At ? row.PausedUntil : row.At));
        return ([.. due.Where(row => row.At <= now).Select(row => row.Id)], due.Where(row => row.At > now).Min(row => row.At));
    }

    /// <summary>
    /// Webhooks are told of action items that changed since they were told last. It follows from the rows, so no change is missed, whoever made it.
    /// </summary>
    public async Task TellChangesAsync(CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        await scope
            .ServiceProvider.GetRequiredService<StatusDb>()
            .Database.ExecuteSqlRawAsync(
                $$"""
                UPDATE "DestinationLinks" SET "Asked" = "Asked" + 1, "AskedAt" = {0}, "Attempts" = 0, "NextAttemptAt" = {0}
                WHERE "NextAttemptAt" IS NULL AND "Id" IN (
                  SELECT link."Id" FROM "DestinationLinks" link
                  JOIN "Destinations" destination ON destination."Id" = link."DestinationId"
                  JOIN "ActionItems" item ON item."Id" = link."ObjectId"
                  WHERE destination."Kind" = {{(int)DestinationKind.Webhook}} AND link."What" = {{(int)DestinationObject.ActionItem}}
                    AND link."State" = {{(int)LinkState.Linked}} AND link."NextAttemptAt" IS NULL AND item."Version" <> link."Revision")
                """,
                [now],
                cancel
            );
    }

    /// <summary>Claims what is due longest at a destination; null when nothing is, or another node works on something of it: one thing at a time.</summary>
    public async Task<ClaimedLink?> ClaimAsync(DestinationId destination, CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<StatusDb>();
        var now = time.GetUtcNow();
        // SQLite has one writer at a time, so there is nothing to skip.
        var locking = db is PostgresStatusDb ? "FOR UPDATE SKIP LOCKED" : "";
        var sql = $$"""
            UPDATE "DestinationLinks" SET "NextAttemptAt" = {0}, "LeasedBy" = {2}
            WHERE "Id" IN (SELECT "Id" FROM "DestinationLinks" WHERE "DestinationId" = {3} AND "NextAttemptAt" <= {1} AND {{Pauses.Not}}
                AND EXISTS (SELECT 1 FROM "Destinations" there WHERE there."Id" = {3} AND there."IsOn" AND ("PausedUntil" IS NULL OR "PausedUntil" <= {1}))
                AND NOT EXISTS (SELECT 1 FROM "DestinationLinks" other
                  WHERE other."DestinationId" = {3} AND other."LeasedBy" IS NOT NULL AND other."NextAttemptAt" > {1})
              ORDER BY "NextAttemptAt", "Id" LIMIT 1 {{locking}})
            RETURNING "Id" AS "Value"
            """;
        var ids = await db
            .Database.SqlQueryRaw<long>(sql, (now + Lease).ToUnixTimeMilliseconds(), now.ToUnixTimeMilliseconds(), node.Id, destination.Value)
            .ToListAsync(cancel);
        if (ids is not [var id])
            return null;
        return await db.DestinationLinks.AsNoTracking().FirstOrDefaultAsync(row => row.Id == id, cancel) is { NextAttemptAt: not null } link
            ? new(link)
            : null;
    }

    /// <summary>Saves that something is about to be sent, and renews the claim.</summary>
    /// <returns>False when the row is another node's by now, or is gone.</returns>
    public async Task<bool> CommitAsync(ClaimedLink claim)
    {
        await using var scope = scopes.CreateAsyncScope();
        var (link, lease) = (claim.Link, Milliseconds(time.GetUtcNow() + Lease));
        var rows = await Held(scope, claim)
            .ExecuteUpdateAsync(set =>
                Known(set, link)
                    .SetProperty(row => row.NextAttemptAt, (DateTimeOffset?)lease)
                    .SetProperty(row => row.State, link.State)
                    .SetProperty(row => row.UpdatedAt, link.UpdatedAt)
            );
        claim.Lease = lease;
        return rows == 1;
    }

    /// <summary>Writes what came of an attempt. A row that went to another node meanwhile is left to that node.</summary>
    public async Task FinishAsync(ClaimedLink claim)
    {
        await using var scope = scopes.CreateAsyncScope();
        var link = claim.Link;
        var held = Held(scope, claim);
        var written = await held.Where(row => row.Asked == link.Asked)
            .ExecuteUpdateAsync(set =>
                Known(set, link)
                    .SetProperty(row => row.NextAttemptAt, link.NextAttemptAt)
                    .SetProperty(row => row.LeasedBy, (string?)null)
                    .SetProperty(row => row.State, link.State)
                    .SetProperty(row => row.Attempts, link.Attempts)
                    .SetProperty(row => row.LastError, link.LastError)
                    .SetProperty(row => row.Revision, link.Revision)
                    .SetProperty(row => row.CheckAt, link.CheckAt)
                    .SetProperty(row => row.UpdatedAt, link.UpdatedAt)
            );
        if (written > 0)
            return;
        // Somebody asked for it again meanwhile, so it is due at once, whatever came of this attempt.
        var now = time.GetUtcNow();
        await held.ExecuteUpdateAsync(set =>
            Known(set, link)
                .SetProperty(row => row.NextAttemptAt, (DateTimeOffset?)now)
                .SetProperty(row => row.LeasedBy, (string?)null)
                .SetProperty(row => row.State, link.StateSoFar())
                .SetProperty(row => row.Revision, link.Revision)
                .SetProperty(row => row.CheckAt, link.CheckAt)
        );
    }

    /// <summary>What is known of the object there.</summary>
    private static UpdateSettersBuilder<DestinationLink> Known(UpdateSettersBuilder<DestinationLink> set, DestinationLink link) =>
        set.SetProperty(row => row.RemoteState, row => row.Place == link.Place ? row.RemoteState : null)
            .SetProperty(row => row.RemoteStateAt, row => row.Place == link.Place ? row.RemoteStateAt : null)
            .SetProperty(row => row.Place, link.Place)
            .SetProperty(row => row.FormerUrl, link.FormerUrl)
            .SetProperty(row => row.Title, link.Title)
            .SetProperty(row => row.PendingTitle, link.PendingTitle)
            .SetProperty(row => row.SentPrint, link.SentPrint)
            .SetProperty(row => row.PendingWords, link.PendingWords)
            .SetProperty(row => row.ReadPrint, link.ReadPrint)
            .SetProperty(row => row.RemoteId, link.RemoteId)
            .SetProperty(row => row.RemoteVersion, link.RemoteVersion)
            .SetProperty(row => row.Url, link.Url)
            .SetProperty(row => row.ClaimedAt, link.ClaimedAt);

    private IQueryable<DestinationLink> Held(AsyncServiceScope scope, ClaimedLink claim)
    {
        var (id, lease) = (claim.Link.Id, (DateTimeOffset?)claim.Lease);
        return scope
            .ServiceProvider.GetRequiredService<StatusDb>()
            .DestinationLinks.Where(row => row.Id == id && row.LeasedBy == node.Id && row.NextAttemptAt == lease);
    }

    /// <summary>As the store keeps it.</summary>
    private static DateTimeOffset Milliseconds(DateTimeOffset at) => DateTimeOffset.FromUnixTimeMilliseconds(at.ToUnixTimeMilliseconds());
}
