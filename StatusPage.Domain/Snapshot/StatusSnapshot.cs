using StatusPage.Domain.Brands;
using StatusPage.Domain.Components;
using StatusPage.Domain.Incidents;
using StatusPage.Domain.Languages;
using StatusPage.Domain.Maintenances;
using StatusPage.Domain.Metrics;
using StatusPage.Domain.Pages;
using StatusPage.Domain.Promises;
using StatusPage.Domain.Readers;

namespace StatusPage.Domain.Snapshot;

/// <summary>Everything that is public at one instant. Immutable; every public byte is a function of it.</summary>
public sealed record StatusSnapshot
{
    public required PageId PageId { get; init; }
    public required string Name { get; init; }
    public PageLocation Location { get; init; } = PageLocation.Root;

    /// <summary>Null: the installation's own choice.</summary>
    public string? Theme { get; init; }

    /// <summary>Who may read the page; null: everybody. The only thing in here that no reader sees.</summary>
    public AccessRule? Access { get; init; }

    /// <summary>The owner's own CSS rules; null without any.</summary>
    public string? Style { get; init; }

    /// <summary>What stands over the theme.</summary>
    public Brand Brand { get; init; } = Brand.None;

    /// <summary>The pictures of the brand, so that whoever has the snapshot can show the page whole.</summary>
    public IReadOnlyList<PictureView> Pictures { get; init; } = [];
    public required string TimeZone { get; init; }

    /// <summary>Code of the language for readers who ask for none; null is English.</summary>
    public string? Language { get; init; }
    public required bool ShowsSeverity { get; init; }

    /// <summary>Per cent of a partial outage that count as down.</summary>
    public int PartialPercent { get; init; } = Page.DefaultPartialPercent;

    /// <summary>Since when the page exists; it knows nothing of the time before.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The page version it was built from.</summary>
    public required long Version { get; init; }

    /// <summary>
    /// The instant it describes: the last change, made by a person or by the clock. It is not the time of building, so that every node makes the same
    /// bytes.
    /// </summary>
    public required DateTimeOffset AsOf { get; init; }

    /// <summary>When the clock alone makes the next snapshot due.</summary>
    public required DateTimeOffset NextChangeAt { get; init; }

    /// <summary>When somebody last changed anything, even the page's name.</summary>
    public required DateTimeOffset ChangedAt { get; init; }

    /// <summary>When a component's own state last changed; null: not in the last 90 days.</summary>
    public DateTimeOffset? ComponentsChangedAt { get; init; }

    /// <summary>Groups and loose components in the order in which the page shows them.</summary>
    public required IReadOnlyList<GroupView> Groups { get; init; }
    public required IReadOnlyList<ComponentView> Components { get; init; }

    /// <summary>Open ones and those of the last 90 days, newest first.</summary>
    public required IReadOnlyList<IncidentView> Incidents { get; init; }

    /// <summary>Upcoming, running and those that ended within the last 90 days; soonest first.</summary>
    public required IReadOnlyList<MaintenanceView> Maintenances { get; init; }

    /// <summary>Cancelled ones, whose pages stay for a while because people were told of them.</summary>
    public IReadOnlyList<MaintenanceView> Cancelled { get; init; } = [];

    /// <summary>Older incidents, the newest first: enough to know the archive pages without asking the store.</summary>
    public IReadOnlyList<ArchivedIncident> Archive { get; init; } = [];

    /// <summary>How long after a promised time the page says "due now" rather than "overdue".</summary>
    public TimeSpan OverdueGrace { get; init; }

    /// <summary>Figures that are drawn as lines.</summary>
    public IReadOnlyList<MetricView> Metrics { get; init; } = [];

    /// <summary>How promises were kept; null when the owner does not publish that.</summary>
    public PromiseReport? Promises { get; init; }

    public Language Speaks => Languages.Language.Find(Language) ?? Languages.Language.English;

    /// <summary>
    /// The worst first, by severity, or by what the impact corresponds to where nobody rated the incident; among equals, the newest first.
    /// </summary>
    public IEnumerable<IncidentView> Open => Sorted(Incidents);

    /// <summary>The open ones among them, the worst first.</summary>
    public static IEnumerable<IncidentView> Sorted(IEnumerable<IncidentView> incidents) =>
        incidents.Where(incident => incident.IsOpen).OrderBy(incident => incident.Rank).ThenBy(incident => incident.Severity is null);

    /// <summary>The snapshot with the incidents in a language.</summary>
    public StatusSnapshot In(Language language) =>
        language == Speaks || Incidents.All(incident => incident.Updates.All(update => update.Translations.Count == 0))
            ? this
            : this with
            {
                Incidents = [.. Incidents.Select(incident => incident.In(language.Code))],
            };

    public IEnumerable<MaintenanceView> Running => Maintenances.Where(maintenance => maintenance.Phase.IsRunning());

    /// <summary>The completed ones, the newest first.</summary>
    public IEnumerable<MaintenanceView> Past =>
        Maintenances.Where(maintenance => maintenance.Phase == MaintenancePhase.Completed).OrderByDescending(maintenance => maintenance.ScheduledFor);

    public IEnumerable<MaintenanceView> Upcoming => Maintenances.Where(maintenance => maintenance.Phase == MaintenancePhase.Scheduled);

    /// <summary>The upcoming ones, with only the next window of each series.</summary>
    public IEnumerable<MaintenanceView> Next => Upcoming.DistinctBy(maintenance => maintenance.SeriesId?.Value ?? maintenance.Id.Value);

    /// <summary>The worst of the components' states and of the states that the open incidents mean.</summary>
    public ComponentStatus Overall =>
        Components.Select(component => component.Status).Concat(Incidents.Where(incident => incident.IsOpen).Select(incident => incident.Means)).Worst();

    /// <summary>
    /// When the subject of <see cref="Overall"/> and the headline last changed: the state of a component, also by a maintenance, or the phase of an
    /// incident. For a new page, its creation counts as a change. Null: nothing changed in the last 90 days.
    /// </summary>
    public DateTimeOffset? StateChangedAt
    {
        get
        {
            var posts = Incidents.SelectMany(incident => incident.Updates).Select(update => update.WithdrawnAt ?? update.PostedAt);
            var windows = Maintenances
                .Concat(Cancelled)
                .Where(maintenance => maintenance.ComponentIds.Count > 0)
                .SelectMany(maintenance => maintenance.Turns);
            var last = posts
                .Concat(windows)
                .Append(ComponentsChangedAt ?? CreatedAt)
                .Append(CreatedAt)
                .Where(instant => instant <= AsOf)
                .DefaultIfEmpty(AsOf)
                .Max();
            return last < SnapshotBuilder.WindowStart(AsOf) ? null : last;
        }
    }
}

/// <summary>A picture of the page's brand.</summary>
/// <param name="File">Names its content.</param>
/// <param name="Width">Pixels; null where the picture does not say.</param>
public sealed record PictureView(string File, byte[] Bytes, int? Width, int? Height);

/// <param name="GroupId">Null for a component that stands alone.</param>
/// <param name="OwnStatus">The state that was set.</param>
/// <param name="Status">The state that is shown: a running maintenance turns operational into under maintenance.</param>
public sealed record ComponentView(
    ComponentId Id,
    string Slug,
    string Name,
    string? Description,
    ComponentGroupId? GroupId,
    ComponentStatus OwnStatus,
    ComponentStatus Status,
    int Position,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    DateOnly StartDate,
    UptimeHistory Uptime
)
{
    /// <summary>Whether its uptime is public. Where it is not, <see cref="Uptime"/> holds none.</summary>
    public bool Showcase { get; init; } = true;

    /// <summary>Whether the page lists it only while it is not operational.</summary>
    public bool OnlyShowIfDegraded { get; init; }

    /// <summary>Whether the list of components has it now. It has a page, a badge and its place in the API in any case.</summary>
    public bool IsListed => !OnlyShowIfDegraded || Status != ComponentStatus.Operational;
}

public sealed record GroupView(ComponentGroupId Id, string Name, int Position, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    public string? Description { get; init; }

    public static GroupView Of(ComponentGroup group) =>
        new(group.Id, group.Name, group.Position, group.CreatedAt, group.UpdatedAt) { Description = group.Description };
}

/// <param name="Updates">Newest first.</param>
public sealed record IncidentView(
    IncidentId Id,
    string Title,
    Phase Phase,
    Severity? Severity,
    Impact Impact,
    Impact? ImpactOverride,
    DateTimeOffset StartedAt,
    DateTimeOffset UpdatedAt,
    DateTimeOffset? MonitoringAt,
    DateTimeOffset? ResolvedAt,
    IReadOnlyList<UpdateView> Updates
)
{
    public bool IsOpen => !Phase.IsOver();

    /// <summary>The state of the page that the incident means while it is open.</summary>
    public ComponentStatus Means => Impact.Means();

    /// <summary>How bad it is: its severity, or the severity that its impact corresponds to where nobody rated it.</summary>
    public Severity Rank => Severity ?? Impact.Rank();

    /// <summary>When it was withdrawn as a whole.</summary>
    public DateTimeOffset? WithdrawnAt { get; init; }

    /// <summary>When it was added as a record of something that was over by then; null if it was told as it went.</summary>
    public DateTimeOffset? BackfilledAt { get; init; }

    /// <summary>When it was first told of, or added.</summary>
    public DateTimeOffset CreatedAt => BackfilledAt ?? Updates[^1].PostedAt;

    /// <summary>Null until it is published.</summary>
    public PostmortemView? Postmortem { get; init; }

    /// <summary>Where it stands, in a word.</summary>
    public string Label => WithdrawnAt is null ? Phase.Label() : "Withdrawn";

    /// <summary>The newest update that was not withdrawn; when all were, the newest.</summary>
    public UpdateView Latest => Updates.FirstOrDefault(update => update.WithdrawnAt is null) ?? Updates[0];
    public DateTimeOffset? NextUpdateBy => IsOpen ? Latest.NextUpdateBy : null;
    public IEnumerable<AffectedComponent> Affected => Updates.SelectMany(update => update.Affected).DistinctBy(component => component.ComponentId);

    /// <summary>The incident in a language, as far as it was translated; the title is from the newest update that translated it.</summary>
    public IncidentView In(string language) =>
        Updates.All(update => update.Translations.Count == 0)
            ? this
            : this with
            {
                Title =
                    Updates.SelectMany(update => update.Translations).FirstOrDefault(words => words.Language == language && words.Title is not null)?.Title
                    ?? Title,
                Updates = [.. Updates.Select(update => update.In(language))],
            };

    /// <summary>An incident as an audience sees it: the updates that address it, in its own wording; null when there are none.</summary>
    /// <param name="audience">Null is the public.</param>
    public static IncidentView? Of(Incident incident, AudienceId? audience = null)
    {
        var updates = incident.Updates.Where(update => update.Addresses(audience)).OrderByDescending(update => update.Number).ToList();
        if (updates.Count == 0)
            return null;
        var standing = updates.FirstOrDefault(update => update.WithdrawnAt is null) ?? updates[0];
        var isWhole = updates.Count == incident.Updates.Count;
        return new(
            incident.Id,
            incident.Title,
            standing.Phase,
            incident.Severity,
            incident.WithdrawnAt is null ? incident.Impact : Impact.None,
            incident.ImpactOverride,
            isWhole ? incident.StartedAt : updates[^1].PostedAt,
            isWhole ? incident.UpdatedAt : updates.Max(update => update.ChangedAt),
            updates.LastOrDefault(update => update.Phase == Phase.Monitoring)?.PostedAt,
            Incident.EndOf(updates.AsEnumerable().Reverse()),
            [.. updates.Select(update => UpdateView.Of(update.For(audience)) with { TakesBack = incident.IsTakenBackBy(update) })]
        )
        {
            WithdrawnAt = incident.WithdrawnAt,
            BackfilledAt = incident.BackfilledAt,
            Postmortem = incident is { IsPublic: true, PostmortemPublishedAt: { } at, PostmortemBody: { } body }
                ? new(body, at, incident.PostmortemUpdatedAt ?? at, incident.PostmortemToldAt is not null)
                : null,
        };
    }
}

public sealed record UpdateView(
    UpdateId Id,
    Phase Phase,
    string Body,
    string? ImpactSummary,
    string? TeamStatus,
    DateTimeOffset? NextUpdateBy,
    IReadOnlyList<AffectedComponent> Affected,
    bool Notifies,
    DateTimeOffset PostedAt
)
{
    /// <summary>Its text before each correction, the oldest first.</summary>
    public IReadOnlyList<UpdateRevision> Revisions { get; init; } = [];
    public DateTimeOffset? WithdrawnAt { get; init; }
    public string? WithdrawnBecause { get; init; }

    /// <summary>Whether it says that the incident as a whole was withdrawn.</summary>
    public bool TakesBack { get; init; }

    /// <summary>Where the incident stands with this update, in a word.</summary>
    public string Label => TakesBack ? "Withdrawn" : Phase.Label();
    public IReadOnlyList<UpdateTranslation> Translations { get; init; } = [];

    public UpdateView In(string language) =>
        Translations.FirstOrDefault(translation => translation.Language == language) is not { } words
            ? this
            : this with
            {
                Body = words.Body,
                ImpactSummary = words.ImpactSummary ?? ImpactSummary,
                TeamStatus = words.TeamStatus ?? TeamStatus,
            };

    public DateTimeOffset? CorrectedAt => Revisions.Count == 0 ? null : Revisions[^1].Until;
    public DateTimeOffset ChangedAt => WithdrawnAt ?? CorrectedAt ?? PostedAt;

    /// <summary>The text of a withdrawn update is dropped here, so that no public byte can contain it.</summary>
    public static UpdateView Of(IncidentUpdate update) =>
        update.WithdrawnAt is { } at
            ? new(update.Id, update.Phase, $"This update was withdrawn. {update.WithdrawnBecause}", null, null, null, [], update.Notifies, update.PostedAt)
            {
                WithdrawnAt = at,
                WithdrawnBecause = update.WithdrawnBecause,
            }
            : new(
                update.Id,
                update.Phase,
                update.Body,
                update.ImpactSummary,
                update.TeamStatus,
                update.NextUpdateBy,
                update.Affected,
                update.Notifies,
                update.PostedAt
            )
            {
                Revisions = update.Revisions,
                Translations = update.Translations,
            };
}

/// <param name="Title">Lets searches find it without asking the store.</param>
public sealed record ArchivedIncident(IncidentId Id, DateTimeOffset StartedAt, string Title = "");

/// <summary>What was learned from an incident, in Markdown.</summary>
/// <param name="IsTold">Whether the subscribers were told that it is there.</param>
public sealed record PostmortemView(string Body, DateTimeOffset PublishedAt, DateTimeOffset UpdatedAt, bool IsTold = false);

/// <param name="IsLate">Whether it should have begun and has not, or runs longer than planned.</param>
/// <param name="SeriesId">The series that it belongs to; null when it stands alone.</param>
/// <param name="Repeats">"every week"; null when it stands alone.</param>
/// <param name="Posts">By people; newest first.</param>
/// <param name="Story">All entries, by people and by the clock; newest first.</param>
public sealed record MaintenanceView(
    MaintenanceId Id,
    string Title,
    string Body,
    MaintenancePhase Phase,
    bool IsLate,
    MaintenancePlan Plan,
    bool TellsPhases,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    DateTimeOffset? CancelledAt,
    IReadOnlyList<ComponentId> ComponentIds,
    SeriesId? SeriesId,
    string? Repeats,
    IReadOnlyList<MaintenanceEntry> Posts,
    IReadOnlyList<MaintenanceEntry> Story
)
{
    /// <summary>Whether it was added as a record when it was over.</summary>
    public bool IsBackfilled { get; init; }
    public DateTimeOffset ScheduledFor => Plan.From;
    public DateTimeOffset ScheduledUntil => Plan.Until;
    public MaintenanceEntry Latest => Story[0];

    /// <summary>When it changes or changed the states of its components: at its start and at its end.</summary>
    public IEnumerable<DateTimeOffset> Turns => Plan.Runs(CancelledAt) is var (from, until) ? new[] { from, until }.OfType<DateTimeOffset>() : [];

    public static MaintenanceView Of(Maintenance maintenance, MaintenanceSeries? series, DateTimeOffset at) =>
        new MaintenanceView(
            maintenance.Id,
            maintenance.Title,
            maintenance.Body,
            default,
            false,
            maintenance.Plan,
            maintenance.TellsPhases,
            maintenance.IsBackfilled ? maintenance.ScheduledFor : maintenance.CreatedAt,
            maintenance.UpdatedAt,
            maintenance.CancelledAt,
            maintenance.ComponentIds,
            maintenance.SeriesId,
            series?.Words,
            [
                .. maintenance
                    .Posts.OrderByDescending(post => post.Number)
                    .Select(post => new MaintenanceEntry(post.Id, post.Phase, post.Body, post.PostedAt, post.Notifies, false)),
            ],
            []
        )
        {
            IsBackfilled = maintenance.IsBackfilled,
        }.At(at);

    /// <summary>The same at another instant. A cancelled maintenance stays as it was when it was cancelled.</summary>
    public MaintenanceView At(DateTimeOffset instant)
    {
        var at = CancelledAt < instant ? CancelledAt.Value : instant;
        return this with
        {
            Phase = Plan.PhaseAt(at),
            IsLate = CancelledAt is null && Plan.IsLateAt(at),
            Story = MaintenanceStory.Tell(MaintenanceStory.Announcement(Id, Body, CreatedAt, Plan, IsBackfilled), Posts, Plan, TellsPhases, at),
        };
    }
}
