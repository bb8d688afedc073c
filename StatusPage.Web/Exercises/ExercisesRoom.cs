namespace StatusPage.Web.Exercises;

/// <summary>Game days. Nothing outside of this room reads its tables, so nothing of an exercise can leave the desk. docs/gamedays.md</summary>
public static class ExercisesRoom
{
    public static void AddExercises(this IServiceCollection services) => services.AddScoped<ExerciseDesk>();
}
