using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using StatusPage.Domain.Drafts;
using StatusPage.Domain.Incidents;
using StatusPage.Domain.Pages;

namespace StatusPage.Web.Drafts;

internal sealed class DraftTables : IEntityTypeConfiguration<Draft>
{
    public void Configure(EntityTypeBuilder<Draft> table)
    {
        table.HasKey(draft => draft.Id);
        table.HasOne<Page>().WithMany().HasForeignKey(draft => draft.PageId).OnDelete(DeleteBehavior.Restrict);
        table.HasOne<Incident>().WithMany().HasForeignKey(draft => draft.IncidentId).OnDelete(DeleteBehavior.Restrict);
        table.HasIndex(draft => new { draft.PageId, draft.State });
        table.Property(draft => draft.Version).IsConcurrencyToken();
        table.Property(draft => draft.Title).HasMaxLength(Incident.MaxTitleLength);
        table.Property(draft => draft.Author).HasMaxLength(300);
        table.Property(draft => draft.Editor).HasMaxLength(300);
        table.Property(draft => draft.Form).HasMaxLength(64);
        table.Property(draft => draft.SubmittedBy).HasMaxLength(300);
        table.Property(draft => draft.SentBackBecause).HasMaxLength(500);
        table.Property(draft => draft.Poster).HasMaxLength(300);
        table.HasIndex(draft => draft.PostsAt).HasFilter("\"PostsAt\" IS NOT NULL");
        table.Ignore(draft => draft.IsCountingDown);
        table.Ignore(draft => draft.IsOver);
    }
}
