using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using StatusPage.Web.Data;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Incidents;

/// <summary>The target of the key "u": the open incident whose promise lapses first.</summary>
public sealed class NextUpdatePage(ChangeWriter writer) : AdminPage(writer)
{
    public async Task<IActionResult> OnGetAsync()
    {
        var open = await Db.Incidents.AsNoTracking().Whole().Where(row => row.PageId == StatusPage.Id && row.ResolvedAt == null).ToListAsync(Cancel);
        var first = open.OrderBy(incident => incident.NextUpdateBy ?? DateTimeOffset.MaxValue).FirstOrDefault();
        return LocalRedirect(first is null ? "~/admin" : $"~/admin/incidents/{first.Id}#Update_Body");
    }
}
