using StatusPage.Domain.Incidents;

namespace StatusPage.Domain.Maintenances;

/// <summary>Planned work with a window. Its conduct decides what happens by itself; people decide everything else.</summary>
public sealed class Maintenance
{
    /// <summary>How long ago a maintenance that is announced now may have begun; an earlier start is taken for a typing error.</summary>
    public static readonly TimeSpan LatestAnnouncement = TimeSpan.FromHours(24);

    /// <summary>Why a window that is over is refused.</summary>
    public const string IsInThePast =
        "This window is over already, so nobody can be told before it. Check the day and the year, or add it as one that has taken place already.";

    private readonly List<MaintenancePost> _posts = [];

    private Maintenance() { }

    public MaintenanceId Id { get; private init; }
    public PageId PageId { get; private init; }

    /// <summary>The series that it belongs to, and the number of its window there, from 0; null for a maintenance that stands alone.</summary>
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

    // Set by what people did, not by the clock.
    public DateTimeOffset? StartedAt { get; private set; }
    public DateTimeOffset? VerifyingAt { get; private set; }
    public DateTimeOffset? CompletedAt { get; private set; }
    public DateTimeOffset CreatedAt { get; private init; }
    public DateTimeOffset UpdatedAt { get; private set; }

    /// <summary>When its times were last set.</summary>
    public DateTimeOffset PlannedAt { get; private set; }
    public DateTimeOffset? CancelledAt { get; private set; }

    /// <summary>It was added when it was over, as a record: nobody is told of it, and the page says so.</summary>
    public bool IsBackfilled { get; private init; }

    /// <summary>Rises by one with every change, so that two people who edit at once are told.</summary>
    public int Version { get; private set; }
    public IReadOnlyList<ComponentId> ComponentIds { get; private set; } = [];
    public IReadOnlyList<MaintenancePost> Posts => _posts;

    public MaintenancePlan Plan => new(ScheduledFor, ScheduledUntil, StartsItself, End, VerifyFor, StartedAt, VerifyingAt, CompletedAt);

    /// <summary>What it says of components: that they are under maintenance. Null when it never begins, as far as known.</summary>
    public Components.MaintenanceWindow? Window => Plan.Runs(CancelledAt) is var (from, until) ? new(from, until, ComponentIds) : null;

    public MaintenanceConduct Conduct => new(StartsItself, End, VerifyFor, RemindBefore, TellsPhases);

    private MaintenanceTerms Terms => MaintenanceTerms.Of(this);

    /// <exception cref="RuleViolation">Its window lies in the past or is not valid, or a text is missing.</exception>
    public static Maintenance Schedule(
        PageId page,
        string? title,
        string? body,
        DateTimeOffset from,
        DateTimeOffset until,
        IEnumerable<ComponentId> components,
        DateTimeOffset now,
        MaintenanceConduct? conduct = null,
        (SeriesId Series, int Occurrence)? of = null
    )
    {
        var maintenance = new Maintenance
        {
            Id = MaintenanceId.New(),
            PageId = page,
            SeriesId = of?.Series,
            Occurrence = of?.Occurrence,
            CreatedAt = now,
        };
        var terms = MaintenanceTerms.Of(title, body, from, until, components, conduct ?? MaintenanceConduct.Default);
        // The later windows of a series were announced with its first one.
        terms.CheckWindow(startMoved: of is not { Occurrence: > 0 }, endMoved: true, now);
        maintenance.Set(terms, now);
        return maintenance;
    }

    /// <summary>Tells everything that is wrong with what was typed, before anything else is asked.</summary>
    /// <param name="from">Null where it could not be read, and likewise the others.</param>
    public static void Check(string? title, string? body, DateTimeOffset? from, DateTimeOffset? until, MaintenanceConduct? conduct) =>
        MaintenanceTerms.Check(title, body, from, until, conduct);

    /// <summary>Adds work that has taken place already and was never announced: it is over from the start.</summary>
    /// <exception cref="RuleViolation">It is not over yet.</exception>
    public static Maintenance Record(
        PageId page,
        string? title,
        string? body,
        DateTimeOffset from,
        DateTimeOffset until,
        IEnumerable<ComponentId> components,
        DateTimeOffset now
    )
    {
        var maintenance = new Maintenance
        {
            Id = MaintenanceId.New(),
            PageId = page,
            IsBackfilled = true,
            CreatedAt = now,
        };
        maintenance.SetRecord(MaintenanceTerms.Of(title, body, from, until, components, MaintenanceConduct.Silent), now);
        return maintenance;
    }

    /// <summary>The only way to change it: its plan, its phase and what is told, in one step. A refused request changes nothing.</summary>
    /// <returns>Null when it already is as requested: then there is nothing to tell, and no new version.</returns>
    /// <exception cref="RuleViolation">It is over or cancelled, the plan is not valid, or it cannot go back to the requested phase.</exception>
    public MaintenanceChange? Change(MaintenanceRequest request, DateTimeOffset now)
    {
        // A cancelled maintenance stays in the phase that it had then.
        var phase = PhaseAt(CancelledAt ?? now);
        var terms = Terms.With(request);
        var news = MarkdownRule.OptionalBlock(request.News, nameof(MaintenanceRequest.News), "what there is to tell", UpdateContent.MaxBodyLength);
        // An end that is posted again with the same text, as by a program that retries, is no news.
        var isRepeated = phase == MaintenancePhase.Completed && news == _posts.LastOrDefault()?.Body;
        var isTold = (request.Phase is { } wanted && wanted != phase) || (news is not null && !isRepeated);
        if (terms == Terms && !isTold)
            return null;
        RefuseCancelled();
        if (IsBackfilled)
            return ChangeRecord(terms, isTold, now);
        if (phase == MaintenancePhase.Completed)
            throw new RuleViolation($"Maintenance '{Title}' is over. Schedule a new one if there is more to do.");
        var begun = phase == MaintenancePhase.Scheduled ? StartedAt : BegunUnder(terms);
        var plan = PlanUnder(terms, begun);
        if (terms != Terms)
            Check(terms, plan, phase, now);
        var stands = request.Phase ?? plan.PhaseAt(now);
        if (request.Phase == MaintenancePhase.Scheduled && plan.PhaseAt(now) != MaintenancePhase.Scheduled)
            throw new RuleViolation("It has begun. Choose where it stands now.", nameof(MaintenanceRequest.Phase));
        var isMoved = terms.IsMoved(Terms);
        StartedAt = begun;
        Set(terms, now);
        return new(isMoved, isTold ? Tell(stands, news, request, now) : null, request.Notifies);
    }

    /// <exception cref="RuleViolation">It is over, or cancelled already.</exception>
    public void Cancel(DateTimeOffset now)
    {
        RefuseCancelled();
        if (!IsBackfilled && PhaseAt(now) == MaintenancePhase.Completed)
            throw new RuleViolation($"Maintenance '{Title}' is over, so it cannot be cancelled.");
        CancelledAt = now;
        Touch(now);
    }

    public MaintenancePhase PhaseAt(DateTimeOffset instant) => Plan.PhaseAt(instant);

    private void Check(MaintenanceTerms terms, MaintenancePlan plan, MaintenancePhase phase, DateTimeOffset now)
    {
        if (phase != MaintenancePhase.Scheduled && terms.From != ScheduledFor)
            throw new RuleViolation(
                "It has begun, so only its end can be moved. To take it back, cancel it and schedule a new one.",
                nameof(ScheduledFor)
            );
        if (phase == MaintenancePhase.Scheduled)
            terms.CheckWindow(terms.From != ScheduledFor, terms.Until != ScheduledUntil, now);
        // A new plan may begin it now, and move it no further.
        if (plan.PhaseAt(now) is var next && next != phase && (phase != MaintenancePhase.Scheduled || next > MaintenancePhase.InProgress))
        {
            throw new RuleViolation(
                $"That would make it {Sentence.Within(next.Label())} at once. Choose an end that is still to come, or post where it stands.",
                nameof(ScheduledUntil)
            );
        }
        if (phase != MaintenancePhase.Scheduled)
            terms.CheckWindow(startMoved: false, terms.Until != ScheduledUntil, now);
    }

    /// <summary>A start by the clock remains, even if a person leads the maintenance from now on.</summary>
    private DateTimeOffset? BegunUnder(MaintenanceTerms terms) => StartedAt ?? (terms.Conduct.StartsItself ? null : Plan.StartsAt);

    private MaintenancePlan PlanUnder(MaintenanceTerms terms, DateTimeOffset? begun) =>
        new(terms.From, terms.Until, terms.Conduct.StartsItself, terms.Conduct.End, terms.Conduct.VerifyFor, begun, VerifyingAt, CompletedAt);

    private MaintenanceChange ChangeRecord(MaintenanceTerms terms, bool isTold, DateTimeOffset now)
    {
        if (isTold)
        {
            throw new RuleViolation(
                $"'{Title}' is a record of what has taken place, so nobody is told how it goes. Its words, times and components can be mended.",
                nameof(MaintenanceRequest.Phase)
            );
        }
        SetRecord(terms with { Conduct = Conduct }, now);
        return new(IsMoved: false, null, Notifies: false);
    }

    private void SetRecord(MaintenanceTerms terms, DateTimeOffset now)
    {
        if (terms.Until > now)
            throw new RuleViolation(
                "It is not over yet, so it is no record of what has taken place. Mend the times, or schedule it.",
                nameof(ScheduledUntil)
            );
        Set(terms, now);
        (StartedAt, CompletedAt) = (terms.From, terms.Until);
    }

    private void Set(MaintenanceTerms terms, DateTimeOffset now)
    {
        if (terms.From != ScheduledFor || terms.Until != ScheduledUntil)
            PlannedAt = now;
        (Title, Body, ScheduledFor, ScheduledUntil, ComponentIds) = (terms.Title, terms.Body, terms.From, terms.Until, terms.Components);
        (StartsItself, End, VerifyFor, RemindBefore, TellsPhases) = terms.Conduct;
        Touch(now);
    }

    private MaintenancePost Tell(MaintenancePhase phase, string? news, MaintenanceRequest request, DateTimeOffset now)
    {
        var before = PhaseAt(now);
        // A phase that the clock reached and people read of stays, even when somebody reverses it.
        if (phase == MaintenancePhase.InProgress && before == MaintenancePhase.Verifying && VerifyingAt is null)
            _posts.Add(new(this, _posts.Count + 1, before, MaintenanceStory.Verified, false, "schedule", Plan.VerifiesAt!.Value));
        var post = new MaintenancePost(this, _posts.Count + 1, phase, news ?? MaintenanceStory.NewsOf(phase), request.Notifies, request.Author, now);
        if (phase != before)
            Move(phase, now);
        _posts.Add(post);
        return post;
    }

    /// <summary>From here on a person leads, so the clock does not move it against what that person said.</summary>
    private void Move(MaintenancePhase phase, DateTimeOffset now)
    {
        // A start by the clock keeps its time.
        if (!(Plan.StartsAt <= now))
            StartedAt = now;
        switch (phase)
        {
            case MaintenancePhase.InProgress:
                if (PhaseAfterStart(now))
                    (End, VerifyFor, VerifyingAt) = (MaintenanceEnd.ByHand, null, null);
                break;
            case MaintenancePhase.Verifying:
                if (End != MaintenanceEnd.Verified)
                    (End, VerifyFor) = (MaintenanceEnd.Verified, null);
                VerifyingAt = now;
                break;
            case MaintenancePhase.Completed:
                CompletedAt = now;
                break;
        }
    }

    /// <summary>Whether the plan puts it beyond in progress: it was verified already, or begins after its planned end.</summary>
    private bool PhaseAfterStart(DateTimeOffset now) => VerifyingAt is not null || now >= ScheduledUntil;

    private void Touch(DateTimeOffset now)
    {
        UpdatedAt = now;
        Version++;
    }

    private void RefuseCancelled()
    {
        if (CancelledAt is not null)
            throw new RuleViolation($"Maintenance '{Title}' was cancelled. Schedule a new one.");
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
