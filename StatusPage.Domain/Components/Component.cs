namespace StatusPage.Domain.Components;

/// <summary>A part of the product that customers know by name and whose state they ask for.</summary>
public sealed class Component
{
    public const int MaxNameLength = 100;
    public const int MaxDescriptionLength = 500;

    private Component() { }

    public ComponentId Id { get; private init; }
    public PageId PageId { get; private init; }
    public ComponentGroupId? GroupId { get; private set; }

    /// <summary>The last part of the public address; fixed for life, so that links and badges keep working after a rename.</summary>
    public string Slug { get; private init; } = "";
    public string Name { get; private set; } = "";
    public string? Description { get; private set; }
    public int Position { get; set; }
    public DateTimeOffset CreatedAt { get; private init; }
    public DateTimeOffset UpdatedAt { get; private set; }

    /// <summary>When it left the public page; null while it is shown.</summary>
    public DateTimeOffset? ArchivedAt { get; private set; }

    /// <summary>Since when the component exists; uptime counts from here.</summary>
    public DateTimeOffset StartedAt { get; private set; }

    /// <summary>Whether its uptime is public: its days and its per cent, wherever they stand. Statuspage's name.</summary>
    public bool Showcase { get; private set; } = true;

    /// <summary>Whether the page lists it only while it is not operational. Statuspage's name.</summary>
    public bool OnlyShowIfDegraded { get; private set; }

    public static Component Create(PageId page, string? name, string? description, ComponentGroupId? group, string slug, int position, DateTimeOffset now)
    {
        var component = new Component
        {
            Id = ComponentId.New(),
            PageId = page,
            Slug = slug,
            Position = position,
            CreatedAt = now,
            StartedAt = now,
        };
        component.Describe(name, description, group, now);
        return component;
    }

    public void Describe(string? name, string? description, ComponentGroupId? group, DateTimeOffset now)
    {
        var checks = new Checks();
        Name = checks.Try(() => CheckedName(name));
        Description = checks.Try(() => CheckedDescription(description));
        checks.Enforce();
        GroupId = group;
        UpdatedAt = now;
    }

    /// <exception cref="RuleViolation">It is missing or too long.</exception>
    public static string CheckedName(string? name) => Text.Line(name, nameof(Name), "a name for the component", MaxNameLength);

    /// <exception cref="RuleViolation">It is too long.</exception>
    public static string? CheckedDescription(string? description) =>
        Text.OptionalLine(description, nameof(Description), "the description", MaxDescriptionLength);

    /// <summary>Whether readers take two names for the same.</summary>
    public static bool ReadsAs(string? one, string? other) => SearchText.Fold(one?.Trim() ?? "") == SearchText.Fold(other?.Trim() ?? "");

    /// <summary>How the page shows it.</summary>
    public void Show(bool showcase, bool onlyIfDegraded, DateTimeOffset now) =>
        (Showcase, OnlyShowIfDegraded, UpdatedAt) = (showcase, onlyIfDegraded, now);

    /// <param name="group">Null: the component stands alone.</param>
    public void Join(ComponentGroupId? group, DateTimeOffset now) => (GroupId, UpdatedAt) = (group, now);

    /// <summary>Sets a state by hand; see <see cref="ComponentStates"/> for how that interacts with incidents.</summary>
    /// <exception cref="RuleViolation">It is archived.</exception>
    public ManualStatus Set(ComponentStatus status, DateTimeOffset now)
    {
        RefuseArchived();
        UpdatedAt = now;
        return new(this, status, now);
    }

    internal void RefuseArchived()
    {
        if (ArchivedAt is not null)
            throw new RuleViolation($"Component '{Name}' is archived. Restore it before changing its state.");
    }

    /// <summary>Sets since when the component exists; uptime counts from there.</summary>
    /// <exception cref="RuleViolation">That lies in the future, or outside of the bounds.</exception>
    public void StartAt(DateTimeOffset startedAt, DateTimeOffset now)
    {
        if (startedAt > now)
            throw new RuleViolation("A component cannot be in use since a time that is still to come.", "StartedOn");
        (StartedAt, UpdatedAt) = (Instants.Checked(startedAt, "StartedOn", "The day since which it is in use"), now);
    }

    public void Archive(DateTimeOffset now)
    {
        ArchivedAt ??= now;
        UpdatedAt = now;
    }

    public void Restore(DateTimeOffset now)
    {
        ArchivedAt = null;
        UpdatedAt = now;
    }

    /// <summary>The slug for a name; when it is taken, the first free one with a number appended.</summary>
    public static string FreeSlug(string? name, IReadOnlySet<string> taken)
    {
        // A name that is refused is refused where it is given.
        var slug = Text.Slug(name ?? "");
        if (slug.Length == 0)
            slug = "component";
        // "overall" names the badge of the whole page.
        for (var n = slug == "overall" ? 2 : 1; ; n++)
        {
            var candidate = n == 1 ? slug : $"{slug}-{n}";
            if (!taken.Contains(candidate))
                return candidate;
        }
    }
}
