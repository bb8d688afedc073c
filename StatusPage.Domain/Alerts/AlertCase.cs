using StatusPage.Domain.Drafts;
using StatusPage.Domain.Incidents;

namespace StatusPage.Domain.Alerts;

public enum AlertCaseState
{
    /// <summary>A rule waits: the alert must last for a while, or come more often.</summary>
    Held = 0,

    /// <summary>There is a draft, or the incident that the draft became.</summary>
    Open = 1,

    /// <summary>It came to nothing: the alert went away, or somebody discarded the draft.</summary>
    Dropped = 2,

    /// <summary>The incident that it became is over, or all its alerts have resolved.</summary>
    Over = 3,
}

/// <summary>Alerts of one cause, and what becomes of them: one draft, and perhaps one incident.</summary>
public sealed class AlertCase
{
    /// <summary>In place of a draft's version: no draft has it, so that none counts as untouched.</summary>
    public const int WrittenByPeople = -1;

    /// <summary>How long monitors may take to notice that an incident is over.</summary>
    public static readonly TimeSpan Settles = TimeSpan.FromMinutes(10);

    private AlertCase() { }

    public AlertCaseId Id { get; private init; }
    public PageId PageId { get; private init; }
    public string Title { get; private set; } = "";
    public Severity? Severity { get; private set; }
    public AlertCaseState State { get; private set; }

    /// <summary>The rule that made it; null where none matched.</summary>
    public AlertRuleId? RuleId { get; private set; }
    public IReadOnlyList<ComponentId> ComponentIds { get; private set; } = [];
    public DraftId? DraftId { get; private set; }
    public IncidentId? IncidentId { get; private set; }

    /// <summary>The draft's version when the program wrote it last; a person has written in it when it is another.</summary>
    public int DraftVersion { get; private set; }

    /// <summary>When the program closed the draft, as all alerts had resolved; null while there is something to publish.</summary>
    public DateTimeOffset? ClosedAt { get; private set; }

    /// <summary>The draft of the update that ends the incident; null until one was made.</summary>
    public DraftId? EndDraftId { get; private set; }

    /// <summary>As <see cref="DraftVersion"/>, of that draft.</summary>
    public int EndDraftVersion { get; private set; }

    /// <summary>Since when the first alert fires, as its source says.</summary>
    public DateTimeOffset AlertedAt { get; private init; }
    public DateTimeOffset ReceivedAt { get; private init; }
    public DateTimeOffset? DraftedAt { get; private set; }
    public DateTimeOffset? TakenAt { get; private set; }
    public string? TakenBy { get; private set; }
    public DateTimeOffset? FirstUpdateAt { get; private set; }

    /// <summary>When all its alerts had resolved.</summary>
    public DateTimeOffset? ResolvedAt { get; private set; }
    public DateTimeOffset? EndedAt { get; private set; }

    /// <summary>When the program looks at it again: a hold ends, or the draft is published by itself.</summary>
    public DateTimeOffset? DueAt { get; private set; }

    /// <summary>Whether the draft is published by itself when it is due.</summary>
    public bool PublishesItself { get; private set; }
    public string? StoppedBy { get; private set; }

    /// <summary>Whether the program published it.</summary>
    public bool WasPublishedByItself { get; private set; }
    public bool IsFlapping { get; private set; }

    /// <summary>Rises by one with every change, so that two who act at once are told.</summary>
    public int Version { get; private set; }

    /// <summary>Whether the program wrote in the draft last: nobody works on it, as far as the draft tells.</summary>
    public bool IsUntouched(Draft draft) => !draft.IsOver && draft.Version == DraftVersion;

    /// <summary>The same of the draft that ends the incident.</summary>
    public bool IsUntouchedEnd(Draft draft) => draft.Id == EndDraftId && !draft.IsOver && draft.Version == EndDraftVersion;

    /// <summary>Whether its incident was ended some time ago. What fires then is something new, and no monitor that is slow to notice.</summary>
    public bool IsOutlived(DateTimeOffset now) => State == AlertCaseState.Over && IncidentId is not null && EndedAt + Settles <= now;

    public bool IsOver => State is AlertCaseState.Dropped or AlertCaseState.Over;

    /// <summary>Whether it is still to be published by itself, and nobody has it.</summary>
    public bool IsPublishedByItselfLater => PublishesItself && DueAt is not null && IncidentId is null && State == AlertCaseState.Open;

    public static AlertCase Begin(
        PageId page,
        string title,
        Severity? severity,
        AlertRuleId? rule,
        IReadOnlyList<ComponentId> components,
        DateTimeOffset alertedAt,
        DateTimeOffset now
    ) =>
        new()
        {
            Id = AlertCaseId.New(),
            PageId = page,
            Title = Text.Cut(title, Incident.MaxTitleLength),
            Severity = severity,
            RuleId = rule,
            ComponentIds = components,
            AlertedAt = Instants.Clamp(alertedAt < now ? alertedAt : now),
            ReceivedAt = now,
        };

    /// <summary>The rules were asked again while it waited.</summary>
    public void Follow(AlertRule? rule, Severity? severity, IReadOnlyList<ComponentId> components)
    {
        (RuleId, Severity, ComponentIds) = (rule?.Id, severity, components);
        Version++;
    }

    /// <param name="until">When it becomes a draft if it still fires; null when only more alerts make it one.</param>
    public void Hold(DateTimeOffset? until)
    {
        (State, DueAt) = (AlertCaseState.Held, until);
        Version++;
    }

    public void Drafted(DraftId draft, int version, DateTimeOffset now)
    {
        (State, DraftId, DraftVersion, DueAt) = (AlertCaseState.Open, draft, version, null);
        DraftedAt ??= now;
        (EndedAt, ClosedAt) = (null, null);
        Version++;
    }

    /// <summary>Somebody goes on writing what the program has closed.</summary>
    /// <param name="draft">What they write in now.</param>
    public void GoOn(DraftId draft, string by, DateTimeOffset now)
    {
        (State, DraftId, DraftVersion, EndedAt) = (AlertCaseState.Open, draft, WrittenByPeople, null);
        (TakenBy, TakenAt) = (TakenBy ?? by, TakenAt ?? now);
        Version++;
    }

    /// <summary>The end of its incident is drafted.</summary>
    public void EndDrafted(DraftId draft, int version)
    {
        (EndDraftId, EndDraftVersion) = (draft, version);
        Version++;
    }

    /// <summary>The program wrote in the draft again.</summary>
    public void Rewritten(int version)
    {
        DraftVersion = version;
        Version++;
    }

    /// <summary>Its source rates it differently now.</summary>
    public void Rate(Severity severity) => Severity = severity;

    public void PublishAt(DateTimeOffset at)
    {
        (DueAt, PublishesItself) = (at, true);
        Version++;
    }

    /// <exception cref="RuleViolation">Nothing would be published by itself.</exception>
    public void Stop(string by)
    {
        if (!PublishesItself || IncidentId is not null)
            throw new RuleViolation("There is nothing to stop: this draft is not published by itself.");
        (StoppedBy, PublishesItself, DueAt) = (by, false, null);
        Version++;
    }

    /// <summary>The program decided against publishing it by itself.</summary>
    public void LeaveToPeople()
    {
        (PublishesItself, DueAt) = (false, null);
        Version++;
    }

    /// <exception cref="RuleViolation">It is over, or somebody else has it.</exception>
    public void Take(string by, DateTimeOffset now)
    {
        if (IsOver)
            throw new RuleViolation("This is over, so nobody has to take it.");
        if (TakenBy is { } other && other != by)
            throw new RuleViolation($"{other} has taken this already.");
        (TakenBy, TakenAt) = (by, TakenAt ?? now);
        // From now on a person decides.
        if (State == AlertCaseState.Open && IncidentId is null)
            (PublishesItself, DueAt) = (false, null);
        Version++;
    }

    /// <summary>What is published next is published by the program.</summary>
    public void ByItself() => WasPublishedByItself = true;

    public void Published(IncidentId incident, DateTimeOffset now)
    {
        (State, IncidentId, DueAt, PublishesItself) = (AlertCaseState.Open, incident, null, false);
        (EndedAt, ClosedAt) = (null, null);
        FirstUpdateAt ??= now;
        Version++;
    }

    /// <param name="at">Null: it fires again.</param>
    public void Resolved(DateTimeOffset? at)
    {
        ResolvedAt = at;
        if (at is null)
            ClosedAt = null;
        Version++;
    }

    public void Flap()
    {
        IsFlapping = true;
        Version++;
    }

    public void Drop(DateTimeOffset now) => End(AlertCaseState.Dropped, now);

    /// <summary>All its alerts have resolved before anybody had touched the draft.</summary>
    public void Close(DateTimeOffset now)
    {
        Drop(now);
        ClosedAt = now;
    }

    public void Finish(DateTimeOffset now) => End(AlertCaseState.Over, now);

    private void End(AlertCaseState state, DateTimeOffset now)
    {
        (State, EndedAt, DueAt, PublishesItself) = (state, now, null, false);
        Version++;
    }
}

/// <summary>One alert of a source from the moment it fires until it resolves.</summary>
public sealed class AlertEpisode
{
    private AlertEpisode() { }

    /// <param name="content">All that was said, as JSON.</param>
    public AlertEpisode(AlertSource source, AlertCaseId @case, AlertEvent fired, string content, DateTimeOffset now)
    {
        SourceId = source.Id;
        PageId = source.PageId;
        CaseId = @case;
        Key = fired.Key;
        OpenKey = fired.Key;
        Title = fired.Title;
        Link = fired.Link;
        Content = content;
        At = Instants.Clamp(fired.At is { } at && at < now ? at : now);
        OpenedAt = now;
        LastAt = now;
        Count = 1;
    }

    public long Id { get; private init; }
    public AlertSourceId SourceId { get; private init; }
    public PageId PageId { get; private init; }
    public AlertCaseId CaseId { get; private set; }

    /// <summary>The source's own name of the stream of alerts.</summary>
    public string Key { get; private init; } = "";

    /// <summary>The key while it fires; unique for each source, so that a stream has one open episode. Null once it has resolved.</summary>
    public string? OpenKey { get; private set; }
    public string Title { get; private set; } = "";
    public string? Link { get; private set; }

    /// <summary>What the source said last while it fired, as JSON: a hold that ends needs all of it.</summary>
    public string Content { get; private set; } = "";

    /// <summary>Since when it fires, as the source says.</summary>
    public DateTimeOffset At { get; private init; }
    public DateTimeOffset OpenedAt { get; private init; }
    public DateTimeOffset LastAt { get; private set; }

    /// <summary>How often the source said that it fires.</summary>
    public int Count { get; private set; }
    public DateTimeOffset? ResolvedAt { get; private set; }

    /// <param name="content">All that was said this time, as JSON.</param>
    public void Repeat(string content, DateTimeOffset now) => (Count, Content, LastAt) = (Count + 1, content, now);

    /// <param name="at">As the source says.</param>
    public void Resolve(DateTimeOffset at, DateTimeOffset now) => (OpenKey, ResolvedAt, LastAt) = (null, Instants.Clamp(at < now ? at : now), now);

    public void JoinTo(AlertCaseId other) => CaseId = other;
}

/// <summary>An entry of a case's timeline. It never leaves the admin area.</summary>
public sealed class AlertLine
{
    public const int MaxText = 1_000;

    private AlertLine() { }

    public AlertLine(AlertCaseId @case, string text, DateTimeOffset now) => (CaseId, Said, At) = (@case, Text.Cut(Text.Shown(text), MaxText), now);

    public long Id { get; private init; }
    public AlertCaseId CaseId { get; private set; }
    public string Said { get; private init; } = "";
    public DateTimeOffset At { get; private init; }

    public void MoveTo(AlertCaseId other) => CaseId = other;
}
