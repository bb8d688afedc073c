using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using StatusPage.Domain;
using StatusPage.Domain.Destinations;
using StatusPage.Domain.Incidents;
using StatusPage.Domain.Pages;
using StatusPage.Web.Data;

namespace StatusPage.Web.Destinations;

internal sealed class DestinationTables
    : IEntityTypeConfiguration<Destination>,
        IEntityTypeConfiguration<DestinationLink>,
        IEntityTypeConfiguration<DestinationDelivery>
{
    public void Configure(EntityTypeBuilder<Destination> table)
    {
        table.HasKey(destination => destination.Id);
        table.HasOne<Page>().WithMany().HasForeignKey(destination => destination.PageId).OnDelete(DeleteBehavior.Restrict);
        table.HasIndex(destination => new { destination.PageId, destination.Name }).IsUnique();
        table.Property(destination => destination.Name).HasMaxLength(Destination.MaxNameLength);
        table.Property(destination => destination.BaseUrl).HasMaxLength(Destination.MaxUrlLength);
        table.Property(destination => destination.Trouble).HasMaxLength(Destination.MaxTroubleLength);
        table
            .Property(destination => destination.Settings)
            .HasConversion<Conversions.List<DestinationSetting>, Conversions.ListComparer<DestinationSetting>>();
        table.Ignore(destination => destination.Subject);
        table.Ignore(destination => destination.Place);
    }

    public void Configure(EntityTypeBuilder<DestinationLink> table)
    {
        table.HasKey(link => link.Id);
        table.HasOne<Destination>().WithMany().HasForeignKey(link => link.DestinationId).OnDelete(DeleteBehavior.Cascade);
        table.HasOne<Incident>().WithMany().HasForeignKey(link => link.IncidentId).OnDelete(DeleteBehavior.Restrict);
        table
            .HasIndex(link => new
            {
                link.DestinationId,
                link.What,
                link.ObjectId,
            })
            .IsUnique();
        table.HasIndex(link => new { link.DestinationId, link.RemoteId });
        table.HasIndex(link => new { link.PageId, link.IncidentId });
        table.HasIndex(link => link.NextAttemptAt).HasFilter("\"NextAttemptAt\" IS NOT NULL");
        table.HasIndex(link => link.CheckAt).HasFilter("\"CheckAt\" IS NOT NULL");
        // A claim changes it, so who asks for an object again while a node works on it is told, and reads anew.
        table.Property(link => link.NextAttemptAt).IsConcurrencyToken();
        table.Property(link => link.ObjectId).HasMaxLength(PublicId.Length);
        table.Property(link => link.RemoteId).HasMaxLength(DestinationLink.MaxRemoteId);
        table.Property(link => link.Url).HasMaxLength(DestinationLink.MaxUrl);
        table.Property(link => link.FormerUrl).HasMaxLength(DestinationLink.MaxUrl);
        table.Property(link => link.Title).HasMaxLength(DestinationLink.MaxTitle);
        table.Property(link => link.PendingTitle).HasMaxLength(DestinationLink.MaxTitle);
        table.Property(link => link.RemoteState).HasMaxLength(DestinationLink.MaxState);
        table.Property(link => link.LastError).HasMaxLength(DestinationLink.MaxError);
        table.Property(link => link.LeasedBy).HasMaxLength(PublicId.Length);
        foreach (
            var print in new[]
            {
                nameof(DestinationLink.Place),
                nameof(DestinationLink.ReadPrint),
                nameof(DestinationLink.SentPrint),
                nameof(DestinationLink.PendingWords),
            }
        )
            table.Property(print).HasMaxLength(64);
        table.Ignore(link => link.Ref);
    }

    public void Configure(EntityTypeBuilder<DestinationDelivery> table)
    {
        table.HasKey(delivery => delivery.Id);
        table.HasOne<Destination>().WithMany().HasForeignKey(delivery => delivery.DestinationId).OnDelete(DeleteBehavior.Cascade);
        table.HasIndex(delivery => new { delivery.DestinationId, delivery.Name }).IsUnique();
        table.HasIndex(delivery => delivery.ReceivedAt);
        table.Property(delivery => delivery.Name).HasMaxLength(DestinationDelivery.MaxName);
    }
}
