using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using StatusPage.Domain.Alerts;
using StatusPage.Domain.Incidents;
using StatusPage.Domain.Metrics;
using StatusPage.Domain.Pages;
using StatusPage.Web.Data;

namespace StatusPage.Web.Alerts;

internal sealed class AlertTables
    : IEntityTypeConfiguration<AlertSource>,
        IEntityTypeConfiguration<AlertDelivery>,
        IEntityTypeConfiguration<AlertRule>,
        IEntityTypeConfiguration<AlertCase>,
        IEntityTypeConfiguration<AlertEpisode>,
        IEntityTypeConfiguration<AlertHistory>,
        IEntityTypeConfiguration<AlertLine>
{
    public void Configure(EntityTypeBuilder<AlertSource> table)
    {
        table.HasKey(source => source.Id);
        table.HasOne<Page>().WithMany().HasForeignKey(source => source.PageId).OnDelete(DeleteBehavior.Restrict);
        table.Property(source => source.Name).HasMaxLength(AlertSource.MaxNameLength);
        table.Property(source => source.Prometheus).HasMaxLength(PrometheusAddress.MaxLength);
        table.Property(source => source.BeatsEvery).HasConversion<Conversions.Minutes>();
        table.Ignore(source => source.Subject);
        table.Ignore(source => source.SilentAt);
        table.Property(source => source.EarlierSecrets).HasConversion<Conversions.List<EarlierSecret>, Conversions.ListComparer<EarlierSecret>>();
    }

    public void Configure(EntityTypeBuilder<AlertDelivery> table)
    {
        table.HasOne<AlertSource>().WithMany().HasForeignKey(delivery => delivery.SourceId).OnDelete(DeleteBehavior.Cascade);
        table.HasIndex(delivery => new { delivery.SourceId, delivery.Proof }).IsUnique();
        // The newest of a source, and how many a rule saw lately.
        table.HasIndex(delivery => new { delivery.SourceId, delivery.Id });
        table.HasIndex(delivery => new { delivery.RuleId, delivery.ReceivedAt });
        table.HasIndex(delivery => delivery.ReceivedAt);
        table.HasIndex(delivery => delivery.Id, "IX_AlertDeliveries_Waiting").HasFilter("\"State\" = 0");
        table.Property(delivery => delivery.Proof).HasMaxLength(100);
        table.Property(delivery => delivery.Outcome).HasMaxLength(AlertDelivery.MaxOutcome);
    }

    public void Configure(EntityTypeBuilder<AlertRule> table)
    {
        table.HasKey(rule => rule.Id);
        table.HasOne<Page>().WithMany().HasForeignKey(rule => rule.PageId).OnDelete(DeleteBehavior.Restrict);
        table.Property(rule => rule.Name).HasMaxLength(AlertRule.MaxNameLength);
        table.Property(rule => rule.ChartQuery).HasMaxLength(AlertChart.MaxQueryLength);
        table.Property(rule => rule.Conditions).HasConversion<Conversions.List<AlertCondition>, Conversions.ListComparer<AlertCondition>>();
        table.Property(rule => rule.Components).HasConversion<Conversions.List<AlertComponent>, Conversions.ListComparer<AlertComponent>>();
        foreach (
            var time in new[]
            {
                nameof(AlertRule.HoldsFor),
                nameof(AlertRule.Within),
                nameof(AlertRule.Delay),
                nameof(AlertRule.Guard),
                nameof(AlertRule.JoinsWithin),
            }
        )
            table.Property<TimeSpan>(time).HasConversion<Conversions.Minutes>();
        table.Ignore(rule => rule.Subject);
    }

    public void Configure(EntityTypeBuilder<AlertCase> table)
    {
        table.HasKey(@case => @case.Id);
        table.HasOne<Page>().WithMany().HasForeignKey(@case => @case.PageId).OnDelete(DeleteBehavior.Restrict);
        table.HasOne<Incident>().WithMany().HasForeignKey(@case => @case.IncidentId).OnDelete(DeleteBehavior.Restrict);
        table.HasIndex(@case => new { @case.PageId, @case.State });
        table.HasIndex(@case => new { @case.PageId, @case.ReceivedAt });
        table.HasIndex(@case => @case.DraftId);
        table.HasIndex(@case => @case.DueAt).HasFilter("\"DueAt\" IS NOT NULL");
        table.Property(@case => @case.Title).HasMaxLength(Incident.MaxTitleLength);
        table.Property(@case => @case.TakenBy).HasMaxLength(300);
        table.Property(@case => @case.StoppedBy).HasMaxLength(300);
        table.Property(@case => @case.Version).IsConcurrencyToken();
        table.Ignore(@case => @case.IsOver);
        table.Ignore(@case => @case.IsPublishedByItselfLater);
    }

    public void Configure(EntityTypeBuilder<AlertEpisode> table)
    {
        table.HasOne<AlertCase>().WithMany().HasForeignKey(episode => episode.CaseId).OnDelete(DeleteBehavior.Cascade);
        table.HasIndex(episode => new { episode.SourceId, episode.OpenKey }).IsUnique();
        table.HasIndex(episode => new
        {
            episode.SourceId,
            episode.Key,
            episode.OpenedAt,
        });
        table.HasIndex(episode => episode.CaseId);
        table.Property(episode => episode.Key).HasMaxLength(AlertText.MaxKey);
        table.Property(episode => episode.OpenKey).HasMaxLength(AlertText.MaxKey);
        table.Property(episode => episode.Title).HasMaxLength(AlertText.MaxTitle);
    }

    public void Configure(EntityTypeBuilder<AlertHistory> table)
    {
        table.HasKey(stream => new { stream.SourceId, stream.Key });
        table.HasIndex(stream => stream.ChangedAt);
        table.Property(stream => stream.Key).HasMaxLength(AlertText.MaxKey);
        table.Property(stream => stream.Firing).HasConversion<Conversions.List<AlertOccasion>, Conversions.ListComparer<AlertOccasion>>();
        table.Property(stream => stream.Ended).HasConversion<Conversions.List<string>, Conversions.ListComparer<string>>();
        table.Property(stream => stream.Heard).HasConversion<Conversions.List<string>, Conversions.ListComparer<string>>();
    }

    public void Configure(EntityTypeBuilder<AlertLine> table)
    {
        table.HasOne<AlertCase>().WithMany().HasForeignKey(line => line.CaseId).OnDelete(DeleteBehavior.Cascade);
        table.HasIndex(line => new { line.CaseId, line.Id });
        table.Property(line => line.Said).HasMaxLength(AlertLine.MaxText);
    }
}
