using System.ComponentModel;
using System.Text.Json;
using StatusPage.Domain.Components;
using StatusPage.Domain.Incidents;
using StatusPage.Domain.Maintenances;
using StatusPage.Domain.Postmortems;

namespace StatusPage.Web.StatusApi;

// The bodies that programs may send, for the OpenAPI document. Body reads them field by field, so that an error names the field.

public sealed record IncidentRequest(IncidentFields Incident);

public sealed record IncidentFields
{
    [Description("Up to 255 characters; needed for a new incident.")]
    public string? Name { get; init; }

    [
        OneOf(typeof(Phase), typeof(MaintenancePhase)),
        Description(
            "Of an incident investigating, identified, monitoring, resolved; of a maintenance the others. One that it has not yet appends an update."
        )
    ]
    public string? Status { get; init; }

    [Description("Markdown, up to 25,000 characters. Appends an update. Left out, a default text says where the incident stands.")]
    public string? Body { get; init; }

    [Description("Another name of body.")]
    public string? Message { get; init; }

    [OneOf(typeof(Indicator)), Description("Left out, the worst component says it, or the severity. Of a maintenance, maintenance alone.")]
    public string? ImpactOverride { get; init; }

    [Description(
        "The state of each component touched, by its id; empty only names it. "
            + "An archived component is left out, with a word in notes. The end brings the others of the incident back to operational. "
            + "Of a maintenance: added to it, under_maintenance or operational."
    )]
    public Dictionary<string, string>? Components { get; init; }

    [Description("Components that the incident is about, without a word on their state.")]
    public IReadOnlyList<string>? ComponentIds { get; init; }

    [Description("Whether subscribers are told; true unless said otherwise.")]
    public bool? DeliverNotifications { get; init; }

    [Description("Objects under names, up to 10,000 characters of JSON.")]
    public JsonElement? Metadata { get; init; }

    [Description("With scheduled_until: makes it a maintenance.")]
    public DateTimeOffset? ScheduledFor { get; init; }
    public DateTimeOffset? ScheduledUntil { get; init; }

    [Description("A mail an hour before.")]
    public bool? ScheduledRemindPrior { get; init; }

    [Description("Whether the clock starts it.")]
    public bool? ScheduledAutoInProgress { get; init; }

    [Description("Whether the clock ends it.")]
    public bool? ScheduledAutoCompleted { get; init; }

    [OneOf(typeof(Severity))]
    public string? Severity { get; init; }

    [Description("What customers notice, in a line.")]
    public string? ImpactSummary { get; init; }

    [Description("What the team does, in a line.")]
    public string? TeamStatus { get; init; }

    [Description("By when the next update is promised; left out, after the cadence of the severity.")]
    public DateTimeOffset? NextUpdateAt { get; init; }

    [Description("When it began, in the past; its outage counts from then. Left out, it is when it is told of.")]
    public DateTimeOffset? StartedAt { get; init; }

    [Description(
        "It is over already, and goes into the history without a word to anybody: "
            + "a new incident, with backfill_date, or a maintenance whose window is over."
    )]
    public bool? Backfilled { get; init; }

    [Description("The day (2026-11-24, in the page's zone) or the time when what is backfilled began.")]
    public string? BackfillDate { get; init; }

    [Description("When what is backfilled ended; left out, when it began.")]
    public DateTimeOffset? ResolvedAt { get; init; }

    [Description("What is taken away: impact_summary, team_status, severity, impact_override. Null and empty values say nothing.")]
    public IReadOnlyList<string>? Clear { get; init; }
}

public sealed record CorrectionRequest(UpdateFields IncidentUpdate);

public sealed record UpdateFields
{
    public string? Body { get; init; }

    [Description("Another name of body.")]
    public string? Message { get; init; }

    [Description("Whether those who were told hear of the correction; false unless said otherwise.")]
    public bool? DeliverNotifications { get; init; }
    public string? ImpactSummary { get; init; }
    public string? TeamStatus { get; init; }

    [Description("What is taken away: impact_summary, team_status.")]
    public IReadOnlyList<string>? Clear { get; init; }
}

public sealed record PostmortemRequest(PostmortemFields Postmortem);

public sealed record PostmortemFields
{
    [Description("Markdown.")]
    public string? BodyDraft { get; init; }
}

public sealed record PublishRequest(PublishFields Postmortem);

public sealed record PublishFields
{
    [Description("Whether subscribers are told that it is there, once for each publication; false unless said otherwise.")]
    public bool? NotifySubscribers { get; init; }
}

public sealed record ActionItemRequest(ActionItemFields ActionItem);

public sealed record ActionItemFields
{
    [Description("What is to be done, up to 256 characters; needed for a new one.")]
    public string? Title { get; init; }

    [Description("A name or an address. Who has an account at the page is reminded. Null or empty takes it away.")]
    public string? Owner { get; init; }

    [Description("The day by which it is to be done, such as 2027-01-15. Null or empty takes it away.")]
    public string? DueOn { get; init; }

    [OneOf(typeof(ActionItemState))]
    public string? State { get; init; }

    [OneOf(typeof(ActionItemPriority))]
    public string? Priority { get; init; }

    [Description("What was learned and led to it, such as “Missing alert”. Null or empty takes it away.")]
    public string? Finding { get; init; }
}

public sealed record ComponentRequest(ComponentFields Component);

public sealed record ComponentFields
{
    [Description("Needed for a new component.")]
    public string? Name { get; init; }
    public string? Description { get; init; }

    [OneOf(typeof(ComponentStatus)), Description("Null or empty changes nothing.")]
    public string? Status { get; init; }

    [Description("Null or empty takes it out of its group.")]
    public string? GroupId { get; init; }

    [Description("The day since which it is in use, such as 2026-11-24; uptime counts from there. The day of its creation unless said otherwise.")]
    public string? StartDate { get; init; }

    [Description("Whether its uptime is public: its days and its per cent, on the page and in badges; true unless said otherwise.")]
    public bool? Showcase { get; init; }

    [Description("Whether the page lists it only while it is not operational; false unless said otherwise.")]
    public bool? OnlyShowIfDegraded { get; init; }
}

public sealed record GroupRequest(GroupFields ComponentGroup, string? Description = null);

public sealed record GroupFields
{
    [Description("Needed for a new group.")]
    public string? Name { get; init; }

    [Description("Ids of all members; others leave the group.")]
    public IReadOnlyList<string>? Components { get; init; }
}

public sealed record SubscriberRequest(SubscriberFields Subscriber);

public sealed record SubscriberFields
{
    [Description("Alone it subscribes by mail.")]
    public string? Email { get; init; }

    [Description(
        "An https address: subscribes a webhook; email is told when it fails. Without email, the address itself must answer a challenge at once."
    )]
    public string? Endpoint { get; init; }

    [Description("For keys that may publish: nobody is asked.")]
    public bool? SkipConfirmationNotification { get; init; }

    [Description("None: all.")]
    public IReadOnlyList<string>? ComponentIds { get; init; }
}

public sealed record SubscriberChange(SubscriberChoice Subscriber);

public sealed record SubscriberChoice
{
    public IReadOnlyList<string>? ComponentIds { get; init; }
}

/// <summary>For many at once: ids, or "all" with the same type and state that the list takes.</summary>
public sealed record ManySubscribers(IReadOnlyList<string> Subscribers, string? Type = null, string? State = null);

public sealed record TemplateRequest(TemplateFields Template);

public sealed record TemplateFields
{
    public string? Name { get; init; }

    [Description("Of the incident it opens; without one it is for updates.")]
    public string? Title { get; init; }
    public string? Body { get; init; }

    [OneOf(typeof(Phase))]
    public string? UpdateStatus { get; init; }
    public IReadOnlyList<string>? ComponentIds { get; init; }
}

public sealed record PageRequest(PageFields Page);

public sealed record PageFields
{
    public string? Name { get; init; }

    [Description("IANA name.")]
    public string? TimeZone { get; init; }

    [Description("Whether anybody may subscribe on the page.")]
    public bool? AllowPageSubscribers { get; init; }
}

public sealed record MetricRequest(MetricFields Metric);

public sealed record MetricFields
{
    [Description("Needed for a new metric.")]
    public string? Name { get; init; }

    [Description("Its name in the system that pushes the values; kept for programs.")]
    public string? MetricIdentifier { get; init; }

    [Description("The unit, such as ms.")]
    public string? Suffix { get; init; }

    [Description("0 to 4.")]
    public int? DecimalPlaces { get; init; }

    [Description("Whether the page shows it; true unless said otherwise.")]
    public bool? Display { get; init; }

    [Description("Where the drawn scale begins. Null: where the values ask for it.")]
    public double? YAxisMin { get; init; }

    [Description("Where the drawn scale ends. Null: where the values ask for it.")]
    public double? YAxisMax { get; init; }

    [Description("Whether the numbers of the scale are left out.")]
    public bool? YAxisHidden { get; init; }

    [Description("What it is, in a line.")]
    public string? TooltipDescription { get; init; }
}

public sealed record MetricDataRequest(MetricValueFields Data);

public sealed record MetricValueFields([property: Description("Seconds since 1970.")] long Timestamp, double Value);

public sealed record ManyMetricData([property: Description("Values by the metric's id.")] Dictionary<string, IReadOnlyList<MetricValueFields>> Data);
