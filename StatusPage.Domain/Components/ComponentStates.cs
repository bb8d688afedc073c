namespace StatusPage.Domain.Components;

/// <summary>
/// Everything that was said of a page's components and still stands. This is the only place that knows their states, now and before: the page, its badges,
/// both APIs, the desk and every report ask here. <see cref="OwnStates"/> has the rule of the own state; a running maintenance turns it into
/// <see cref="ComponentStatuses.Shown"/>.
/// </summary>
public sealed class ComponentStates
{
    private readonly Dictionary<ComponentId, Component> _components;
    private readonly ILookup<ComponentId, ManualStatus> _manual;
    private readonly ILookup<ComponentId, IncidentStatements> _incidents;
    private readonly ILookup<ComponentId, MaintenanceWindow> _windows;
    private readonly Dictionary<ComponentId, IReadOnlyList<(DateTimeOffset At, ComponentStatus Status)>> _own = [];

    public ComponentStates(
        IEnumerable<Component> components,
        IEnumerable<ManualStatus> manual,
        IEnumerable<IncidentStatements> incidents,
        IEnumerable<MaintenanceWindow> windows
    )
    {
        _components = components.ToDictionary(component => component.Id);
        _manual = manual.ToLookup(by => by.ComponentId);
        _incidents = incidents
            .SelectMany(incident => incident.Says.Select(said => said.ComponentId).Distinct().Select(id => (id, incident)))
            .ToLookup(pair => pair.id, pair => pair.incident);
        _windows = windows.SelectMany(window => window.ComponentIds.Distinct().Select(id => (id, window))).ToLookup(pair => pair.id, pair => pair.window);
    }

    /// <summary>The states of components of which nobody has said anything yet.</summary>
    public static ComponentStates Of(params IEnumerable<Component> components) => new(components, [], [], []);

    public IReadOnlyCollection<Component> Components => _components.Values;

    public Component? Find(ComponentId id) => _components.GetValueOrDefault(id);

    /// <summary>The own state, after everything that was said.</summary>
    public ComponentStatus Own(ComponentId id) => OwnStatesOf(id)[^1].Status;

    /// <summary>
    /// Whether setting a state by hand would say something new: another state, or the same one in a person's own name, so that it stays when the incident
    /// that gave it goes.
    /// </summary>
    public bool IsNews(ComponentId id, ComponentStatus status) => status != Own(id) || HeldBy(id).Any(held => held.Status != ComponentStatus.Operational);

    /// <summary>When the own state last changed; null when it never did.</summary>
    public DateTimeOffset? ChangedAt(ComponentId id) => OwnStatesOf(id) is { Count: > 1 } states ? states[^1].At : null;

    /// <summary>The state as the page shows it: the own state, combined with any running maintenance.</summary>
    public ComponentStatus Shown(ComponentId id, DateTimeOffset now) => Own(id).Shown(_windows[id].Any(window => window.IsOpenAt(now)));

    /// <summary>The open incidents that hold a component in a state, the worst first, without the incident that asks.</summary>
    public IEnumerable<(IncidentId Incident, ComponentStatus Status)> HeldBy(ComponentId id, IncidentId? but = null) =>
        OwnStates.Held(id, _manual[id], _incidents[id]).Where(held => held.Incident != but).OrderByDescending(held => held.Status);

    /// <summary>The states as they were shown within a range, in the order of time, without gaps.</summary>
    public IEnumerable<StateSpan> Spans(ComponentId id, DateTimeOffset from, DateTimeOffset until)
    {
        var own = OwnStatesOf(id);
        var windows = _windows[id].ToList();
        var ends = own.Select(state => state.At)
            .Concat(windows.Select(window => window.From))
            .Concat(windows.Select(window => window.Until ?? until))
            .Where(at => at > from && at < until)
            .Append(until)
            .Distinct()
            .Order();
        var (start, index) = (from, 0);
        foreach (var end in ends)
        {
            while (index + 1 < own.Count && own[index + 1].At <= start)
                index++;
            if (start < end)
                yield return new(own[index].Status.Shown(windows.Exists(window => window.IsOpenAt(start))), start, end);
            start = end;
        }
    }

    /// <summary>The incidents that spoke of a component within a range and still stand.</summary>
    public IEnumerable<IncidentId> IncidentsWithin(ComponentId id, DateTimeOffset from, DateTimeOffset until) =>
        _incidents[id]
            .Where(incident =>
                incident.Updates.Any(update => update.At >= from && update.At <= until && update.Says.Any(said => said.ComponentId == id))
                || (incident.Record is { } record && record.From <= until && record.Until >= from)
            )
            .Select(incident => incident.Id);

    private IReadOnlyList<(DateTimeOffset At, ComponentStatus Status)> OwnStatesOf(ComponentId id)
    {
        lock (_own)
        {
            return _own.TryGetValue(id, out var known) ? known : _own[id] = OwnStates.Derive(id, _manual[id], _incidents[id]);
        }
    }
}

/// <summary>A time during which a component had one state.</summary>
public sealed record StateSpan(ComponentStatus Status, DateTimeOffset From, DateTimeOffset Until)
{
    public TimeSpan Lasted => Until - From;
}
