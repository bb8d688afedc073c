using StatusPage.Domain.Incidents;
using StatusPage.Domain.Records;
using StatusPage.Domain.Snapshot;

namespace StatusPage.Domain.Exercises;

public enum ExerciseLineKind
{
    Alert = 0,
    Hint = 1,
    Question = 2,
    Taken = 3,

    /// <summary>An update as it would be published.</summary>
    Update = 4,
    Note = 5,
    Ended = 6,

    /// <summary>What was learned; the last of them stands.</summary>
    Postmortem = 7,
}

public static class ExerciseLineKinds
{
    public static string Label(this ExerciseLineKind kind) =>
        kind switch
        {
            ExerciseLineKind.Alert => "Alert",
            ExerciseLineKind.Hint => "Hint",
            ExerciseLineKind.Question => "Question",
            ExerciseLineKind.Taken => "Taken",
            ExerciseLineKind.Update => "Update",
            ExerciseLineKind.Note => "Note",
            ExerciseLineKind.Ended => "Ended",
            _ => "Postmortem",
        };

    /// <summary>Whether a person wrote what it says.</summary>
    public static bool IsWritten(this ExerciseLineKind kind) => kind is ExerciseLineKind.Update or ExerciseLineKind.Note or ExerciseLineKind.Postmortem;
}

/// <summary>
/// A rehearsal of a whole incident. It is no incident: it has tables of its own, which nothing but the game days of the desk reads. So there is nothing of it
/// that a page, feed, API or channel could tell.
/// </summary>
public sealed class Exercise
{
    private readonly List<ExerciseLine> _lines = [];

    private Exercise() { }

    public ExerciseId Id { get; private init; }
    public PageId PageId { get; private init; }

    /// <summary>The key of its scenario.</summary>
    public string Script { get; private init; } = "";
    public string Title { get; private init; } = "";
    public Severity Severity { get; private init; }

    /// <summary>Who reveals the script.</summary>
    public string Leader { get; private init; } = "";
    public DateTimeOffset StartedAt { get; private init; }

    /// <summary>Beats of the script that were revealed.</summary>
    public int Revealed { get; private set; }
    public DateTimeOffset? EndedAt { get; private set; }

    /// <summary>Rises by one with every change.</summary>
    public int Version { get; private set; }
    public IReadOnlyList<ExerciseLine> Lines => _lines;

    public string Subject => $"{Id} {Title}";
    public IEnumerable<ExerciseLine> Updates => _lines.Where(line => line.Kind == ExerciseLineKind.Update);
    public Phase Phase => Updates.LastOrDefault()?.Phase ?? Phase.Investigating;
    public string? TakenBy => _lines.Find(line => line.Kind == ExerciseLineKind.Taken)?.By;

    /// <summary>What was learned, in Markdown; null before somebody wrote it.</summary>
    public string? Postmortem => _lines.FindLast(line => line.Kind == ExerciseLineKind.Postmortem)?.Body;

    /// <summary>What the leader reveals next; null when all is revealed.</summary>
    public Beat? Next => Scenario.Find(Script)?.Beats.ElementAtOrDefault(Revealed);

    public static Exercise Begin(PageId page, Scenario scenario, string leader, DateTimeOffset now) =>
        new()
        {
            Id = ExerciseId.New(),
            PageId = page,
            Script = scenario.Key,
            Title = scenario.Title,
            Severity = scenario.Severity,
            Leader = leader,
            StartedAt = now,
        };

    /// <exception cref="RuleViolation">All is revealed, or somebody else leads.</exception>
    public ExerciseLine Reveal(string by, DateTimeOffset now)
    {
        RefuseEnded();
        if (by != Leader)
            throw new RuleViolation($"{Leader} leads this exercise and reveals what happens.");
        var beat = Next ?? throw new RuleViolation("All of the script is revealed.");
        Revealed++;
        return Add(
            beat.Kind switch
            {
                BeatKind.Alert => ExerciseLineKind.Alert,
                BeatKind.Question => ExerciseLineKind.Question,
                _ => ExerciseLineKind.Hint,
            },
            beat.Text,
            by,
            now
        );
    }

    /// <exception cref="RuleViolation">Nothing fires yet, or somebody else has it.</exception>
    public ExerciseLine Take(string by, DateTimeOffset now)
    {
        RefuseEnded();
        if (Revealed == 0)
            throw new RuleViolation("Nothing fires yet.");
        if (TakenBy is { } other)
            throw new RuleViolation($"{other} has taken this already.");
        return Add(ExerciseLineKind.Taken, $"{by} took it.", by, now);
    }

    /// <summary>Writes what would be published.</summary>
    /// <exception cref="RuleViolation">The text could not be published.</exception>
    public ExerciseLine Post(Phase phase, string? body, string? impact, string? team, string by, DateTimeOffset now)
    {
        RefuseEnded();
        if (Revealed == 0)
            throw new RuleViolation("Nothing fires yet.");
        IncidentRules.RefuseUnfilled([
            (nameof(UpdateContent.Body), body),
            (nameof(UpdateContent.ImpactSummary), impact),
            (nameof(UpdateContent.TeamStatus), team),
        ]);
        var line = Add(ExerciseLineKind.Update, UpdateContent.CheckedBody(body), by, now);
        line.Say(phase, UpdateContent.CheckedImpact(impact), UpdateContent.CheckedTeam(team));
        return line;
    }

    public ExerciseLine Note(string? body, string by, DateTimeOffset now)
    {
        RefuseEnded();
        return Add(ExerciseLineKind.Note, MarkdownRule.Block(body, "Note", "a note", IncidentNote.MaxBodyLength), by, now);
    }

    /// <exception cref="RuleViolation">It is over, or somebody else leads.</exception>
    public ExerciseLine End(string by, DateTimeOffset now)
    {
        RefuseEnded();
        if (by != Leader)
            throw new RuleViolation($"{Leader} leads this exercise and ends it.");
        var line = Add(ExerciseLineKind.Ended, $"{by} ended the exercise.", by, now);
        EndedAt = now;
        return line;
    }

    /// <summary>Keeps what was learned; what stood there before stays in the timeline.</summary>
    /// <exception cref="RuleViolation">The exercise goes on, or nothing is written.</exception>
    public ExerciseLine Learn(string? body, string by, DateTimeOffset now)
    {
        if (EndedAt is null)
            throw new RuleViolation("End the exercise, then write what was learned.");
        return Add(ExerciseLineKind.Postmortem, MarkdownRule.Block(body, "Learned", "what was learned", UpdateContent.MaxBodyLength), by, now);
    }

    /// <summary>The guide's postmortem with what is known, to be filled in.</summary>
    /// <param name="time">How a time reads.</param>
    /// <param name="say">How a heading reads.</param>
    public string Outline(Func<DateTimeOffset, string> time, Func<string, string> say)
    {
        var moments = _lines
            .Where(line => line.Kind is not (ExerciseLineKind.Hint or ExerciseLineKind.Question or ExerciseLineKind.Postmortem))
            .Select(line => $"- {time(line.At)} {Text.Cut(line.Body.ReplaceLineEndings(" "), 200)}");
        return $"""
            ## {say("Summary")}

            ## {say("Impact")}

            ## {say("Root Cause")}

            ## {say("Timeline")}

            {string.Join("\n", moments)}

            ## {say("What Went Well")}

            ## {say("Action Items")}
            """;
    }

    /// <summary>Its times, told by the rules of real incidents.</summary>
    public IncidentRecord Record()
    {
        var alert = At(ExerciseLineKind.Alert);
        var resolved = Phase.IsOver() ? Updates.Reverse().TakeWhile(line => line.Phase!.Value.IsOver()).Last().At : (DateTimeOffset?)null;
        return new(
            new(
                // No incident has this id: it is the exercise's.
                IncidentId.Of(Id.Value),
                Title,
                Severity,
                StartedAt,
                false,
                resolved,
                [.. Updates.Select(line => new RecordedUpdate(line.Phase!.Value, line.At))],
                alert is { } at ? [new(at, null, At(ExerciseLineKind.Taken))] : []
            ),
            []
        );

        DateTimeOffset? At(ExerciseLineKind kind) => _lines.Find(line => line.Kind == kind)?.At;
    }

    /// <summary>The incident as customers would read it if it were one; null before the first update.</summary>
    public IncidentView? AsRead()
    {
        var updates = Updates
            .Select(line => new UpdateView(
                UpdateId.Of($"{Id.Value}{line.Number}"),
                line.Phase!.Value,
                line.Body,
                line.ImpactSummary,
                line.TeamStatus,
                null,
                [],
                false,
                line.At
            ))
            .Reverse()
            .ToList();
        if (updates.Count == 0)
            return null;
        var end = Phase.IsOver() ? updates[0].PostedAt : (DateTimeOffset?)null;
        return new(IncidentId.Of(Id.Value), Title, Phase, Severity, Impacts.Of(Severity), null, StartedAt, updates[0].PostedAt, null, end, updates);
    }

    private ExerciseLine Add(ExerciseLineKind kind, string text, string by, DateTimeOffset now)
    {
        var line = new ExerciseLine(Id, _lines.Count + 1, kind, text, by, now);
        _lines.Add(line);
        Version++;
        return line;
    }

    private void RefuseEnded()
    {
        if (EndedAt is not null)
            throw new RuleViolation("This exercise is over. Begin another one.");
    }
}

/// <summary>What happened in an exercise.</summary>
public sealed class ExerciseLine
{
    private ExerciseLine() { }

    internal ExerciseLine(ExerciseId exercise, int number, ExerciseLineKind kind, string text, string by, DateTimeOffset at) =>
        (ExerciseId, Number, Kind, Body, By, At) = (exercise, number, kind, text, by, at);

    public ExerciseId ExerciseId { get; private init; }
    public int Number { get; private init; }
    public ExerciseLineKind Kind { get; private init; }

    /// <summary>In Markdown where a person wrote it.</summary>
    public string Body { get; private init; } = "";
    public string By { get; private init; } = "";
    public DateTimeOffset At { get; private init; }

    /// <summary>Of an update alone, like the two that follow.</summary>
    public Phase? Phase { get; private set; }
    public string? ImpactSummary { get; private set; }
    public string? TeamStatus { get; private set; }

    internal void Say(Phase phase, string? impact, string? team) => (Phase, ImpactSummary, TeamStatus) = (phase, impact, team);
}
