namespace StatusPage.Domain.Audiences;

/// <summary>A named group of stakeholders, such as support or key customers, with members and a page of their own.</summary>
public sealed class Audience
{
    public const int MaxNameLength = 60;

    private Audience() { }

    public AudienceId Id { get; private init; }
    public PageId PageId { get; private init; }
    public string Name { get; private set; } = "";

    /// <summary>The last part of its page's address; fixed for life, so that links keep working after a rename.</summary>
    public string Slug { get; private init; } = "";

    /// <summary>When it was closed; null while it can be addressed.</summary>
    public DateTimeOffset? ClosedAt { get; private set; }
    public DateTimeOffset CreatedAt { get; private init; }
    public DateTimeOffset UpdatedAt { get; private set; }

    public static Audience Create(PageId page, string? name, IReadOnlySet<string> taken, DateTimeOffset now)
    {
        var line = Text.Line(name, nameof(Name), "a name for the group", MaxNameLength);
        var slug = Text.Slug(line) is { Length: > 0 } made ? made : "group";
        var free = slug;
        for (var n = 2; taken.Contains(free); n++)
            free = $"{slug}-{n}";
        var audience = new Audience
        {
            Id = AudienceId.New(),
            PageId = page,
            Slug = free,
            CreatedAt = now,
        };
        audience.Rename(line, now);
        return audience;
    }

    public void Rename(string? name, DateTimeOffset now)
    {
        Name = Text.Line(name, nameof(Name), "a name for the group", MaxNameLength);
        UpdatedAt = now;
    }

    public void Close(DateTimeOffset now) => (ClosedAt, UpdatedAt) = (ClosedAt ?? now, now);

    public void Open(DateTimeOffset now) => (ClosedAt, UpdatedAt) = (null, now);
}
