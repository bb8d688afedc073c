using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Deliveries;
using StatusPage.Domain.Incidents;
using StatusPage.Domain.Maintenances;
using StatusPage.Web.Data;
using StatusPage.Web.Deliveries;
using StatusPage.Web.Incidents;

namespace StatusPage.Web.Shared;

/// <summary>What is burning, what is promised and when, and whether the last posts went out.</summary>
public sealed class HomePage(Desk desk) : AdminPage(desk)
{
    private const int LastPosts = 5;

    /// <summary>The promise that lapses first on top; those without one last.</summary>
    public IReadOnlyList<Incident> Open { get; private set; } = [];
    public IReadOnlyList<Maintenance> Maintenances { get; private set; } = [];
    public IReadOnlyList<Post> Last { get; private set; } = [];
    public IReadOnlyDictionary<UpdateId, DeliveryCounts> Counts { get; private set; } = new Dictionary<UpdateId, DeliveryCounts>();
    public int WaitingCount { get; private set; }

    /// <summary>The next of them to be tried again.</summary>
    public Delivery? Waiting { get; private set; }
    public int FailedCount { get; private set; }

    /// <summary>The last one that was given up within a day.</summary>
    public Delivery? Failed { get; private set; }
    public string Audience { get; private set; } = "";

    public async Task OnGetAsync()
    {
        var open = await Db.Incidents.AsNoTracking().Whole().Where(row => row.PageId == StatusPage.Id && row.ResolvedAt == null).ToListAsync(Cancel);
        Open = [.. open.OrderBy(incident => incident.NextUpdateBy ?? DateTimeOffset.MaxValue)];
        Maintenances = await Db.Maintenances.AsNoTracking()
            .Where(row => row.PageId == StatusPage.Id && row.CancelledAt == null && row.ScheduledUntil > Now).OrderBy(row => row.ScheduledFor).ToListAsync(Cancel);
        Last = await (
            from incident in Db.Incidents
            where incident.PageId == StatusPage.Id && incident.DeletedAt == null
            from update in incident.Updates
            orderby update.PostedAt descending
            select new Post(update.Id, incident.Id, incident.Title, update.Phase, update.PostedAt, update.Notifies)).Take(LastPosts).ToListAsync(Cancel);
        Counts = await Db.CountsAsync([.. Last.Select(post => post.Id)], Cancel);
        await FindTroubleAsync();
        Audience = await Db.AudienceAsync(StatusPage.Id, Cancel);
    }

    /// <summary>Mail that did not go out at the first attempt, whatever it was about.</summary>
    private async Task FindTroubleAsync()
    {
        var waiting = Db.Deliveries.Where(row => row.State == DeliveryState.Queued && row.LastError != null);
        WaitingCount = await waiting.CountAsync(Cancel);
        Waiting = await waiting.OrderBy(row => row.NextAttemptAt).FirstOrDefaultAsync(Cancel);
        var since = Now.AddDays(-1);
        var failed = Db.Deliveries.Where(row => row.State == DeliveryState.Failed && row.FinishedAt >= since);
        FailedCount = await failed.CountAsync(Cancel);
        Failed = await failed.OrderByDescending(row => row.Id).FirstOrDefaultAsync(Cancel);
    }

    public sealed record Post(UpdateId Id, IncidentId IncidentId, string Title, Phase Phase, DateTimeOffset PostedAt, bool Notifies);
}
