namespace StatusPage.Domain.Handovers;

/// <summary>A note from one shift to the next: what is open, promised and waiting.</summary>
public sealed class Handover
{
    /// <summary>Characters.</summary>
    public const int MaxBodyLength = 20_000;

    private Handover() { }

    public HandoverId Id { get; private init; }
    public PageId PageId { get; private init; }

    /// <summary>In Markdown.</summary>
    public string Body { get; private set; } = "";
    public string Author { get; private init; } = "";

    /// <summary>Who wrote in it last.</summary>
    public string Editor { get; private set; } = "";
    public DateTimeOffset CreatedAt { get; private init; }
    public DateTimeOffset UpdatedAt { get; private set; }
    public string? AcknowledgedBy { get; private set; }
    public DateTimeOffset? AcknowledgedAt { get; private set; }

    /// <summary>Rises by one with every change.</summary>
    public int Version { get; private set; }

    /// <exception cref="RuleViolation">The text is empty, or cannot be shown.</exception>
    public static Handover Write(PageId page, string? body, string author, DateTimeOffset now)
    {
        var handover = new Handover
        {
            Id = HandoverId.New(),
            PageId = page,
            Author = author,
            CreatedAt = now,
        };
        handover.Edit(body, author, now);
        return handover;
    }

    /// <exception cref="RuleViolation">It was acknowledged, so somebody relies on what it says.</exception>
    public void Edit(string? body, string by, DateTimeOffset now)
    {
        if (AcknowledgedBy is { } reader)
            throw new RuleViolation($"{reader} has acknowledged this note, so it stays as it is. Write a new one.");
        (Body, Editor, UpdatedAt) = (MarkdownRule.Block(body, nameof(Body), "what the next shift must know", MaxBodyLength), by, now);
        Version++;
    }

    /// <summary>Whether somebody is the one to acknowledge it: anybody but those who wrote it.</summary>
    public bool IsFor(string reader) => AcknowledgedBy is null && reader != Author && reader != Editor;

    /// <exception cref="RuleViolation">Somebody else was faster, or the reader wrote it.</exception>
    public void Acknowledge(string by, DateTimeOffset now)
    {
        if (AcknowledgedBy is { } other)
            throw new RuleViolation($"{other} has acknowledged this note already.");
        if (!IsFor(by))
            throw new RuleViolation("You wrote this note. The person who takes over acknowledges it.");
        (AcknowledgedBy, AcknowledgedAt) = (by, now);
        Version++;
    }
}
