using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Alerts;
using StatusPage.Domain.Drafts;
using StatusPage.Domain.Incidents;
using StatusPage.Domain.Maintenances;
using StatusPage.Web.Alerts;
using StatusPage.Web.Data;
using StatusPage.Web.Deliveries;
using StatusPage.Web.Incidents;
using StatusPage.Web.Maintenances;

namespace StatusPage.Web.Shared;

/// <summary>The open incidents, the promises with their times, and whether the last posts went out.</summary>
public sealed class HomePage(ChangeWriter writer, DeliveryReports reports, DeliveryTrouble trouble) : AdminPage(writer)
{
    private const int LastPosts = 5;
    private const int LastDrafts = 12;

    /// <summary>The worst on top; of equal ones, that whose promise lapses first.</summary>
    public IReadOnlyList<Incident> Open { get; private set; } = [];
    public IReadOnlyList<Maintenance> Maintenances { get; private set; } = [];
    public IReadOnlyList<Post> Last { get; private set; } = [];
    public IReadOnlyDictionary<UpdateId, DeliveryReport> Reports { get; private set; } = new Dictionary<UpdateId, DeliveryReport>();

    /// <summary>What alerts made and nobody has published yet; what is published by itself comes first.</summary>
    public IReadOnlyList<AlertCase> Alerts { get; private set; } = [];

    /// <summary>Drafts that wait for approval come first. Those of alerts are listed with their alerts.</summary>
    public IReadOnlyList<Draft> Drafts { get; private set; } = [];
    public Trouble Trouble { get; private set; } = null!;

    /// <summary>The last notice that could not be delivered to the team itself within a day; null when there is none.</summary>
    public Domain.Notices.Notice? Untold { get; private set; }
    public string Audience { get; private set; } = "";

    public async Task OnGetAsync()
    {
        var open = await Db.Incidents.AsNoTracking().Whole().Where(row => row.PageId == StatusPage.Id && row.ResolvedAt == null).ToListAsync(Cancel);
        Open =
        [
            .. open.OrderBy(incident => incident.Severity ?? incident.Impact.Rank()).ThenBy(incident => incident.NextUpdateBy ?? DateTimeOffset.MaxValue),
        ];
        Maintenances = await Db.ComingAsync(StatusPage.Id, Now, Cancel);
        Last = await (
            from incident in Db.Incidents
            where incident.PageId == StatusPage.Id && incident.DeletedAt == null
            from update in incident.Updates
            orderby update.PostedAt descending
            select new Post(
                update.Id,
                incident.Id,
                incident.Title,
                incident.WithdrawnAt != null ? "Withdrawn" : update.Phase.Label(),
                update.PostedAt,
                update.Notifies
            )
        )
            .Take(LastPosts)
            .ToListAsync(Cancel);
        Reports = await reports.FindAsync(Db, Last.Where(post => post.Notifies).Select(post => post.Id), Cancel);
        Alerts = await Db
            .AlertCases.AsNoTracking()
            .Where(row => row.PageId == StatusPage.Id)
            .Where(row => (row.State == AlertCaseState.Open && row.IncidentId == null) || Db.Outlived(Now).Contains(row.Id))
            .OrderByDescending(row => row.PublishesItself)
            .ThenByDescending(row => row.ReceivedAt)
            .Take(LastDrafts)
            .ToListAsync(Cancel);
        var listed = Alerts.Where(row => row.IncidentId is null).Select(row => row.DraftId).OfType<DraftId>().ToList();
        Drafts = await Db
            .Drafts.AsNoTracking()
            .Where(row => row.PageId == StatusPage.Id && row.State <= DraftState.Submitted)
            .Where(row => row.State == DraftState.Submitted || !listed.Contains(row.Id))
            .OrderByDescending(row => row.State)
            .ThenByDescending(row => row.UpdatedAt)
            .Take(LastDrafts)
            .ToListAsync(Cancel);
        Trouble = await trouble.FindAsync(Db, StatusPage.Id, Cancel);
        var since = Now.AddDays(-1);
        Untold = await Db
            .Notices.AsNoTracking()
            .Where(row => row.PageId == StatusPage.Id && row.State == Domain.Deliveries.DeliveryState.Failed && row.FinishedAt > since)
            .OrderByDescending(row => row.Id)
            .FirstOrDefaultAsync(Cancel);
        Audience = await Db.AudienceAsync(StatusPage.Id, Cancel);
    }

    public sealed record Post(UpdateId Id, IncidentId IncidentId, string Title, string Label, DateTimeOffset PostedAt, bool Notifies);
}
