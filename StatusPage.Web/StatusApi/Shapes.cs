using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
using StatusPage.Domain.Components;
using StatusPage.Domain.Incidents;
using StatusPage.Domain.Maintenances;
using StatusPage.Domain.Postmortems;

namespace StatusPage.Web.StatusApi;

// The objects that both APIs and the webhooks speak in, field for field as Statuspage has them (its OpenAPI document, and what its pages
// answer with). Our own fields are added keys. Times are UTC with milliseconds. The OpenAPI document is made of these very types.

/// <summary>An object of an answer: each of its fields is always there.</summary>
public abstract record Shape;

/// <summary>The values that a text may have.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class OneOfAttribute(params Type[] kinds) : Attribute
{
    public IReadOnlyList<string> Values { get; } = [.. kinds.SelectMany(Codes)];

    private static IEnumerable<string> Codes(Type kind) =>
        kind == typeof(ComponentStatus) ? ComponentStatuses.All.Select(status => status.Code())
        : kind == typeof(Impact) ? Impacts.All.Select(impact => impact.Code())
        : kind == typeof(Severity) ? Severities.All.Select(severity => severity.Code())
        : kind == typeof(Phase) ? Enum.GetValues<Phase>().Select(phase => phase.Code())
        : kind == typeof(MaintenancePhase) ? MaintenancePhases.All.Select(phase => phase.Code())
        : kind == typeof(ActionItemState) ? Enum.GetValues<ActionItemState>().Select(state => state.Code())
        : kind == typeof(ActionItemPriority) ? Enum.GetValues<ActionItemPriority>().Select(priority => priority.Code())
        : kind == typeof(Indicator) ? Indicator.All
        : throw new InvalidOperationException($"{kind} has no codes.");
}

/// <summary>How the page as a whole is, or how hard an incident or a maintenance hits, as Statuspage says it.</summary>
public sealed class Indicator
{
    private Indicator() { }

    public const string Maintenance = "maintenance";

    public static readonly string[] All = ["none", "minor", "major", "critical", Maintenance];
}

/// <param name="Url">Where the page is.</param>
/// <param name="TimeZone">IANA name.</param>
/// <param name="UpdatedAt">When somebody last changed something.</param>
public sealed record PageShape(string Id, string Name, string Url, string TimeZone, DateTimeOffset UpdatedAt) : Shape;

public sealed record StatusShape([property: OneOf(typeof(Indicator))] string Indicator, string Description) : Shape;

/// <param name="Components">Ids of the members; groups alone have it.</param>
public record ComponentShape(
    string Id,
    string Name,
    [property: OneOf(typeof(ComponentStatus))] string Status,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    int Position,
    string? Description,
    bool Showcase,
    DateOnly? StartDate,
    string? GroupId,
    string PageId,
    bool Group,
    bool OnlyShowIfDegraded,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? Components = null
) : Shape;

public sealed record AffectedShape(
    string Code,
    string Name,
    [property: OneOf(typeof(ComponentStatus))] string OldStatus,
    [property: OneOf(typeof(ComponentStatus))] string NewStatus
) : Shape;

/// <param name="Body">Markdown, as it was written.</param>
/// <param name="ImpactSummary">What customers notice, in a line.</param>
/// <param name="TeamStatus">What the team does, in a line.</param>
/// <param name="NextUpdateAt">By when the next update was promised.</param>
public sealed record UpdateShape(
    string Id,
    [property: OneOf(typeof(Phase))] string Status,
    string Body,
    string IncidentId,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    DateTimeOffset DisplayAt,
    IReadOnlyList<AffectedShape>? AffectedComponents,
    bool DeliverNotifications,
    string? CustomTweet,
    long? TweetId,
    string? ImpactSummary,
    string? TeamStatus,
    DateTimeOffset? NextUpdateAt
) : Shape;

/// <summary>An update of a maintenance.</summary>
public sealed record EntryShape(
    string Id,
    [property: OneOf(typeof(MaintenancePhase))] string Status,
    string Body,
    string IncidentId,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    DateTimeOffset DisplayAt,
    IReadOnlyList<AffectedShape>? AffectedComponents,
    bool DeliverNotifications,
    string? CustomTweet,
    long? TweetId
) : Shape;

/// <param name="IncidentUpdates">Newest first.</param>
/// <param name="ReminderIntervals">Seconds, as a list; nobody is reminded at intervals here.</param>
/// <param name="ImpactSummary">As the newest update says.</param>
/// <param name="TeamStatus">As the newest update says.</param>
/// <param name="NextUpdateAt">By when the next update was promised.</param>
public sealed record IncidentShape(
    string Id,
    string Name,
    [property: OneOf(typeof(Phase))] string Status,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    DateTimeOffset? MonitoringAt,
    DateTimeOffset? ResolvedAt,
    [property: OneOf(typeof(Impact))] string Impact,
    string Shortlink,
    DateTimeOffset StartedAt,
    string PageId,
    IReadOnlyList<UpdateShape> IncidentUpdates,
    IReadOnlyList<ComponentShape> Components,
    string? ReminderIntervals,
    [property: OneOf(typeof(Severity))] string? Severity,
    string? ImpactSummary,
    string? TeamStatus,
    DateTimeOffset? NextUpdateAt
) : Shape;

/// <param name="IncidentUpdates">Newest first.</param>
/// <param name="ReminderIntervals">Seconds, as a list; nobody is reminded at intervals here.</param>
public record MaintenanceShape(
    string Id,
    string Name,
    [property: OneOf(typeof(MaintenancePhase))] string Status,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    DateTimeOffset? MonitoringAt,
    DateTimeOffset? ResolvedAt,
    [property: OneOf(typeof(Indicator))] string Impact,
    string Shortlink,
    DateTimeOffset StartedAt,
    string PageId,
    IReadOnlyList<EntryShape> IncidentUpdates,
    IReadOnlyList<ComponentShape> Components,
    string? ReminderIntervals,
    DateTimeOffset ScheduledFor,
    DateTimeOffset ScheduledUntil
) : Shape;

public sealed record SummaryAnswer(
    PageShape Page,
    StatusShape Status,
    IReadOnlyList<ComponentShape> Components,
    IReadOnlyList<IncidentShape> Incidents,
    IReadOnlyList<MaintenanceShape> ScheduledMaintenances
) : Shape;

public sealed record StatusAnswer(PageShape Page, StatusShape Status) : Shape;

public sealed record ComponentsAnswer(PageShape Page, IReadOnlyList<ComponentShape> Components) : Shape;

public sealed record IncidentsAnswer(PageShape Page, IReadOnlyList<IncidentShape> Incidents) : Shape;

public sealed record MaintenancesAnswer(PageShape Page, IReadOnlyList<MaintenanceShape> ScheduledMaintenances) : Shape;

/// <summary>A component as the manage API has it.</summary>
public sealed record ManagedComponent : ComponentShape
{
    public ManagedComponent(ComponentShape from)
        : base(from) { }

    /// <summary>An address that sets the state by mail; there is none here.</summary>
    public string? AutomationEmail => null;
}

/// <summary>An update of an incident or of a maintenance, as the manage API and the webhooks have it.</summary>
public sealed record ManagedUpdate(
    string Id,
    [property: OneOf(typeof(Phase), typeof(MaintenancePhase))] string Status,
    string Body,
    string IncidentId,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    DateTimeOffset DisplayAt,
    IReadOnlyList<AffectedShape>? AffectedComponents,
    bool DeliverNotifications,
    string? CustomTweet,
    long? TweetId,
    bool WantsTwitterUpdate,
    DateTimeOffset? TwitterUpdatedAt,
    string? ImpactSummary,
    string? TeamStatus,
    DateTimeOffset? NextUpdateAt
) : Shape;

/// <summary>An incident or a maintenance, as the manage API and the webhooks have it: a maintenance is one with <c>scheduled_for</c>.</summary>
public record ManagedIncident : Shape
{
    public static readonly JsonElement NoMetadata = JsonElement.Parse("{}");

    [JsonPropertyOrder(-2)]
    public required string Id { get; init; }

    [JsonPropertyOrder(-2)]
    public required string Name { get; init; }

    [JsonPropertyOrder(-2), OneOf(typeof(Phase), typeof(MaintenancePhase))]
    public required string Status { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }
    public required DateTimeOffset? MonitoringAt { get; init; }
    public required DateTimeOffset? ResolvedAt { get; init; }

    [OneOf(typeof(Indicator))]
    public required string Impact { get; init; }

    [OneOf(typeof(Impact))]
    public string? ImpactOverride { get; init; }
    public required string Shortlink { get; init; }
    public required DateTimeOffset StartedAt { get; init; }
    public required string PageId { get; init; }

    /// <summary>Newest first.</summary>
    public required IReadOnlyList<ManagedUpdate> IncidentUpdates { get; init; }
    public required IReadOnlyList<ManagedComponent> Components { get; init; }

    /// <summary>Objects under names, kept for the program that wrote them; the public does not see them.</summary>
    public JsonElement Metadata { get; init; } = NoMetadata;
    public string? PostmortemBody { get; init; }
    public DateTimeOffset? PostmortemBodyLastUpdatedAt { get; init; }
    public bool PostmortemIgnored { get; init; }
    public bool PostmortemNotifiedSubscribers { get; init; }
    public bool PostmortemNotifiedTwitter { get; init; }
    public DateTimeOffset? PostmortemPublishedAt { get; init; }
    public bool Backfilled { get; init; }
    public DateTimeOffset? ScheduledFor { get; init; }
    public DateTimeOffset? ScheduledUntil { get; init; }
    public bool ScheduledRemindPrior { get; init; }
    public DateTimeOffset? ScheduledRemindedAt { get; init; }
    public bool ScheduledAutoInProgress { get; init; }
    public bool ScheduledAutoCompleted { get; init; }
    public bool AutoTransitionToMaintenanceState { get; init; }
    public bool AutoTransitionToOperationalState { get; init; }
    public bool AutoTransitionDeliverNotificationsAtStart { get; init; }
    public bool AutoTransitionDeliverNotificationsAtEnd { get; init; }

    /// <summary>Seconds, as a list; nobody is reminded at intervals here.</summary>
    public string? ReminderIntervals => null;

    [OneOf(typeof(Severity))]
    public string? Severity { get; init; }

    /// <summary>As the newest update says.</summary>
    public string? ImpactSummary { get; init; }

    /// <summary>As the newest update says.</summary>
    public string? TeamStatus { get; init; }

    /// <summary>By when the next update was promised.</summary>
    public DateTimeOffset? NextUpdateAt { get; init; }

    /// <summary>When a maintenance was called off.</summary>
    public DateTimeOffset? CancelledAt { get; init; }

    /// <summary>When an incident was taken back as a whole; Statuspage has no status for that, so it is resolved.</summary>
    public DateTimeOffset? WithdrawnAt { get; init; }

    /// <summary>What was left aside of the request, in sentences.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Notes { get; init; }
}

/// <summary><c>/incidents/{code}.json</c>.</summary>
public sealed record IncidentDocument : ManagedIncident
{
    [SetsRequiredMembers]
    public IncidentDocument(ManagedIncident from)
        : base(from) { }

    public string Code => Id;
}

/// <summary><c>/incidents/{code}.json</c> of a maintenance.</summary>
public sealed record MaintenanceDocument : MaintenanceShape
{
    public MaintenanceDocument(MaintenanceShape from)
        : base(from) { }

    public string Code => Id;
}

/// <summary>Times as Statuspage writes them: UTC, with milliseconds.</summary>
public sealed class InstantConverter : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDateTimeOffset();

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) => writer.WriteStringValue(Text(value));

    public static string Text(DateTimeOffset instant) =>
        instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture);
}
