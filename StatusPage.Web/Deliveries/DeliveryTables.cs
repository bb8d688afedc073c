using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using StatusPage.Domain.Deliveries;
using StatusPage.Domain.Pages;

namespace StatusPage.Web.Deliveries;

internal sealed class DeliveryTables : IEntityTypeConfiguration<Announcement>, IEntityTypeConfiguration<Delivery>
{
    public void Configure(EntityTypeBuilder<Announcement> table)
    {
        table.HasKey(announcement => announcement.Id);
        table.HasOne<Page>().WithMany().HasForeignKey(announcement => announcement.PageId).OnDelete(DeleteBehavior.Restrict);
        table.HasIndex(announcement => announcement.CreatedAt).HasFilter("\"FannedOutAt\" IS NULL").HasDatabaseName("IX_Announcements_ToDo");
        table.HasIndex(announcement => announcement.UpdateId);
        table.HasIndex(announcement => new { announcement.SubscriberId, announcement.CreatedAt });
    }

    public void Configure(EntityTypeBuilder<Delivery> table)
    {
        table.HasKey(delivery => delivery.Id);
        table.HasOne<Announcement>().WithMany().HasForeignKey(delivery => delivery.AnnouncementId).OnDelete(DeleteBehavior.Restrict);
        // The promise of the ledger: one row for each announcement, recipient and channel.
        table.HasIndex(delivery => new { delivery.AnnouncementId, delivery.SubscriberId, delivery.Channel }).IsUnique();
        // Only what is queued (0) or being sent (1) is ever looked for by time.
        table.HasIndex(delivery => delivery.NextAttemptAt).HasFilter("\"State\" IN (0, 1)").HasDatabaseName("IX_Deliveries_Due");
        table.Property(delivery => delivery.LeasedBy).HasMaxLength(80);
        table.Property(delivery => delivery.LastError).HasMaxLength(500);
    }
}
