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

    /// <summary>Whether a rule published another case within its guard time.</summary>
    public static Task<bool> HasPublishedLatelyAsync(this StatusDb db, AlertRule rule, AlertCase but, DateTimeOffset now, CancellationToken cancel)
    {
        var since = now - rule.Guard;
        return db.AlertCases.AnyAsync(row => row.RuleId == rule.Id && row.Id != but.Id && row.WasPublishedByItself && row.FirstUpdateAt > since, cancel);
    }
}
