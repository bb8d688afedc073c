using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using StatusPage.Domain.Incidents;
using StatusPage.Domain.Maintenances;
using StatusPage.Domain.Pages;

namespace StatusPage.Web.Maintenances;

internal sealed class MaintenanceTables : IEntityTypeConfiguration<Maintenance>
{
    public void Configure(EntityTypeBuilder<Maintenance> table)
    {
        table.HasKey(maintenance => maintenance.Id);
        table.HasOne<Page>().WithMany().HasForeignKey(maintenance => maintenance.PageId).OnDelete(DeleteBehavior.Restrict);
        table.HasIndex(maintenance => new { maintenance.PageId, maintenance.ScheduledUntil });
        table.Property(maintenance => maintenance.Title).HasMaxLength(Incident.MaxTitleLength);
        table.Property(maintenance => maintenance.Body).HasMaxLength(UpdateDraft.MaxBodyLength);
    }
}
