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
public sealed class AlertIntake(StatusDb db, AlertDrafts drafts, TimeProvider time)
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
        var rule = AlertRule.First(await RulesAsync(source, cancel), source, alert);
        var by = rule is null ? "No rule matches, so it" : $"By the rule '{rule.Name}' it";
        return alert.Signal != AlertSignal.Firing
            ? $"It says '{alert.Title}': {alert.Signal.ToString().ToLowerInvariant()}."
            : $"{by} would become {InWords(rule?.Action ?? AlertAction.Draft)}: '{alert.Title}'.";
    }

    private async Task<AlertOutcome> FireAsync(AlertSource source, AlertEvent alert, CancellationToken cancel)
    {
        var end = await db.AlertEnds.FirstOrDefaultAsync(row => row.SourceId == source.Id && row.Key == alert.Key, cancel);
        if (alert.At is { } at && at <= end?.At)
            return new("It is older than its own end, which came before. Nothing changes.");
        var open = await db.AlertEpisodes.FirstOrDefaultAsync(row => row.SourceId == source.Id && row.OpenKey == alert.Key, cancel);
        if (open is not null)
            return await RepeatAsync(source, open, alert, cancel);
        var rule = AlertRule.First(await RulesAsync(source, cancel), source, alert);
        switch (rule?.Action)
        {
            case AlertAction.Ignore:
                return new($"Ignored by the rule '{rule.Name}'.", Rule: rule.Id);
            case AlertAction.Note:
                return await NoteInIncidentAsync(source, alert, rule, cancel);
        }
        if (await FlapAsync(source, alert, cancel) is { } flapping)
            return flapping with { Rule = rule?.Id };
        if (await JoinAsync(source, alert, rule, cancel) is { } joined)
            return joined with { Rule = rule!.Id };
        var made = await BeginAsync(source, alert, rule, cancel);
        if (rule is null || (rule.HoldsFor == TimeSpan.Zero && rule.AtLeast == 1))
        {
            await drafts.MakeAsync(made, rule, source, alert, cancel);
            return new($"A draft was made{By(rule)}.", made.Id, rule?.Id);
        }
        made.Hold(rule.HoldsFor > TimeSpan.Zero ? Now + rule.HoldsFor : null);
        Say(made, $"Waits{By(rule)}: {Wish(rule)}.");
        if (rule.HoldsFor > TimeSpan.Zero || !await AreEnoughAsync(rule, cancel))
            return new($"Waits{By(rule)}: {Wish(rule)}.", made.Id, rule.Id);
        await GatherAsync(made, rule, source, alert, cancel);
        return new($"A draft was made{By(rule)}.", made.Id, rule.Id);
    }

    private async Task<AlertOutcome> RepeatAsync(AlertSource source, AlertEpisode open, AlertEvent alert, CancellationToken cancel)
    {
        var changes = alert.ChangesSince(JsonSerializer.Deserialize<AlertEvent>(open.Content)!);
        open.Repeat(JsonSerializer.Serialize(alert), Now);
        if (alert.Watched.Count > 0 && changes.Count == 0)
            return new("Nothing changed that matters here.", open.CaseId);
        var found = await db.AlertCases.SingleAsync(row => row.Id == open.CaseId, cancel);
        if (changes.Count > 0)
            Say(found, $"{source.Name}: {string.Join("; ", changes)}.");
        else if (open.Count <= MostRepetitions)
            Say(found, $"Still fires: {alert.Title} ({Times(open.Count)}).");
        var rule = await db.RuleOfAsync(found, cancel);
        if (found.State == AlertCaseState.Held && rule is { AtLeast: > 1 } && rule.HoldsFor == TimeSpan.Zero && await AreEnoughAsync(rule, cancel))
        {
            await GatherAsync(found, rule, source, alert, cancel);
            return new($"A draft was made{By(rule)}.", found.Id, rule.Id);
        }
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
        var components = await ComponentsAsync(source.PageId, alert, rule, cancel);
        var made = AlertCase.Begin(source.PageId, alert.Title, rule?.Severity ?? alert.SuggestedSeverity, rule?.Id, components, alert.At ?? Now, Now);
        db.AlertCases.Add(made);
        Fires(made, source, alert);
        Say(made, $"{source.Name} fires: {alert.Title}");
        if (alert.Text.Length > 0)
            Say(made, alert.Text);
        return made;
    }

    /// <summary>Those that the rule names. Where it names none: those whose name or slug stands in a field of the alert, such as its service.</summary>
    private async Task<List<ComponentId>> ComponentsAsync(PageId page, AlertEvent alert, AlertRule? rule, CancellationToken cancel)
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
        Fires(found, source, alert);
        found.Flap();
        var said = $"It comes and goes: {Times(recent.Count + 1)} within the last hour.";
        Say(found, said);
        if (found.IncidentId is null)
            await drafts.FlapAsync(found, source, alert, said, cancel);
        return new($"{said} It stays one draft.", found.Id);
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
        Fires(found, source, alert);
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
            new(incident.Id, $"{source.Name} fires: {AlertWords.Plain(alert.Title)}\n\n{AlertWords.Plain(alert.Text)}", source.Name, Now)
        );
        return new($"Noted in the incident '{incident.Title}'{By(rule)}.", Rule: rule.Id);
    }

    private async Task<AlertOutcome> ResolveAsync(AlertSource source, AlertEvent alert, CancellationToken cancel)
    {
        var at = alert.At ?? Now;
        if (await db.AlertEnds.FirstOrDefaultAsync(row => row.SourceId == source.Id && row.Key == alert.Key, cancel) is { } end)
            end.Move(at);
        else
            db.AlertEnds.Add(new(source.Id, alert.Key, at));
        if (await db.AlertEpisodes.FirstOrDefaultAsync(row => row.SourceId == source.Id && row.OpenKey == alert.Key, cancel) is not { } open)
            return new("Nothing fires under its key, so nothing resolves.");
        open.Resolve(at, Now);
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

    /// <summary>The cases that waited for more of the same become one.</summary>
    private async Task GatherAsync(AlertCase made, AlertRule rule, AlertSource source, AlertEvent alert, CancellationToken cancel)
    {
        var waiting = await db
            .AlertCases.Where(row => row.PageId == made.PageId && row.RuleId == rule.Id && row.State == AlertCaseState.Held && row.Id != made.Id)
            .ToListAsync(cancel);
        foreach (var other in waiting)
            await MergeAsync(other, made, cancel);
        Say(made, $"{rule.AtLeast} alerts fired within {Minutes(rule.Within)}.");
        await drafts.MakeAsync(made, rule, source, alert, cancel);
    }

    /// <summary>The alert fired for as long as its rule asks. It becomes a draft, unless the rule asks for more of the same.</summary>
    public async Task EndHoldAsync(AlertCase held, CancellationToken cancel)
    {
        var rule = await db.RuleOfAsync(held, cancel);
        var episode = await db.AlertEpisodes.Where(row => row.CaseId == held.Id).OrderBy(row => row.Id).FirstAsync(cancel);
        if (await db.AlertSources.FirstOrDefaultAsync(row => row.Id == episode.SourceId, cancel) is not { } source)
        {
            held.Drop(Now);
            Say(held, "Its source was removed. No draft was made.");
            return;
        }
        var alert = JsonSerializer.Deserialize<AlertEvent>(episode.Content)!;
        if (rule is { AtLeast: > 1 })
        {
            if (await FiredAsync(rule, cancel) < rule.AtLeast)
            {
                held.Hold(Now + TimeSpan.FromMinutes(1));
                return;
            }
            await GatherAsync(held, rule, source, alert, cancel);
            return;
        }
        Say(held, $"It has fired for {Minutes(rule?.HoldsFor ?? TimeSpan.Zero)}.");
        await drafts.MakeAsync(held, rule, source, alert, cancel);
    }

    /// <summary>All of one case goes to another.</summary>
    public async Task MergeAsync(AlertCase from, AlertCase into, CancellationToken cancel)
    {
        foreach (var episode in await db.AlertEpisodes.Where(row => row.CaseId == from.Id).ToListAsync(cancel))
            episode.JoinTo(into.Id);
        foreach (var line in await db.AlertLines.Where(row => row.CaseId == from.Id).ToListAsync(cancel))
            line.MoveTo(into.Id);
        from.Drop(Now);
        if (from.ResolvedAt is null)
            into.Resolved(null);
    }

    /// <summary>With the one at hand, which is not counted yet.</summary>
    private async Task<bool> AreEnoughAsync(AlertRule rule, CancellationToken cancel) => await FiredAsync(rule, cancel) + 1 >= rule.AtLeast;

    /// <summary>How often the rule matched within its time.</summary>
    private Task<int> FiredAsync(AlertRule rule, CancellationToken cancel)
    {
        var since = Now - rule.Within;
        return db.AlertDeliveries.CountAsync(row => row.RuleId == rule.Id && row.ReceivedAt > since, cancel);
    }

    /// <summary>From now on the alert belongs to the case.</summary>
    private void Fires(AlertCase found, AlertSource source, AlertEvent alert)
    {
        db.AlertEpisodes.Add(new(source, found.Id, alert, JsonSerializer.Serialize(alert), Now));
        if (found.ResolvedAt is not null)
            found.Resolved(null);
    }

    private Task<List<AlertRule>> RulesAsync(AlertSource source, CancellationToken cancel) =>
        db.AlertRules.AsNoTracking().Where(row => row.PageId == source.PageId).OrderBy(row => row.Position).ToListAsync(cancel);

    private void Say(AlertCase @case, string text) => db.AlertLines.Add(new(@case.Id, text, Now));

    private static string By(AlertRule? rule) => rule is null ? "" : $" by the rule '{rule.Name}'";

    private static string Wish(AlertRule rule) =>
        string.Join(
            " and ",
            (
                (string?[])
                    [
                        rule.HoldsFor > TimeSpan.Zero ? $"it must fire for {Minutes(rule.HoldsFor)}" : null,
                        rule.AtLeast > 1 ? $"{rule.AtLeast} must fire within {Minutes(rule.Within)}" : null,
                    ]
            ).OfType<string>()
        );

    private static string InWords(AlertAction action) =>
        action switch
        {
            AlertAction.Ignore => "nothing",
            AlertAction.Note => "a note in an open incident",
            AlertAction.Publish => "a draft that is published by itself",
            _ => "a draft",
        };

    private static string Times(int count) => count == 1 ? "once" : $"{count.ToString("N0", CultureInfo.InvariantCulture)} times";

    private static string Minutes(TimeSpan time) => time.TotalMinutes == 1 ? "1 minute" : $"{time.TotalMinutes:0} minutes";
}

/// <param name="Said">What came of an alert, in a sentence.</param>
public sealed record AlertOutcome(string Said, AlertCaseId? Case = null, AlertRuleId? Rule = null);
