using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using StatusPage.Domain.Audit;

namespace StatusPage.Web.Audit;

internal sealed class AuditTables : IEntityTypeConfiguration<AuditEntry>
{
    public void Configure(EntityTypeBuilder<AuditEntry> table)
    {
        table.ToTable("Audit");
        table.HasIndex(entry => new { entry.PageId, entry.At });
        table.Property(entry => entry.Actor).HasMaxLength(300);
        table.Property(entry => entry.Action).HasMaxLength(60);
        table.Property(entry => entry.Subject).HasMaxLength(400);
    }
}
