using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using StatusPage.Domain.Pages;
using StatusPage.Domain.Promises;
using StatusPage.Web.Data;

namespace StatusPage.Web.Pages;

internal sealed class PageTables : IEntityTypeConfiguration<Page>
{
    public void Configure(EntityTypeBuilder<Page> table)
    {
        table.HasKey(page => page.Id);
        table.Property(page => page.Name).HasMaxLength(Page.MaxNameLength);
        table.Property(page => page.TimeZone).HasMaxLength(60);
        table.Property(page => page.OverdueGrace).HasConversion<Conversions.Minutes>().HasDefaultValue(PromiseRule.Default.Grace);
        table.Property(page => page.FirstEscalation).HasConversion<Conversions.Minutes>().HasDefaultValue(PromiseRule.Default.First);
        table.Property(page => page.SecondEscalation).HasConversion<Conversions.Minutes>().HasDefaultValue(PromiseRule.Default.Second);
        table.Ignore(page => page.PromiseRule);
    }
}
