using System.Text.Json.Serialization;

namespace StatusPage.Web.StatusApi;

// The answers of the manage API alone.

/// <summary>Why it was refused, under the two names that Statuspage's clients look for.</summary>
public sealed record ErrorShape(string Message, string Error) : Shape;

/// <param name="Headline">Pages have none here.</param>
/// <param name="Subdomain">The first part of the page's path or host name, else made of its name: clients want one.</param>
/// <param name="SupportUrl">Pages have none here.</param>
/// <param name="Domain">A host name of its own.</param>
public sealed record ManagedPage(
    string Id,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    string Name,
    string? PageDescription,
    string? Headline,
    string Url,
    string Subdomain,
    string? Domain,
    string? SupportUrl,
    string TimeZone,
    bool AllowPageSubscribers,
    bool AllowIncidentSubscribers,
    bool AllowEmailSubscribers,
    bool AllowSmsSubscribers,
    bool AllowRssAtomFeeds,
    bool AllowWebhookSubscribers
) : Shape;

public sealed record GroupShape(
    string Id,
    string PageId,
    string Name,
    string? Description,
    IReadOnlyList<string> Components,
    int Position,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt
) : Shape;

/// <summary>The events that took a component down within the range.</summary>
public sealed record RelatedEvents(IReadOnlyList<string> Incidents, IReadOnlyList<string> Maintenances) : Shape;

/// <param name="UptimePercentage">1 - (major outage + the page's share of partial outage) / the range, in per cent; null for what exists for less than 24
/// hours.</param>
/// <param name="MajorOutage">Seconds.</param>
/// <param name="PartialOutage">Seconds.</param>
public sealed record UptimeShape(
    DateTimeOffset RangeStart,
    DateTimeOffset RangeEnd,
    double? UptimePercentage,
    long MajorOutage,
    long PartialOutage,
    string? Warnings,
    string Id,
    string Name,
    RelatedEvents RelatedEvents
) : Shape;

/// <param name="GroupId">Templates stand in no groups here.</param>
/// <param name="UpdateStatus">The phase it sets.</param>
public sealed record TemplateShape(
    string Id,
    string Name,
    string? Title,
    string Body,
    string? GroupId,
    string UpdateStatus,
    bool ShouldTweet,
    bool ShouldSendNotifications,
    IReadOnlyList<ManagedComponent> Components
) : Shape;

/// <param name="PreviewKey">Drafts are read at the desk.</param>
/// <param name="Body">What is published; null until then.</param>
/// <param name="Links">Where it stands in other systems, too. Ours alone.</param>
public sealed record PostmortemShape(
    string? PreviewKey,
    string IncidentId,
    string? Body,
    DateTimeOffset? BodyUpdatedAt,
    string? BodyDraft,
    DateTimeOffset? BodyDraftUpdatedAt,
    DateTimeOffset? PublishedAt,
    bool NotifySubscribers,
    bool NotifyTwitter,
    string? CustomTweet,
    bool Ignored,
    IReadOnlyList<LinkShape> Links
) : Shape;

/// <param name="QuarantinedAt">Since when it gets nothing, because mail to it came back.</param>
/// <param name="Components">Ids of those chosen; none: all.</param>
/// <param name="IncidentIds">Ids of single incidents that it follows.</param>
/// <param name="SigningSecret">Signs its requests. It is in the answer to the creation of a webhook, and nowhere else.</param>
public sealed record SubscriberShape(
    string Id,
    string PageId,
    bool SkipConfirmationNotification,
    string Mode,
    string? Email,
    string? Endpoint,
    string? PhoneNumber,
    string? PhoneCountry,
    string? DisplayPhoneNumber,
    string? ObfuscatedChannelName,
    string? WorkspaceName,
    DateTimeOffset? QuarantinedAt,
    DateTimeOffset? PurgeAt,
    IReadOnlyList<string> Components,
    string? PageAccessUserId,
    DateTimeOffset CreatedAt,
    IReadOnlyList<string> IncidentIds,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? SigningSecret = null
) : Shape;

public sealed record CountsShape(int Active, int Unconfirmed, int Quarantined, int Total) : Shape;

/// <summary>Something of each type of subscribers that Statuspage has; here they have email and webhook alone.</summary>
public sealed record TypesShape<T>(T Email, T Sms, T Webhook, T IntegrationPartner, T Slack, T Teams) : Shape;

public static class TypesShape
{
    public static readonly string[] All = ["email", "sms", "webhook", "integration_partner", "slack", "teams"];

    public static TypesShape<T> Of<T>(Func<string, T> of) => new(of(All[0]), of(All[1]), of(All[2]), of(All[3]), of(All[4]), of(All[5]));
}

/// <param name="MetricsProviderId">There are no providers here.</param>
/// <param name="MetricIdentifier">Its name in the system that pushes the values.</param>
/// <param name="Backfilled">Older values are not fetched here.</param>
/// <param name="YAxisMin">Where the drawn scale begins; null: where the values ask for it.</param>
/// <param name="YAxisMax">Where the drawn scale ends; null: where the values ask for it.</param>
/// <param name="Suffix">The unit, such as "ms".</param>
/// <param name="MostRecentDataAt">When the five minutes of the newest value begin.</param>
public sealed record MetricShape(
    string Id,
    string? MetricsProviderId,
    string? MetricIdentifier,
    string Name,
    bool Display,
    string? TooltipDescription,
    bool Backfilled,
    double? YAxisMin,
    double? YAxisMax,
    bool YAxisHidden,
    string? Suffix,
    int DecimalPlaces,
    DateTimeOffset? MostRecentDataAt,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt
) : Shape;

/// <param name="Timestamp">Seconds since 1970.</param>
public sealed record MetricValueShape(long Timestamp, double Value) : Shape;

public sealed record MetricValueAnswer(MetricValueShape Data) : Shape;

/// <summary>An object without a field.</summary>
public sealed record NothingShape : Shape;
