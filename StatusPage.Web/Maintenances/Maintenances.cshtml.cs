using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Maintenances;
using StatusPage.Web.Data;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Maintenances;

public sealed class MaintenancesPage(ChangeWriter writer) : AdminPage(writer)
{
    private const int Listed = 100;

    /// <summary>What runs, then what comes: the next one on top. A series is listed once.</summary>
    public IReadOnlyList<Maintenance> Coming { get; private set; } = [];

    /// <summary>What is over or cancelled, the newest first.</summary>
    public IReadOnlyList<Maintenance> Past { get; private set; } = [];

    /// <summary>"every Tuesday, 12 times, until Mar 3", by series.</summary>
    public IReadOnlyDictionary<SeriesId, string> Repeats { get; private set; } = new Dictionary<SeriesId, string>();

    public async Task OnGetAsync()
    {
        Coming = await Db.ComingAsync(StatusPage.Id, Now, Cancel);
        var coming = Coming.Select(row => row.Id).ToList();
        Past = await Db
            .Maintenances.AsNoTracking()
            .Where(row => row.PageId == StatusPage.Id && (row.CancelledAt != null || row.ScheduledFor <= Now) && !coming.Contains(row.Id))
            .OrderByDescending(row => row.ScheduledFor)
            .Take(Listed)
            .ToListAsync(Cancel);
        Repeats = (await Db.MaintenanceSeries.AsNoTracking().Where(row => row.PageId == StatusPage.Id).ToListAsync(Cancel)).ToDictionary(
            row => row.Id,
            row => SeriesWords.Of(row, Clock, Say)
        );
    }
}
