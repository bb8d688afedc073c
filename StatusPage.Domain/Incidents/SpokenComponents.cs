using StatusPage.Domain.Components;

namespace StatusPage.Domain.Incidents;

/// <summary>What an update says of components.</summary>
/// <param name="States">What it says of each, including those that are restored.</param>
/// <param name="Touched">Named without a state.</param>
/// <param name="Restored">Those that become operational because the incident ends.</param>
/// <param name="IsNews">Whether it says something that the incident did not say before.</param>
/// <param name="Notes">What was left out.</param>
internal sealed record SpokenComponents(
    IReadOnlyDictionary<ComponentId, ComponentStatus> States,
    IReadOnlyList<ComponentId> Touched,
    IReadOnlyList<ComponentId> Restored,
    bool IsNews,
    IReadOnlyList<Sentence> Notes
)
{
    /// <exception cref="RuleViolation">A component is not of this page, or an incident that is over calls one broken.</exception>
    public static SpokenComponents Of(Incident? incident, UpdateRequest asked, SeverityRule? rule, ComponentStates components)
    {
        var (states, touched, restored, notes) = (
            new Dictionary<ComponentId, ComponentStatus>(),
            new List<ComponentId>(),
            new List<ComponentId>(),
            new List<Sentence>()
        );
        var own = incident?.StandingUpdates.SelectMany(update => update.Affected).Select(component => component.ComponentId).ToHashSet() ?? [];
        foreach (var (id, state) in asked.Components)
            if (Find(id) is { } component)
                states[component.Id] = state ?? rule?.ProposedStatus ?? ComponentStatus.DegradedPerformance;
        foreach (var id in asked.Touches.Distinct().Where(id => !asked.Components.ContainsKey(id)))
            if (Find(id) is { } component)
                touched.Add(component.Id);
        var isNews = touched.Exists(id => !own.Contains(id)) || states.Any(state => IsNewsOf(state.Key, state.Value));
        var isOver = asked.IsBackfilled || (asked.Phase ?? incident?.Phase)?.IsOver() == true;
        if (incident?.Phase.IsOver() == true && isOver && states.Values.Any(state => state != ComponentStatus.Operational))
            throw new RuleViolation(
                $"Incident '{incident.Title}' is over, so it cannot say that a component does not work. Reopen it, or open a new one.",
                nameof(asked.Components)
            );
        if (incident is not null && isOver && !incident.Phase.IsOver() && asked is { Restores: true, IsPublic: true })
            restored.AddRange(
                own.Where(id =>
                    !states.ContainsKey(id)
                    && components.Find(id) is { ArchivedAt: null }
                    && (components.Own(id) != ComponentStatus.Operational || incident.LastSaidOf(id) is not (null or ComponentStatus.Operational))
                )
            );
        foreach (var id in restored)
            states[id] = ComponentStatus.Operational;
        return new(states, [.. touched.Where(id => !states.ContainsKey(id))], restored, isNews, notes);

        // An archived component has no state to report, and must not keep an incident from ending.
        Component? Find(ComponentId id)
        {
            var component = components.Find(id) ?? throw new RuleViolation($"There is no component '{id}' on this page.", nameof(asked.Components));
            if (component.ArchivedAt is null)
                return component;
            notes.Add($"Component '{component.Name}' is archived, so what was said of it was left out.");
            return null;
        }

        // A repeated state is news only where somebody has set the component to a better one since.
        bool IsNewsOf(ComponentId id, ComponentStatus state)
        {
            var shown = components.Own(id);
            return incident?.LastSaidOf(id) is { } last ? state != last || state > shown : !own.Contains(id) || state != shown;
        }
    }
}
