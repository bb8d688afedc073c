using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using StatusPage.Domain.Deliveries;
using StatusPage.Domain.Pages;
using StatusPage.Domain.Subscriptions;

namespace StatusPage.Web.Deliveries;

internal sealed class MailTables : IEntityTypeConfiguration<MailRelay>, IEntityTypeConfiguration<MailTest>
{
    public void Configure(EntityTypeBuilder<MailRelay> table)
    {
        table.HasKey(server => server.Id);
        table.Property(server => server.Id).ValueGeneratedNever();
        table.Property(server => server.Host).HasMaxLength(MailRelay.MaxLength);
        table.Property(server => server.Login).HasMaxLength(MailRelay.MaxLength);
        table.Property(server => server.FromName).HasMaxLength(Page.MaxNameLength);
        table.Property(server => server.FromAddress).HasMaxLength(EmailAddress.MaxLength);
    }

    public void Configure(EntityTypeBuilder<MailTest> table)
    {
        table.HasKey(test => test.PageId);
        table.HasOne<Page>().WithMany().HasForeignKey(test => test.PageId).OnDelete(DeleteBehavior.Cascade);
        table.Property(test => test.By).HasMaxLength(EmailAddress.MaxLength);
        table.Property(test => test.Answer).HasMaxLength(SendResult.MaxReason);
    }
}
