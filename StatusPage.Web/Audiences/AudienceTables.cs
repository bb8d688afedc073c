using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using StatusPage.Domain.Audiences;
using StatusPage.Domain.Pages;

namespace StatusPage.Web.Audiences;

internal sealed class AudienceTables : IEntityTypeConfiguration<Audience>
{
    public void Configure(EntityTypeBuilder<Audience> table)
    {
        table.HasKey(audience => audience.Id);
        table.HasOne<Page>().WithMany().HasForeignKey(audience => audience.PageId).OnDelete(DeleteBehavior.Restrict);
        table.HasIndex(audience => new { audience.PageId, audience.Slug }).IsUnique();
        table.Property(audience => audience.Name).HasMaxLength(Audience.MaxNameLength);
        table.Property(audience => audience.Slug).HasMaxLength(70);
    }
}
