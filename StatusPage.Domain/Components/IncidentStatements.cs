using StatusPage.Domain.Incidents;

namespace StatusPage.Domain.Components;

/// <summary>What one update of an incident says of a component's state.</summary>
public sealed record StateSaid(ComponentId ComponentId, ComponentStatus Status);

/// <summary>What one update of an incident means for the states of components.</summary>
/// <param name="At">From when it counts: when it was posted; for the first update, when the incident began.</param>
/// <param name="IsOver">Whether the incident is over with it.</param>
public sealed record UpdateStatement(DateTimeOffset At, bool IsOver, IReadOnlyList<StateSaid> Says);

/// <summary>
/// A past time that was recorded afterwards. It can only make the state worse than what was known then, and has no effect beyond its end.
/// </summary>
public sealed record RecordedTime(DateTimeOffset From, DateTimeOffset Until, IReadOnlyList<StateSaid> Says);

/// <summary>A posted update, reduced to what matters for states.</summary>
public sealed record PostedUpdate(int Number, Phase Phase, DateTimeOffset PostedAt, IReadOnlyList<AffectedComponent> Affected);

/// <summary>What an incident said of components and still stands, update by update in their order.</summary>
/// <param name="Record">For an incident that was added when it was over.</param>
public sealed record IncidentStatements(IncidentId Id, IReadOnlyList<UpdateStatement> Updates, RecordedTime? Record = null)
{
    /// <param name="standing">Its updates that were not withdrawn, in their order.</param>
    public static IncidentStatements Of(IncidentId id, DateTimeOffset startedAt, bool isBackfilled, IReadOnlyList<PostedUpdate> standing)
    {
        var record = isBackfilled ? standing.FirstOrDefault(update => update.Number == 1) : null;
        return new(
            id,
            [
                .. standing
                    .Where(update => update != record)
                    .Select(update => new UpdateStatement(update.Number == 1 ? startedAt : update.PostedAt, update.Phase.IsOver(), SaidBy(update))),
            ],
            record is null ? null : new(startedAt, record.PostedAt, SaidBy(record))
        );
    }

    /// <summary>Everything that the incident says of any component.</summary>
    public IEnumerable<StateSaid> Says => Updates.SelectMany(update => update.Says).Concat(Record?.Says ?? []);

    private static IReadOnlyList<StateSaid> SaidBy(PostedUpdate update) =>
        [.. update.Affected.Where(component => component.SaysState).Select(component => new StateSaid(component.ComponentId, component.NewStatus))];
}

/// <summary>A maintenance's window, as it is planned or as it went.</summary>
/// <param name="Until">Null: somebody has yet to end it.</param>
public sealed record MaintenanceWindow(DateTimeOffset From, DateTimeOffset? Until, IReadOnlyList<ComponentId> ComponentIds)
{
    public bool IsOpenAt(DateTimeOffset instant) => From <= instant && !(Until <= instant);
}
