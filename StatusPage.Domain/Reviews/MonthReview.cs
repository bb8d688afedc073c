using StatusPage.Domain.Components;
using StatusPage.Domain.Postmortems;
using StatusPage.Domain.Promises;
using StatusPage.Domain.Records;

namespace StatusPage.Domain.Reviews;

/// <summary>A component, and how long it was down in a month.</summary>
/// <param name="Incidents">How many incidents made it so.</param>
/// <param name="UptimePercent">Null where too little was observed.</param>
public sealed record HurtComponent(string Name, TimeSpan Major, TimeSpan Partial, int Incidents, double? UptimePercent)
{
    public TimeSpan Down => Major + Partial;
}

/// <summary>The action items of a month.</summary>
/// <param name="Done">Done in the month.</param>
/// <param name="Overdue">Open at its end, or now if that is earlier, and due before.</param>
/// <param name="Open">All that were open then.</param>
public sealed record MonthActions(IReadOnlyList<ActionItem> Done, IReadOnlyList<ActionItem> Overdue, int Open)
{
    /// <param name="from">The beginning of the month.</param>
    /// <param name="until">Its end, or now if that is earlier.</param>
    /// <param name="last">The day on which <paramref name="until"/> lies.</param>
    public static MonthActions Tell(IReadOnlyCollection<ActionItem> items, DateTimeOffset from, DateTimeOffset until, DateOnly last)
    {
        var open = items.Where(item => item.CreatedAt < until && (item.ClosedAt is null || item.ClosedAt >= until)).ToList();
        return new(
            [.. items.Where(item => item.State == ActionItemState.Done && item.ClosedAt >= from && item.ClosedAt < until).OrderBy(item => item.ClosedAt)],
            [.. open.Where(item => item.DueOn < last).OrderBy(item => item.DueOn)],
            open.Count
        );
    }
}

/// <summary>What a month taught: incidents, times, promises, actions, and the components that hurt most.</summary>
/// <param name="First">The first day of the month, in the page's zone.</param>
/// <param name="Incidents">Those that began in it, the first on top.</param>
/// <param name="Promises">Null where none fell due.</param>
/// <param name="Hurt">The worst first; none that was never down.</param>
/// <param name="IsOver">Whether the month has ended.</param>
public sealed record MonthReview(
    DateOnly First,
    IReadOnlyList<IncidentRecord> Incidents,
    RecordReport Times,
    PromiseMonth? Promises,
    MonthActions Actions,
    IReadOnlyList<HurtComponent> Hurt,
    bool IsOver
)
{
    /// <summary>Components that a review names.</summary>
    private const int MostHurt = 10;

    public TimeFigures All => TimeFigures.Of(Incidents);

    public static IReadOnlyList<HurtComponent> Worst(ComponentStates states, DateTimeOffset from, DateTimeOffset until, int partialPercent) =>
        [
            .. states
                .Components.Select(component => (Component: component, Outage: Outage.Within(component, states, from, until)))
                .Where(pair => pair.Outage.Major + pair.Outage.Partial > TimeSpan.Zero)
                .OrderByDescending(pair => pair.Outage.Major + pair.Outage.Partial * (partialPercent / 100.0))
                .ThenBy(pair => pair.Component.Name, StringComparer.Ordinal)
                .Take(MostHurt)
                .Select(pair => new HurtComponent(
                    pair.Component.Name,
                    pair.Outage.Major,
                    pair.Outage.Partial,
                    states.IncidentsWithin(pair.Component.Id, from, until).Distinct().Count(),
                    pair.Outage.UptimePercent(partialPercent)
                )),
        ];
}
