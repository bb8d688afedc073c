using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using StatusPage.Domain.Drafts;
using StatusPage.Domain.Incidents;
using StatusPage.Domain.Pages;

namespace StatusPage.Web.Drafts;

internal sealed class TemplateTables : IEntityTypeConfiguration<Template>
{
    public void Configure(EntityTypeBuilder<Template> table)
    {
        table.HasKey(template => template.Id);
        table.HasOne<Page>().WithMany().HasForeignKey(template => template.PageId).OnDelete(DeleteBehavior.Restrict);
        table.HasIndex(template => template.PageId);
        table.Property(template => template.Name).HasMaxLength(Template.MaxNameLength);
        table.Property(template => template.Title).HasMaxLength(Incident.MaxTitleLength);
        table.Property(template => template.Body).HasMaxLength(UpdateContent.MaxBodyLength);
        table.Property(template => template.ImpactSummary).HasMaxLength(UpdateContent.MaxFactLength);
        table.Property(template => template.TeamStatus).HasMaxLength(UpdateContent.MaxFactLength);
    }
}
