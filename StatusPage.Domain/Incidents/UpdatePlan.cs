namespace StatusPage.Domain.Incidents;

/// <summary>What an incident is called, and how bad it is.</summary>
/// <param name="ImpactOverride">Set by hand; null leaves it to components and severity.</param>
/// <param name="ProposedImpact">What the severity means where no component says more.</param>
/// <param name="StartedAt">Null leaves it as it is.</param>
public sealed record IncidentDescription(string? Title, Severity? Severity, Impact? ImpactOverride, Impact ProposedImpact, DateTimeOffset? StartedAt);

/// <summary>The outcome of a request: what changes in the incident itself, and what is posted.</summary>
/// <param name="Description">Null: nothing changes in the incident itself.</param>
/// <param name="Update">Null: there is nothing to post.</param>
/// <param name="Restored">The components that become operational because the incident ends.</param>
/// <param name="Notes">What was left out, in sentences for the person who asked.</param>
public sealed record UpdatePlan(
    IncidentDescription? Description,
    UpdateContent? Update,
    IReadOnlyList<ComponentId> Restored,
    IReadOnlyList<Sentence> Notes
)
{
    /// <summary>The incident already is as the request wants it.</summary>
    public bool IsNothing => Description is null && Update is null;
}
