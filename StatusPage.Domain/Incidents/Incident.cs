using StatusPage.Domain.Components;

namespace StatusPage.Domain.Incidents;

/// <summary>Something that went wrong, from its first update to its end. Holds every rule of the lifecycle.</summary>
public sealed class Incident
{
    /// <summary>Characters; the limit of Statuspage's API.</summary>
    public const int MaxTitleLength = 255;

    /// <summary>Characters of JSON.</summary>
    public const int MaxMetadataLength = 10_000;

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

    /// <summary>Whether the public was told of it; false while only stakeholder groups were.</summary>
    public bool IsPublic { get; private set; }

    /// <summary>When it was taken back as a whole, posted by mistake; its trace stays public.</summary>
    public DateTimeOffset? WithdrawnAt { get; private set; }

    /// <summary>What was learned, in Markdown; public from <see cref="PostmortemPublishedAt"/> on.</summary>
    public string? PostmortemBody { get; private set; }
    public DateTimeOffset? PostmortemUpdatedAt { get; private set; }

    /// <summary>Null while it is a draft.</summary>
    public DateTimeOffset? PostmortemPublishedAt { get; private set; }

    /// <summary>What a program that speaks to the API wants to find again, as a JSON object of objects; people do not see it.</summary>
    public string? Metadata { get; private set; }

    /// <summary>When it was taken off the page without a trace; null while it is shown.</summary>
    public DateTimeOffset? DeletedAt { get; private set; }

    /// <summary>Rises by one with every change, so that two people who edit at once are told.</summary>
    public int Version { get; private set; }
    public IReadOnlyList<IncidentUpdate> Updates => _updates;

    public Impact Impact => ImpactOverride ?? ComputedImpact;
    public IncidentUpdate Latest => _updates[^1];

    /// <summary>The newest that stands; when all were withdrawn, the newest of those.</summary>
    public IncidentUpdate Standing => _updates.LastOrDefault(update => update.WithdrawnAt is null) ?? Latest;

    /// <summary>The promise that holds now, unless the incident is over: the one made to the public, where it was told.</summary>
    public DateTimeOffset? NextUpdateBy => Phase.IsOver() ? null
        : (_updates.LastOrDefault(update => update.WithdrawnAt is null && update.IsPublic == IsPublic) ?? Standing).NextUpdateBy;

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
        if (WithdrawnAt is not null) throw new RuleViolation($"Incident '{Title}' was withdrawn. Open a new incident for what is really happening.");
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

    /// <summary>Publishes what an update should have said. What it said before stays public beside it.</summary>
    /// <exception cref="RuleViolation">There is no such update, it was withdrawn, or nothing would change.</exception>
    public IncidentUpdate Correct(UpdateId id, string? body, string? impact, string? team, IReadOnlyList<UpdateWording> wordings, DateTimeOffset now)
    {
        var update = StandingUpdate(id);
        var (newBody, newImpact, newTeam) = (UpdateDraft.CheckedBody(body), UpdateDraft.CheckedImpact(impact), UpdateDraft.CheckedTeam(team));
        IReadOnlyList<UpdateWording> newWordings = [.. wordings.Where(wording => update.AudienceIds.Contains(wording.AudienceId)).Select(UpdateDraft.Checked)];
        if ((newBody, newImpact, newTeam) == (update.Body, update.ImpactSummary, update.TeamStatus) && newWordings.SequenceEqual(update.Wordings))
            throw new RuleViolation("Nothing was changed, so there is nothing to correct.", nameof(UpdateDraft.Body));
        update.Correct(newBody, newImpact, newTeam, newWordings, now);
        Touch(now);
        return update;
    }

    /// <param name="metadata">A JSON object.</param>
    public void Keep(string metadata)
    {
        if (metadata.Length > MaxMetadataLength) throw new RuleViolation($"The metadata has {metadata.Length:N0} characters; {MaxMetadataLength:N0} are kept.", nameof(Metadata));
        Metadata = metadata;
        Version++;
    }

    /// <summary>Keeps the postmortem; one that is public shows the new words at once.</summary>
    public void WritePostmortem(string? body, DateTimeOffset now)
    {
        RefuseDeleted();
        PostmortemBody = MarkdownRule.Block(body, nameof(PostmortemBody), "what was learned", UpdateDraft.MaxBodyLength);
        PostmortemUpdatedAt = now;
        Touch(now);
    }

    /// <exception cref="RuleViolation">There is none, or the incident is not over.</exception>
    public void PublishPostmortem(DateTimeOffset now)
    {
        RefuseDeleted();
        if (PostmortemBody is null) throw new RuleViolation("Write the postmortem before you publish it.", nameof(PostmortemBody));
        if (!Phase.IsOver()) throw new RuleViolation("A postmortem is published when the incident is over. Resolve it first.", nameof(PostmortemBody));
        PostmortemPublishedAt ??= now;
        Touch(now);
    }

    public void RemovePostmortem(DateTimeOffset now)
    {
        RefuseDeleted();
        (PostmortemBody, PostmortemUpdatedAt, PostmortemPublishedAt) = (null, null, null);
        Touch(now);
    }

    /// <summary>Makes it a draft again.</summary>
    public void HidePostmortem(DateTimeOffset now)
    {
        RefuseDeleted();
        PostmortemPublishedAt = null;
        Touch(now);
    }

    /// <summary>Says what an update says in other languages, too. That is no correction.</summary>
    public void Translate(UpdateId id, IEnumerable<UpdateTranslation> translations, DateTimeOffset now)
    {
        StandingUpdate(id).Translate(UpdateTranslation.Checked(translations));
        Touch(now);
    }

    /// <summary>
    /// Takes one update back: the public reads that it was withdrawn, when and why, and no longer what it said.
    /// Phase and states go back to what held before, if it was the newest and nobody changed them since.
    /// </summary>
    public (IncidentUpdate Update, IReadOnlyList<StatusChange> Changes) Withdraw(UpdateId id, string? because, IReadOnlyCollection<Component> components, DateTimeOffset now)
    {
        var update = StandingUpdate(id);
        var isNewest = update == Standing;
        if (_updates.Count(other => other.WithdrawnAt is null) == 1)
            throw new RuleViolation("This is the only update of the incident. Withdraw the incident as a whole, or correct the update.");
        update.Withdraw(Reason(because), now);
        var changes = isNewest ? Undo(update, components, now) : [];
        if (isNewest)
        {
            Phase = Standing.Phase;
            ResolvedAt = Phase.IsOver() ? Standing.PostedAt : null;
        }
        Touch(now);
        return (update, changes);
    }

    /// <summary>Takes the whole incident back, posted by mistake: a last update says so to all who were told, and what the others said is no longer shown.</summary>
    public Posted WithdrawAll(string? because, IReadOnlyCollection<Component> components, string author, DateTimeOffset now)
    {
        RefuseDeleted();
        if (WithdrawnAt is not null) throw new RuleViolation($"Incident '{Title}' was withdrawn already.");
        var reason = Reason(because);
        var standing = _updates.Where(update => update.WithdrawnAt is null).ToList();
        var changes = standing.AsEnumerable().Reverse().SelectMany(update => Undo(update, components, now)).ToList();
        var last = Append(new()
        {
            Phase = Phase.Resolved, Body = $"This was posted by mistake and is withdrawn. {reason}",
            IsPublic = IsPublic, AudienceIds = [.. _updates.SelectMany(update => update.AudienceIds).Distinct()], Notifies = standing.Exists(update => update.Notifies),
        }, components, author, now);
        foreach (var update in standing) update.Withdraw(reason, now);
        WithdrawnAt = now;
        return last with { Changes = [.. changes, .. last.Changes] };
    }

    /// <summary>Takes the incident off the page without a trace. Its rows stay for the audit.</summary>
    public void Delete(DateTimeOffset now)
    {
        RefuseDeleted();
        DeletedAt = now;
        Touch(now);
    }

    private Posted Append(UpdateDraft draft, IReadOnlyCollection<Component> components, string author, DateTimeOffset now)
    {
        draft = draft.Checked(Severity, now);
        if (IsPublic && !draft.IsPublic && (draft.Phase.IsOver() || Phase.IsOver()))
            throw new RuleViolation("The public was told of this incident, so it must hear of its end, and of its return. Address the public too, or choose another phase.", nameof(UpdateDraft.Phase));
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
        IsPublic |= draft.IsPublic;
        Phase = draft.Phase;
        MonitoringAt = Phase == Phase.Monitoring ? MonitoringAt ?? now : MonitoringAt;
        ResolvedAt = Phase.IsOver() ? now : null;
        var impact = Impacts.Of(affected.Select(component => component.NewStatus).Worst());
        if (impact > ComputedImpact) ComputedImpact = impact;
        Touch(now);
        return new(update, changes);
    }

    /// <summary>Sets back the states that an update brought, where nothing else has changed them since.</summary>
    private List<StatusChange> Undo(IncidentUpdate update, IReadOnlyCollection<Component> components, DateTimeOffset now) =>
        [.. from affected in update.Affected
            let component = components.FirstOrDefault(component => component.Id == affected.ComponentId && component.ArchivedAt is null)
            where component?.Status == affected.NewStatus
            let change = component.Set(affected.OldStatus, now, Id)
            where change is not null
            select change];

    private IncidentUpdate StandingUpdate(UpdateId id)
    {
        RefuseDeleted();
        var update = _updates.Find(update => update.Id == id) ?? throw new RuleViolation("There is no such update of this incident.");
        return update.WithdrawnAt is null ? update : throw new RuleViolation("This update was withdrawn already.");
    }

    private static string Reason(string? because) => Text.Line(because, "Because", "the reason; customers read it", UpdateDraft.MaxFactLength);

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
