using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using StatusPage.Domain.Pages;
using StatusPage.Domain.Subscriptions;

namespace StatusPage.Web.Subscriptions;

internal sealed class SubscriptionTables : IEntityTypeConfiguration<Subscriber>
{
    public void Configure(EntityTypeBuilder<Subscriber> table)
    {
        table.HasKey(subscriber => subscriber.Id);
        table.HasOne<Page>().WithMany().HasForeignKey(subscriber => subscriber.PageId).OnDelete(DeleteBehavior.Restrict);
        table.HasIndex(subscriber => new { subscriber.PageId, subscriber.EmailKey }).IsUnique();
        table.HasIndex(subscriber => new { subscriber.PageId, subscriber.State });
        table.Property(subscriber => subscriber.Email).HasMaxLength(EmailAddress.MaxLength);
        table.Property(subscriber => subscriber.EmailKey).HasMaxLength(EmailAddress.MaxLength);
    }
}
