using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using StatusPage.Domain;
using StatusPage.Domain.Deliveries;
using StatusPage.Domain.Incidents;
using StatusPage.Domain.Pages;
using StatusPage.Web.Data;

namespace StatusPage.Web.Incidents;

internal sealed class IncidentTables
    : IEntityTypeConfiguration<Incident>,
        IEntityTypeConfiguration<IncidentUpdate>,
        IEntityTypeConfiguration<SeverityRule>,
        IEntityTypeConfiguration<IncidentNote>,
        IEntityTypeConfiguration<IncidentAssignment>
{
    public void Configure(EntityTypeBuilder<Incident> table)
    {
        table.HasKey(incident => incident.Id);
        table.HasOne<Page>().WithMany().HasForeignKey(incident => incident.PageId).OnDelete(DeleteBehavior.Restrict);
        table.HasMany(incident => incident.Updates).WithOne().HasForeignKey(update => update.IncidentId).OnDelete(DeleteBehavior.Restrict);
        table.HasIndex(incident => new { incident.PageId, incident.StartedAt });
        table.HasIndex(incident => new { incident.PageId, incident.UpdatedAt });
        table.HasIndex(incident => new { incident.PageId, incident.StartedAt }, "IX_Incidents_Troubled").HasFilter("\"LeavesTrouble\"");
        // Few incidents are open, and nearly every query asks for them.
        table.HasIndex(incident => incident.PageId, "IX_Incidents_Open").HasFilter("\"ResolvedAt\" IS NULL");
        table.Property(incident => incident.Title).HasMaxLength(Incident.MaxTitleLength);
        table.Property(incident => incident.PostmortemBody).HasMaxLength(UpdateContent.MaxBodyLength);
        table.Property(incident => incident.PostmortemAuthor).HasMaxLength(300);
        table.Property(incident => incident.Metadata).HasMaxLength(Incident.MaxMetadataLength);
        table.Property(incident => incident.Version).IsConcurrencyToken();
        // For rows from before this was stored.
        table.Property(incident => incident.ProposedImpact).HasDefaultValue(Impact.None);
        table.Ignore(incident => incident.Impact);
        table.Ignore(incident => incident.IsBackfilled);
        table.Ignore(incident => incident.Latest);
        table.Ignore(incident => incident.Standing);
        table.Ignore(incident => incident.PostmortemUpdate);
        table.Ignore(incident => incident.NextUpdateBy);
        table.Ignore(incident => incident.ComponentIds);
        table.Ignore(incident => incident.Statements);
    }

    public void Configure(EntityTypeBuilder<IncidentUpdate> table)
    {
        table.ToTable("IncidentUpdates");
        table.HasKey(update => update.Id);
        // Two concurrent posts to one incident cannot both become number n.
        table.HasIndex(update => new { update.IncidentId, update.Number }).IsUnique();
        table.HasIndex(update => update.PostedAt);
        // The domain makes an update's key, so EF must take a new one in a loaded incident's list for an insert.
        table.Property(update => update.Id).ValueGeneratedNever();
        table.Property(update => update.Body).HasMaxLength(UpdateContent.MaxBodyLength);
        table.Property(update => update.ImpactSummary).HasMaxLength(UpdateContent.MaxFactLength);
        table.Property(update => update.TeamStatus).HasMaxLength(UpdateContent.MaxFactLength);
        table.Property(update => update.Author).HasMaxLength(300);
        table.Property(update => update.DraftedBy).HasMaxLength(300);
        table.Property(update => update.ApprovedBy).HasMaxLength(300);
        table.Property(update => update.WithdrawnBecause).HasMaxLength(UpdateContent.MaxFactLength);
        table.Ignore(update => update.CorrectedAt);
        table.Ignore(update => update.ChangedAt);
    }

    public void Configure(EntityTypeBuilder<IncidentNote> table)
    {
        table.HasOne<Incident>().WithMany().HasForeignKey(note => note.IncidentId).OnDelete(DeleteBehavior.Restrict);
        table.Property(note => note.Body).HasMaxLength(IncidentNote.MaxBodyLength);
        table.Property(note => note.Author).HasMaxLength(300);
    }

    public void Configure(EntityTypeBuilder<IncidentAssignment> table)
    {
        table.HasKey(assignment => new { assignment.IncidentId, assignment.Role });
        table.HasOne<Incident>().WithMany().HasForeignKey(assignment => assignment.IncidentId).OnDelete(DeleteBehavior.Restrict);
        table.Property(assignment => assignment.Person).HasMaxLength(IncidentAssignment.MaxPersonLength);
    }

    public void Configure(EntityTypeBuilder<SeverityRule> table)
    {
        table.HasKey(rule => new { rule.PageId, rule.Severity });
        table.HasOne<Page>().WithMany().HasForeignKey(rule => rule.PageId).OnDelete(DeleteBehavior.Restrict);
        table.Property(rule => rule.Cadence).HasConversion(cadence => (int)cadence.TotalMinutes, minutes => TimeSpan.FromMinutes(minutes));
        table.Ignore(rule => rule.ProposedImpact);
    }
}

internal static class IncidentQueries
{
    /// <summary>Incidents with their updates in order, as the rules of the domain need them; without the deleted ones.</summary>
    public static IQueryable<Incident> Whole(this IQueryable<Incident> incidents) =>
        incidents.Where(incident => incident.DeletedAt == null).Include(incident => incident.Updates.OrderBy(update => update.Number)).AsSplitQuery();

    /// <summary>The incidents that the public was told of.</summary>
    public static IQueryable<Incident> Public(this IQueryable<Incident> incidents) => incidents.Where(incident => incident.IsPublic);

    /// <summary>The page's rule for each severity, the most severe first; the guide's rule where the page has none.</summary>
    public static async Task<IReadOnlyList<SeverityRule>> SeverityRulesAsync(this StatusDb db, PageId page, CancellationToken cancel)
    {
        var decided = await db.SeverityRules.AsNoTracking().Where(rule => rule.PageId == page).ToDictionaryAsync(rule => rule.Severity, cancel);
        return [.. Severities.All.Select(severity => decided.GetValueOrDefault(severity) ?? SeverityRule.Default(page, severity))];
    }

    /// <summary>The incident and update of an announcement, in the words for its audience; null when they were deleted or withdrawn meanwhile.</summary>
    public static async Task<(Incident Incident, IncidentUpdate Update)?> ToldAsync(this StatusDb db, Announcement announcement, CancellationToken cancel)
    {
        var incident = await db.Incidents.AsNoTracking().Whole().FirstOrDefaultAsync(row => row.Id == announcement.IncidentId, cancel);
        if (announcement.Kind == AnnouncementKind.Postmortem)
            return incident?.PostmortemUpdate is { } learned ? (incident, learned) : null;
        return incident?.Updates.FirstOrDefault(row => row.Id == announcement.UpdateId) is { WithdrawnAt: null } update
            ? (incident, update.For(announcement.AudienceId))
            : null;
    }

    /// <summary>Whether a prepared message may still be sent: an update can be corrected or withdrawn while its messages go out.</summary>
    public static async Task<bool> StandsAsync(this StatusDb db, IncidentId incident, int version, CancellationToken cancel) =>
        await db.Incidents.AnyAsync(row => row.Id == incident && row.DeletedAt == null && row.Version == version, cancel);
}
