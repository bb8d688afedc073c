namespace StatusPage.Domain.Components;

/// <summary>What one update of an incident says of a component's state.</summary>
public sealed record StateSaid(ComponentId ComponentId, ComponentStatus Status);

/// <summary>What one update of an incident means for states.</summary>
/// <param name="At">From when it counts: when it was posted; for the first, when the incident began.</param>
/// <param name="IsOver">Whether the incident is over with it.</param>
public sealed record UpdateStatement(DateTimeOffset At, bool IsOver, IReadOnlyList<StateSaid> Says);

/// <summary>What an incident said of components, update by update in their order, as far as it stands.</summary>
public sealed record IncidentStatements(IncidentId Id, IReadOnlyList<UpdateStatement> Updates);

/// <summary>A maintenance's window, as it is planned or as it went.</summary>
/// <param name="Until">Null: somebody has yet to end it.</param>
public sealed record MaintenanceWindow(DateTimeOffset From, DateTimeOffset? Until, IReadOnlyList<ComponentId> ComponentIds)
{
    public bool IsOpenAt(DateTimeOffset instant) => From <= instant && !(Until <= instant);
}
