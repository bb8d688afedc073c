using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using StatusPage.Domain.Components;
using StatusPage.Domain.Pages;

namespace StatusPage.Web.Components;

internal sealed class ComponentTables
    : IEntityTypeConfiguration<Component>,
        IEntityTypeConfiguration<ComponentGroup>,
        IEntityTypeConfiguration<ManualStatus>
{
    public void Configure(EntityTypeBuilder<Component> table)
    {
        table.HasKey(component => component.Id);
        table.HasOne<Page>().WithMany().HasForeignKey(component => component.PageId).OnDelete(DeleteBehavior.Restrict);
        table.HasOne<ComponentGroup>().WithMany().HasForeignKey(component => component.GroupId).OnDelete(DeleteBehavior.SetNull);
        table.HasIndex(component => new { component.PageId, component.Slug }).IsUnique();
        table.Property(component => component.Slug).HasMaxLength(70);
        table.Property(component => component.Name).HasMaxLength(Component.MaxNameLength);
        table.Property(component => component.Description).HasMaxLength(Component.MaxDescriptionLength);
    }

    public void Configure(EntityTypeBuilder<ComponentGroup> table)
    {
        table.HasKey(group => group.Id);
        table.HasOne<Page>().WithMany().HasForeignKey(group => group.PageId).OnDelete(DeleteBehavior.Restrict);
        table.Property(group => group.Name).HasMaxLength(Component.MaxNameLength);
        table.Property(group => group.Description).HasMaxLength(Component.MaxDescriptionLength);
    }

    public void Configure(EntityTypeBuilder<ManualStatus> table)
    {
        table.HasOne<Component>().WithMany().HasForeignKey(by => by.ComponentId).OnDelete(DeleteBehavior.Cascade);
        table.HasIndex(by => new { by.PageId, by.At });
        // For the last state of each component before an instant.
        table.HasIndex(by => new { by.ComponentId, by.At });
    }
}
