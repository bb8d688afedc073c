using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain.Exercises;
using StatusPage.Web.Data;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Exercises;

/// <summary>The scenarios, and the exercises that there were.</summary>
public sealed class GameDaysPage(ChangeWriter writer, ExerciseDesk desk) : AdminPage(writer)
{
    private const int MostShown = 50;

    /// <summary>The newest first, without their lines.</summary>
    public IReadOnlyList<Exercise> Exercises { get; private set; } = [];

    public Task OnGetAsync() => LoadAsync();

    public Task<IActionResult> OnPostAsync(string? scenario) =>
        AttemptAsync(MayDraft, async () => $"{ExerciseDesk.List}/{(await desk.BeginAsync(StatusPage.Id, scenario, Actor, Token, Cancel)).Id}", LoadAsync);

    private async Task LoadAsync()
    {
        Exercises = await Db
            .Exercises.AsNoTracking()
            .Where(row => row.PageId == StatusPage.Id)
            .OrderByDescending(row => row.StartedAt)
            .Take(MostShown)
            .ToListAsync(Cancel);
        Token ??= NewToken();
    }
}
