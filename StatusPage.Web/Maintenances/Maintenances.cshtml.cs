using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Maintenances;
using StatusPage.Web.Data;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Maintenances;

public sealed class MaintenancesPage(ChangeWriter writer) : AdminPage(writer)
{
    private const int Listed = 100;

    public IReadOnlyList<Maintenance> Maintenances { get; private set; } = [];

    /// <summary>"every week", by series.</summary>
    public IReadOnlyDictionary<SeriesId, string> Repeats { get; private set; } = new Dictionary<SeriesId, string>();

    public async Task OnGetAsync()
    {
        Maintenances = await Db
            .Maintenances.AsNoTracking()
            .Where(row => row.PageId == StatusPage.Id)
            .OrderByDescending(row => row.ScheduledFor)
            .Take(Listed)
            .ToListAsync(Cancel);
        Repeats = (await Db.MaintenanceSeries.AsNoTracking().Where(row => row.PageId == StatusPage.Id).ToListAsync(Cancel)).ToDictionary(
            row => row.Id,
            row => row.Words
        );
    }
}
