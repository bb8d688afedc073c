using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Runbooks;
using StatusPage.Web.Alerts;
using StatusPage.Web.Data;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Runbooks;

/// <summary>Writes, restores and reviews runbooks, and ticks their steps.</summary>
public sealed class RunbookDesk(ChangeWriter writer)
{
    public const string List = "/admin/runbooks";

    private StatusDb Db => writer.Db;

    public Task<IReadOnlyList<RunbookBeside>> BesideAsync(RunbookPlace place, CancellationToken cancel) => Db.RunbooksBesideAsync(place, cancel);

    /// <summary>The case whose draft is open in the composer; null where it is of no alert.</summary>
    public async Task<AlertCaseId?> CaseOfDraftAsync(PageId page, string? draft, CancellationToken cancel)
    {
        if (!PublicId.LooksLikeOne(draft))
            return null;
        var id = DraftId.Of(draft!);
        return (await Db.AlertCases.AsNoTracking().FirstOrDefaultAsync(row => row.PageId == page && row.DraftId == id, cancel))?.Id;
    }

    /// <param name="runbook">Null: a new one.</param>
    /// <exception cref="RuleViolation">The text is not fit, or another runbook has its title.</exception>
    public async Task<Runbook> WriteAsync(
        PageId page,
        Runbook? runbook,
        string? body,
        IReadOnlyList<ComponentId> components,
        IReadOnlyList<AlertRuleId> rules,
        int reviewEvery,
        string actor,
        string? token,
        CancellationToken cancel
    )
    {
        var isNew = runbook is null;
        runbook ??= Runbook.Create(page, writer.Now);
        if (runbook.Write(body, actor, writer.Now) is { } revision)
            Db.Add(revision);
        runbook.Attach(components, rules, reviewEvery, writer.Now);
        if (isNew)
            Db.Add(runbook);
        await RefuseSameNameAsync(runbook, cancel);
        await writer.SaveAsync(page, new(actor, isNew ? "runbook.created" : "runbook.edited", runbook.Subject, token, $"{List}/{runbook.Id}"), cancel);
        return runbook;
    }

    /// <summary>Gives a runbook a text again that it had; the present one stays as a revision, too.</summary>
    public async Task RestoreAsync(Runbook runbook, int number, string actor, CancellationToken cancel)
    {
        var old =
            await Db.RunbookRevisions.AsNoTracking().FirstOrDefaultAsync(row => row.RunbookId == runbook.Id && row.Number == number, cancel)
            ?? throw new MissingException("There is no such revision.");
        var revision =
            runbook.Write(old.Body, actor, writer.Now) ?? throw new RuleViolation("The runbook says just this now, so there is nothing to restore.");
        Db.Add(revision);
        await RefuseSameNameAsync(runbook, cancel);
        await writer.SaveAsync(runbook.PageId, new(actor, "runbook.restored", $"{runbook.Subject}, revision {number}"), cancel);
    }

    public Task ReviewAsync(Runbook runbook, string actor, CancellationToken cancel)
    {
        runbook.Review(actor, writer.Now);
        return writer.SaveAsync(runbook.PageId, new(actor, "runbook.reviewed", runbook.Subject), cancel);
    }

    public Task ArchiveAsync(Runbook runbook, bool isArchived, string actor, CancellationToken cancel)
    {
        if (isArchived)
            runbook.Archive(writer.Now);
        else
            runbook.BringBack();
        return writer.SaveAsync(runbook.PageId, new(actor, isArchived ? "runbook.archived" : "runbook.brought-back", runbook.Subject), cancel);
    }

    /// <summary>Ticks a step, or takes its tick back, with a line in the timeline of the case or the incident.</summary>
    /// <param name="place">An alert's case, or an incident.</param>
    /// <exception cref="RuleViolation">The step is no longer in the runbook.</exception>
    public async Task TickAsync(Runbook runbook, RunbookPlace place, string? key, bool isDone, string actor, CancellationToken cancel)
    {
        // Two people who tick one step at once make one tick.
        await using var transaction = await Db.Database.BeginTransactionAsync(cancel);
        await Db.HoldAsync(runbook.PageId, cancel);
        var subject = await SubjectAsync(place, cancel);
        var beside = (await Db.RunbooksBesideAsync(place, cancel)).FirstOrDefault(row => row.Runbook.Id == runbook.Id);
        if (beside?.Text.Steps.FirstOrDefault(row => row.Key == key) is not { } step)
            throw new RuleViolation($"“{runbook.Title}” was changed, and this step is no longer in it. Look at it again.");
        var tick = beside.Ticks.GetValueOrDefault(step.Key);
        if (isDone == tick is not null)
            return;
        if (tick is null)
            Db.Add(new RunbookTick(runbook, step, place.Case, place.Incident, actor, writer.Now));
        else
            Db.Remove(tick);
        Say(place, $"{(isDone ? "Done" : "Not done after all")}, from the runbook “{runbook.Title}”: {step.FirstLine}", actor);
        await writer.SaveAsync(runbook.PageId, new(actor, isDone ? "runbook.ticked" : "runbook.unticked", $"{runbook.Subject} at {subject}"), cancel);
        await transaction.CommitAsync(CancellationToken.None);
    }

    private async Task<string> SubjectAsync(RunbookPlace place, CancellationToken cancel) =>
        place switch
        {
            { Incident: { } id }
                when await Db.Incidents.FirstOrDefaultAsync(row => row.PageId == place.PageId && row.Id == id && row.DeletedAt == null, cancel)
                    is { } found => $"incident {found.Id}",
            { Incident: null, Case: { } id }
                when await Db.AlertCases.FirstOrDefaultAsync(row => row.PageId == place.PageId && row.Id == id, cancel) is { } found =>
                $"alert {found.Id}",
            _ => throw new MissingException("There is no such incident or alert."),
        };

    /// <summary>Both timelines belong to the team alone.</summary>
    private void Say(RunbookPlace place, string text, string actor)
    {
        if (place.Incident is { } incident)
            Db.IncidentNotes.Add(new(incident, AlertWords.Plain(text), actor, writer.Now));
        else
            Db.AlertLines.Add(new(place.Case!.Value, $"{actor}: {text}", writer.Now));
    }

    private async Task RefuseSameNameAsync(Runbook runbook, CancellationToken cancel)
    {
        if (await Db.Runbooks.AnyAsync(row => row.PageId == runbook.PageId && row.Name == runbook.Name && row.Id != runbook.Id, cancel))
            throw new RuleViolation(
                $"There is a runbook “{runbook.Title}” already. Change that one, or choose another first heading.",
                nameof(Runbook.Body)
            );
    }
}
