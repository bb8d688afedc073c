using StatusPage.Domain.Channels;
using StatusPage.Domain.Components;

namespace StatusPage.Domain.Incidents;

/// <summary>A value given for a field, which may be "none"; distinguishes that from a field that was not given.</summary>
public readonly record struct Said<T>(T Value)
{
    public bool IsSaid { get; } = true;

    public T Or(T otherwise) => IsSaid ? Value : otherwise;

    public static implicit operator Said<T>(T value) => new(value);
}

/// <summary>
/// What somebody asks to publish about an incident, by any way in. A field that was not given stays as it is, or follows <see cref="UpdateRules"/>.
/// </summary>
public sealed record UpdateRequest
{
    public string? Title { get; init; }
    public Said<Severity?> Severity { get; init; }
    public Said<Impact?> ImpactOverride { get; init; }

    /// <summary>When it began; null: now for a new incident, unchanged for others.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>The incident is over already: a record of it goes into the history, and nobody is told.</summary>
    public bool IsBackfilled { get; init; }

    /// <summary>When a backfilled incident ended; null for when it began.</summary>
    public DateTimeOffset? EndedAt { get; init; }
    public Phase? Phase { get; init; }
    public string? Body { get; init; }
    public Said<string?> ImpactSummary { get; init; }
    public Said<string?> TeamStatus { get; init; }

    /// <summary>Null: after the cadence of the severity.</summary>
    public DateTimeOffset? NextUpdateBy { get; init; }

    /// <summary>New states; null stands for the one that the severity proposes.</summary>
    public IReadOnlyDictionary<ComponentId, ComponentStatus?> Components { get; init; } = new Dictionary<ComponentId, ComponentStatus?>();

    /// <summary>Components that the incident is about, without a statement of their state.</summary>
    public IReadOnlyList<ComponentId> Touches { get; init; } = [];

    /// <summary>Whether the end of the incident restores those of its components of which the update says nothing else.</summary>
    public bool Restores { get; init; } = true;
    public bool Notifies { get; init; } = true;
    public ChannelSet Channels { get; init; } = ChannelSet.All;
    public bool IsPublic { get; init; } = true;
    public IReadOnlyList<AudienceId> AudienceIds { get; init; } = [];
    public IReadOnlyList<UpdateWording> Wordings { get; init; } = [];
    public IReadOnlyList<UpdateTranslation> Translations { get; init; } = [];

    /// <summary>Who wrote it, if not the publisher.</summary>
    public string? DraftedBy { get; init; }

    /// <summary>Who approved what somebody else submitted.</summary>
    public string? ApprovedBy { get; init; }
}
