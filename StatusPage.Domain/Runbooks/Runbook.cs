namespace StatusPage.Domain.Runbooks;

/// <summary>How to find out what is wrong and to mend it, written before it is needed. Every text that it ever had is kept.</summary>
public sealed class Runbook
{
    /// <summary>Characters.</summary>
    public const int MaxTitleLength = 200;

    /// <summary>Characters.</summary>
    public const int MaxBodyLength = 50_000;
    public const int ShortestReview = 1;
    public const int LongestReview = 36;

    /// <summary>Months after which somebody reads it again, unless the runbook says otherwise.</summary>
    public const int DefaultReview = 6;

    private Runbook() { }

    public RunbookId Id { get; private init; }
    public PageId PageId { get; private init; }

    /// <summary>The first heading of the text.</summary>
    public string Title { get; private set; } = "";

    /// <summary>The title as names are compared: unique for each page.</summary>
    public string Name { get; private set; } = "";

    /// <summary>In Markdown.</summary>
    public string Body { get; private set; } = "";

    /// <summary>Rises by one with each new text.</summary>
    public int Revision { get; private set; }

    /// <summary>What it helps with: it is shown where an alert or incident is about one of these.</summary>
    public IReadOnlyList<ComponentId> ComponentIds { get; private set; } = [];
    public IReadOnlyList<AlertRuleId> AlertRuleIds { get; private set; } = [];

    /// <summary>Months.</summary>
    public int ReviewEvery { get; private set; } = DefaultReview;

    /// <summary>When somebody last wrote it, or said that it is right.</summary>
    public DateTimeOffset ReviewedAt { get; private set; }
    public string ReviewedBy { get; private set; } = "";
    public DateTimeOffset CreatedAt { get; private init; }
    public DateTimeOffset UpdatedAt { get; private set; }
    public DateTimeOffset? ArchivedAt { get; private set; }

    /// <summary>Rises by one with every change.</summary>
    public int Version { get; private set; }

    /// <summary>As the audit names it.</summary>
    public string Subject => $"{Id} {Title}";

    public static Runbook Create(PageId page, DateTimeOffset now) =>
        new()
        {
            Id = RunbookId.New(),
            PageId = page,
            CreatedAt = now,
            UpdatedAt = now,
        };

    /// <summary>Titles that differ in case alone name one runbook.</summary>
    public static string NameOf(string title) => title.ToUpperInvariant();

    /// <exception cref="RuleViolation">It is empty or too long, or has no heading.</exception>
    public static (string Title, string Body) Checked(string? body)
    {
        var text = MarkdownRule.Block(body, nameof(Body), "the runbook", MaxBodyLength);
        var title =
            RunbookText.Read(text).Title
            ?? throw new RuleViolation("It has no title. Begin the text with a heading, such as “# Database connection errors”.", nameof(Body));
        return (Text.Line(title, nameof(Body), "the title", MaxTitleLength), text);
    }

    /// <summary>Gives it a new text. Whoever writes it has read it, so it counts as reviewed.</summary>
    /// <returns>The revision; null when the text is the one that it has.</returns>
    /// <exception cref="RuleViolation">The text is not fit to be a runbook.</exception>
    public RunbookRevision? Write(string? body, string by, DateTimeOffset now)
    {
        var (title, text) = Checked(body);
        if (text == Body)
            return null;
        (Title, Name, Body, UpdatedAt) = (title, NameOf(title), text, now);
        Revision++;
        Review(by, now);
        return new(Id, Revision, title, text, by, now);
    }

    /// <exception cref="RuleViolation">The number of months is out of bounds.</exception>
    public void Attach(IReadOnlyList<ComponentId> components, IReadOnlyList<AlertRuleId> rules, int reviewEvery, DateTimeOffset now)
    {
        if (reviewEvery is < ShortestReview or > LongestReview)
            throw new RuleViolation($"Choose between {ShortestReview} and {LongestReview} months.", nameof(ReviewEvery));
        (ComponentIds, AlertRuleIds, ReviewEvery, UpdatedAt) = (components, rules, reviewEvery, now);
        Version++;
    }

    /// <summary>Somebody read it and says that it is right.</summary>
    public void Review(string by, DateTimeOffset now)
    {
        (ReviewedBy, ReviewedAt) = (by, now);
        Version++;
    }

    public void Archive(DateTimeOffset now)
    {
        ArchivedAt ??= now;
        Version++;
    }

    public void BringBack()
    {
        ArchivedAt = null;
        Version++;
    }

    /// <summary>Why somebody should read it again; null when nobody has to.</summary>
    /// <param name="usedAt">When a step of it was last ticked in an incident or alert that is over by now; it is judged afterwards.</param>
    public Sentence? ReviewReason(DateTimeOffset now, DateTimeOffset? usedAt) =>
        ArchivedAt is not null ? null
        : usedAt > ReviewedAt ? (Sentence)"It was used since it was last reviewed. Was it right?"
        : now < ReviewedAt.AddMonths(ReviewEvery) ? null
        : ReviewEvery == 1 ? (Sentence)"Nobody has reviewed it for a month."
        : $"Nobody has reviewed it for {ReviewEvery} months.";

    public bool IsAbout(IReadOnlyCollection<ComponentId> components, IReadOnlyCollection<AlertRuleId> rules) =>
        ArchivedAt is null && (ComponentIds.Any(components.Contains) || AlertRuleIds.Any(rules.Contains));
}

/// <summary>A text that a runbook has or had.</summary>
public sealed class RunbookRevision
{
    private RunbookRevision() { }

    internal RunbookRevision(RunbookId runbook, int number, string title, string body, string by, DateTimeOffset at) =>
        (RunbookId, Number, Title, Body, Author, At) = (runbook, number, title, body, by, at);

    public RunbookId RunbookId { get; private init; }
    public int Number { get; private init; }
    public string Title { get; private init; } = "";
    public string Body { get; private init; } = "";
    public string Author { get; private init; } = "";
    public DateTimeOffset At { get; private init; }
}

/// <summary>A step that somebody did, in one incident or in one case before it became one.</summary>
public sealed class RunbookTick
{
    private RunbookTick() { }

    public RunbookTick(Runbook runbook, RunbookStep step, AlertCaseId? @case, IncidentId? incident, string by, DateTimeOffset now)
    {
        if (@case is null == incident is null)
            throw new ArgumentException("A step is ticked in a case or in an incident.", nameof(incident));
        (RunbookId, StepKey, CaseId, IncidentId, By, At) = (runbook.Id, step.Key, @case, incident, by, now);
        Place = @case?.Value ?? incident!.Value.Value;
    }

    public RunbookId RunbookId { get; private init; }

    /// <summary>The case's or incident's id: there, each step is ticked once.</summary>
    public string Place { get; private init; } = "";
    public string StepKey { get; private init; } = "";
    public AlertCaseId? CaseId { get; private init; }
    public IncidentId? IncidentId { get; private init; }
    public string By { get; private init; } = "";
    public DateTimeOffset At { get; private init; }
}
