namespace StatusPage.Domain.Components;

/// <summary>A heading under which components stand together.</summary>
public sealed class ComponentGroup
{
    private ComponentGroup() { }

    public ComponentGroupId Id { get; private init; }
    public PageId PageId { get; private init; }
    public string Name { get; private set; } = "";

    /// <summary>Stands below the heading.</summary>
    public string? Description { get; private set; }
    public int Position { get; set; }
    public DateTimeOffset CreatedAt { get; private init; }
    public DateTimeOffset UpdatedAt { get; private set; }

    public static ComponentGroup Create(PageId page, string? name, int position, DateTimeOffset now, string? description = null)
    {
        var group = new ComponentGroup
        {
            Id = ComponentGroupId.New(),
            PageId = page,
            Position = position,
            CreatedAt = now,
        };
        group.Describe(name, description, now);
        return group;
    }

    public void Describe(string? name, string? description, DateTimeOffset now)
    {
        var checks = new Checks();
        Name = checks.Try(() => Text.Line(name, nameof(Name), "a name for the group", Component.MaxNameLength));
        Description = checks.Try(() => Text.OptionalLine(description, nameof(Description), "the description", Component.MaxDescriptionLength));
        checks.Enforce();
        UpdatedAt = now;
    }
}
