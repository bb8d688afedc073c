using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Alerts;
using StatusPage.Domain.Drafts;
using StatusPage.Web.Data;

namespace StatusPage.Web.Alerts;

internal static class AlertQueries
{
    private static readonly TimeSpan OutlivedShown = TimeSpan.FromDays(7);

    /// <summary>The case of a draft that is published with an incident, so that it knows of it in the same transaction.</summary>
    public static async Task PublishCaseAsync(this StatusDb db, Draft draft, IncidentId incident, DateTimeOffset now, CancellationToken cancel)
    {
        if (await db.AlertCases.FirstOrDefaultAsync(row => row.DraftId == draft.Id, cancel) is not { } found)
            return;
        found.Published(incident, now);
        db.AlertLines.Add(new(found.Id, found.WasPublishedByItself ? "It was published by itself." : "It was published.", now));
    }

    /// <summary>In the order in which they are asked.</summary>
    public static async Task<List<AlertRule>> AlertRulesAsync(this StatusDb db, PageId page, CancellationToken cancel) =>
        [.. AlertRule.InOrder(await db.AlertRules.AsNoTracking().Where(row => row.PageId == page).ToListAsync(cancel))];

    /// <summary>Those that the rule names. Where it names none: those whose name or slug stands in a field of the alert, such as its service.</summary>
    public static async Task<List<ComponentId>> ComponentsOfAsync(
        this StatusDb db,
        PageId page,
        AlertEvent alert,
        AlertRule? rule,
        CancellationToken cancel
    )
    {
        var known = await db
            .Components.Where(row => row.PageId == page && row.ArchivedAt == null)
            .OrderBy(row => row.Position)
            .Select(row => new
            {
                row.Id,
                row.Name,
                row.Slug,
            })
            .ToListAsync(cancel);
        if (rule is { Components.Count: > 0 })
            return [.. rule.Components.Select(component => component.Id).Where(id => known.Exists(row => row.Id == id))];
        var named = alert.Fields.Values.ToHashSet(StringComparer.OrdinalIgnoreCase);
        return [.. known.Where(row => named.Contains(row.Name) || named.Contains(row.Slug)).Select(row => row.Id)];
    }

    public static async Task<AlertRule?> RuleOfAsync(this StatusDb db, AlertCase found, CancellationToken cancel) =>
        found.RuleId is { } id ? await db.AlertRules.AsNoTracking().FirstOrDefaultAsync(row => row.Id == id, cancel) : null;

    public static async Task<Draft?> DraftOfAsync(this StatusDb db, AlertCase found, CancellationToken cancel) =>
        found.DraftId is { } id ? await db.Drafts.FirstOrDefaultAsync(row => row.Id == id, cancel) : null;

    /// <summary>The case whose alerts made the program close a draft: of an incident as they resolved, or of its end as one fired again.</summary>
    public static Task<AlertCase?> CaseThatClosedAsync(this StatusDb db, Draft draft, CancellationToken cancel) =>
        db.AlertCases.FirstOrDefaultAsync(
            row =>
                row.PageId == draft.PageId
                && ((row.DraftId == draft.Id && row.ClosedAt != null) || (row.EndDraftId == draft.Id && row.ResolvedAt == null && row.EndedAt == null)),
            cancel
        );

    /// <summary>Cases whose incident somebody has ended, and whose alerts fire on. They are shown for a week.</summary>
    public static IQueryable<AlertCaseId> Outlived(this StatusDb db, DateTimeOffset now)
    {
        var since = now - OutlivedShown;
        return from found in db.AlertCases
            where found.State == AlertCaseState.Over && found.IncidentId != null && found.EndedAt > since
            where db.AlertEpisodes.Any(episode => episode.CaseId == found.Id && episode.OpenKey != null)
            select found.Id;
    }

    /// <summary>Since when alerts of a case fire, the longest first; null when none does.</summary>
    public static Task<DateTimeOffset?> FiresSinceAsync(this StatusDb db, AlertCaseId found, CancellationToken cancel) =>
        db.AlertEpisodes.Where(row => row.CaseId == found && row.OpenKey != null).MinAsync(row => (DateTimeOffset?)row.At, cancel);

    /// <summary>The metric behind a case: behind its first alert, that is. Null where the source has no Prometheus, or nothing says what to ask it.</summary>
    public static async Task<AlertChart?> ChartOfAsync(this StatusDb db, AlertCase found, CancellationToken cancel)
    {
        var first = await db
            .AlertEpisodes.AsNoTracking()
            .Where(row => row.CaseId == found.Id)
            .OrderBy(row => row.Id)
            .Select(row => new { row.SourceId, row.Link })
            .FirstOrDefaultAsync(cancel);
        return
            first is not null
            && await db.AlertSources.AsNoTracking().FirstOrDefaultAsync(row => row.Id == first.SourceId, cancel) is { Prometheus: not null } source
            ? AlertChart.Of(source, await db.RuleOfAsync(found, cancel), first.Link)
            : null;
    }

    /// <summary>The case that a draft was made for: of an incident, or of the update that ends one.</summary>
    public static Task<AlertCase?> CaseOfAsync(this StatusDb db, Draft draft, CancellationToken cancel) =>
        db
            .AlertCases.AsNoTracking()
            .Where(row => row.PageId == draft.PageId && (row.DraftId == draft.Id || (draft.IncidentId != null && row.IncidentId == draft.IncidentId)))
            .OrderByDescending(row => row.ReceivedAt)
            .FirstOrDefaultAsync(cancel);

    /// <summary>
    /// Whether a delivery that came before says something new again, as what it tells of is open and was changed since. While others wait, that is not
    /// known; then the worker finds out.
    /// </summary>
    public static async Task<bool> IsChangedBackAsync(this StatusDb db, AlertSource source, AlertReading reading, string? proof, CancellationToken cancel)
    {
        if (
            reading is not AlertReading.Of { Events: [{ Signal: AlertSignal.Firing } alert, ..] }
            || !await db.AlertDeliveries.AnyAsync(row => row.SourceId == source.Id && row.Proof == proof, cancel)
            || await db.AlertEpisodes.AsNoTracking().FirstOrDefaultAsync(row => row.SourceId == source.Id && row.OpenKey == alert.Key, cancel)
                is not { } open
        )
            return false;
        return alert.ChangesSince(JsonSerializer.Deserialize<AlertEvent>(open.Content)!).Count > 0
            || await db.AlertDeliveries.AnyAsync(row => row.SourceId == source.Id && row.State == AlertDeliveryState.Waiting, cancel);
    }

    /// <summary>Whether a rule published another case within its guard time.</summary>
    public static Task<bool> HasPublishedLatelyAsync(this StatusDb db, AlertRule rule, AlertCase but, DateTimeOffset now, CancellationToken cancel)
    {
        var since = now - rule.Guard;
        return db.AlertCases.AnyAsync(row => row.RuleId == rule.Id && row.Id != but.Id && row.WasPublishedByItself && row.FirstUpdateAt > since, cancel);
    }
}
