using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using StatusPage.Domain.Handovers;
using StatusPage.Domain.Pages;

namespace StatusPage.Web.Handovers;

internal sealed class HandoverTables : IEntityTypeConfiguration<Handover>
{
    public void Configure(EntityTypeBuilder<Handover> table)
    {
        table.HasKey(handover => handover.Id);
        table.HasOne<Page>().WithMany().HasForeignKey(handover => handover.PageId).OnDelete(DeleteBehavior.Restrict);
        table.HasIndex(handover => new { handover.PageId, handover.CreatedAt });
        table.Property(handover => handover.Body).HasMaxLength(Handover.MaxBodyLength);
        table.Property(handover => handover.Author).HasMaxLength(300);
        table.Property(handover => handover.Editor).HasMaxLength(300);
        table.Property(handover => handover.AcknowledgedBy).HasMaxLength(300);
        table.Property(handover => handover.Version).IsConcurrencyToken();
    }
}
