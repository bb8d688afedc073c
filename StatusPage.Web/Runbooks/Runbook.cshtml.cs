using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Alerts;
using StatusPage.Domain.Components;
using StatusPage.Domain.Runbooks;
using StatusPage.Web.Alerts;
using StatusPage.Web.Data;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Runbooks;

/// <summary>One runbook: read, written, attached, reviewed; and its steps ticked from where it is shown.</summary>
public sealed class RunbookPage(ChangeWriter writer, RunbookDesk desk) : AdminPage(writer)
{
    private const string New = "new";

    [FromRoute]
    public string Id { get; set; } = "";

    [BindProperty]
    public string? Body { get; set; }

    /// <summary>Ids of what it helps with.</summary>
    [BindProperty]
    public List<string> Components { get; set; } = [];

    [BindProperty]
    public List<string> Rules { get; set; } = [];

    [BindProperty]
    public int ReviewEvery { get; set; } = Runbook.DefaultReview;

    /// <summary>The runbook's version when the form was shown.</summary>
    [BindProperty]
    public int Version { get; set; }

    /// <summary>Null for one that is to be written.</summary>
    public Runbook? Runbook { get; private set; }
    public Sentence? Wish { get; private set; }

    /// <summary>The newest first, without their texts.</summary>
    public IReadOnlyList<(int Number, string Author, DateTimeOffset At)> Revisions { get; private set; } = [];
    public IReadOnlyList<Component> PageComponents { get; private set; } = [];
    public IReadOnlyList<AlertRule> PageRules { get; private set; } = [];
    private string Here => $"{RunbookDesk.List}/{Id}";

    public async Task<IActionResult> OnGetAsync()
    {
        if (!await LoadAsync())
            return NotFound();
        if (Runbook is null && !MayDraft)
            return Forbid();
        if (Runbook is { } runbook)
            (Components, Rules, ReviewEvery) = (
                [.. runbook.ComponentIds.Select(id => id.Value)],
                [.. runbook.AlertRuleIds.Select(id => id.Value)],
                runbook.ReviewEvery
            );
        Body = Runbook?.Body ?? RunbookText.Outline;
        return Page();
    }

    public async Task<IActionResult> OnPostAsync() =>
        !await LoadAsync()
            ? NotFound()
            : await AttemptAsync(
                MayDraft,
                async () =>
                {
                    if (Runbook is { } known && known.Version != Version)
                        throw new RuleViolation(
                            $"While you were writing, somebody else changed this runbook. It is revision {known.Revision} now. "
                                + $"Nothing of yours was saved, and all of it is still here. Read what is new, then send it again."
                        );
                    var written = await desk.WriteAsync(
                        StatusPage.Id,
                        Runbook,
                        Body,
                        [.. PageComponents.Select(row => row.Id).Where(id => Components.Contains(id.Value))],
                        [.. PageRules.Select(row => row.Id).Where(id => Rules.Contains(id.Value))],
                        ReviewEvery,
                        Actor,
                        Token,
                        Cancel
                    );
                    Done = Say["“{0}” is saved.", written.Title];
                    return $"{RunbookDesk.List}/{written.Id}";
                },
                async () =>
                {
                    await LoadAsync();
                    ModelState.Remove(nameof(Version));
                }
            );

    public Task<IActionResult> OnPostReviewAsync() => ActAsync(runbook => desk.ReviewAsync(runbook, Actor, Cancel), Say["It is reviewed."]);

    public Task<IActionResult> OnPostArchiveAsync() => ActAsync(runbook => desk.ArchiveAsync(runbook, true, Actor, Cancel), Say["It is archived."]);

    public Task<IActionResult> OnPostBringBackAsync() => ActAsync(runbook => desk.ArchiveAsync(runbook, false, Actor, Cancel), Say["It is back."]);

    /// <summary>Ticks a step, and leads back to where that was done.</summary>
    /// <param name="case">The alert at which it was ticked.</param>
    /// <param name="incident">Or the incident.</param>
    /// <param name="tick">The key of the step that was done.</param>
    /// <param name="untick">The key of the step whose tick is taken back.</param>
    public async Task<IActionResult> OnPostTickAsync(string? @case, string? incident, string? tick, string? untick)
    {
        if (!await LoadAsync() || Runbook is not { } runbook || !(PublicId.LooksLikeOne(incident) || PublicId.LooksLikeOne(@case)))
            return NotFound();
        var atIncident = PublicId.LooksLikeOne(incident);
        var components = atIncident ? await ComponentsOfAsync(IncidentId.Of(incident!)) : [];
        var place = new RunbookPlace(StatusPage.Id, atIncident ? null : AlertCaseId.Of(@case!), atIncident ? IncidentId.Of(incident!) : null, components);
        return await AttemptAsync(
            MayDraft,
            async () =>
            {
                await desk.TickAsync(runbook, place, tick ?? untick, isDone: tick is not null, Actor, Cancel);
                return atIncident ? $"/admin/incidents/{incident}#runbooks" : $"/admin/alerts/{@case}#runbooks";
            },
            async () =>
            {
                await LoadAsync();
                Body = Runbook?.Body;
            }
        );
    }

    private async Task<IReadOnlyCollection<ComponentId>> ComponentsOfAsync(IncidentId id) =>
        await Db
            .Incidents.AsNoTracking()
            .Include(row => row.Updates)
            .FirstOrDefaultAsync(row => row.PageId == StatusPage.Id && row.Id == id && row.DeletedAt == null, Cancel)
            is { } incident
            ? [.. incident.ComponentIds]
            : [];

    private async Task<IActionResult> ActAsync(Func<Runbook, Task> act, string done) =>
        !await LoadAsync() || Runbook is null
            ? NotFound()
            : await AttemptAsync(
                MayDraft,
                async () =>
                {
                    await act(Runbook);
                    Done = done;
                    return Here;
                },
                async () =>
                {
                    await LoadAsync();
                    Body = Runbook?.Body;
                }
            );

    private async Task<bool> LoadAsync()
    {
        Runbook = await Db.FindRunbookAsync(StatusPage.Id, Id, Cancel);
        if (Runbook is null && Id != New)
            return false;
        if (Runbook is { } runbook)
        {
            var used = await Db.RunbookUseAsync(StatusPage.Id, Cancel);
            Wish = runbook.ReviewReason(Now, used.TryGetValue(runbook.Id, out var at) ? at : null);
            var rows = await Db
                .RunbookRevisions.Where(row => row.RunbookId == runbook.Id)
                .OrderByDescending(row => row.Number)
                .Select(row => new
                {
                    row.Number,
                    row.Author,
                    row.At,
                })
                .ToListAsync(Cancel);
            Revisions = rows.ConvertAll(row => (row.Number, row.Author, row.At));
            if (Request.Method == HttpMethods.Get)
                Version = runbook.Version;
        }
        PageComponents = await Db
            .Components.AsNoTracking()
            .Where(row => row.PageId == StatusPage.Id && row.ArchivedAt == null)
            .OrderBy(row => row.Position)
            .ToListAsync(Cancel);
        PageRules = await Db.AlertRulesAsync(StatusPage.Id, Cancel);
        Token ??= NewToken();
        return true;
    }
}
