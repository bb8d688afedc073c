using StatusPage.Domain.Channels;
using StatusPage.Domain.Components;

namespace StatusPage.Domain.Incidents;

/// <summary>What somebody said of a field, which may be "none"; as against having said nothing.</summary>
public readonly record struct Said<T>(T Value)
{
    public bool IsSaid { get; } = true;

    public T Or(T otherwise) => IsSaid ? Value : otherwise;

    public static implicit operator Said<T>(T value) => new(value);
}

/// <summary>What somebody asks to have published of an incident, by whichever road. What was not said stays as it is, or is as <see cref="UpdateRules"/> has it.</summary>
public sealed record UpdateRequest
{
    public string? Title { get; init; }
    public Said<Severity?> Severity { get; init; }
    public Said<Impact?> ImpactOverride { get; init; }

    /// <summary>When it began; null for now, or as it is.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>It is over already: a record of it goes into the history, and nobody is told.</summary>
    public bool IsBackfilled { get; init; }

    /// <summary>When what is backfilled ended; null for when it began.</summary>
    public DateTimeOffset? EndedAt { get; init; }
    public Phase? Phase { get; init; }
    public string? Body { get; init; }
    public Said<string?> ImpactSummary { get; init; }
    public Said<string?> TeamStatus { get; init; }

    /// <summary>Null: after the cadence of the severity.</summary>
    public DateTimeOffset? NextUpdateBy { get; init; }

    /// <summary>New states; null is the one that the severity proposes.</summary>
    public IReadOnlyDictionary<ComponentId, ComponentStatus?> Components { get; init; } = new Dictionary<ComponentId, ComponentStatus?>();

    /// <summary>Components that the incident is about, without a word on their state.</summary>
    public IReadOnlyList<ComponentId> Touches { get; init; } = [];

    /// <summary>Whether the end of the incident brings back those of its components of which nothing else is said.</summary>
    public bool Restores { get; init; } = true;
    public bool Notifies { get; init; } = true;
    public ChannelSet Channels { get; init; } = ChannelSet.All;
    public bool IsPublic { get; init; } = true;
    public IReadOnlyList<AudienceId> AudienceIds { get; init; } = [];
    public IReadOnlyList<UpdateWording> Wordings { get; init; } = [];
    public IReadOnlyList<UpdateTranslation> Translations { get; init; } = [];

    /// <summary>Who wrote it, where that is not who publishes it.</summary>
    public string? DraftedBy { get; init; }

    /// <summary>Who looked at what another submitted.</summary>
    public string? ApprovedBy { get; init; }
}
