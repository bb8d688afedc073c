using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using StatusPage.Domain;
using StatusPage.Domain.Alerts;
using StatusPage.Domain.Incidents;
using StatusPage.Domain.Pages;
using StatusPage.Domain.Runbooks;
using StatusPage.Web.Data;
using StatusPage.Web.Incidents;

namespace StatusPage.Web.Runbooks;

internal sealed class RunbookTables : IEntityTypeConfiguration<Runbook>, IEntityTypeConfiguration<RunbookRevision>, IEntityTypeConfiguration<RunbookTick>
{
    public void Configure(EntityTypeBuilder<Runbook> table)
    {
        table.HasKey(runbook => runbook.Id);
        table.HasOne<Page>().WithMany().HasForeignKey(runbook => runbook.PageId).OnDelete(DeleteBehavior.Restrict);
        table.HasIndex(runbook => new { runbook.PageId, runbook.Name }).IsUnique();
        table.Property(runbook => runbook.Title).HasMaxLength(Runbook.MaxTitleLength);
        table.Property(runbook => runbook.Name).HasMaxLength(Runbook.MaxTitleLength);
        table.Property(runbook => runbook.Body).HasMaxLength(Runbook.MaxBodyLength);
        table.Property(runbook => runbook.ReviewedBy).HasMaxLength(300);
        table.Property(runbook => runbook.AlertRuleIds).HasConversion<Conversions.IdList<AlertRuleId>, Conversions.IdListComparer<AlertRuleId>>();
        table.Property(runbook => runbook.Version).IsConcurrencyToken();
        table.Ignore(runbook => runbook.Subject);
    }

    public void Configure(EntityTypeBuilder<RunbookRevision> table)
    {
        table.HasKey(revision => new { revision.RunbookId, revision.Number });
        table.HasOne<Runbook>().WithMany().HasForeignKey(revision => revision.RunbookId).OnDelete(DeleteBehavior.Restrict);
        table.Property(revision => revision.Title).HasMaxLength(Runbook.MaxTitleLength);
        table.Property(revision => revision.Body).HasMaxLength(Runbook.MaxBodyLength);
        table.Property(revision => revision.Author).HasMaxLength(300);
    }

    public void Configure(EntityTypeBuilder<RunbookTick> table)
    {
        table.HasKey(tick => new
        {
            tick.RunbookId,
            tick.Place,
            tick.StepKey,
        });
        table.HasOne<Runbook>().WithMany().HasForeignKey(tick => tick.RunbookId).OnDelete(DeleteBehavior.Restrict);
        table.HasOne<AlertCase>().WithMany().HasForeignKey(tick => tick.CaseId).OnDelete(DeleteBehavior.Restrict);
        table.HasOne<Incident>().WithMany().HasForeignKey(tick => tick.IncidentId).OnDelete(DeleteBehavior.Restrict);
        table.Property(tick => tick.Place).HasMaxLength(PublicId.Length);
        table.Property(tick => tick.StepKey).HasMaxLength(RunbookStep.KeyLength);
        table.Property(tick => tick.By).HasMaxLength(300);
    }
}

/// <summary>A runbook beside what it helps with.</summary>
/// <param name="Ticks">By the key of the step.</param>
public sealed record RunbookBeside(Runbook Runbook, RunbookText Text, IReadOnlyDictionary<string, RunbookTick> Ticks);

/// <summary>Where runbooks are shown: an alert's case, an incident, or a draft that is neither.</summary>
/// <param name="Components">What it is about, besides what the case or the incident says itself.</param>
public sealed record RunbookPlace(PageId PageId, AlertCaseId? Case, IncidentId? Incident, IReadOnlyCollection<ComponentId> Components)
{
    /// <summary>Beside a draft that opens an incident.</summary>
    public static RunbookPlace OfDraft(PageId page, AlertCaseId? of, UpdateForm form) =>
        new(
            page,
            of,
            null,
            [
                .. form
                    .Components.Where(state => !string.IsNullOrEmpty(state.Value) && PublicId.LooksLikeOne(state.Key))
                    .Select(state => ComponentId.Of(state.Key)),
            ]
        );
}

internal static class RunbookQueries
{
    public static Task<Runbook?> FindRunbookAsync(this StatusDb db, PageId page, string? id, CancellationToken cancel) =>
        PublicId.LooksLikeOne(id)
            ? db.Runbooks.FirstOrDefaultAsync(row => row.PageId == page && row.Id == RunbookId.Of(id!), cancel)
            : Task.FromResult<Runbook?>(null);

    /// <summary>When each runbook was last used in something that is over by now.</summary>
    public static async Task<IReadOnlyDictionary<RunbookId, DateTimeOffset>> RunbookUseAsync(this StatusDb db, PageId page, CancellationToken cancel)
    {
        var ticks = await (
            from tick in db.RunbookTicks
            join runbook in db.Runbooks on tick.RunbookId equals runbook.Id
            where runbook.PageId == page && tick.At > runbook.ReviewedAt
            // A case that became an incident is over with it.
            let incident = tick.IncidentId ?? db.AlertCases.Where(row => row.Id == tick.CaseId).Select(row => row.IncidentId).FirstOrDefault()
            where
                incident != null
                    ? db.Incidents.Any(row => row.Id == incident && (row.ResolvedAt != null || row.DeletedAt != null))
                    : db.AlertCases.Any(row => row.Id == tick.CaseId && (row.State == AlertCaseState.Dropped || row.State == AlertCaseState.Over))
            select new { tick.RunbookId, tick.At }
        ).ToListAsync(cancel);
        return ticks.GroupBy(row => row.RunbookId).ToDictionary(rows => rows.Key, rows => rows.Max(row => row.At));
    }

    /// <summary>The runbooks that help at a place: those of its components and rules, and those of which a step was ticked there.</summary>
    public static async Task<IReadOnlyList<RunbookBeside>> RunbooksBesideAsync(this StatusDb db, RunbookPlace place, CancellationToken cancel)
    {
        var all = await db
            .Runbooks.AsNoTracking()
            .Where(row => row.PageId == place.PageId && row.ArchivedAt == null)
            .Select(row => new
            {
                row.Id,
                row.ComponentIds,
                row.AlertRuleIds,
            })
            .ToListAsync(cancel);
        if (all.Count == 0)
            return [];
        var (caseId, incidentId) = (place.Case, place.Incident);
        var cases = await db
            .AlertCases.AsNoTracking()
            .Where(row => row.PageId == place.PageId && (row.Id == caseId || (incidentId != null && row.IncidentId == incidentId)))
            .Select(row => new
            {
                row.Id,
                row.RuleId,
                row.ComponentIds,
            })
            .ToListAsync(cancel);
        var components = place.Components.Concat(cases.SelectMany(row => row.ComponentIds)).ToHashSet();
        var rules = cases.Select(row => row.RuleId).OfType<AlertRuleId>().ToHashSet();
        var places = cases.ConvertAll(row => row.Id.Value);
        if (incidentId is { } incident)
            places.Add(incident.Value);
        var ticks = (await db.RunbookTicks.AsNoTracking().Where(row => places.Contains(row.Place)).ToListAsync(cancel)).ToLookup(row => row.RunbookId);
        var helpful = all.Where(row => ticks.Contains(row.Id) || row.ComponentIds.Any(components.Contains) || row.AlertRuleIds.Any(rules.Contains))
            .Select(row => row.Id)
            .ToList();
        var runbooks = await db.Runbooks.AsNoTracking().Where(row => helpful.Contains(row.Id)).OrderBy(row => row.Name).ToListAsync(cancel);
        return
        [
            .. runbooks.Select(runbook => new RunbookBeside(
                runbook,
                RunbookText.Read(runbook.Body),
                // A step that was ticked at the alert and at the incident was first done at the alert.
                ticks[runbook.Id].GroupBy(tick => tick.StepKey).ToDictionary(group => group.Key, group => group.MinBy(tick => tick.At)!)
            )),
        ];
    }
}
