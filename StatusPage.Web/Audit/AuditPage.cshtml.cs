using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain.Audit;
using StatusPage.Web.Data;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Audit;

public sealed class AuditPage(Desk desk) : AdminPage(desk)
{
    private const int PerPage = 100;

    [FromQuery(Name = "page")]
    public int PageNumber { get; set; } = 1;

    [FromQuery]
    public string? Q { get; set; }

    public IReadOnlyList<AuditEntry> Entries { get; private set; } = [];
    public bool HasMore { get; private set; }

    public async Task OnGetAsync()
    {
        PageNumber = Math.Clamp(PageNumber, 1, 1_000_000);
        var rows = await Db.Audit.AsNoTracking().Where(row => row.PageId == StatusPage.Id)
            .Where(Search.In<AuditEntry>(row => row.Actor + " " + row.Action + " " + row.Subject, Q))
            .OrderByDescending(row => row.Id).Skip((PageNumber - 1) * PerPage).Take(PerPage + 1).ToListAsync(Cancel);
        HasMore = rows.Count > PerPage;
        Entries = rows.Take(PerPage).ToList();
    }
}
