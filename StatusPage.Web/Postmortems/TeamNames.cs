using Microsoft.EntityFrameworkCore;
using StatusPage.Domain.Incidents;
using StatusPage.Web.Accounts.People;
using StatusPage.Web.Data;

namespace StatusPage.Web.Postmortems;

/// <summary>The people whose names may stand in the postmortem of an incident.</summary>
internal static class TeamNames
{
    /// <summary>Members of the page, those with a role in the incident, and owners of its action items.</summary>
    public static async Task<IReadOnlyList<string>> TeamNamesAsync(this StatusDb db, Incident incident, CancellationToken cancel)
    {
        var members = await db.MembersOf(incident.PageId).Select(row => row.Account.UserName!).ToListAsync(cancel);
        var team = await db.IncidentAssignments.Where(row => row.IncidentId == incident.Id).Select(row => row.Person).ToListAsync(cancel);
        var owners = await db.ActionItems.Where(row => row.IncidentId == incident.Id && row.Owner != null).Select(row => row.Owner!).ToListAsync(cancel);
        return [.. members.Concat(team).Concat(owners).Distinct()];
    }
}
