using StatusPage.Domain.Components;

namespace StatusPage.Domain.Incidents;

/// <summary>Something that went wrong, from its first update to its end. Holds every rule of the lifecycle.</summary>
public sealed class Incident
{
    /// <summary>Characters; the limit of Statuspage's API.</summary>
    public const int MaxTitleLength = 255;

    /// <summary>Characters of JSON.</summary>
    public const int MaxMetadataLength = 10_000;

    /// <summary>A beginning before this is taken for a typing error.</summary>
    public static readonly DateTimeOffset EarliestStart = Instants.Earliest;

    private readonly List<IncidentUpdate> _updates = [];

    private Incident() { }

    public IncidentId Id { get; private init; }
    public PageId PageId { get; private init; }
    public string Title { get; private set; } = "";
    public Phase Phase { get; private set; }
    public Severity? Severity { get; private set; }

    /// <summary>Set by hand; null leaves it to the worst state of the affected components.</summary>
    public Impact? ImpactOverride { get; private set; }

    /// <summary>The worst impact of the components in any update that still stands.</summary>
    public Impact ComputedImpact { get; private set; }

    /// <summary>What the severity meant when it was chosen; counts where no component says more.</summary>
    public Impact ProposedImpact { get; private set; }

    /// <summary>When it began, which may be before somebody told of it.</summary>
    public DateTimeOffset StartedAt { get; private set; }
    public DateTimeOffset UpdatedAt { get; private set; }
    public DateTimeOffset? MonitoringAt { get; private set; }
    public DateTimeOffset? ResolvedAt { get; private set; }

    /// <summary>When it was added as a record of something that was over by then, without telling anybody; null if it was told as it went.</summary>
    public DateTimeOffset? BackfilledAt { get; private init; }
    public bool IsBackfilled => BackfilledAt is not null;

    /// <summary>Whether the public was told of it; false while only stakeholder groups were.</summary>
    public bool IsPublic { get; private set; }

    /// <summary>When the whole incident was withdrawn because it was posted by mistake; its trace stays public.</summary>
    public DateTimeOffset? WithdrawnAt { get; private set; }

    /// <summary>What was learned, in Markdown; public from <see cref="PostmortemPublishedAt"/> on.</summary>
    public string? PostmortemBody { get; private set; }
    public DateTimeOffset? PostmortemUpdatedAt { get; private set; }

    /// <summary>Who wrote the present text; never public.</summary>
    public string? PostmortemAuthor { get; private set; }

    /// <summary>Null while it is not published.</summary>
    public DateTimeOffset? PostmortemPublishedAt { get; private set; }

    /// <summary>When the subscribers were told that it is there; null while they were not.</summary>
    public DateTimeOffset? PostmortemToldAt { get; private set; }

    /// <summary>Data that an API client keeps with the incident, as a JSON object of objects; people do not see it.</summary>
    public string? Metadata { get; private set; }

    /// <summary>When it was removed from the page without a trace; null while it is shown.</summary>
    public DateTimeOffset? DeletedAt { get; private set; }

    /// <summary>Rises by one with every change, so that two people who edit at once are told.</summary>
    public int Version { get; private set; }
    public IReadOnlyList<IncidentUpdate> Updates => _updates;

    public Impact Impact => ImpactOverride ?? (ComputedImpact == Impact.None ? ProposedImpact : ComputedImpact);
    public IncidentUpdate Latest => _updates[^1];

    /// <summary>The updates that were not withdrawn, in their order.</summary>
    internal IEnumerable<IncidentUpdate> StandingUpdates => _updates.Where(update => update.WithdrawnAt is null);

    /// <summary>The newest update that stands; when all were withdrawn, the newest of those.</summary>
    public IncidentUpdate Standing => StandingUpdates.LastOrDefault() ?? Latest;

    /// <summary>The promise that holds now, unless the incident is over. For a public incident, it is the promise made to the public.</summary>
    public DateTimeOffset? NextUpdateBy =>
        Phase.IsOver() ? null : (StandingUpdates.LastOrDefault(update => update.IsPublic == IsPublic) ?? Standing).NextUpdateBy;

    /// <summary>Whether it is over and its last word on some component is trouble. Such states may count for long, so they are queried for.</summary>
    public bool LeavesTrouble { get; private set; }

    /// <summary>What it says of components and still stands; nothing once it was withdrawn or deleted.</summary>
    public IncidentStatements Statements =>
        WithdrawnAt is not null || DeletedAt is not null
            ? new(Id, [])
            : IncidentStatements.Of(
                Id,
                StartedAt,
                IsBackfilled,
                [.. StandingUpdates.Select(update => new PostedUpdate(update.Number, update.Phase, update.PostedAt, update.Affected))]
            );

    public IEnumerable<ComponentId> ComponentIds => _updates.SelectMany(update => update.Affected).Select(component => component.ComponentId).Distinct();

    /// <summary>Opens an incident with its first update.</summary>
    public static Incident Open(
        PageId page,
        string? title,
        Severity? severity,
        Impact? impactOverride,
        UpdateContent content,
        ComponentStates states,
        string author,
        DateTimeOffset now
    )
    {
        if (content.EndedAt is not null && !content.IsBackfilled)
            throw new RuleViolation("An end in the past is for what is added as a record. Resolve the incident with an update.", nameof(content.EndedAt));
        if (content is { IsBackfilled: true, StartedAt: null })
            throw new RuleViolation("Say when it began.", nameof(content.StartedAt));
        var start = Start(content.StartedAt ?? now, now);
        var incident = new Incident
        {
            Id = IncidentId.New(),
            PageId = page,
            StartedAt = start,
            BackfilledAt = content.IsBackfilled ? now : null,
            ProposedImpact = content.ProposedImpact,
        };
        incident.Describe(title, severity, impactOverride, now);
        incident.Append(content, states, author, content.IsBackfilled ? End(content.EndedAt ?? start, start, now) : now, now);
        return incident;
    }

    /// <summary>Publishes the next update. An update can be added to an incident that is over, and leaves it over.</summary>
    /// <exception cref="RuleViolation">The incident is over and the content is not, or the content is not fit to be published.</exception>
    public IncidentUpdate Post(UpdateContent content, ComponentStates states, string author, DateTimeOffset now)
    {
        RefuseDeleted();
        RefuseWithdrawn();
        if (Phase.IsOver() && !content.Phase.IsOver())
            throw new RuleViolation($"Incident '{Title}' is already resolved. Reopen it before posting an update.");
        return Append(content, states, author, now, now);
    }

    /// <summary>Opens a resolved incident again with an update that says why.</summary>
    public IncidentUpdate Reopen(UpdateContent content, ComponentStates states, string author, DateTimeOffset now)
    {
        RefuseDeleted();
        if (!Phase.IsOver())
            throw new RuleViolation($"Incident '{Title}' is not resolved, so it cannot be reopened. Post an update instead.");
        RefuseWithdrawn();
        if (IsBackfilled)
            throw new RuleViolation($"Incident '{Title}' is a record of what was over when it was added. Open a new incident for what is happening now.");
        if (content.Phase.IsOver())
            throw new RuleViolation("Choose the phase in which the incident is open again.", nameof(UpdateContent.Phase));
        return Append(content, states, author, now, now);
    }

    /// <summary>Changes the title, the severity, the impact or the beginning without an update.</summary>
    /// <exception cref="RuleViolation">It was withdrawn, or it would begin after it was told of.</exception>
    public void Describe(IncidentDescription description, DateTimeOffset now)
    {
        RefuseWithdrawn();
        var start = description.StartedAt is { } at ? Start(at, IsBackfilled ? ResolvedAt!.Value : _updates[0].PostedAt) : StartedAt;
        Describe(description.Title, description.Severity, description.ImpactOverride, now);
        (StartedAt, ProposedImpact) = (start, description.ProposedImpact);
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

    /// <summary>Publishes what an update should have said. The previous text stays public beside it.</summary>
    /// <exception cref="RuleViolation">There is no such update, it was withdrawn, or nothing would change.</exception>
    public IncidentUpdate Correct(UpdateId id, string? body, string? impact, string? team, IReadOnlyList<UpdateWording> wordings, DateTimeOffset now)
    {
        var update = StandingUpdate(id);
        IncidentRules.RefuseUnfilled([
            (nameof(UpdateContent.Body), body),
            (nameof(UpdateContent.ImpactSummary), impact),
            (nameof(UpdateContent.TeamStatus), team),
        ]);
        var (newBody, newImpact, newTeam) = (UpdateContent.CheckedBody(body), UpdateContent.CheckedImpact(impact), UpdateContent.CheckedTeam(team));
        IReadOnlyList<UpdateWording> newWordings =
        [
            .. wordings.Where(wording => update.AudienceIds.Contains(wording.AudienceId)).Select(UpdateContent.Checked),
        ];
        if (
            update.Says(newBody, newImpact, newTeam)
            && newWordings.Count == update.Wordings.Count
            && newWordings.All(wording => wording.SaysTheSameAs(update.WordingFor(wording.AudienceId)))
        )
            throw new RuleViolation("Nothing was changed, so there is nothing to correct.", nameof(UpdateContent.Body));
        update.Correct(newBody, newImpact, newTeam, newWordings, now);
        Touch(now);
        return update;
    }

    /// <param name="metadata">A JSON object.</param>
    public void Keep(string metadata)
    {
        if (metadata.Length > MaxMetadataLength)
            throw new RuleViolation($"The metadata has {metadata.Length:N0} characters; {MaxMetadataLength:N0} are kept.", nameof(Metadata));
        Metadata = metadata;
        Version++;
    }

    /// <summary>Keeps the postmortem; a published one shows the new text at once.</summary>
    public void WritePostmortem(string? body, string author, DateTimeOffset now)
    {
        RefuseDeleted();
        var text = MarkdownRule.Block(body, nameof(PostmortemBody), "what was learned", UpdateContent.MaxBodyLength);
        if (text != PostmortemBody)
            PostmortemAuthor = author;
        PostmortemBody = text;
        PostmortemUpdatedAt = now;
        Touch(now);
    }

    /// <exception cref="RuleViolation">There is no postmortem, or the incident is not over.</exception>
    public void PublishPostmortem(DateTimeOffset now)
    {
        RefuseDeleted();
        if (PostmortemBody is null)
            throw new RuleViolation("Write the postmortem before you publish it.", nameof(PostmortemBody));
        if (!Phase.IsOver())
            throw new RuleViolation("A postmortem is published when the incident is over. Resolve it first.", nameof(PostmortemBody));
        PostmortemPublishedAt ??= now;
        Touch(now);
    }

    /// <summary>Notes that subscribers are told of the published postmortem.</summary>
    /// <returns>False when they were told before, or there is nobody to tell: the public was not told of the incident, or it was withdrawn.</returns>
    public bool TellOfPostmortem(DateTimeOffset now)
    {
        if (PostmortemToldAt is not null || PostmortemPublishedAt is null || !IsPublic || WithdrawnAt is not null)
            return false;
        PostmortemToldAt = now;
        return true;
    }

    /// <summary>The published postmortem in the form of an update, as it is told; null where there is none to tell of.</summary>
    public IncidentUpdate? PostmortemUpdate =>
        this is { PostmortemPublishedAt: { } at, PostmortemBody: { } body, WithdrawnAt: null, IsPublic: true }
            ? IncidentUpdate.OfPostmortem(this, body, at)
            : null;

    public void RemovePostmortem(DateTimeOffset now)
    {
        RefuseDeleted();
        (PostmortemBody, PostmortemUpdatedAt, PostmortemPublishedAt, PostmortemAuthor, PostmortemToldAt) = (null, null, null, null, null);
        Touch(now);
    }

    /// <summary>Takes the postmortem off the page again.</summary>
    public void HidePostmortem(DateTimeOffset now)
    {
        RefuseDeleted();
        (PostmortemPublishedAt, PostmortemToldAt) = (null, null);
        Touch(now);
    }

    /// <summary>Adds translations to an update. That is no correction.</summary>
    public void Translate(UpdateId id, IEnumerable<UpdateTranslation> translations, DateTimeOffset now)
    {
        StandingUpdate(id).Translate(UpdateTranslation.Checked(translations));
        Touch(now);
    }

    /// <summary>
    /// Withdraws one update: the public reads that it was withdrawn, when and why, and no longer what it said. If it was the newest, the phase returns to
    /// the previous one; states follow from what still stands.
    /// </summary>
    public IncidentUpdate Withdraw(UpdateId id, string? because, DateTimeOffset now)
    {
        var update = StandingUpdate(id);
        var isNewest = update == Standing;
        if (StandingUpdates.Count() == 1)
            throw new RuleViolation("This is the only update of the incident. Withdraw the incident as a whole, or correct the update.");
        update.Withdraw(Reason(because), now);
        if (isNewest)
        {
            Phase = Standing.Phase;
            ResolvedAt = EndOf(_updates);
        }
        Weigh();
        Touch(now);
        return update;
    }

    /// <summary>
    /// Withdraws the whole incident because it was posted by mistake: a last update tells everybody who was told, and the other updates' texts are no
    /// longer shown.
    /// </summary>
    public IncidentUpdate WithdrawAll(string? because, string author, DateTimeOffset now)
    {
        RefuseDeleted();
        if (WithdrawnAt is not null)
            throw new RuleViolation($"Incident '{Title}' was withdrawn already.");
        var reason = Reason(because);
        var standing = StandingUpdates.ToList();
        var last = Append(
            new()
            {
                Phase = Phase.Resolved,
                Body = $"This was posted by mistake and is withdrawn. {reason}",
                IsPublic = IsPublic,
                AudienceIds = [.. _updates.SelectMany(update => update.AudienceIds).Distinct()],
                Notifies = standing.Exists(update => update.Notifies),
            },
            ComponentStates.Of(),
            author,
            now,
            now
        );
        foreach (var update in standing)
            update.Withdraw(reason, now);
        ResolvedAt = EndOf(_updates);
        WithdrawnAt = now;
        Weigh();
        return last;
    }

    /// <summary>Removes the incident from the page without a trace. Its rows stay for the audit.</summary>
    public void Delete(DateTimeOffset now)
    {
        RefuseDeleted();
        DeletedAt = now;
        Weigh();
        Touch(now);
    }

    /// <summary>When the incident ended: at the first of the closing updates at its end; null while it goes on.</summary>
    /// <param name="updates">In their order.</param>
    internal static DateTimeOffset? EndOf(IEnumerable<IncidentUpdate> updates) =>
        updates.Where(update => update.WithdrawnAt is null).Reverse().TakeWhile(update => update.Phase.IsOver()).LastOrDefault()?.PostedAt;

    /// <summary>Whether an update is the one that says that the whole incident was withdrawn.</summary>
    public bool IsTakenBackBy(IncidentUpdate update) => WithdrawnAt is not null && update.WithdrawnAt is null;

    /// <summary>Where the incident stands with an update, in a word.</summary>
    public string LabelOf(IncidentUpdate update) => IsTakenBackBy(update) ? "Withdrawn" : update.Phase.Label();

    /// <summary>The state whose colour an update is shown in, in mails and posts: blue where the incident was withdrawn, green once it is over.</summary>
    public ComponentStatus ToneOf(IncidentUpdate update) =>
        IsTakenBackBy(update) ? ComponentStatus.UnderMaintenance
        : update.Phase.IsOver() ? ComponentStatus.Operational
        : Impact.Means();

    /// <summary>What the incident last said of a component's state; null when it never did.</summary>
    public ComponentStatus? LastSaidOf(ComponentId id) =>
        StandingUpdates.SelectMany(update => update.Affected).LastOrDefault(component => component.ComponentId == id && component.SaysState)?.NewStatus;

    /// <param name="at">When it counts as posted.</param>
    private IncidentUpdate Append(UpdateContent content, ComponentStates states, string author, DateTimeOffset at, DateTimeOffset now)
    {
        content = content.Checked(Severity, now);
        if (IsBackfilled)
            content = content with { Notifies = false };
        if (IsPublic && !content.IsPublic && (content.Phase.IsOver() || Phase.IsOver()))
            throw new RuleViolation(
                "The public was told of this incident, so it must hear of its end, and of its return. Address the public too, or choose another phase.",
                nameof(UpdateContent.Phase)
            );
        IReadOnlyList<AffectedComponent> affected =
        [
            .. content.Components.Select(said => Affect(said.Key, states, said.Value)),
            .. content.Touches.Where(id => !content.Components.ContainsKey(id)).Select(id => Affect(id, states, null)),
        ];
        var update = new IncidentUpdate(this, _updates.Count + 1, content, affected, author, at);
        _updates.Add(update);
        IsPublic |= content.IsPublic;
        Phase = content.Phase;
        MonitoringAt = Phase == Phase.Monitoring ? MonitoringAt ?? now : MonitoringAt;
        ResolvedAt = EndOf(_updates);
        Weigh();
        Touch(now);
        return update;
    }

    /// <param name="said">Null: the component is only named.</param>
    private AffectedComponent Affect(ComponentId id, ComponentStates states, ComponentStatus? said)
    {
        var component = states.Find(id) ?? throw new RuleViolation($"There is no component '{id}' on this page.", nameof(UpdateContent.Components));
        component.RefuseArchived();
        // A record tells of an earlier time, so the present state does not matter.
        var before = IsBackfilled ? ComponentStatus.Operational : states.Own(id);
        return new(id, component.Name, before, said ?? before, SaysState: said is not null);
    }

    /// <summary>Derives what follows from the updates that stand; called whenever those change.</summary>
    private void Weigh()
    {
        ComputedImpact = Impacts.Of(
            StandingUpdates.SelectMany(update => update.Affected).Where(component => component.SaysState).Select(component => component.NewStatus).Worst()
        );
        LeavesTrouble =
            Phase.IsOver()
            && Statements
                .Updates.SelectMany(update => update.Says)
                .GroupBy(said => said.ComponentId)
                .Any(said => said.Last().Status != ComponentStatus.Operational);
    }

    /// <param name="latest">The incident cannot begin after what came of it.</param>
    private static DateTimeOffset Start(DateTimeOffset at, DateTimeOffset latest) =>
        at > latest
            ? throw new RuleViolation("An incident cannot begin after it was told of, or in the time to come. Choose an earlier time.", nameof(StartedAt))
        : at < EarliestStart
            ? throw new RuleViolation($"An incident cannot have begun before {EarliestStart:yyyy}. Look at the date again.", nameof(StartedAt))
        : at;

    private static DateTimeOffset End(DateTimeOffset at, DateTimeOffset start, DateTimeOffset now) =>
        at < start ? throw new RuleViolation("It cannot have ended before it began.", nameof(UpdateContent.EndedAt))
        : at > now
            ? throw new RuleViolation(
                "What is added as a record has ended. Choose an earlier end, or open an incident that goes on.",
                nameof(UpdateContent.EndedAt)
            )
        : at;

    private IncidentUpdate StandingUpdate(UpdateId id)
    {
        RefuseDeleted();
        var update = _updates.Find(update => update.Id == id) ?? throw new RuleViolation("There is no such update of this incident.");
        return update.WithdrawnAt is null ? update : throw new RuleViolation("This update was withdrawn already.");
    }

    private static string Reason(string? because) => Text.Line(because, "Because", "the reason; customers read it", UpdateContent.MaxFactLength);

    private void Touch(DateTimeOffset now)
    {
        UpdatedAt = now;
        Version++;
    }

    private void RefuseWithdrawn()
    {
        if (WithdrawnAt is not null)
            throw new RuleViolation($"Incident '{Title}' was withdrawn. Open a new incident for what is really happening.");
    }

    private void RefuseDeleted()
    {
        if (DeletedAt is not null)
            throw new RuleViolation($"Incident '{Title}' was deleted.");
    }
}
