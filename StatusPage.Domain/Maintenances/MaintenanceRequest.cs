namespace StatusPage.Domain.Maintenances;

/// <summary>What somebody asks of a maintenance, at the desk or through the API. What is null stays as it is.</summary>
public sealed record MaintenanceRequest
{
    public string? Title { get; init; }

    /// <summary>The text of the announcement. <see cref="News"/> says how the work goes.</summary>
    public string? Body { get; init; }
    public DateTimeOffset? From { get; init; }
    public DateTimeOffset? Until { get; init; }

    /// <summary>The complete list of components.</summary>
    public IReadOnlyCollection<ComponentId>? Components { get; init; }
    public MaintenanceConduct? Conduct { get; init; }

    /// <summary>The phase that it is in now.</summary>
    public MaintenancePhase? Phase { get; init; }

    /// <summary>A post in Markdown. Without one, a change of phase is told in a standard sentence.</summary>
    public string? News { get; init; }

    /// <summary>Whether subscribers hear of a post, or of changed times.</summary>
    public bool Notifies { get; init; } = true;

    /// <summary>Who asks, for the audit.</summary>
    public required string Author { get; init; }
}

/// <summary>The outcome of a request.</summary>
/// <param name="IsMoved">Its times have changed.</param>
/// <param name="Post">Null when nothing was posted.</param>
public sealed record MaintenanceChange(bool IsMoved, MaintenancePost? Post, bool Notifies)
{
    /// <summary>The one thing that subscribers are told; its mail names the window too. Null: nothing.</summary>
    public MaintenanceEvent? Told =>
        !Notifies ? null
        : Post is not null ? MaintenanceEvent.Posted
        : IsMoved ? MaintenanceEvent.Changed
        : null;
}
