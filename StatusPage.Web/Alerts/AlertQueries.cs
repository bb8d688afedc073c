using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Alerts;
using StatusPage.Domain.Drafts;
using StatusPage.Web.Data;

namespace StatusPage.Web.Alerts;

internal static class AlertQueries
{
    /// <summary>The case of a draft that is published with an incident, so that it knows of it in the same transaction.</summary>
    public static async Task PublishCaseAsync(this StatusDb db, Draft draft, IncidentId incident, DateTimeOffset now, CancellationToken cancel)
    {
        if (await db.AlertCases.FirstOrDefaultAsync(row => row.DraftId == draft.Id, cancel) is not { } found)
            return;
        found.Published(incident, now);
        db.AlertLines.Add(new(found.Id, found.WasPublishedByItself ? "It was published by itself." : "It was published.", now));
    }

    public static async Task<AlertRule?> RuleOfAsync(this StatusDb db, AlertCase found, CancellationToken cancel) =>
        found.RuleId is { } id ? await db.AlertRules.AsNoTracking().FirstOrDefaultAsync(row => row.Id == id, cancel) : null;

    public static async Task<Draft?> DraftOfAsync(this StatusDb db, AlertCase found, CancellationToken cancel) =>
        found.DraftId is { } id ? await db.Drafts.FirstOrDefaultAsync(row => row.Id == id, cancel) : null;

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

    /// <summary>Whether a rule published another case within its guard time.</summary>
    public static Task<bool> HasPublishedLatelyAsync(this StatusDb db, AlertRule rule, AlertCase but, DateTimeOffset now, CancellationToken cancel)
    {
        var since = now - rule.Guard;
        return db.AlertCases.AnyAsync(row => row.RuleId == rule.Id && row.Id != but.Id && row.WasPublishedByItself && row.FirstUpdateAt > since, cancel);
    }
}
