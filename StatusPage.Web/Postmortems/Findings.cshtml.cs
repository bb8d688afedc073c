using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Postmortems;
using StatusPage.Web.Data;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Postmortems;

/// <summary>Which kinds of finding return, and what was done about them: the guide's table "Finding, Action".</summary>
public sealed class FindingsPage(ChangeWriter writer) : AdminPage(writer)
{
    /// <summary>The newest that are looked at.</summary>
    private const int Most = 2_000;

    public IReadOnlyList<Finding> Findings { get; private set; } = [];

    /// <summary>Items for which nobody named a finding.</summary>
    public int Unnamed { get; private set; }

    /// <summary>Incidents that an item of a finding would have prevented, by item.</summary>
    public ILookup<ActionItemId, string> Prevented { get; private set; } = Array.Empty<string>().ToLookup(_ => default(ActionItemId));

    public async Task OnGetAsync()
    {
        var rows = await Db.ItemsOf(StatusPage.Id).OrderByDescending(row => row.Item.CreatedAt).Take(Most).ToListAsync(Cancel);
        Findings = Finding.Of(rows.Select(row => row.Item));
        Unnamed = rows.Count(row => row.Item.Finding is null);
        var prevented = await (
            from prevention in Db.Preventions
            join incident in Db.Incidents on prevention.IncidentId equals incident.Id
            where incident.PageId == StatusPage.Id && incident.DeletedAt == null
            select new { prevention.ItemId, incident.Title }
        ).ToListAsync(Cancel);
        Prevented = prevented.ToLookup(row => row.ItemId, row => row.Title);
    }
}
