using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Alerts;
using StatusPage.Domain.Incidents;
using StatusPage.Domain.Pages;
using StatusPage.Web.Data;
using StatusPage.Web.Drafts;
using StatusPage.Web.Incidents;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Alerts;

/// <summary>What people do with cases, and what falls due without them.</summary>
public sealed class AlertDesk(ChangeWriter writer, IncidentDesk incidents, AlertWaiting waiting, AlertCalls calls)
{
    private StatusDb Db => writer.Db;

    public Task<AlertCase?> FindAsync(PageId page, string? id, CancellationToken cancel) =>
        PublicId.LooksLikeOne(id)
            ? Db.AlertCases.FirstOrDefaultAsync(row => row.PageId == page && row.Id == AlertCaseId.Of(id!), cancel)
            : Task.FromResult<AlertCase?>(null);

    public async Task TakeAsync(AlertCase found, string by, CancellationToken cancel)
    {
        var stops = found.IsPublishedByItselfLater;
        found.Take(by, writer.Now);
        Say(found, stops ? $"{by} took it, so it is not published by itself." : $"{by} took it.");
        await writer.SaveAsync(found.PageId, new(by, "alert.taken", SubjectOf(found)), cancel);
    }

    public async Task StopAsync(AlertCase found, string by, CancellationToken cancel)
    {
        found.Stop(by);
        Say(found, $"{by} stopped it: it is not published by itself.");
        await writer.SaveAsync(found.PageId, new(by, "alert.stopped", SubjectOf(found)), cancel);
    }

    /// <summary>Throws the draft away, and with it the case.</summary>
    public async Task DiscardAsync(AlertCase found, string by, CancellationToken cancel)
    {
        if (found.IncidentId is not null)
            throw new RuleViolation("This is an incident already. Resolve it, or withdraw it there.");
        await DiscardDraftAsync(found, cancel);
        found.Drop(writer.Now);
        Say(found, $"{by} threw the draft away.");
        await writer.SaveAsync(found.PageId, new(by, "alert.discarded", SubjectOf(found)), cancel);
    }

    /// <summary>Two cases of one cause become one; the draft of the first is thrown away.</summary>
    public async Task JoinAsync(AlertCase from, AlertCase into, string by, CancellationToken cancel)
    {
        if (from.Id == into.Id || from.PageId != into.PageId)
            throw new RuleViolation("Choose another case.");
        if (into.IsOver)
            throw new RuleViolation("That case is over. Choose one that is open.");
        if (from.IncidentId is not null)
            throw new RuleViolation("This is an incident already, so it stays a case of its own.");
        await DiscardDraftAsync(from, cancel);
        await waiting.MergeAsync(from, into, cancel);
        Say(into, $"{by} joined '{from.Title}' to this.");
        Say(from, $"{by} joined this to '{into.Title}'.");
        await writer.SaveAsync(from.PageId, new(by, "alert.joined", $"{SubjectOf(from)} to {into.Id}"), cancel);
    }

    /// <summary>Writes what was changed of the rules, and asks them anew about what waits.</summary>
    public async Task ChangeRulesAsync(PageId page, AuditedChange change, CancellationToken cancel)
    {
        await using var transaction = await Db.Database.BeginTransactionAsync(cancel);
        await Db.HoldAsync(page, cancel);
        await writer.SaveAsync(page, change, cancel);
        await waiting.AskAnewAsync(page, cancel);
        await Db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(CancellationToken.None);
    }

    private async Task DiscardDraftAsync(AlertCase found, CancellationToken cancel)
    {
        if (await Db.DraftOfAsync(found, cancel) is { IsOver: false } draft)
            draft.Discard(writer.Now);
    }

    /// <summary>Does what a case is due for: a hold ends, a draft is published by itself, or "monitoring" is posted.</summary>
    public async Task DoDueAsync(Page page, AlertCaseId id, CancellationToken cancel)
    {
        var found = await Db.AlertCases.SingleAsync(row => row.Id == id, cancel);
        if (found.DueAt > writer.Now || (found.DueAt is null && found.State != AlertCaseState.Held))
            return;
        switch (found)
        {
            case { State: AlertCaseState.Held }:
                await EndHoldAsync(page.Id, found, cancel);
                break;
            case { IncidentId: { } incident }:
                await PostMonitoringAsync(page, found, incident, cancel);
                break;
            default:
                await PublishAsync(page, found, cancel);
                break;
        }
    }

    private async Task EndHoldAsync(PageId page, AlertCase found, CancellationToken cancel)
    {
        await using var transaction = await Db.Database.BeginTransactionAsync(cancel);
        await Db.HoldAsync(page, cancel);
        await Db.Entry(found).ReloadAsync(cancel);
        if (found.State == AlertCaseState.Held && (found.DueAt is not { } due || due <= writer.Now))
            await waiting.LookAsync(found, cancel);
        await Db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(CancellationToken.None);
    }

    /// <summary>
    /// Nobody could stop what fell due while the program did not run, so the delay begins anew. Without its rule, a draft is left to people.
    /// </summary>
    public async Task PlanAnewAsync(Page page, AlertCase found, CancellationToken cancel)
    {
        if (await Db.RuleOfAsync(found, cancel) is not { Action: AlertAction.Publish } rule)
        {
            found.LeaveToPeople();
            Say(found, "Its rule is gone or publishes nothing any more, so this one is left to people.");
        }
        else
        {
            found.PublishAt(writer.Now + rule.Delay);
            var at = ZoneClock.For(page.TimeZone, writer.Now).Time(writer.Now + rule.Delay);
            Say(found, $"The program was not running for a while, so that nobody could stop it. It is published at {at}, unless somebody stops it.");
            await calls.PlannedAnewAsync(found, at, cancel);
        }
        await Db.SaveChangesAsync(cancel);
    }

    private async Task PublishAsync(Page page, AlertCase found, CancellationToken cancel)
    {
        if (await Db.DraftOfAsync(found, cancel) is not { } draft || !found.IsUntouched(draft) || found.TakenBy is not null)
        {
            found.LeaveToPeople();
            Say(found, "Somebody works on the draft, so it is not published by itself.");
            await Db.SaveChangesAsync(cancel);
            return;
        }
        // A rule that was removed publishes nothing. Of two alerts within one delay, the first is published.
        if (await Db.RuleOfAsync(found, cancel) is not { Action: AlertAction.Publish } rule)
        {
            await LeaveAsync(found.Id, "Its rule is gone or publishes nothing any more, so this one is left to people.", cancel);
            return;
        }
        if (await Db.HasPublishedLatelyAsync(rule, found, writer.Now, cancel))
        {
            await LeaveAsync(found.Id, "Its rule has published something else lately, so this one is left to people.", cancel);
            return;
        }
        try
        {
            found.ByItself();
            await incidents.PublishAsync(page, null, draft, AlertAlone, AlertActor, $"alert.{found.Id}.publish", cancel);
        }
        catch (RuleViolation violation)
        {
            await LeaveAsync(found.Id, $"It could not be published by itself: {violation.Message}", cancel);
        }
    }

    private async Task PostMonitoringAsync(Page page, AlertCase found, IncidentId id, CancellationToken cancel)
    {
        try
        {
            var incident = await incidents.FindAsync(page.Id, id.Value, cancel);
            if (incident is { Phase: var phase } && !phase.IsOver() && phase != Phase.Monitoring && found.ResolvedAt is not null)
            {
                found.LeaveToPeople();
                Say(found, "'Monitoring' was posted by itself.");
                var asked = new UpdateRequest { Phase = Phase.Monitoring, Body = "The trouble seems to be over. We are watching that it stays so." };
                await incidents.DoAsync(page, incident, asked, AlertAlone, AlertActor, $"alert.{found.Id}.monitoring.{found.Version}", cancel);
                return;
            }
            found.LeaveToPeople();
            await Db.SaveChangesAsync(cancel);
        }
        catch (RuleViolation violation)
        {
            await LeaveAsync(found.Id, $"'Monitoring' could not be posted by itself: {violation.Message}", cancel);
        }
    }

    private async Task LeaveAsync(AlertCaseId id, string why, CancellationToken cancel)
    {
        Db.ChangeTracker.Clear();
        var found = await Db.AlertCases.SingleAsync(row => row.Id == id, cancel);
        found.LeaveToPeople();
        Say(found, why);
        await Db.SaveChangesAsync(cancel);
    }

    /// <summary>The author of what is posted without a person.</summary>
    private const string AlertActor = "Alerts";

    private static readonly Approval AlertAlone = Approval.Missing("An alert acts alone, so a person publishes it.");

    private static string SubjectOf(AlertCase found) => $"{found.Id} {found.Title}";

    private void Say(AlertCase found, string text) => Db.AlertLines.Add(new(found.Id, text, writer.Now));
}
