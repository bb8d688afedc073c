using Microsoft.AspNetCore.Mvc;
using StatusPage.Domain;
using StatusPage.Domain.Accounts;
using StatusPage.Domain.Exercises;
using StatusPage.Domain.Incidents;
using StatusPage.Domain.Records;
using StatusPage.Web.Data;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Exercises;

/// <summary>An exercise while it runs, and its times when it is over.</summary>
public sealed class ExercisePage(ChangeWriter writer, ExerciseDesk desk) : AdminPage(writer)
{
    [FromRoute]
    public string Id { get; set; } = "";

    [BindProperty]
    public string? Phase { get; set; }

    [BindProperty]
    public string? Body { get; set; }

    [BindProperty]
    public string? ImpactSummary { get; set; }

    [BindProperty]
    public string? TeamStatus { get; set; }

    [BindProperty]
    public string? Note { get; set; }

    [BindProperty]
    public string? Learned { get; set; }

    public Exercise Exercise { get; private set; } = null!;
    public IncidentRecord Record { get; private set; } = null!;

    /// <summary>Of real incidents of the same severity.</summary>
    public TimeFigures Real { get; private set; } = null!;
    public bool MayAct => MayDraft && Exercise.EndedAt is null;

    /// <summary>Whether it is over, so that what was learned can be written.</summary>
    public bool MayLearn => MayDraft && Exercise.EndedAt is not null;

    /// <summary>Those who took part, whose names may stand beside words that blame.</summary>
    public IReadOnlyList<string> People => [.. Exercise.Lines.Select(line => line.By).Distinct()];
    public bool Leads => MayAct && Exercise.Leader == Actor;

    public async Task<IActionResult> OnGetAsync()
    {
        if (!await LoadAsync())
            return NotFound();
        Phase = Exercise.Phase.Code();
        Learned = Exercise.Postmortem ?? Exercise.Outline(Clock.Time, heading => Say[heading]);
        // The draft that an alert becomes.
        if (Exercise.Revealed > 0 && !Exercise.Updates.Any())
            (Body, TeamStatus) = (Say["We are investigating a problem."], Say["Looking into it"]);
        return Page();
    }

    public Task<IActionResult> OnPostRevealAsync() => ActAsync("revealed", exercise => exercise.Reveal(Actor, Now));

    public Task<IActionResult> OnPostTakeAsync() => ActAsync("taken", exercise => exercise.Take(Actor, Now));

    public Task<IActionResult> OnPostUpdateAsync() =>
        ActAsync(
            "updated",
            exercise =>
                exercise.Post(
                    Phases.Parse(Phase) ?? throw new RuleViolation("Choose a phase.", nameof(Phase)),
                    Body,
                    ImpactSummary,
                    TeamStatus,
                    Actor,
                    Now
                )
        );

    public Task<IActionResult> OnPostNoteAsync() => ActAsync("noted", exercise => exercise.Note(Note, Actor, Now));

    public Task<IActionResult> OnPostEndAsync() => ActAsync("ended", exercise => exercise.End(Actor, Now));

    public Task<IActionResult> OnPostLearnAsync() => ActAsync("learned", exercise => exercise.Learn(Learned, Actor, Now));

    private async Task<IActionResult> ActAsync(string verb, Func<Exercise, ExerciseLine> act) =>
        !await LoadAsync()
            ? NotFound()
            : await AttemptAsync(
                MayDraft,
                async () =>
                {
                    await desk.ActAsync(Exercise, verb, act, Actor, Token, Cancel);
                    return $"{ExerciseDesk.List}/{Id}";
                },
                LoadAsync
            );

    private async Task<bool> LoadAsync()
    {
        if (await desk.FindAsync(StatusPage.Id, Id, Cancel) is not { } exercise)
            return false;
        (Exercise, Record) = (exercise, exercise.Record());
        Real = await desk.RealAsync(exercise, Cancel);
        Token ??= NewToken();
        return true;
    }
}
