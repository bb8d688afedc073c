using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using StatusPage.Domain.Deliveries;
using StatusPage.Domain.Pages;

namespace StatusPage.Web.Deliveries;

internal sealed class DeliveryTables
    : IEntityTypeConfiguration<Announcement>,
        IEntityTypeConfiguration<Delivery>,
        IEntityTypeConfiguration<DeliveryTotal>,
        IEntityTypeConfiguration<DeliveryPause>
{
    public void Configure(EntityTypeBuilder<Announcement> table)
    {
        table.HasKey(announcement => announcement.Id);
        table.HasOne<Page>().WithMany().HasForeignKey(announcement => announcement.PageId).OnDelete(DeleteBehavior.Restrict);
        table.HasIndex(announcement => announcement.CreatedAt).HasFilter("\"FannedOutAt\" IS NULL").HasDatabaseName("IX_Announcements_ToDo");
        // Announcements whose deliveries still exist, the oldest first.
        table.HasIndex(announcement => announcement.CreatedAt, "IX_Announcements_NotCounted").HasFilter("\"CountedAt\" IS NULL");
        table.HasIndex(announcement => announcement.UpdateId);
        // When two nodes announce the same, one of them is refused.
        table.HasIndex(announcement => announcement.Key).IsUnique();
        table.HasIndex(announcement => announcement.MaintenanceId);
        table.Property(announcement => announcement.Key).HasMaxLength(100);
        table.HasIndex(announcement => new { announcement.SubscriberId, announcement.CreatedAt });
    }

    public void Configure(EntityTypeBuilder<DeliveryTotal> table) =>
        table.HasKey(total => new
        {
            total.AnnouncementId,
            total.Channel,
            total.State,
        });

    public void Configure(EntityTypeBuilder<DeliveryPause> table) => table.Property(pause => pause.Id).ValueGeneratedNever();

    public void Configure(EntityTypeBuilder<Delivery> table)
    {
        table.HasKey(delivery => delivery.Id);
        // No foreign key to the announcement: checking it would double the cost of a fan-out, and announcements are never deleted.
        // The promise of the ledger: one row for each announcement, recipient and channel.
        table
            .HasIndex(delivery => new
            {
                delivery.AnnouncementId,
                delivery.RecipientId,
                delivery.Channel,
            })
            .IsUnique();
        // Only queued (0) and sending (1) rows are ever looked up by time.
        table
            .HasIndex(delivery => new
            {
                delivery.Channel,
                delivery.NextAttemptAt,
                delivery.Id,
            })
            .HasFilter("\"State\" IN (0, 1)")
            .HasDatabaseName("IX_Deliveries_Due");
        // The recently failed (3) rows are counted every so often, and few fail.
        table.HasIndex(delivery => delivery.FinishedAt).HasFilter("\"State\" = 3").HasDatabaseName("IX_Deliveries_Failed");
        // The SQL that writes rows does not name it.
        table.Property(delivery => delivery.OurFaults).HasDefaultValue(0);
        table.Property(delivery => delivery.LeasedBy).HasMaxLength(80);
        table.Property(delivery => delivery.LastError).HasMaxLength(500);
        table.Property(delivery => delivery.RemoteId).HasMaxLength(300);
    }
}
