using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using StatusPage.Domain;
using StatusPage.Domain.Incidents;
using StatusPage.Domain.Records;
using StatusPage.Web.Data;

namespace StatusPage.Web.Records;

internal sealed class RecordTables : IEntityTypeConfiguration<MomentCorrection>
{
    public void Configure(EntityTypeBuilder<MomentCorrection> table)
    {
        table.HasKey(row => new { row.IncidentId, row.Moment });
        table.HasOne<Incident>().WithMany().HasForeignKey(row => row.IncidentId).OnDelete(DeleteBehavior.Restrict);
        table.Property(row => row.By).HasMaxLength(300);
    }
}

internal static class RecordQueries
{
    /// <summary>The records of incidents, the first that began on top: four queries, however many there are.</summary>
    public static async Task<IReadOnlyList<IncidentRecord>> RecordsAsync(this StatusDb db, IQueryable<Incident> incidents, CancellationToken cancel)
    {
        var rows = await incidents
            .AsNoTracking()
            .OrderBy(row => row.StartedAt)
            .Select(row => new
            {
                row.Id,
                row.Title,
                row.Severity,
                row.StartedAt,
                IsBackfilled = row.BackfilledAt != null,
                row.ResolvedAt,
                Updates = row
                    .Updates.Where(update => update.WithdrawnAt == null)
                    .OrderBy(update => update.Number)
                    .Select(update => new RecordedUpdate(update.Phase, update.PostedAt))
                    .ToList(),
            })
            .AsSplitQuery()
            .ToListAsync(cancel);
        var ids = incidents.Select(row => row.Id);
        var cases = (
            await db
                .AlertCases.Where(row => row.IncidentId != null && ids.Contains(row.IncidentId.Value))
                .Select(row => new
                {
                    row.IncidentId,
                    row.AlertedAt,
                    row.DraftedAt,
                    row.TakenAt,
                })
                .ToListAsync(cancel)
        ).ToLookup(row => row.IncidentId!.Value, row => new RecordedCase(row.AlertedAt, row.DraftedAt, row.TakenAt));
        var corrections = (await db.MomentCorrections.AsNoTracking().Where(row => ids.Contains(row.IncidentId)).ToListAsync(cancel)).ToLookup(row =>
            row.IncidentId
        );
        return
        [
            .. rows.Select(row => new IncidentRecord(
                    new(row.Id, row.Title, row.Severity, row.StartedAt, row.IsBackfilled, row.ResolvedAt, row.Updates, [.. cases[row.Id]]),
                    corrections[row.Id]
                ))
                .OrderBy(record => record.BeganAt),
        ];
    }

    /// <summary>The records of the incidents that began within a range, without those that were withdrawn or deleted.</summary>
    public static async Task<IReadOnlyList<IncidentRecord>> RecordsWithinAsync(
        this StatusDb db,
        PageId page,
        DateTimeOffset from,
        DateTimeOffset until,
        CancellationToken cancel
    )
    {
        // The record may say that an incident began earlier than its page does.
        var latest = until + MomentCorrection.LongestUnnoticed;
        var records = await db.RecordsAsync(
            db.Incidents.Where(row =>
                row.PageId == page && row.DeletedAt == null && row.WithdrawnAt == null && row.StartedAt >= from && row.StartedAt < latest
            ),
            cancel
        );
        return [.. records.Where(record => record.BeganAt >= from && record.BeganAt < until)];
    }
}
