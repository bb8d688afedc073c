using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Incidents;
using StatusPage.Web.Data;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Incidents;

public sealed class IncidentsPage(ChangeWriter writer) : AdminPage(writer)
{
    private const int PerPage = 50;

    [FromQuery(Name = "page")]
    public int PageNumber { get; set; } = 1;

    [FromQuery]
    public string? Q { get; set; }

    public IReadOnlyList<Row> Incidents { get; private set; } = [];
    public bool HasMore { get; private set; }

    public async Task OnGetAsync()
    {
        PageNumber = Math.Clamp(PageNumber, 1, 1_000_000);
        var rows = await Db
            .Incidents.Where(row => row.PageId == StatusPage.Id && row.DeletedAt == null)
            .Where(Search.In<Incident>(row => row.Title, Q))
            .OrderByDescending(row => row.StartedAt)
            .Skip((PageNumber - 1) * PerPage)
            .Take(PerPage + 1)
            .Select(row => new Row(
                row.Id,
                row.Title,
                row.WithdrawnAt != null ? "Withdrawn" : row.Phase.Label(),
                row.Severity,
                row.StartedAt,
                row.Updates.Count
            ))
            .ToListAsync(Cancel);
        HasMore = rows.Count > PerPage;
        Incidents = rows.Take(PerPage).ToList();
    }

    public sealed record Row(IncidentId Id, string Title, string Label, Severity? Severity, DateTimeOffset StartedAt, int Updates);
}
