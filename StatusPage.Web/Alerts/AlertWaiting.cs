using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Alerts;
using StatusPage.Web.Data;

namespace StatusPage.Web.Alerts;

/// <summary>Cases that wait, as their rule asks, until an alert has lasted or come often enough. While they wait, the rules are asked again and again.</summary>
public sealed class AlertWaiting(StatusDb db, AlertDrafts drafts, TimeProvider time)
{
    private static readonly TimeSpan CountedEvery = TimeSpan.FromMinutes(1);

    private DateTimeOffset Now { get; } = time.GetUtcNow();

    /// <summary>A draft at once, or a case that waits.</summary>
    /// <param name="since">When the alert was first reported.</param>
    /// <param name="isReport">Whether a report of it is at hand, which is not counted yet.</param>
    public async Task<AlertOutcome> DecideAsync(
        AlertCase made,
        AlertRule? rule,
        AlertSource source,
        AlertEvent alert,
        DateTimeOffset since,
        bool isReport,
        CancellationToken cancel
    )
    {
        if (rule is not null && rule.HoldsFor > TimeSpan.Zero && since + rule.HoldsFor > Now)
            return Wait(made, rule, since + rule.HoldsFor);
        if (rule is { AtLeast: > 1 })
        {
            if (await FiredAsync(rule, cancel) + (isReport ? 1 : 0) < rule.AtLeast)
                return Wait(made, rule, rule.HoldsFor > TimeSpan.Zero ? Now + CountedEvery : null);
            await GatherAsync(made, rule, source, alert, cancel);
        }
        else
        {
            if (rule is not null && rule.HoldsFor > TimeSpan.Zero)
                Say(made, $"It has fired for {Minutes(rule.HoldsFor)}.");
            await drafts.MakeAsync(made, rule, source, alert, cancel);
        }
        return new($"A draft was made{By(rule)}.", made.Id, rule?.Id);
    }

    /// <summary>A case that waits is decided by the rules as they are now; the one that it waits for may be another by now, or gone.</summary>
    public async Task<AlertOutcome> DecideAnewAsync(
        AlertCase held,
        AlertSource source,
        AlertEvent alert,
        DateTimeOffset since,
        bool isReport,
        CancellationToken cancel
    )
    {
        // Its time was set by the rule that it waits for; another rule begins where the alert began.
        var isDue = !isReport && held.DueAt <= Now;
        var rule = AlertRule.First(await db.AlertRulesAsync(held.PageId, cancel), source, alert);
        if (rule?.Action is AlertAction.Ignore or AlertAction.Note)
        {
            held.Drop(Now);
            foreach (var open in await db.AlertEpisodes.Where(row => row.CaseId == held.Id && row.OpenKey != null).ToListAsync(cancel))
                open.Resolve(Now, Now);
            var said = $"By the rule '{rule.Name}' it becomes no draft any more.";
            Say(held, said);
            return new(said, held.Id, rule.Id);
        }
        if (rule?.Id != held.RuleId)
        {
            held.Follow(rule, rule?.Severity ?? alert.SuggestedSeverity, await db.ComponentsOfAsync(held.PageId, alert, rule, cancel));
            Say(held, rule is null ? "The rule that it waited for does not match any more." : $"It is decided by the rule '{rule.Name}' from now on.");
        }
        else if (isDue)
            since = DateTimeOffset.MinValue;
        return await DecideAsync(held, rule, source, alert, since, isReport, cancel);
    }

    /// <summary>The rules have changed: what waits is decided anew.</summary>
    public async Task AskAnewAsync(PageId page, CancellationToken cancel)
    {
        foreach (var held in await db.AlertCases.Where(row => row.PageId == page && row.State == AlertCaseState.Held).ToListAsync(cancel))
            // The time that the former rules had set does not count.
            if (held.State == AlertCaseState.Held)
            {
                held.Hold(null);
                await LookAsync(held, cancel);
            }
    }

    /// <summary>A case that waits is due: its time is over, or the rule that it waits for is gone.</summary>
    public async Task LookAsync(AlertCase held, CancellationToken cancel)
    {
        var episode = await db.AlertEpisodes.Where(row => row.CaseId == held.Id).OrderBy(row => row.Id).FirstAsync(cancel);
        if (await db.AlertSources.FirstOrDefaultAsync(row => row.Id == episode.SourceId, cancel) is not { } source)
        {
            held.Drop(Now);
            Say(held, "Its source was removed. No draft was made.");
            return;
        }
        await DecideAnewAsync(held, source, JsonSerializer.Deserialize<AlertEvent>(episode.Content)!, episode.OpenedAt, isReport: false, cancel);
    }

    /// <summary>All of one case goes to another.</summary>
    public async Task MergeAsync(AlertCase from, AlertCase into, CancellationToken cancel)
    {
        var fires = false;
        foreach (var episode in await db.AlertEpisodes.Where(row => row.CaseId == from.Id).ToListAsync(cancel))
        {
            episode.JoinTo(into.Id);
            fires |= episode.OpenKey is not null;
        }
        foreach (var line in await db.AlertLines.Where(row => row.CaseId == from.Id).ToListAsync(cancel))
            line.MoveTo(into.Id);
        from.Drop(Now);
        if (fires && into.ResolvedAt is not null)
            await drafts.FireAgainAsync(into, from.Title, cancel);
    }

    private AlertOutcome Wait(AlertCase made, AlertRule rule, DateTimeOffset? until)
    {
        var isNew = made.Version == 0;
        made.Hold(until);
        var said = $"Waits{By(rule)}: {Wish(rule)}.";
        if (isNew)
            Say(made, said);
        return new(said, made.Id, rule.Id);
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

    /// <summary>How often the rule matched within its time.</summary>
    private Task<int> FiredAsync(AlertRule rule, CancellationToken cancel)
    {
        var since = Now - rule.Within;
        return db.AlertDeliveries.CountAsync(row => row.RuleId == rule.Id && row.ReceivedAt > since, cancel);
    }

    private void Say(AlertCase found, string text) => db.AlertLines.Add(new(found.Id, text, Now));

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

    private static string Minutes(TimeSpan length) => length.TotalMinutes == 1 ? "1 minute" : $"{length.TotalMinutes:0} minutes";
}
