using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using StatusPage.Domain.Pages;

namespace StatusPage.Web.Pages;

internal sealed class PageTables : IEntityTypeConfiguration<Page>
{
    public void Configure(EntityTypeBuilder<Page> table)
    {
        table.HasKey(page => page.Id);
        table.Property(page => page.Name).HasMaxLength(Page.MaxNameLength);
        table.Property(page => page.TimeZone).HasMaxLength(60);
    }
}
