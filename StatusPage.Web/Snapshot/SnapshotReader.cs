using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Snapshot;
using StatusPage.Web.Brands;
using StatusPage.Web.Components;
using StatusPage.Web.Data;
using StatusPage.Web.Incidents;
using StatusPage.Web.Maintenances;
using StatusPage.Web.Metrics;
using StatusPage.Web.Promises;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Snapshot;

/// <summary>Reads the rows that a snapshot is made of, all as of one version.</summary>
internal static class SnapshotReader
{
    /// <param name="seen">What was read before of the same page, for everybody; null: all is read.</param>
    public static async Task<StatusSnapshot> ReadSnapshotAsync(
        this StatusDb db,
        PageId pageId,
        DateTimeOffset now,
        CancellationToken cancel,
        AudienceId? audience = null,
        LeftOut? leftOut = null,
        SeenIncidents? seen = null
    )
    {
        await using var transaction = await db.BeginReadAsync(cancel);
        var since = SnapshotBuilder.WindowStart(now);
        var page = await db.Pages.AsNoTracking().FirstAsync(row => row.Id == pageId, cancel);
        var states = await db.StatesSinceAsync(
            page.Id,
            since,
            cancel,
            leftOut,
            seen is null
                ? null
                : async horizon =>
                {
                    await seen.ReadAsync(db, page.Id, page.Version, horizon, leftOut, cancel);
                    return seen.Statements;
                }
        );
        var rows = new SnapshotRows
        {
            Page = page,
            Zone = Zones.Of(page.TimeZone),
            Audience = audience,
            Pictures = await db.PicturesAsync(page, cancel),
            Groups = await db.ComponentGroups.AsNoTracking().Where(row => row.PageId == page.Id).ToListAsync(cancel),
            Components = [.. states.Components.Where(row => row.ArchivedAt is null)],
            See = seen is null ? null : seen.ViewOf,
            Incidents = seen is not null
                ? [.. seen.Rows.Where(row => row.IsPublic && (row.ResolvedAt is null || row.UpdatedAt >= since))]
                : await db
                    .Incidents.AsNoTracking()
                    .Whole()
                    .Where(row => row.PageId == page.Id && (row.IsPublic || audience != null) && (row.ResolvedAt == null || row.UpdatedAt >= since))
                    .SoundAsync(row => row.Id, id => row => row.Id == id, AllAsync, id => $"Incident {id}", leftOut, cancel),
            Maintenances = await db
                .Maintenances.AsNoTracking()
                .Whole()
                .Since(page.Id, since)
                .SoundAsync(row => row.Id, id => row => row.Id == id, AllAsync, id => $"Maintenance {id}", leftOut, cancel),
            Series = await db.MaintenanceSeries.AsNoTracking().Where(row => row.PageId == page.Id).ToListAsync(cancel),
            States = states,
            Archive = await db
                .Incidents.Public()
                .Where(row => row.PageId == page.Id && row.DeletedAt == null && row.ResolvedAt != null && row.UpdatedAt < since)
                .OrderByDescending(row => row.StartedAt)
                .Select(row => new ArchivedIncident(row.Id, row.StartedAt, row.Title))
                .ToListAsync(cancel),
            Metrics = await db.MetricViewsAsync(page.Id, now, cancel),
            Promises = page.ShowsPromises ? await db.PromiseReportAsync(page, now, cancel) : null,
        };
        return SnapshotBuilder.Build(rows, now, leftOut);

        async Task<IReadOnlyList<T>> AllAsync<T>(IQueryable<T> found) => await found.ToListAsync(cancel);
    }
}
