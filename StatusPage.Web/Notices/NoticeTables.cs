using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using StatusPage.Domain.Notices;
using StatusPage.Domain.Pages;
using StatusPage.Domain.Subscriptions;
using StatusPage.Web.Accounts.People;

namespace StatusPage.Web.Notices;

internal sealed class NoticeTables : IEntityTypeConfiguration<Notice>, IEntityTypeConfiguration<Contact>, IEntityTypeConfiguration<DeskBrowser>
{
    public void Configure(EntityTypeBuilder<Notice> table)
    {
        table.HasOne<Page>().WithMany().HasForeignKey(notice => notice.PageId).OnDelete(DeleteBehavior.Restrict);
        // When two nodes write the same notice, one of them is refused.
        table.HasIndex(notice => notice.Key).IsUnique();
        table.HasIndex(notice => new { notice.State, notice.NextAttemptAt });
        table.Property(notice => notice.Key).HasMaxLength(200);
        table.Property(notice => notice.Address).HasMaxLength(320);
        table.Property(notice => notice.LeasedBy).HasMaxLength(80);
        table.Property(notice => notice.Subject).HasMaxLength(Notice.MaxSubjectLength);
        table.Property(notice => notice.Body).HasMaxLength(Notice.MaxBodyLength);
        table.Property(notice => notice.Action).HasMaxLength(100);
        table.Property(notice => notice.LastError).HasMaxLength(500);
        table.HasIndex(notice => notice.Topic);
        table.Property(notice => notice.Topic).HasMaxLength(Notice.MaxTopicLength);
    }

    public void Configure(EntityTypeBuilder<Contact> table)
    {
        table.HasKey(contact => contact.Id);
        table.HasOne<Page>().WithMany().HasForeignKey(contact => contact.PageId).OnDelete(DeleteBehavior.Restrict);
        table.HasIndex(contact => contact.PageId);
        table.Property(contact => contact.Name).HasMaxLength(Contact.MaxNameLength);
        table.Property(contact => contact.Address).HasMaxLength(500);
    }

    public void Configure(EntityTypeBuilder<DeskBrowser> table)
    {
        table.HasOne<Account>().WithMany().HasForeignKey(browser => browser.AccountId).OnDelete(DeleteBehavior.Cascade);
        table.HasIndex(browser => browser.Key).IsUnique();
        table.Property(browser => browser.AccountId).HasMaxLength(450);
        table.Property(browser => browser.Key).HasMaxLength(80);
        table.Property(browser => browser.Endpoint).HasMaxLength(Subscriber.MaxPushEndpointLength);
        table.Property(browser => browser.PushKey).HasMaxLength(200);
        table.Property(browser => browser.PushSecret).HasMaxLength(200);
    }
}
