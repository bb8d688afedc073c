namespace StatusPage.Domain.Components;

/// <summary>A heading under which components stand together.</summary>
public sealed class ComponentGroup
{
    private ComponentGroup() { }

    public ComponentGroupId Id { get; private init; }
    public PageId PageId { get; private init; }
    public string Name { get; private set; } = "";
    public int Position { get; set; }
    public DateTimeOffset CreatedAt { get; private init; }
    public DateTimeOffset UpdatedAt { get; private set; }

    public static ComponentGroup Create(PageId page, string? name, int position, DateTimeOffset now)
    {
        var group = new ComponentGroup
        {
            Id = ComponentGroupId.New(),
            PageId = page,
            Position = position,
            CreatedAt = now,
        };
        group.Rename(name, now);
        return group;
    }

    public void Rename(string? name, DateTimeOffset now)
    {
        Name = Text.Line(name, nameof(Name), "a name for the group", Component.MaxNameLength);
        UpdatedAt = now;
    }
}
