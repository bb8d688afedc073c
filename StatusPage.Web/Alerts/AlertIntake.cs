using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Alerts;
using StatusPage.Web.Data;
using StatusPage.Web.Incidents;

namespace StatusPage.Web.Alerts;

/// <summary>
/// Decides what an alert does: nothing, a note, a draft, or a change of a case that there is. All of it is written in the transaction of the caller, who holds the page,
/// so that two alerts never make two drafts of one thing.
/// </summary>
public sealed class AlertIntake(StatusDb db, AlertDrafts drafts, AlertWaiting waiting, TimeProvider time)
{
    /// <summary>An alert that fired this often within <see cref="FlapsWithin"/> comes and goes: it stays one draft.</summary>
    public const int FlapsFrom = 3;

    public static readonly TimeSpan FlapsWithin = TimeSpan.FromHours(1);

    /// <summary>Lines of a case's timeline about repetitions; further ones are only counted.</summary>
    private const int MostRepetitions = 50;

    private DateTimeOffset Now { get; } = time.GetUtcNow();

    /// <returns>What came of it, in a sentence; the case that it concerns; the rule that decided.</returns>
    public async Task<AlertOutcome> TakeAsync(AlertSource source, AlertEvent alert, CancellationToken cancel) =>
        alert.Signal switch
        {
            AlertSignal.Firing => await FireAsync(source, alert, cancel),
            AlertSignal.Resolved => await ResolveAsync(source, alert, cancel),
            _ => await NoteAsync(source, alert, cancel),
        };

    /// <summary>What an alert would do, without doing it.</summary>
    public async Task<string> TryAsync(AlertSource source, AlertEvent alert, CancellationToken cancel)
    {
        var rule = AlertRule.First(await db.AlertRulesAsync(source.PageId, cancel), source, alert);
        var by = rule is null ? "No rule matches, so it" : $"By the rule '{rule.Name}' it";
        return alert.Signal != AlertSignal.Firing
            ? $"It says '{alert.Title}': {alert.Signal.ToString().ToLowerInvariant()}."
            : $"{by} would become {InWords(rule?.Action ?? AlertAction.Draft)}: '{alert.Title}'.";
    }

    private async Task<AlertOutcome> FireAsync(AlertSource source, AlertEvent alert, CancellationToken cancel)
    {
        var stream = await StreamAsync(source, alert, cancel);
        if (stream.IsOldNews(alert, Now))
        {
            stream.Pass(alert, Now);
            return new("It is older than its own end, which came before. Nothing changes.");
        }
        stream.Fire(alert, Now);
        var open = await db.AlertEpisodes.FirstOrDefaultAsync(row => row.SourceId == source.Id && row.OpenKey == alert.Key, cancel);
        if (open is not null && await RepeatAsync(source, open, alert, cancel) is { } repeated)
            return repeated;
        var rule = AlertRule.First(await db.AlertRulesAsync(source.PageId, cancel), source, alert);
        switch (rule?.Action)
        {
            case AlertAction.Ignore:
                return new($"Ignored by the rule '{rule.Name}'.", Rule: rule.Id);
            case AlertAction.Note:
                return await NoteInIncidentAsync(source, alert, rule, cancel);
        }
        if (await FlapAsync(source, alert, cancel) is { } flapping)
            return flapping with { Rule = rule?.Id };
        if (await ReturnAsync(source, alert, cancel) is { } returned)
            return returned with { Rule = rule?.Id };
        if (await JoinAsync(source, alert, rule, cancel) is { } joined)
            return joined with { Rule = rule!.Id };
        var made = await BeginAsync(source, alert, rule, cancel);
        return await waiting.DecideAsync(made, rule, source, alert, Now, isReport: true, cancel);
    }

    /// <returns>Null when the case of the alert is over, and it begins anew.</returns>
    private async Task<AlertOutcome?> RepeatAsync(AlertSource source, AlertEpisode open, AlertEvent alert, CancellationToken cancel)
    {
        var found = await db.AlertCases.SingleAsync(row => row.Id == open.CaseId, cancel);
        if (found.IsOutlived(Now))
        {
            open.Resolve(Now, Now);
            Say(found, "It fires though its incident is over, so it becomes something new.");
            await db.SaveChangesAsync(cancel);
            return null;
        }
        var changes = alert.ChangesSince(JsonSerializer.Deserialize<AlertEvent>(open.Content)!);
        open.Repeat(JsonSerializer.Serialize(alert), Now);
        if (alert.Watched.Count > 0 && changes.Count == 0 && found.State != AlertCaseState.Held)
            return new("Nothing changed that matters here.", open.CaseId);
        if (changes.Count > 0)
            Say(found, $"{source.Name}: {string.Join("; ", changes)}.");
        else if (open.Count <= MostRepetitions)
            Say(found, $"Still fires: {alert.Title} ({Times(open.Count)}).");
        if (found.State == AlertCaseState.Held)
            return await waiting.DecideAnewAsync(found, source, alert, open.OpenedAt, isReport: true, cancel);
        var rule = await db.RuleOfAsync(found, cancel);
        // A source that tells of each change of an incident may know more by now.
        await drafts.SeedAsync(found, rule, alert, cancel);
        return new(
            changes.Count > 0 ? $"Added to the timeline of '{found.Title}'." : $"Still fires, {Times(open.Count)} now. Nothing new was made.",
            found.Id,
            rule?.Id
        );
    }

    /// <summary>A case out of one alert; the episode stands in it.</summary>
    private async Task<AlertCase> BeginAsync(AlertSource source, AlertEvent alert, AlertRule? rule, CancellationToken cancel)
    {
        var components = await db.ComponentsOfAsync(source.PageId, alert, rule, cancel);
        var made = AlertCase.Begin(source.PageId, alert.Title, rule?.Severity ?? alert.SuggestedSeverity, rule?.Id, components, alert.At ?? Now, Now);
        db.AlertCases.Add(made);
        await FiresAsync(made, source, alert, cancel);
        Say(made, $"{source.Name} fires: {alert.Title}");
        if (alert.Text.Length > 0)
            Say(made, alert.Text);
        return made;
    }

    /// <summary>An alert that came and went several times lately goes to the case that it had, which says so.</summary>
    private async Task<AlertOutcome?> FlapAsync(AlertSource source, AlertEvent alert, CancellationToken cancel)
    {
        var since = Now - FlapsWithin;
        var recent = await db
            .AlertEpisodes.Where(row => row.SourceId == source.Id && row.Key == alert.Key && row.OpenedAt > since)
            .OrderByDescending(row => row.OpenedAt)
            .Select(row => row.CaseId)
            .ToListAsync(cancel);
        if (recent.Count < FlapsFrom)
            return null;
        var found = await db.AlertCases.SingleAsync(row => row.Id == recent[0], cancel);
        // Its incident is over, so what fires now is news.
        if (found.State == AlertCaseState.Over)
            return null;
        // What a person decided stays decided, for as long as the alert comes and goes.
        found.Flap();
        await FiresAsync(found, source, alert, cancel);
        var said = $"It comes and goes: {Times(recent.Count + 1)} within the last hour.";
        Say(found, said);
        if (found.IncidentId is null)
            await drafts.FlapAsync(found, source, alert, said, cancel);
        return new($"{said} It stays one draft.", found.Id);
    }

    /// <summary>An alert that fires again goes to the case that it had, while a person's draft or an incident is open there.</summary>
    private async Task<AlertOutcome?> ReturnAsync(AlertSource source, AlertEvent alert, CancellationToken cancel)
    {
        var last = await db
            .AlertEpisodes.Where(row => row.SourceId == source.Id && row.Key == alert.Key)
            .OrderByDescending(row => row.Id)
            .Select(row => (AlertCaseId?)row.CaseId)
            .FirstOrDefaultAsync(cancel);
        if (last is not { } id || await db.AlertCases.SingleAsync(row => row.Id == id, cancel) is not { State: AlertCaseState.Open } found)
            return null;
        // An incident that somebody has just ended is over, though the case does not say so yet.
        if (found.IncidentId is { } incident && await db.Incidents.AnyAsync(row => row.Id == incident && row.ResolvedAt != null, cancel))
            return null;
        Say(found, $"{source.Name} fires again: {alert.Title}");
        await FiresAsync(found, source, alert, cancel);
        return new($"It fires again, and goes to '{found.Title}', which is open.", found.Id);
    }

    private async Task<AlertOutcome?> JoinAsync(AlertSource source, AlertEvent alert, AlertRule? rule, CancellationToken cancel)
    {
        if (rule is null)
            return null;
        var span = rule.JoinsWithin > rule.Within ? rule.JoinsWithin : rule.Within;
        if (span == TimeSpan.Zero)
            return null;
        var (joinsSince, countsSince) = (Now - rule.JoinsWithin, Now - rule.Within);
        var since = Now - span;
        var ids = rule.Components.Select(component => component.Id).ToHashSet();
        var recent = await db
            .AlertCases.Where(row => row.PageId == source.PageId && row.State == AlertCaseState.Open && row.ReceivedAt > since)
            .OrderByDescending(row => row.ReceivedAt)
            .ToListAsync(cancel);
        // What a rule gathered goes on gathering; and what is about one component is one thing.
        var found =
            recent.Find(row => rule.AtLeast > 1 && row.RuleId == rule.Id && row.ReceivedAt > countsSince)
            ?? recent.Find(row => row.ReceivedAt > joinsSince && row.ComponentIds.Any(ids.Contains));
        if (found is null)
            return null;
        await FiresAsync(found, source, alert, cancel);
        Say(found, $"Joined: {source.Name} fires: {alert.Title}");
        return new($"It joined '{found.Title}'.", found.Id);
    }

    private async Task<AlertOutcome> NoteInIncidentAsync(AlertSource source, AlertEvent alert, AlertRule rule, CancellationToken cancel)
    {
        var ids = rule.Components.Select(component => component.Id).ToHashSet();
        var open = await db
            .Incidents.Whole()
            .Where(row => row.PageId == source.PageId && row.DeletedAt == null && row.ResolvedAt == null)
            .ToListAsync(cancel);
        if (open.OrderByDescending(row => row.StartedAt).FirstOrDefault(row => row.ComponentIds.Any(ids.Contains)) is not { } incident)
            return new($"The rule '{rule.Name}' notes it in an open incident, and there is none about its components.", Rule: rule.Id);
        db.IncidentNotes.Add(
            new(incident.Id, $"{AlertWords.Plain(source.Name)} fires: {AlertWords.Plain(alert.Title)}\n\n{AlertWords.Plain(alert.Text)}", source.Name, Now)
        );
        return new($"Noted in the incident '{incident.Title}'{By(rule)}.", Rule: rule.Id);
    }

    private async Task<AlertOutcome> ResolveAsync(AlertSource source, AlertEvent alert, CancellationToken cancel)
    {
        var stream = await StreamAsync(source, alert, cancel);
        var isOld = stream.IsOldEnd(alert, Now);
        stream.End(alert, Now);
        if (isOld)
            return new("It ended before what fires now began. Nothing changes.");
        if (await db.AlertEpisodes.FirstOrDefaultAsync(row => row.SourceId == source.Id && row.OpenKey == alert.Key, cancel) is not { } open)
            return new("Nothing fires under its key, so nothing resolves.");
        open.Resolve(alert.At ?? Now, Now);
        var found = await db.AlertCases.SingleAsync(row => row.Id == open.CaseId, cancel);
        Say(found, $"{source.Name} says it is resolved: {alert.Title}");
        var others = await db.AlertEpisodes.CountAsync(row => row.CaseId == found.Id && row.OpenKey != null && row.Id != open.Id, cancel);
        if (others > 0)
            return new($"Resolved; of its case, {others} more fire.", found.Id);
        found.Resolved(Now);
        return new(await drafts.ResolveAsync(found, cancel), found.Id);
    }

    /// <summary>News of an alert that fires: a line in the timeline of its case.</summary>
    private async Task<AlertOutcome> NoteAsync(AlertSource source, AlertEvent alert, CancellationToken cancel)
    {
        if (await db.AlertEpisodes.FirstOrDefaultAsync(row => row.SourceId == source.Id && row.OpenKey == alert.Key, cancel) is not { } open)
            return new("Nothing fires under its key, so there is nothing to add to.");
        var found = await db.AlertCases.SingleAsync(row => row.Id == open.CaseId, cancel);
        var what = alert.Signal == AlertSignal.Acknowledged ? "acknowledged" : "update";
        Say(found, $"{source.Name}, {what}: {(alert.Text.Length > 0 ? alert.Text : alert.Title)}");
        if (alert.Signal == AlertSignal.Updated)
            await drafts.SeedAsync(found, await db.RuleOfAsync(found, cancel), alert, cancel);
        return new($"Added to the timeline of '{found.Title}'.", found.Id);
    }

    private async Task<AlertHistory> StreamAsync(AlertSource source, AlertEvent alert, CancellationToken cancel)
    {
        if (await db.AlertHistories.FindAsync([source.Id, alert.Key], cancel) is { } known)
            return known;
        var stream = new AlertHistory(source.Id, alert.Key, Now);
        db.AlertHistories.Add(stream);
        return stream;
    }

    /// <summary>From now on the alert belongs to the case.</summary>
    private async Task FiresAsync(AlertCase found, AlertSource source, AlertEvent alert, CancellationToken cancel)
    {
        db.AlertEpisodes.Add(new(source, found.Id, alert, JsonSerializer.Serialize(alert), Now));
        if (found.ResolvedAt is not null)
            await drafts.FireAgainAsync(found, alert.Title, cancel);
    }

    private void Say(AlertCase @case, string text) => db.AlertLines.Add(new(@case.Id, text, Now));

    private static string By(AlertRule? rule) => rule is null ? "" : $" by the rule '{rule.Name}'";

    private static string InWords(AlertAction action) =>
        action switch
        {
            AlertAction.Ignore => "nothing",
            AlertAction.Note => "a note in an open incident",
            AlertAction.Publish => "a draft that is published by itself",
            _ => "a draft",
        };

    private static string Times(int count) => count == 1 ? "once" : $"{count.ToString("N0", CultureInfo.InvariantCulture)} times";
}

/// <param name="Said">What came of an alert, in a sentence.</param>
public sealed record AlertOutcome(string Said, AlertCaseId? Case = null, AlertRuleId? Rule = null);
