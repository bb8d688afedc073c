using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Components;
using StatusPage.Domain.Deliveries;
using StatusPage.Domain.Maintenances;
using StatusPage.Web.Data;
using StatusPage.Web.Deliveries;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Maintenances;

/// <summary>The input for a maintenance.</summary>
public sealed record MaintenanceContent(string? Title, string? Body, IReadOnlyList<ComponentId> Components, MaintenanceConduct Conduct);

/// <summary>Schedules, changes, updates and cancels maintenances, alone or with those that follow.</summary>
public sealed class MaintenanceDesk(ChangeWriter writer)
{
    private const int Listed = 10;
    private const string List = "/admin/maintenances";

    private StatusDb Db => writer.Db;

    public Task<Maintenance?> FindAsync(PageId page, string? id, CancellationToken cancel) =>
        PublicId.LooksLikeOne(id)
            ? Db.Maintenances.Whole().FirstOrDefaultAsync(row => row.PageId == page && row.Id == MaintenanceId.Of(id!), cancel)
            : Task.FromResult<Maintenance?>(null);

    /// <param name="begins">Whether it begins with the announcement, whatever was planned.</param>
    public async Task<Maintenance> ScheduleAsync(
        PageId page,
        MaintenanceContent content,
        DateTimeOffset from,
        DateTimeOffset until,
        bool tells,
        string actor,
        string? token,
        CancellationToken cancel,
        bool begins = false
    )
    {
        await CheckAsync(page, content.Components, cancel);
        var maintenance = Maintenance.Schedule(page, content.Title, content.Body, from, until, content.Components, writer.Now, content.Conduct);
        if (begins)
            maintenance.Change(
                new()
                {
                    Phase = MaintenancePhase.InProgress,
                    Notifies = false,
                    Author = actor,
                },
                writer.Now
            );
        Db.Maintenances.Add(maintenance);
        await PublishAsync(maintenance, tells ? MaintenanceEvent.Scheduled : null, "scheduled", actor, token, cancel);
        return maintenance;
    }

    /// <summary>Creates the series and its windows of the next weeks; subscribers hear of the first, and are reminded of each.</summary>
    public async Task<Maintenance> ScheduleAsync(
        MaintenanceSeries series,
        MaintenanceContent content,
        ZoneClock clock,
        bool tells,
        string actor,
        string? token,
        CancellationToken cancel
    )
    {
        series.Describe(content.Title, content.Body, content.Components, content.Conduct);
        var windows = series.MakeAhead(clock.FromLocal, writer.Now);
        Db.MaintenanceSeries.Add(series);
        Db.Maintenances.AddRange(windows);
        await PublishAsync(
            windows[0],
            tells ? MaintenanceEvent.Scheduled : null,
            $"scheduled_{series.Unit.ToString().ToLowerInvariant()}s",
            actor,
            token,
            cancel
        );
        return windows[0];
    }

    /// <summary>Adds past work to the page, and tells nobody.</summary>
    public async Task<Maintenance> RecordAsync(
        PageId page,
        MaintenanceContent content,
        DateTimeOffset from,
        DateTimeOffset until,
        string actor,
        string? token,
        CancellationToken cancel
    )
    {
        await CheckAsync(page, content.Components, cancel);
        var maintenance = Maintenance.Record(page, content.Title, content.Body, from, until, content.Components, writer.Now);
        Db.Maintenances.Add(maintenance);
        await PublishAsync(maintenance, null, "recorded", actor, token, cancel);
        return maintenance;
    }

    /// <returns>Null when nothing changes; then nothing is written.</returns>
    public async Task<MaintenanceChange?> ChangeAsync(Maintenance maintenance, MaintenanceRequest request, string? token, CancellationToken cancel)
    {
        if (request.Components is { } named)
            await CheckAsync(maintenance.PageId, named, cancel);
        var known = maintenance.Posts.Count;
        if (maintenance.Change(request, writer.Now) is not { } change)
            return null;
        Db.AddRange(maintenance.Posts.Skip(known));
        var (verb, location) = change.Post is { } post ? ($"posted_{post.Phase.Code()}", $"{List}/{maintenance.Id}") : ("edited", List);
        await PublishAsync(maintenance, change.Told, verb, request.Author, token, cancel, change.Post, location);
        return change;
    }

    /// <summary>Changes this window and all that follow, including those that are still to be created.</summary>
    /// <param name="start">In local time of the page.</param>
    /// <returns>False when nothing changes.</returns>
    public async Task<bool> ChangeFollowingAsync(
        Maintenance maintenance,
        MaintenanceRequest request,
        DateTime start,
        DateTime end,
        ZoneClock clock,
        string? token,
        CancellationToken cancel
    )
    {
        var (series, following) = await FollowingAsync(maintenance, cancel);
        series.Move(maintenance.Occurrence!.Value, start, end);
        series.Describe(request.Title, request.Body, request.Components ?? series.ComponentIds, request.Conduct ?? series.Conduct);
        var changes = new Dictionary<MaintenanceId, MaintenanceChange>();
        foreach (var window in following)
        {
            var (from, until) = series.Window(window.Occurrence!.Value, clock.FromLocal);
            if (window.Change(request with { From = from, Until = until }, writer.Now) is { } change)
                changes.Add(window.Id, change);
        }
        if (changes.Count == 0 && !Db.ChangeTracker.HasChanges())
            return false;
        await PublishAsync(maintenance, changes.GetValueOrDefault(maintenance.Id)?.Told, "series_edited", request.Author, token, cancel);
        return true;
    }

    public async Task CancelAsync(Maintenance maintenance, bool following, bool tells, string actor, string? token, CancellationToken cancel)
    {
        if (following)
        {
            var (series, windows) = await FollowingAsync(maintenance, cancel);
            series.EndBefore(maintenance.Occurrence!.Value);
            foreach (var window in windows.Where(window => window.Id != maintenance.Id))
                window.Cancel(writer.Now);
        }
        maintenance.Cancel(writer.Now);
        // Nobody was told of a record, so nobody is told that it is removed.
        var told = tells && !maintenance.IsBackfilled ? MaintenanceEvent.Cancelled : (MaintenanceEvent?)null;
        await PublishAsync(maintenance, told, following ? "series_cancelled" : "cancelled", actor, token, cancel);
    }

    /// <exception cref="RuleViolation">It names a component that the page does not have.</exception>
    private async Task CheckAsync(PageId page, IReadOnlyCollection<ComponentId> named, CancellationToken cancel)
    {
        var known = await Db.Components.Where(row => row.PageId == page && named.Contains(row.Id)).Select(row => row.Id).ToListAsync(cancel);
        if (named.Except(known).FirstOrDefault() is { Value: not null } unknown)
            throw new RuleViolation($"There is no component '{unknown}' on this page.", nameof(MaintenanceContent.Components));
    }

    /// <summary>What subscribers were told, the newest first, and how many it reached.</summary>
    public async Task<IReadOnlyList<(Announcement Announcement, DeliveryCounts Counts)>> ToldAsync(Maintenance maintenance, CancellationToken cancel)
    {
        var announcements = await Db
            .Announcements.AsNoTracking()
            .Where(row => row.MaintenanceId == maintenance.Id)
            .OrderByDescending(row => row.CreatedAt)
            .Take(Listed)
            .ToListAsync(cancel);
        var told = new List<(Announcement, DeliveryCounts)>();
        foreach (var announcement in announcements)
        {
            var rows = await Db
                .Deliveries.Where(row => row.AnnouncementId == announcement.Id)
                .GroupBy(row => new { row.State, IsWritten = row.State == DeliveryState.Sent && row.LastError != null })
                .Select(group => new
                {
                    group.Key.State,
                    group.Key.IsWritten,
                    Count = group.Count(),
                })
                .ToListAsync(cancel);
            int In(DeliveryState state, bool isWritten = false) =>
                rows.Where(row => row.State == state && row.IsWritten == isWritten).Sum(row => row.Count);
            told.Add(
                (
                    announcement,
                    new(
                        In(DeliveryState.Queued) + In(DeliveryState.Sending),
                        In(DeliveryState.Sent),
                        In(DeliveryState.Failed),
                        In(DeliveryState.Suppressed),
                        In(DeliveryState.Sent, isWritten: true)
                    )
                )
            );
        }
        return told;
    }

    /// <summary>The later windows of the series, as a form shows them; none for a single maintenance.</summary>
    public async Task<IReadOnlyList<Maintenance>> LaterAsync(Maintenance maintenance, CancellationToken cancel) =>
        maintenance.SeriesId is not { } id
            ? []
            : await Db
                .Maintenances.AsNoTracking()
                .Where(row => row.SeriesId == id && row.Occurrence > maintenance.Occurrence)
                .OrderBy(row => row.Occurrence)
                .ToListAsync(cancel);

    /// <summary>The series, with this window and the later ones that are neither cancelled nor over.</summary>
    private async Task<(MaintenanceSeries Series, IReadOnlyList<Maintenance> Windows)> FollowingAsync(Maintenance maintenance, CancellationToken cancel)
    {
        if (maintenance is not { SeriesId: { } id, Occurrence: { } from })
            throw new RuleViolation("It does not come again, so nothing follows it.");
        var series = await Db.MaintenanceSeries.FirstAsync(row => row.Id == id, cancel);
        var windows = await Db
            .Maintenances.Whole()
            .Where(row => row.SeriesId == id && row.Occurrence >= from && row.CancelledAt == null)
            .OrderBy(row => row.Occurrence)
            .ToListAsync(cancel);
        return (series, [.. windows.Where(window => window.Id == maintenance.Id || window.PhaseAt(writer.Now) != MaintenancePhase.Completed)]);
    }

    private Task PublishAsync(
        Maintenance maintenance,
        MaintenanceEvent? told,
        string verb,
        string actor,
        string? token,
        CancellationToken cancel,
        MaintenancePost? post = null,
        string location = List
    )
    {
        if (told is { } news)
            Db.Announcements.Add(Announcement.Of(maintenance, news, writer.Now, post));
        return writer.PublishAsync(
            maintenance.PageId,
            new(actor, $"maintenance.{verb}", $"{maintenance.Id} {maintenance.Title}", token, location),
            cancel
        );
    }

    public async Task<IReadOnlyList<Component>> ComponentsAsync(PageId page, CancellationToken cancel) =>
        await Db.Components.AsNoTracking().Where(row => row.PageId == page && row.ArchivedAt == null).OrderBy(row => row.Position).ToListAsync(cancel);
}
