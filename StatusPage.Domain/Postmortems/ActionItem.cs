using StatusPage.Domain.Incidents;

namespace StatusPage.Domain.Postmortems;

public enum ActionItemState
{
    Open = 0,
    Done = 1,

    /// <summary>Decided against.</summary>
    Dropped = 2,
}

public enum ActionItemPriority
{
    High = 0,
    Normal = 1,
    Low = 2,
}

/// <summary>What is to be done so that an incident does not come back: by whom, and until when.</summary>
public sealed class ActionItem
{
    /// <summary>As long as the title of an issue at GitHub may be.</summary>
    public const int MaxTitleLength = 256;
    public const int MaxOwnerLength = 200;
    public const int MaxFindingLength = 200;
    public const int MaxAuthorLength = 300;
    public const int MostOnIncident = 100;

    private ActionItem() { }

    public ActionItemId Id { get; private init; }
    public PageId PageId { get; private init; }
    public IncidentId IncidentId { get; private init; }
    public string Title { get; private set; } = "";

    /// <summary>Who wrote the title, which the public may read; null where that is not known.</summary>
    public string? WrittenBy { get; private set; }

    /// <summary>A name or an address; null: nobody yet.</summary>
    public string? Owner { get; private set; }
    public DateOnly? DueOn { get; private set; }
    public ActionItemPriority Priority { get; private set; } = ActionItemPriority.Normal;
    public ActionItemState State { get; private set; }

    /// <summary>What was learned and led to it, such as "Missing alert".</summary>
    public string? Finding { get; private set; }
    public DateTimeOffset CreatedAt { get; private init; }
    public DateTimeOffset UpdatedAt { get; private set; }
    public DateTimeOffset? ClosedAt { get; private set; }

    /// <summary>Rises by one with every change.</summary>
    public int Version { get; private set; }

    /// <summary>As the audit names it.</summary>
    public string Subject => $"{Id} {Title}";

    public static ActionItem Create(Incident incident, DateTimeOffset now) =>
        new()
        {
            Id = ActionItemId.New(),
            PageId = incident.PageId,
            IncidentId = incident.Id,
            CreatedAt = now,
            UpdatedAt = now,
        };

    /// <exception cref="RuleViolation">The title is missing, or something is too long.</exception>
    public ActionItem Write(string? title, string? owner, DateOnly? dueOn, ActionItemPriority priority, string? finding, DateTimeOffset now)
    {
        var checks = new Checks();
        Title = checks.Try(() => Text.Line(title, nameof(Title), "what is to be done", MaxTitleLength));
        Owner = checks.Try(() => Text.OptionalLine(owner, nameof(Owner), "the owner", MaxOwnerLength));
        Finding = checks.Try(() => Text.OptionalLine(finding, nameof(Finding), "the finding", MaxFindingLength));
        checks.Enforce();
        (DueOn, Priority, UpdatedAt) = (dueOn, priority, now);
        Version++;
        return this;
    }

    /// <summary>Notes who wrote the title.</summary>
    public void TitleBy(string author) => WrittenBy = Text.Cut(author, MaxAuthorLength);

    /// <summary>Whether its day has passed and it is still to be done.</summary>
    public bool IsOverdue(DateOnly today) => State == ActionItemState.Open && DueOn < today;

    /// <summary>Whether a person is named as its owner, by their address.</summary>
    public bool IsOf(string person) => string.Equals(Owner, person, StringComparison.OrdinalIgnoreCase);

    /// <returns>Whether that is a change.</returns>
    public bool MoveTo(ActionItemState state, DateTimeOffset now)
    {
        if (state == State)
            return false;
        (State, UpdatedAt, ClosedAt) = (state, now, state == ActionItemState.Open ? null : now);
        Version++;
        return true;
    }
}

public static class ActionItemStates
{
    public static string Code(this ActionItemState state) =>
        state switch
        {
            ActionItemState.Open => "open",
            ActionItemState.Done => "done",
            _ => "dropped",
        };

    public static string Label(this ActionItemState state) =>
        state switch
        {
            ActionItemState.Open => "Open",
            ActionItemState.Done => "Done",
            _ => "Dropped",
        };

    public static ActionItemState? Parse(string? code) =>
        code switch
        {
            "open" => ActionItemState.Open,
            "done" => ActionItemState.Done,
            "dropped" => ActionItemState.Dropped,
            _ => null,
        };
}

public static class ActionItemPriorities
{
    public static string Code(this ActionItemPriority priority) =>
        priority switch
        {
            ActionItemPriority.High => "high",
            ActionItemPriority.Low => "low",
            _ => "normal",
        };

    public static string Label(this ActionItemPriority priority) =>
        priority switch
        {
            ActionItemPriority.High => "High",
            ActionItemPriority.Low => "Low",
            _ => "Normal",
        };

    public static ActionItemPriority? Parse(string? code) =>
        code switch
        {
            "high" => ActionItemPriority.High,
            "normal" => ActionItemPriority.Normal,
            "low" => ActionItemPriority.Low,
            _ => null,
        };
}
