using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using StatusPage.Domain.Channels;
using StatusPage.Domain.Pages;

namespace StatusPage.Web.Channels;

internal sealed class ChannelTables : IEntityTypeConfiguration<ChannelAccount>
{
    public void Configure(EntityTypeBuilder<ChannelAccount> table)
    {
        table.HasKey(account => account.Id);
        table.HasOne<Page>().WithMany().HasForeignKey(account => account.PageId).OnDelete(DeleteBehavior.Restrict);
        table.HasIndex(account => account.PageId);
        table.Property(account => account.Name).HasMaxLength(ChannelAccount.MaxNameLength);
        table.Property(account => account.BaseAddress).HasMaxLength(500);
        table.Property(account => account.Handle).HasMaxLength(200);
        table.Property(account => account.Trouble).HasMaxLength(500);
    }
}
