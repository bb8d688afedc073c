namespace StatusPage.Domain.Maintenances;

/// <summary>What somebody asks of a maintenance, at the desk or through the API. What is null stays as it is.</summary>
public sealed record MaintenanceRequest
{
    public string? Title { get; init; }

    /// <summary>What the announcement says. How the work goes is <see cref="News"/>.</summary>
    public string? Body { get; init; }
    public DateTimeOffset? From { get; init; }
    public DateTimeOffset? Until { get; init; }

    /// <summary>All of them.</summary>
    public IReadOnlyCollection<ComponentId>? Components { get; init; }
    public MaintenanceConduct? Conduct { get; init; }

    /// <summary>Where it stands.</summary>
    public MaintenancePhase? Phase { get; init; }

    /// <summary>Markdown, told as a post. Without it another phase is told in a sentence of ours.</summary>
    public string? News { get; init; }

    /// <summary>Whether subscribers hear of a post, or of other times.</summary>
    public bool Notifies { get; init; } = true;

    /// <summary>Who asks, for the audit.</summary>
    public required string Author { get; init; }
}

/// <summary>What a request came to.</summary>
/// <param name="IsMoved">Its times are others now.</param>
/// <param name="Post">Null when nothing was told of how it goes.</param>
public sealed record MaintenanceChange(bool IsMoved, MaintenancePost? Post, bool Notifies)
{
    /// <summary>What subscribers are told: one thing, of which the mail names the window too. Null: nothing.</summary>
    public MaintenanceEvent? Told =>
        !Notifies ? null
        : Post is not null ? MaintenanceEvent.Posted
        : IsMoved ? MaintenanceEvent.Changed
        : null;
}
