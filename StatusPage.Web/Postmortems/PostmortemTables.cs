using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using StatusPage.Domain;
using StatusPage.Domain.Incidents;
using StatusPage.Domain.Pages;
using StatusPage.Domain.Postmortems;
using StatusPage.Web.Data;

namespace StatusPage.Web.Postmortems;

internal sealed class PostmortemTables
    : IEntityTypeConfiguration<Postmortem>,
        IEntityTypeConfiguration<PostmortemComment>,
        IEntityTypeConfiguration<PostmortemTemplate>,
        IEntityTypeConfiguration<ActionItem>,
        IEntityTypeConfiguration<Prevention>
{
    public void Configure(EntityTypeBuilder<Postmortem> table)
    {
        table.HasKey(postmortem => postmortem.IncidentId);
        table.HasOne<Incident>().WithMany().HasForeignKey(postmortem => postmortem.IncidentId).OnDelete(DeleteBehavior.Restrict);
        table.HasOne<Page>().WithMany().HasForeignKey(postmortem => postmortem.PageId).OnDelete(DeleteBehavior.Restrict);
        table
            .Property(postmortem => postmortem.Sections)
            .HasConversion<Conversions.List<PostmortemSection>, Conversions.ListComparer<PostmortemSection>>();
        table.Property(postmortem => postmortem.Timeline).HasConversion<Conversions.List<TimelineEntry>, Conversions.ListComparer<TimelineEntry>>();
        table.Property(postmortem => postmortem.Reviews).HasConversion<Conversions.List<PostmortemReview>, Conversions.ListComparer<PostmortemReview>>();
        table.Property(postmortem => postmortem.Writers).HasConversion<Conversions.List<string>, Conversions.ListComparer<string>>();
        table.Property(postmortem => postmortem.Chosen).HasConversion<Conversions.List<string>, Conversions.ListComparer<string>>();
        table.Property(postmortem => postmortem.Revenue).HasMaxLength(Postmortem.MaxRevenueLength);
        table.Property(postmortem => postmortem.UpdatedBy).HasMaxLength(300);
        table.Property(postmortem => postmortem.Version).IsConcurrencyToken();
    }

    public void Configure(EntityTypeBuilder<PostmortemComment> table)
    {
        table.HasOne<Incident>().WithMany().HasForeignKey(comment => comment.IncidentId).OnDelete(DeleteBehavior.Restrict);
        table.Property(comment => comment.Section).HasMaxLength(PostmortemSection.MaxHeadingLength);
        table.Property(comment => comment.Body).HasMaxLength(PostmortemComment.MaxBodyLength);
        table.Property(comment => comment.Author).HasMaxLength(300);
    }

    public void Configure(EntityTypeBuilder<PostmortemTemplate> table)
    {
        table.HasKey(template => template.PageId);
        table.HasOne<Page>().WithMany().HasForeignKey(template => template.PageId).OnDelete(DeleteBehavior.Restrict);
        table.Property(template => template.Body).HasMaxLength(PostmortemTemplate.MaxBodyLength);
        table.Property(template => template.Version).IsConcurrencyToken();
    }

    public void Configure(EntityTypeBuilder<ActionItem> table)
    {
        table.HasKey(item => item.Id);
        table.HasOne<Page>().WithMany().HasForeignKey(item => item.PageId).OnDelete(DeleteBehavior.Restrict);
        table.HasOne<Incident>().WithMany().HasForeignKey(item => item.IncidentId).OnDelete(DeleteBehavior.Restrict);
        table.HasIndex(item => new
        {
            item.PageId,
            item.State,
            item.DueOn,
        });
        table.Property(item => item.Title).HasMaxLength(ActionItem.MaxTitleLength);
        table.Property(item => item.WrittenBy).HasMaxLength(ActionItem.MaxAuthorLength);
        table.Property(item => item.Owner).HasMaxLength(ActionItem.MaxOwnerLength);
        table.Property(item => item.Finding).HasMaxLength(ActionItem.MaxFindingLength);
        table.Property(item => item.Version).IsConcurrencyToken();
        table.Ignore(item => item.Subject);
    }

    public void Configure(EntityTypeBuilder<Prevention> table)
    {
        table.HasKey(prevention => new { prevention.ItemId, prevention.IncidentId });
        table.HasOne<ActionItem>().WithMany().HasForeignKey(prevention => prevention.ItemId).OnDelete(DeleteBehavior.Cascade);
        table.HasOne<Incident>().WithMany().HasForeignKey(prevention => prevention.IncidentId).OnDelete(DeleteBehavior.Restrict);
    }
}

/// <summary>An action item with the incident that it comes from.</summary>
public sealed record ItemRow
{
    public required ActionItem Item { get; init; }

    /// <summary>The incident's title.</summary>
    public required string Incident { get; init; }
}

internal static class PostmortemQueries
{
    public static Task<Postmortem?> PostmortemAsync(this StatusDb db, IncidentId incident, CancellationToken cancel) =>
        db.Postmortems.FirstOrDefaultAsync(row => row.IncidentId == incident, cancel);

    /// <summary>The page's template; the guide's where the page has none.</summary>
    public static async Task<PostmortemTemplate> PostmortemTemplateAsync(this StatusDb db, PageId page, CancellationToken cancel) =>
        await db.PostmortemTemplates.FirstOrDefaultAsync(row => row.PageId == page, cancel) ?? PostmortemTemplate.Of(page);

    /// <summary>In the order in which they were found.</summary>
    public static Task<List<ActionItem>> ActionItemsAsync(this StatusDb db, IncidentId incident, CancellationToken cancel) =>
        db.ActionItems.AsNoTracking().Where(row => row.IncidentId == incident).OrderBy(row => row.CreatedAt).ThenBy(row => row.Id).ToListAsync(cancel);

    /// <summary>The items of a page whose incidents are not deleted.</summary>
    public static IQueryable<ItemRow> ItemsOf(this StatusDb db, PageId page) =>
        from item in db.ActionItems.AsNoTracking()
        join incident in db.Incidents on item.IncidentId equals incident.Id
        where item.PageId == page && incident.DeletedAt == null
        select new ItemRow { Item = item, Incident = incident.Title };
}
