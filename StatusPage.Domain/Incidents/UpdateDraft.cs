using StatusPage.Domain.Components;

namespace StatusPage.Domain.Incidents;

/// <summary>What somebody wants to publish about an incident, checked for form before the incident looks at it.</summary>
public sealed record UpdateDraft
{
    /// <summary>Characters; the limit of Statuspage's API.</summary>
    public const int MaxBodyLength = 25_000;
    public const int MaxFactLength = 500;

    /// <summary>A promise further away than this is a slip of the pen.</summary>
    public static readonly TimeSpan FurthestPromise = TimeSpan.FromDays(14);

    public required Phase Phase { get; init; }
    public required string Body { get; init; }
    public string? ImpactSummary { get; init; }
    public string? TeamStatus { get; init; }
    public DateTimeOffset? NextUpdateBy { get; init; }
    public bool Notifies { get; init; } = true;

    /// <summary>New states of components; a component that the incident touches without a change of state is named with the state it has.</summary>
    public IReadOnlyDictionary<ComponentId, ComponentStatus> Components { get; init; } = new Dictionary<ComponentId, ComponentStatus>();

    internal UpdateDraft Checked(DateTimeOffset now)
    {
        if (NextUpdateBy is { } promise)
        {
            if (Phase.IsOver())
                throw new RuleViolation("A resolved incident needs no next update. Clear the time, or choose another phase.", nameof(NextUpdateBy));
            if (promise <= now)
                throw new RuleViolation("The next update must be promised for a time that is still to come.", nameof(NextUpdateBy));
            if (promise > now + FurthestPromise)
                throw new RuleViolation($"The next update can be promised for {FurthestPromise.TotalDays:N0} days ahead at most.", nameof(NextUpdateBy));
        }
        return this with
        {
            Body = Text.Block(Body, nameof(Body), "what happened", MaxBodyLength),
            ImpactSummary = Text.OptionalLine(ImpactSummary, nameof(ImpactSummary), "the impact", MaxFactLength),
            TeamStatus = Text.OptionalLine(TeamStatus, nameof(TeamStatus), "the team status", MaxFactLength),
        };
    }
}
