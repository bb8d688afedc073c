using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Components;
using StatusPage.Domain.Incidents;
using StatusPage.Domain.Snapshot;
using StatusPage.Web.Data;
using StatusPage.Web.Maintenances;

namespace StatusPage.Web.Components;

/// <summary>Reads what was said of a page's components.</summary>
internal static class StateQueries
{
    /// <summary>The states as they are now.</summary>
    public static Task<ComponentStates> StatesAsync(this StatusDb db, PageId page, DateTimeOffset now, CancellationToken cancel) =>
        db.StatesSinceAsync(page, now, cancel);

    /// <summary>The states since an instant: everything that was said from then on, and of what was said before, what still counted then.</summary>
    /// <param name="statements">Gives what the incidents said that are open or were touched since an instant; null: it is read from the store.</param>
    public static async Task<ComponentStates> StatesSinceAsync(
        this StatusDb db,
        PageId page,
        DateTimeOffset since,
        CancellationToken cancel,
        LeftOut? leftOut = null,
        Func<DateTimeOffset, Task<IReadOnlyList<IncidentStatements>>>? statements = null
    )
    {
        var components = await db.Components.AsNoTracking().Where(row => row.PageId == page).OrderBy(row => row.Position).ToListAsync(cancel);
        var manual = await db.ManualStatuses.AsNoTracking().Where(row => row.PageId == page && row.At >= since).ToListAsync(cancel);
        var before = await db
            .ManualStatuses.AsNoTracking()
            .Where(row => row.PageId == page && row.At < since)
            .GroupBy(row => row.ComponentId)
            .Select(rows => rows.OrderByDescending(row => row.At).ThenByDescending(row => row.Id).First())
            .ToListAsync(cancel);
        var horizon = await db.HorizonAsync(page, since, before, cancel);
        var windows = await db.Maintenances.AsNoTracking().Since(page, since).ToListAsync(cancel);
        var said = await (statements is null ? db.StatementsAsync(page, horizon, leftOut, cancel) : statements(horizon));
        return new(components, before.Concat(manual), said, windows.Select(row => row.Window).OfType<MaintenanceWindow>());
    }

    /// <summary>
    /// Since when incidents matter. An incident that was over by then, and left nothing but operational components, matters only if it speaks after
    /// trouble that was set by hand or left behind by another. Usually there is no such trouble, and older incidents need not be read.
    /// </summary>
    private static async Task<DateTimeOffset> HorizonAsync(
        this StatusDb db,
        PageId page,
        DateTimeOffset since,
        List<ManualStatus> before,
        CancellationToken cancel
    )
    {
        var left = await db
            .Incidents.Where(row => row.PageId == page && row.LeavesTrouble && row.UpdatedAt < since)
            .MinAsync(row => (DateTimeOffset?)row.StartedAt, cancel);
        return before.Where(by => by.Status != ComponentStatus.Operational).Select(by => by.At).Append(left ?? since).Append(since).Min();
    }

    /// <summary>What the incidents said. An incident that cannot be read is left out; the publisher, which reads the same rows, logs which.</summary>
    private static Task<IReadOnlyList<IncidentStatements>> StatementsAsync(
        this StatusDb db,
        PageId page,
        DateTimeOffset horizon,
        LeftOut? leftOut,
        CancellationToken cancel
    ) =>
        db
            .Incidents.AsNoTracking()
            .Where(row => row.PageId == page && row.DeletedAt == null && row.WithdrawnAt == null && (row.ResolvedAt == null || row.UpdatedAt >= horizon))
            .SoundAsync(
                row => row.Id,
                id => row => row.Id == id,
                found => ReadAsync(found, cancel),
                id => $"What incident {id} says of components",
                leftOut ?? ((_, _) => { }),
                cancel
            );

    private static async Task<IReadOnlyList<IncidentStatements>> ReadAsync(IQueryable<Incident> incidents, CancellationToken cancel)
    {
        var rows = await incidents
            .Select(row => new
            {
                row.Id,
                row.StartedAt,
                IsBackfilled = row.BackfilledAt != null,
                Updates = row
                    .Updates.Where(update => update.WithdrawnAt == null)
                    .OrderBy(update => update.Number)
                    .Select(update => new PostedUpdate(update.Number, update.Phase, update.PostedAt, update.Affected))
                    .ToList(),
            })
            .AsSplitQuery()
            .ToListAsync(cancel);
        return [.. rows.Select(row => IncidentStatements.Of(row.Id, row.StartedAt, row.IsBackfilled, row.Updates))];
    }
}
