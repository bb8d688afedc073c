using StatusPage.Domain;
using StatusPage.Domain.Exercises;
using StatusPage.Domain.Incidents;
using StatusPage.Tests.Host;

namespace StatusPage.Tests.Exercises;

public sealed class ExerciseTests
{
    private static readonly Scenario Database = Scenario.Find("database-pool")!;

    private static DateTimeOffset At(int minutes) => An.Instant.AddMinutes(minutes);

    private static Exercise New() => Exercise.Begin(An.PageId, Database, "ann", An.Instant);

    [Fact]
    public void There_are_five_scenarios_and_each_begins_with_an_alert_and_tells_its_beats_in_order()
    {
        Assert.Equal(5, Scenario.All.DistinctBy(scenario => scenario.Key).Count());
        foreach (var scenario in Scenario.All)
        {
            Assert.Equal((0, BeatKind.Alert), (scenario.Beats[0].After, scenario.Beats[0].Kind));
            Assert.Equal(scenario.Beats.OrderBy(beat => beat.After), scenario.Beats);
            Assert.Equal(BeatKind.Question, scenario.Beats[^1].Kind);
        }
    }

    [Fact]
    public void The_leader_reveals_the_script_step_by_step()
    {
        var exercise = New();
        Assert.Equal("Nothing fires yet.", Assert.Throws<RuleViolation>(() => exercise.Take("ben", At(0))).Message);
        Assert.StartsWith("ann leads", Assert.Throws<RuleViolation>(() => exercise.Reveal("ben", At(0))).Message, StringComparison.Ordinal);
        foreach (var beat in Database.Beats)
            Assert.Equal(beat.Text, exercise.Reveal("ann", At(beat.After)).Body);
        Assert.Null(exercise.Next);
        Assert.Throws<RuleViolation>(() => exercise.Reveal("ann", At(99)));
        // By a form made by hand, too.
        Assert.Equal("ann leads this exercise and ends it.", Assert.Throws<RuleViolation>(() => exercise.End("ben", At(39))).Message);
        Assert.Null(exercise.EndedAt);
        exercise.End("ann", At(40));
        Assert.Throws<RuleViolation>(() => exercise.Note("too late", "ben", At(41)));
    }

    [Fact]
    public void Its_times_follow_the_rules_of_real_incidents()
    {
        var exercise = New();
        exercise.Reveal("ann", At(2));
        exercise.Take("ben", At(5));
        exercise.Post(Phase.Investigating, "We look into it.", null, null, "ben", At(10));
        exercise.Post(Phase.Resolved, "All is well.", null, null, "ben", At(30));
        exercise.Post(Phase.Resolved, "It stays well.", null, null, "ben", At(35));
        var record = exercise.Record();
        Assert.Equal(
            (TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(3), TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(30)),
            (record.ToDetect, record.ToAcknowledge, record.ToFirstUpdate, record.ToResolve)
        );
        Assert.True(record.IsAcknowledgedInTime);
    }

    /// <summary>What is read nowhere else cannot leave: this holds for channels that nobody has thought of yet.</summary>
    [Fact]
    public void Nothing_outside_of_the_game_days_reads_an_exercise()
    {
        string[] rooms = [Path.Combine("StatusPage.Web", "Exercises"), Path.Combine("StatusPage.Domain", "Exercises"), Path.Combine("Data", "Migrations")];
        // The table of the store, the list of rooms, and the type of the id.
        string[] known = ["StatusDb.cs", "Rooms.cs", "Ids.cs"];
        var readers = new[] { "StatusPage.Web", "StatusPage.Domain" }
            .SelectMany(project => Directory.EnumerateFiles(Path.Combine(Source.Root, project), "*.cs*", SearchOption.AllDirectories))
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}bin{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .Where(file => !rooms.Any(room => file.Contains(room, StringComparison.Ordinal)) && !known.Contains(Path.GetFileName(file)))
            .Where(file => File.ReadAllText(file).Contains("Exercise", StringComparison.Ordinal));
        Assert.Empty(readers);
    }
}
