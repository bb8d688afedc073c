using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Exercises;
using StatusPage.Domain.Records;
using StatusPage.Web.Data;
using StatusPage.Web.Records;

namespace StatusPage.Web.Exercises;

/// <summary>Begins, leads and ends exercises. It saves, and never publishes: no version, no announcement, no notice.</summary>
public sealed class ExerciseDesk(ChangeWriter writer)
{
    public const string List = "/admin/gamedays";

    private StatusDb Db => writer.Db;

    public Task<Exercise?> FindAsync(PageId page, string? id, CancellationToken cancel) =>
        PublicId.LooksLikeOne(id)
            ? Db
                .Exercises.Include(row => row.Lines.OrderBy(line => line.Number))
                .FirstOrDefaultAsync(row => row.PageId == page && row.Id == ExerciseId.Of(id!), cancel)
            : Task.FromResult<Exercise?>(null);

    /// <exception cref="RuleViolation">There is no such scenario.</exception>
    public async Task<Exercise> BeginAsync(PageId page, string? scenario, string actor, string? token, CancellationToken cancel)
    {
        var exercise = Exercise.Begin(
            page,
            Scenario.Find(scenario) ?? throw new RuleViolation("Choose one of the scenarios.", "scenario"),
            actor,
            writer.Now
        );
        Db.Add(exercise);
        await writer.SaveAsync(page, new(actor, "exercise.begun", exercise.Subject, token, $"{List}/{exercise.Id}"), cancel);
        return exercise;
    }

    /// <param name="verb">For the audit: "revealed".</param>
    /// <param name="act">One step of the exercise.</param>
    public Task ActAsync(Exercise exercise, string verb, Func<Exercise, ExerciseLine> act, string actor, string? token, CancellationToken cancel)
    {
        Db.Add(act(exercise));
        return writer.SaveAsync(exercise.PageId, new(actor, $"exercise.{verb}", exercise.Subject, token, $"{List}/{exercise.Id}"), cancel);
    }

    /// <summary>How fast real incidents of the same severity were in the last twelve months.</summary>
    public async Task<TimeFigures> RealAsync(Exercise exercise, CancellationToken cancel)
    {
        var from = writer.Now.AddMonths(-RecordReport.MonthsShown);
        var records = await Db.RecordsWithinAsync(exercise.PageId, from, writer.Now, cancel);
        return TimeFigures.Of([.. records.Where(record => record.Severity == exercise.Severity)]);
    }
}
