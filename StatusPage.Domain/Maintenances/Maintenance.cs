using StatusPage.Domain.Incidents;

namespace StatusPage.Domain.Maintenances;

/// <summary>Planned work with a window. What happens by itself is up to its conduct; anything else somebody says.</summary>
public sealed class Maintenance
{
    private readonly List<MaintenancePost> _posts = [];

    private Maintenance() { }

    public MaintenanceId Id { get; private init; }
    public PageId PageId { get; private init; }

    /// <summary>The series that it belongs to, and which of its windows it is, from 0; null for one that stands alone.</summary>
    public SeriesId? SeriesId { get; private init; }
    public int? Occurrence { get; private init; }
    public string Title { get; private set; } = "";
    public string Body { get; private set; } = "";
    public DateTimeOffset ScheduledFor { get; private set; }
    public DateTimeOffset ScheduledUntil { get; private set; }
    public bool StartsItself { get; private set; } = true;
    public MaintenanceEnd End { get; private set; }
    public TimeSpan? VerifyFor { get; private set; }
    public TimeSpan? RemindBefore { get; private set; }
    public bool TellsPhases { get; private set; }

    // What people did, as against the clock.
    public DateTimeOffset? StartedAt { get; private set; }
    public DateTimeOffset? VerifyingAt { get; private set; }
    public DateTimeOffset? CompletedAt { get; private set; }
    public DateTimeOffset CreatedAt { get; private init; }
    public DateTimeOffset UpdatedAt { get; private set; }

    /// <summary>When its times were last set.</summary>
    public DateTimeOffset PlannedAt { get; private set; }
    public DateTimeOffset? CancelledAt { get; private set; }
    public IReadOnlyList<ComponentId> ComponentIds { get; private set; } = [];
    public IReadOnlyList<MaintenancePost> Posts => _posts;

    public MaintenancePlan Plan => new(ScheduledFor, ScheduledUntil, StartsItself, End, VerifyFor, StartedAt, VerifyingAt, CompletedAt);
    public MaintenanceConduct Conduct => new(StartsItself, End, VerifyFor, RemindBefore, TellsPhases);

    public static Maintenance Schedule(PageId page, string? title, string? body, DateTimeOffset from, DateTimeOffset until,
        IEnumerable<ComponentId> components, DateTimeOffset now, MaintenanceConduct? conduct = null, (SeriesId Series, int Occurrence)? of = null)
    {
        var maintenance = new Maintenance { Id = MaintenanceId.New(), PageId = page, SeriesId = of?.Series, Occurrence = of?.Occurrence, CreatedAt = now };
        maintenance.Reschedule(title, body, from, until, components, now, conduct ?? MaintenanceConduct.Default);
        return maintenance;
    }

    /// <param name="conduct">Null leaves it as it is.</param>
    public void Reschedule(string? title, string? body, DateTimeOffset from, DateTimeOffset until, IEnumerable<ComponentId> components, DateTimeOffset now, MaintenanceConduct? conduct = null)
    {
        RefuseCancelled();
        var phase = PlannedAt == default ? MaintenancePhase.Scheduled : PhaseAt(now);
        if (phase == MaintenancePhase.Completed) throw new RuleViolation($"Maintenance '{Title}' is over. Schedule a new one.");
        if (phase != MaintenancePhase.Scheduled && from != ScheduledFor)
            throw new RuleViolation("It has begun, so only its end can be moved. To take it back, cancel it and schedule a new one.", nameof(ScheduledFor));
        Title = Text.Line(title, nameof(Title), "a title", Incident.MaxTitleLength);
        Body = MarkdownRule.Block(body, nameof(Body), "what will be done", UpdateDraft.MaxBodyLength);
        MaintenanceConduct.CheckWindow(from, until);
        var wanted = (conduct ?? Conduct).Checked();
        if (phase != MaintenancePhase.Scheduled)
        {
            // What the clock began has begun, also if it is led by hand from now on.
            StartedAt ??= wanted.StartsItself ? null : Plan.StartsAt;
            var next = new MaintenancePlan(from, until, wanted.StartsItself, wanted.End, wanted.VerifyFor, StartedAt, VerifyingAt, CompletedAt).PhaseAt(now);
            if (next != phase)
                throw new RuleViolation($"That would make it {next.Label().ToLowerInvariant()} at once. Choose an end that is still to come, or post where it stands.", nameof(ScheduledUntil));
        }
        if (from != ScheduledFor || until != ScheduledUntil) PlannedAt = now;
        ScheduledFor = from;
        ScheduledUntil = until;
        ComponentIds = [.. components.Distinct()];
        (StartsItself, End, VerifyFor, RemindBefore, TellsPhases) = wanted;
        UpdatedAt = now;
    }

    /// <summary>Tells how it goes, and moves it on where the phase is another.</summary>
    /// <exception cref="RuleViolation">It is over, cancelled, or cannot go back to where the post says.</exception>
    public MaintenancePost Post(MaintenancePhase phase, string? body, bool notifies, string author, DateTimeOffset now)
    {
        RefuseCancelled();
        var before = PhaseAt(now);
        if (before == MaintenancePhase.Completed) throw new RuleViolation($"Maintenance '{Title}' is over. Schedule a new one if there is more to do.");
        if (phase == MaintenancePhase.Scheduled && before != MaintenancePhase.Scheduled) throw new RuleViolation("It has begun. Choose where it stands now.", nameof(phase));
        // What the clock said and people read stays, though somebody takes it back.
        if (phase == MaintenancePhase.InProgress && before == MaintenancePhase.Verifying && VerifyingAt is null)
            _posts.Add(new(this, _posts.Count + 1, before, MaintenanceStory.Verified, false, "schedule", Plan.VerifiesAt!.Value));
        var post = new MaintenancePost(this, _posts.Count + 1, phase, MarkdownRule.Block(body, nameof(Body), "what there is to tell", UpdateDraft.MaxBodyLength), notifies, author, now);
        if (phase != before) Move(phase, now);
        _posts.Add(post);
        UpdatedAt = now;
        return post;
    }

    public void Cancel(DateTimeOffset now)
    {
        RefuseCancelled();
        if (PhaseAt(now) == MaintenancePhase.Completed)
            throw new RuleViolation($"Maintenance '{Title}' is over, so it cannot be cancelled.");
        CancelledAt = now;
        UpdatedAt = now;
    }

    public MaintenancePhase PhaseAt(DateTimeOffset instant) => Plan.PhaseAt(instant);

    /// <summary>From here on a person leads, so the clock does not move it against what that person said.</summary>
    private void Move(MaintenancePhase phase, DateTimeOffset now)
    {
        // What the clock began has begun when it did.
        if (!(Plan.StartsAt <= now)) StartedAt = now;
        switch (phase)
        {
            case MaintenancePhase.InProgress:
                if (PhaseAfterStart(now)) (End, VerifyFor, VerifyingAt) = (MaintenanceEnd.ByHand, null, null);
                break;
            case MaintenancePhase.Verifying:
                if (End != MaintenanceEnd.Verified) (End, VerifyFor) = (MaintenanceEnd.Verified, null);
                VerifyingAt = now;
                break;
            case MaintenancePhase.Completed:
                CompletedAt = now;
                break;
        }
    }

    /// <summary>Whether the plan would have it further than in progress: it was verified already, or begins after its planned end.</summary>
    private bool PhaseAfterStart(DateTimeOffset now) => VerifyingAt is not null || now >= ScheduledUntil;

    private void RefuseCancelled()
    {
        if (CancelledAt is not null) throw new RuleViolation($"Maintenance '{Title}' was cancelled. Schedule a new one.");
    }
}

/// <summary>What was told of a maintenance. Never changed afterwards.</summary>
public sealed class MaintenancePost
{
    private MaintenancePost() { }

    internal MaintenancePost(Maintenance maintenance, int number, MaintenancePhase phase, string body, bool notifies, string author, DateTimeOffset at)
    {
        Id = UpdateId.New();
        MaintenanceId = maintenance.Id;
        (Number, Phase, Body, Notifies, Author, PostedAt) = (number, phase, body, notifies, author, at);
    }

    public UpdateId Id { get; private init; }
    public MaintenanceId MaintenanceId { get; private init; }

    /// <summary>From 1.</summary>
    public int Number { get; private init; }
    public MaintenancePhase Phase { get; private init; }

    /// <summary>Markdown.</summary>
    public string Body { get; private init; } = "";
    public bool Notifies { get; private init; }

    /// <summary>Who posted, for the audit; never public.</summary>
    public string Author { get; private init; } = "";
    public DateTimeOffset PostedAt { get; private init; }
}
