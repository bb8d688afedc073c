using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using StatusPage.Domain.Incidents;
using StatusPage.Domain.Pages;
using StatusPage.Domain.Postmortems;

namespace StatusPage.Web.Postmortems;

internal sealed class ActionItemTables : IEntityTypeConfiguration<ActionItem>
{
    public void Configure(EntityTypeBuilder<ActionItem> table)
    {
        table.HasKey(item => item.Id);
        table.HasOne<Page>().WithMany().HasForeignKey(item => item.PageId).OnDelete(DeleteBehavior.Restrict);
        table.HasOne<Incident>().WithMany().HasForeignKey(item => item.IncidentId).OnDelete(DeleteBehavior.Restrict);
        table.Property(item => item.Title).HasMaxLength(ActionItem.MaxTitleLength);
        table.Property(item => item.Owner).HasMaxLength(ActionItem.MaxOwnerLength);
        table.Property(item => item.Finding).HasMaxLength(ActionItem.MaxFindingLength);
        table.Property(item => item.Version).IsConcurrencyToken();
        table.Ignore(item => item.Subject);
    }
}
