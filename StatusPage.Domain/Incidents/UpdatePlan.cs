namespace StatusPage.Domain.Incidents;

/// <summary>What an incident is called, and how bad it is.</summary>
/// <param name="ImpactOverride">Set by hand; null leaves it to components and severity.</param>
/// <param name="ProposedImpact">What the severity means where no component says more.</param>
/// <param name="StartedAt">Null leaves it as it is.</param>
public sealed record IncidentDescription(string? Title, Severity? Severity, Impact? ImpactOverride, Impact ProposedImpact, DateTimeOffset? StartedAt);

/// <summary>What comes of a request: what changes of the incident itself, and what is posted.</summary>
/// <param name="Description">Null: nothing of the incident itself changes.</param>
/// <param name="Update">Null: there is nothing to tell.</param>
/// <param name="Restored">The components that come back because the incident ends.</param>
/// <param name="Notes">What was left aside, in sentences for the one who asked.</param>
public sealed record UpdatePlan(IncidentDescription? Description, UpdateContent? Update, IReadOnlyList<ComponentId> Restored, IReadOnlyList<string> Notes)
{
    /// <summary>What was asked for is so already.</summary>
    public bool IsNothing => Description is null && Update is null;
}
