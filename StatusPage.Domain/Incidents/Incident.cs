using StatusPage.Domain.Components;

namespace StatusPage.Domain.Incidents;

/// <summary>Something that went wrong, from its first update to its end. Holds every rule of the lifecycle.</summary>
public sealed class Incident
{
    /// <summary>Characters; the limit of Statuspage's API.</summary>
    public const int MaxTitleLength = 255;

    private readonly List<IncidentUpdate> _updates = [];

    private Incident() { }

    public IncidentId Id { get; private init; }
    public PageId PageId { get; private init; }
    public string Title { get; private set; } = "";
    public Phase Phase { get; private set; }
    public Severity? Severity { get; private set; }

    /// <summary>Set by hand; null leaves it to the worst state of the affected components.</summary>
    public Impact? ImpactOverride { get; private set; }

    /// <summary>The worst impact that any update's components meant.</summary>
    public Impact ComputedImpact { get; private set; }
    public DateTimeOffset StartedAt { get; private init; }
    public DateTimeOffset UpdatedAt { get; private set; }
    public DateTimeOffset? MonitoringAt { get; private set; }
    public DateTimeOffset? ResolvedAt { get; private set; }

    /// <summary>When it was withdrawn from the page; null while it is shown.</summary>
    public DateTimeOffset? DeletedAt { get; private set; }

    /// <summary>Rises by one with every change, so that two people who edit at once are told.</summary>
    public int Version { get; private set; }
    public IReadOnlyList<IncidentUpdate> Updates => _updates;

    public Impact Impact => ImpactOverride ?? ComputedImpact;
    public IncidentUpdate Latest => _updates[^1];

    /// <summary>The promise that holds now: the latest update's, unless the incident is over.</summary>
    public DateTimeOffset? NextUpdateBy => Phase.IsOver() ? null : Latest.NextUpdateBy;

    public IEnumerable<ComponentId> ComponentIds => _updates.SelectMany(update => update.Affected).Select(component => component.ComponentId).Distinct();

    /// <summary>Opens an incident with its first update.</summary>
    public static (Incident Incident, Posted Posted) Open(
        PageId page, string? title, Severity? severity, Impact? impactOverride, UpdateDraft draft,
        IReadOnlyCollection<Component> components, string author, DateTimeOffset now)
    {
        var incident = new Incident { Id = IncidentId.New(), PageId = page, StartedAt = now };
        incident.Describe(title, severity, impactOverride, now);
        return (incident, incident.Append(draft, components, author, now));
    }

    /// <summary>Publishes the next update.</summary>
    /// <exception cref="RuleViolation">The incident is over, or the draft is not fit to be published.</exception>
    public Posted Post(UpdateDraft draft, IReadOnlyCollection<Component> components, string author, DateTimeOffset now)
    {
        RefuseDeleted();
        if (Phase.IsOver())
            throw new RuleViolation($"Incident '{Title}' is already resolved. Reopen it before posting an update.");
        return Append(draft, components, author, now);
    }

    /// <summary>Opens a resolved incident again with an update that says why.</summary>
    public Posted Reopen(UpdateDraft draft, IReadOnlyCollection<Component> components, string author, DateTimeOffset now)
    {
        RefuseDeleted();
        if (!Phase.IsOver())
            throw new RuleViolation($"Incident '{Title}' is not resolved, so it cannot be reopened. Post an update instead.");
        if (draft.Phase.IsOver())
            throw new RuleViolation("Choose the phase in which the incident is open again.", nameof(UpdateDraft.Phase));
        return Append(draft, components, author, now);
    }

    /// <summary>Changes the title, the severity or the impact without an update.</summary>
    public void Describe(string? title, Severity? severity, Impact? impactOverride, DateTimeOffset now)
    {
        RefuseDeleted();
        Title = Text.Line(title, nameof(Title), "a title", MaxTitleLength);
        Severity = severity;
        ImpactOverride = impactOverride;
        Touch(now);
    }

    /// <summary>Takes the incident off the page. Its rows stay for the audit.</summary>
    public void Delete(DateTimeOffset now)
    {
        RefuseDeleted();
        DeletedAt = now;
        Touch(now);
    }

    private Posted Append(UpdateDraft draft, IReadOnlyCollection<Component> components, string author, DateTimeOffset now)
    {
        draft = draft.Checked(now);
        var changes = new List<StatusChange>();
        var affected = new List<AffectedComponent>();
        // All are found before the first is set, so that a refused update changes nothing.
        var states = draft.Components.Select(state => (Component: components.FirstOrDefault(c => c.Id == state.Key)
            ?? throw new RuleViolation($"There is no component '{state.Key}' on this page.", nameof(UpdateDraft.Components)), state.Value)).ToList();
        foreach (var (component, status) in states)
        {
            var old = component.Status;
            if (component.Set(status, now, Id) is { } change) changes.Add(change);
            affected.Add(new(component.Id, component.Name, old, status));
        }
        var update = new IncidentUpdate(this, _updates.Count + 1, draft, affected, author, now);
        _updates.Add(update);
        Phase = draft.Phase;
        MonitoringAt = Phase == Phase.Monitoring ? MonitoringAt ?? now : MonitoringAt;
        ResolvedAt = Phase.IsOver() ? now : null;
        var impact = Impacts.Of(affected.Select(component => component.NewStatus).Worst());
        if (impact > ComputedImpact) ComputedImpact = impact;
        Touch(now);
        return new(update, changes);
    }

    private void Touch(DateTimeOffset now)
    {
        UpdatedAt = now;
        Version++;
    }

    private void RefuseDeleted()
    {
        if (DeletedAt is not null) throw new RuleViolation($"Incident '{Title}' was deleted.");
    }
}

/// <summary>What a post made: the update, and the changes of state that came with it.</summary>
public sealed record Posted(IncidentUpdate Update, IReadOnlyList<StatusChange> Changes);
