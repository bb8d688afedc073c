namespace StatusPage.Domain.Components;

/// <summary>
/// The rule by which a component's own state, apart from maintenance, follows from what was said of it and still stands:
/// <list type="number">
/// <item>An open incident holds a component in the state that it last gave it. Of several open incidents the worst counts.</item>
/// <item>A state set by hand replaces everything that was said before it, also by incidents.</item>
/// <item>A state set by hand, or left behind by an incident that is over, counts until anything else is said of the component.</item>
/// <item>A component of which nobody says anything is operational.</item>
/// <item>For a time that was recorded afterwards, the worse counts of what was known then and what was recorded.</item>
/// </list>
/// What was withdrawn or deleted counts as never said. At one instant, the state set by hand comes last.
/// </summary>
internal static class OwnStates
{
    /// <summary>The states of one component, each with the instant it begins at; the first has always held.</summary>
    public static IReadOnlyList<(DateTimeOffset At, ComponentStatus Status)> Derive(
        ComponentId component,
        IEnumerable<ManualStatus> manual,
        IEnumerable<IncidentStatements> incidents
    )
    {
        var states = new List<(DateTimeOffset At, ComponentStatus Status)> { (DateTimeOffset.MinValue, ComponentStatus.Operational) };
        var said = new Said();
        var events = Events(component, manual, incidents);
        for (var i = 0; i < events.Count; i++)
        {
            said.Hear(events[i]);
            if (i + 1 < events.Count && events[i + 1].At == events[i].At)
                continue;
            var now = said.State();
            if (now != states[^1].Status)
                states.Add((events[i].At, now));
        }
        return states;
    }

    /// <summary>The open incidents that hold a component in a state, and that state.</summary>
    public static IReadOnlyList<(IncidentId Incident, ComponentStatus Status)> Held(
        ComponentId component,
        IEnumerable<ManualStatus> manual,
        IEnumerable<IncidentStatements> incidents
    )
    {
        var said = new Said();
        foreach (var one in Events(component, manual, incidents))
            said.Hear(one);
        return [.. said.Held()];
    }

    private static List<Event> Events(ComponentId component, IEnumerable<ManualStatus> manual, IEnumerable<IncidentStatements> incidents) =>
        [
            .. incidents
                .SelectMany(incident => incident.Updates.Select(update => new Event(update.At, incident.Id, update.IsOver, Of(update.Says, component))))
                .Concat(incidents.Select(incident => incident.Record).OfType<RecordedTime>().SelectMany(record => Recorded(record, component)))
                .Concat(manual.OrderBy(by => by.Id).Select(by => new Event(by.At, null, false, by.Status)))
                .OrderBy(one => one.At)
                .ThenBy(one => one.Incident is null && one.Record is null),
        ];

    private static IEnumerable<Event> Recorded(RecordedTime record, ComponentId component) =>
        Of(record.Says, component) is not { } status || record.Until <= record.From
            ? []
            : [new(record.From, null, false, status, record), new(record.Until, null, true, null, record)];

    private static ComponentStatus? Of(IReadOnlyList<StateSaid> says, ComponentId component)
    {
        foreach (var one in says)
            if (one.ComponentId == component)
                return one.Status;
        return null;
    }

    /// <param name="Incident">Null: by hand.</param>
    /// <param name="Says">Null: it says nothing of this component.</param>
    /// <param name="Record">The record that begins or ends here.</param>
    private readonly record struct Event(DateTimeOffset At, IncidentId? Incident, bool IsOver, ComponentStatus? Says, RecordedTime? Record = null);

    private readonly record struct Statement(ComponentStatus Status, int Number);

    /// <summary>
    /// What counts after each statement. Numbers give the order. Finding the state does not look at all other statements, of which there may be thousands.
    /// </summary>
    private sealed class Said
    {
        private readonly Dictionary<IncidentId, Statement> _all = [];
        private readonly Dictionary<IncidentId, ComponentStatus> _held = [];
        private readonly Dictionary<RecordedTime, ComponentStatus> _recorded = new(ReferenceEqualityComparer.Instance);
        private readonly int[] _counts = new int[ComponentStatuses.All.Length];
        private Statement _byHand = new(ComponentStatus.Operational, 0);
        private Statement _last = new(ComponentStatus.Operational, 0);

        public void Hear(Event one)
        {
            if (one.Record is { } record)
            {
                if (one.IsOver)
                    Forget(_recorded, record);
                else
                    Note(_recorded, record, one.Says!.Value);
                return;
            }
            if (one.Says is { } status)
            {
                _last = new(status, _last.Number + 1);
                if (one.Incident is { } by)
                    _all[by] = _last;
                else
                    Replace();
            }
            if (one.Incident is not { } incident)
                return;
            if (one.IsOver)
                Forget(_held, incident);
            else if (_all.TryGetValue(incident, out var said) && said.Number > _byHand.Number)
                Note(_held, incident, said.Status);
        }

        /// <summary>The worst of the last statement, whoever made it, those of open incidents, and what was recorded.</summary>
        public ComponentStatus State()
        {
            for (var status = _counts.Length - 1; status > (int)_last.Status; status--)
                if (_counts[status] > 0)
                    return (ComponentStatus)status;
            return _last.Status;
        }

        public IEnumerable<(IncidentId Incident, ComponentStatus Status)> Held() => _held.Select(held => (held.Key, held.Value));

        /// <summary>A state was set by hand: what incidents said before no longer counts.</summary>
        private void Replace()
        {
            _byHand = _last;
            foreach (var status in _held.Values)
                _counts[(int)status]--;
            _held.Clear();
        }

        private void Note<TKey>(Dictionary<TKey, ComponentStatus> those, TKey which, ComponentStatus status)
            where TKey : notnull
        {
            Forget(those, which);
            those[which] = status;
            _counts[(int)status]++;
        }

        private void Forget<TKey>(Dictionary<TKey, ComponentStatus> those, TKey which)
            where TKey : notnull
        {
            if (those.Remove(which, out var status))
                _counts[(int)status]--;
        }
    }
}
