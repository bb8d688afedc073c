using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using StatusPage.Domain;
using StatusPage.Domain.Components;
using StatusPage.Domain.Deliveries;
using StatusPage.Domain.Incidents;
using StatusPage.Domain.Maintenances;
using StatusPage.Domain.Pages;
using StatusPage.Web.Data;

namespace StatusPage.Web.Maintenances;

internal sealed class MaintenanceTables
    : IEntityTypeConfiguration<Maintenance>,
        IEntityTypeConfiguration<MaintenancePost>,
        IEntityTypeConfiguration<MaintenanceSeries>
{
    public void Configure(EntityTypeBuilder<Maintenance> table)
    {
        table.HasKey(maintenance => maintenance.Id);
        table.HasOne<Page>().WithMany().HasForeignKey(maintenance => maintenance.PageId).OnDelete(DeleteBehavior.Restrict);
        table.HasOne<MaintenanceSeries>().WithMany().HasForeignKey(maintenance => maintenance.SeriesId).OnDelete(DeleteBehavior.Restrict);
        table.HasMany(maintenance => maintenance.Posts).WithOne().HasForeignKey(post => post.MaintenanceId).OnDelete(DeleteBehavior.Restrict);
        table.HasIndex(maintenance => new { maintenance.PageId, maintenance.ScheduledUntil });
        // When two nodes create the same window ahead, one of them is refused.
        table.HasIndex(maintenance => new { maintenance.SeriesId, maintenance.Occurrence }).IsUnique();
        table.Property(maintenance => maintenance.Title).HasMaxLength(Incident.MaxTitleLength);
        table.Property(maintenance => maintenance.Body).HasMaxLength(UpdateContent.MaxBodyLength);
        table.Property(maintenance => maintenance.StartsItself).HasDefaultValue(true).HasSentinel(true);
        table.Property(maintenance => maintenance.VerifyFor).HasConversion<Conversions.Minutes>();
        table.Property(maintenance => maintenance.RemindBefore).HasConversion<Conversions.Minutes>();
        table.Property(maintenance => maintenance.Version).IsConcurrencyToken();
        table.Ignore(maintenance => maintenance.Plan);
        table.Ignore(maintenance => maintenance.Window);
        table.Ignore(maintenance => maintenance.Conduct);
    }

    public void Configure(EntityTypeBuilder<MaintenancePost> table)
    {
        table.ToTable("MaintenancePosts");
        table.HasKey(post => post.Id);
        // Two concurrent posts cannot both become number n.
        table.HasIndex(post => new { post.MaintenanceId, post.Number }).IsUnique();
        table.Property(post => post.Id).ValueGeneratedNever();
        table.Property(post => post.Body).HasMaxLength(UpdateContent.MaxBodyLength);
        table.Property(post => post.Author).HasMaxLength(300);
    }

    public void Configure(EntityTypeBuilder<MaintenanceSeries> table)
    {
        table.HasKey(series => series.Id);
        table.HasOne<Page>().WithMany().HasForeignKey(series => series.PageId).OnDelete(DeleteBehavior.Restrict);
        table.Property(series => series.Title).HasMaxLength(Incident.MaxTitleLength);
        table.Property(series => series.Body).HasMaxLength(UpdateContent.MaxBodyLength);
        table.Property(series => series.VerifyFor).HasConversion<Conversions.Minutes>();
        table.Property(series => series.RemindBefore).HasConversion<Conversions.Minutes>();
        // A local time without a zone, which neither store may convert.
        table.Property(series => series.FirstStart).HasConversion<Conversions.WallTime>().HasMaxLength(20);
        table.Property(series => series.FirstEnd).HasConversion<Conversions.WallTime>().HasMaxLength(20);
        // The number of windows made decides which of two nodes makes the next ones.
        table.Property(series => series.Made).IsConcurrencyToken();
        table.Ignore(series => series.Conduct);
        table.Ignore(series => series.Words);
        table.Ignore(series => series.Total);
    }
}

/// <summary>What an announcement says of a maintenance, as it was when the announcement was written.</summary>
/// <param name="Label">Such as "Scheduled" or "In progress".</param>
/// <param name="Body">Markdown.</param>
public sealed record MaintenanceTold(
    Maintenance Maintenance,
    MaintenanceSeries? Series,
    MaintenanceEvent Event,
    MaintenancePhase Phase,
    string Label,
    string Body,
    DateTimeOffset At
)
{
    /// <summary>The state whose colour it is shown in, in mails and posts.</summary>
    public ComponentStatus Tone => Phase == MaintenancePhase.Completed ? ComponentStatus.Operational : ComponentStatus.UnderMaintenance;

    /// <summary>Whether the subject line brings no bad news: the maintenance is over, or has not begun.</summary>
    public bool IsCalm =>
        Event is not (MaintenanceEvent.Started or MaintenanceEvent.Posted) || Phase is MaintenancePhase.Completed or MaintenancePhase.Scheduled;

    public static MaintenanceTold? Of(Announcement announcement, Maintenance maintenance, MaintenanceSeries? series)
    {
        var told = announcement.Event ?? MaintenanceEvent.Scheduled;
        // A maintenance that was cancelled meanwhile is announced as cancelled only.
        if (maintenance.CancelledAt is not null && told is not (MaintenanceEvent.Cancelled or MaintenanceEvent.Posted))
            return null;
        var post = maintenance.Posts.FirstOrDefault(row => row.Id == announcement.UpdateId);
        var repeats = series is null ? "" : $"\n\nIt comes again {series.Words}.";
        return told switch
        {
            MaintenanceEvent.Scheduled => New(maintenance.PhaseAt(announcement.CreatedAt), "Scheduled", maintenance.Body + repeats),
            MaintenanceEvent.Changed => New(MaintenancePhase.Scheduled, "Rescheduled", maintenance.Body),
            MaintenanceEvent.Reminder => New(MaintenancePhase.Scheduled, "Reminder", maintenance.Body),
            MaintenanceEvent.Started => New(
                MaintenancePhase.InProgress,
                MaintenancePhase.InProgress.Label(),
                $"{MaintenanceStory.Begun}\n\n{maintenance.Body}"
            ),
            MaintenanceEvent.Completed => New(MaintenancePhase.Completed, MaintenancePhase.Completed.Label(), MaintenanceStory.Done),
            MaintenanceEvent.Cancelled => New(MaintenancePhase.Completed, "Cancelled", "This maintenance is cancelled."),
            _ => post is null ? null : New(post.Phase, post.Phase.Label(), post.Body),
        };

        MaintenanceTold New(MaintenancePhase phase, string label, string body) =>
            new(maintenance, series, told, phase, label, body, announcement.CreatedAt);
    }
}

internal static class MaintenanceQueries
{
    /// <summary>Includes the posts, in order.</summary>
    public static IQueryable<Maintenance> Whole(this IQueryable<Maintenance> maintenances) =>
        maintenances.Include(maintenance => maintenance.Posts.OrderBy(post => post.Number)).AsSplitQuery();

    /// <summary>
    /// Maintenances of a page that are shown since an instant, or affect components. One that only people end may last long; a record is shown from the
    /// day on which it was added until it is removed.
    /// </summary>
    public static IQueryable<Maintenance> Since(this IQueryable<Maintenance> maintenances, PageId page, DateTimeOffset since) =>
        maintenances.Where(row =>
            row.PageId == page
            && (row.CancelledAt == null || (row.CancelledAt >= since && !row.IsBackfilled))
            && (
                row.ScheduledUntil >= since
                || (row.IsBackfilled && row.CreatedAt >= since)
                || (row.CompletedAt == null && (row.End == MaintenanceEnd.ByHand || (row.End == MaintenanceEnd.Verified && row.VerifyFor == null)))
            )
        );

    /// <summary>What runs, then what comes, the next one first. Of a series only the running and the next window.</summary>
    public static async Task<IReadOnlyList<Maintenance>> ComingAsync(this StatusDb db, PageId page, DateTimeOffset now, CancellationToken cancel)
    {
        var rows = await db
            .Maintenances.AsNoTracking()
            .Where(row =>
                row.PageId == page
                && row.CancelledAt == null
                && row.CompletedAt == null
                && (row.ScheduledUntil > now || row.End == MaintenanceEnd.ByHand || (row.End == MaintenanceEnd.Verified && row.VerifyFor == null))
            )
            .OrderBy(row => row.ScheduledFor)
            .ToListAsync(cancel);
        return
        [
            .. rows.Where(row => row.PhaseAt(now).IsRunning()),
            .. rows.Where(row => row.PhaseAt(now) == MaintenancePhase.Scheduled).DistinctBy(row => row.SeriesId?.Value ?? row.Id.Value),
        ];
    }

    /// <summary>Null when it must not be announced any more.</summary>
    public static async Task<MaintenanceTold?> ToldOfMaintenanceAsync(this StatusDb db, Announcement announcement, CancellationToken cancel)
    {
        if (await db.Maintenances.AsNoTracking().Whole().FirstOrDefaultAsync(row => row.Id == announcement.MaintenanceId, cancel) is not { } maintenance)
            return null;
        var series = maintenance.SeriesId is { } id ? await db.MaintenanceSeries.AsNoTracking().FirstOrDefaultAsync(row => row.Id == id, cancel) : null;
        return MaintenanceTold.Of(announcement, maintenance, series);
    }
}
