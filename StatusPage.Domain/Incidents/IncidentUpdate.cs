using StatusPage.Domain.Components;

namespace StatusPage.Domain.Incidents;

/// <summary>A component that an update speaks of, with its state before and after.</summary>
public sealed record AffectedComponent(ComponentId ComponentId, string Name, ComponentStatus OldStatus, ComponentStatus NewStatus);

/// <summary>One timestamped message about an incident, as it was published. Never changed afterwards.</summary>
public sealed class IncidentUpdate
{
    private IncidentUpdate() { }

    internal IncidentUpdate(Incident incident, int number, UpdateDraft draft, IReadOnlyList<AffectedComponent> affected, string author, DateTimeOffset at)
    {
        Id = UpdateId.New();
        IncidentId = incident.Id;
        Number = number;
        Phase = draft.Phase;
        Body = draft.Body;
        ImpactSummary = draft.ImpactSummary;
        TeamStatus = draft.TeamStatus;
        NextUpdateBy = draft.NextUpdateBy;
        Affected = affected;
        Notifies = draft.Notifies;
        Author = author;
        PostedAt = at;
    }

    public UpdateId Id { get; private init; }
    public IncidentId IncidentId { get; private init; }

    /// <summary>1 for the first update of its incident; gives the order where two share an instant.</summary>
    public int Number { get; private init; }
    public Phase Phase { get; private init; }

    /// <summary>What happened, in Markdown.</summary>
    public string Body { get; private init; } = "";

    /// <summary>Who is hit and how much: "~15% of requests failing".</summary>
    public string? ImpactSummary { get; private init; }

    /// <summary>What the team is doing: "Working on identifying root cause".</summary>
    public string? TeamStatus { get; private init; }

    /// <summary>The promise: when the next update comes at the latest.</summary>
    public DateTimeOffset? NextUpdateBy { get; private init; }
    public IReadOnlyList<AffectedComponent> Affected { get; private init; } = [];

    /// <summary>False when it was posted silently: on the page, but told to nobody.</summary>
    public bool Notifies { get; private init; } = true;

    /// <summary>Who posted, for the audit; never public.</summary>
    public string Author { get; private init; } = "";
    public DateTimeOffset PostedAt { get; private init; }
}
