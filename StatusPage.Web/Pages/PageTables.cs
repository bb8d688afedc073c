using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using StatusPage.Domain.Brands;
using StatusPage.Domain.Pages;
using StatusPage.Domain.Promises;
using StatusPage.Domain.Subscriptions;
using StatusPage.Web.Data;
using StatusPage.Web.Public;

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
        table
            .Property(page => page.TakeBack)
            .HasConversion<Conversions.Seconds>()
            .HasDefaultValue(Page.DefaultTakeBack)
            .HasSentinel(-TimeSpan.FromDays(1));
        table.Property(page => page.Slug).HasMaxLength(PageLocation.MaxSlugLength);
        table.Property(page => page.HostName).HasMaxLength(PageLocation.MaxHostNameLength);
        table.Property(page => page.Theme).HasMaxLength(60);
        table.Property(page => page.PartialPercent).HasDefaultValue(Page.DefaultPartialPercent).HasSentinel(-1);
        table.Property(page => page.Language).HasMaxLength(8).HasDefaultValue("en");
        table.Property(page => page.Style).HasMaxLength(Page.MaxStyleLength);
        table.Property(page => page.Accent).HasMaxLength(7);
        table.Property(page => page.DarkAccent).HasMaxLength(7);
        table.Property(page => page.Logo).HasMaxLength(Brand.MaxFileLength);
        table.Property(page => page.DarkLogo).HasMaxLength(Brand.MaxFileLength);
        table.Property(page => page.Icon).HasMaxLength(Brand.MaxFileLength);
        table.Property(page => page.SenderName).HasMaxLength(Page.MaxNameLength);
        table.Property(page => page.SenderAddress).HasMaxLength(EmailAddress.MaxLength);
        table.HasIndex(page => page.Slug).IsUnique();
        table.HasIndex(page => page.HostName).IsUnique();
        table.Property(page => page.StoredLinkKey).HasColumnName("LinkKey");
        table.Ignore(page => page.LinkKey);
        table.Ignore(page => page.IsLinkKeyClosed);
        table.Ignore(page => page.PromiseRule);
        table.Ignore(page => page.Location);
        table.Ignore(page => page.Brand);
        table.Ignore(page => page.IsFirst);
    }
}

internal static class PageQueries
{
    /// <summary>Excludes closed pages.</summary>
    public static IQueryable<Page> Open(this IQueryable<Page> pages) => pages.Where(page => page.ClosedAt == null);

    /// <summary>The installation's first page.</summary>
    public static IQueryable<Page> AtRoot(this IQueryable<Page> pages) => pages.Where(page => page.Slug == null && page.HostName == null);

    /// <summary>The row of the page that a request is for.</summary>
    public static Task<Page> PageAsync(this StatusDb db, PublicSite site, CancellationToken cancel)
    {
        var pages = db.Pages.AsNoTracking();
        return (site.PageId is { } id ? pages.Where(page => page.Id == id) : pages.AtRoot()).SingleAsync(cancel);
    }
}
