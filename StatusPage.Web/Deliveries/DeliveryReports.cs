using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Channels;
using StatusPage.Domain.Deliveries;
using StatusPage.Web.Data;

namespace StatusPage.Web.Deliveries;

/// <summary>
/// Counts an update's rows by one query over all of them. For a million rows that takes a second, so everybody who asks shares a report while it is fresh:
/// for a multiple of the time that it took.
/// </summary>
public sealed class DeliveryReports(TimeProvider time) : IDisposable
{
    /// <summary>Reasons that are counted separately; rarer ones are counted together.</summary>
    private const int MaxReasons = 40;

    /// <summary>A report of finished deliveries is good for this many times as long as it took.</summary>
    private const int RestOfFinished = 60;

    private const int MaxKept = 200;

    private readonly ConcurrentDictionary<UpdateId, Kept> _kept = new();
    private readonly SemaphoreSlim _one = new(1);

    /// <summary>Null when the update was announced to nobody.</summary>
    public async Task<DeliveryReport?> FindAsync(StatusDb db, UpdateId update, CancellationToken cancel)
    {
        if (Fresh(update) is { } known)
            return known.Report;
        await _one.WaitAsync(cancel);
        try
        {
            if (Fresh(update) is { } meanwhile)
                return meanwhile.Report;
            var report = await ReadAsync(db, update, cancel);
            if (_kept.Count >= MaxKept)
                _kept.Clear();
            if (report is not null)
                _kept[update] = new(report, time.GetTimestamp());
            return report;
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>The reports of several updates; those that were announced to nobody are left out.</summary>
    public async Task<IReadOnlyDictionary<UpdateId, DeliveryReport>> FindAsync(StatusDb db, IEnumerable<UpdateId> updates, CancellationToken cancel)
    {
        var found = new Dictionary<UpdateId, DeliveryReport>();
        foreach (var update in updates)
            if (await FindAsync(db, update, cancel) is { } report)
                found[update] = report;
        return found;
    }

    /// <summary>Called after rows were put back into the queue.</summary>
    public void Forget(UpdateId update) => _kept.TryRemove(update, out _);

    public void Dispose() => _one.Dispose();

    private Kept? Fresh(UpdateId update) =>
        _kept.TryGetValue(update, out var kept)
        && time.GetElapsedTime(kept.At) < kept.Report.Took * (kept.Report.IsDone ? RestOfFinished : DeliveryReport.Rest)
            ? kept
            : null;

    private async Task<DeliveryReport?> ReadAsync(StatusDb db, UpdateId update, CancellationToken cancel)
    {
        var announcement = await db
            .Announcements.AsNoTracking()
            .Where(row => row.UpdateId == update && row.Kind == AnnouncementKind.IncidentUpdate)
            .Select(row => new { row.Id, row.FannedOutAt })
            .FirstOrDefaultAsync(cancel);
        if (announcement is null)
            return null;
        var began = time.GetTimestamp();
        // A row that waits for its first attempt has no trouble, whatever its LastError says.
        var sql = $$"""
            WITH alike AS (
              SELECT "Channel", "State", "Reason", COUNT(*) AS "Count", MIN("NextAttemptAt") AS "Next",
                ROW_NUMBER() OVER (ORDER BY COUNT(*) DESC) AS "Rank"
              FROM (SELECT "Channel", "State", CASE WHEN "State" = 0 THEN "NextAttemptAt" ELSE 0 END AS "NextAttemptAt",
                      CASE WHEN "State" IN (0, 1) AND "Attempts" - "State" <= 0 THEN NULL ELSE "LastError" END AS "Reason"
                    FROM "Deliveries" WHERE "AnnouncementId" = {0}) AS rows
              GROUP BY "Channel", "State", "Reason"
              UNION ALL SELECT "Channel", "State", NULL, "Count", 0, 0 FROM "DeliveryTotals" WHERE "AnnouncementId" = {0})
            SELECT "Channel", "State", CASE WHEN "Rank" <= {{MaxReasons}} THEN "Reason" END AS "Reason",
              CASE WHEN "Rank" > {{MaxReasons}} AND "Reason" IS NOT NULL THEN 1 ELSE 0 END AS "Rest",
              CAST(SUM("Count") AS INTEGER) AS "Count", MIN("Next") AS "Next"
            FROM alike GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 5 DESC, 3
            """;
        var rows = await db.Database.SqlQueryRaw<Row>(sql, announcement.Id.Value).ToListAsync(cancel);
        return new(
            announcement.Id,
            announcement.FannedOutAt is not null,
            [
                .. rows.Select(row => new DeliveryGroup(
                    (Channel)row.Channel,
                    (DeliveryState)row.State,
                    row.Reason,
                    row.Rest == 1,
                    row.Count,
                    DateTimeOffset.FromUnixTimeMilliseconds(row.Next)
                )),
            ],
            time.GetElapsedTime(began)
        );
    }

    private sealed record Kept(DeliveryReport Report, long At);

    private sealed record Row(int Channel, int State, string? Reason, int Rest, int Count, long Next);
}
