using StatusPage.Domain.Incidents;

namespace StatusPage.Domain.Deliveries;

public enum AnnouncementKind
{
    /// <summary>An incident update, to all who want it.</summary>
    IncidentUpdate,

    /// <summary>"Please confirm", to one subscriber.</summary>
    Confirmation,

    /// <summary>"You are subscribed already; here is your link", to one subscriber.</summary>
    AlreadySubscribed,
}

/// <summary>The order to tell people something, written in the transaction of what it tells of.</summary>
public sealed class Announcement
{
    private Announcement() { }

    public AnnouncementId Id { get; private init; }
    public PageId PageId { get; private init; }
    public AnnouncementKind Kind { get; private init; }
    public IncidentId? IncidentId { get; private init; }
    public UpdateId? UpdateId { get; private init; }

    /// <summary>The only recipient, where there is but one.</summary>
    public SubscriberId? SubscriberId { get; private init; }

    /// <summary>The components that decide who wants it.</summary>
    public IReadOnlyList<ComponentId> ComponentIds { get; private init; } = [];
    public DateTimeOffset CreatedAt { get; private init; }

    /// <summary>When every ledger row for it was written; null while that is to do.</summary>
    public DateTimeOffset? FannedOutAt { get; private set; }

    public static Announcement Of(Incident incident, IncidentUpdate update) => new()
    {
        Id = AnnouncementId.New(), PageId = incident.PageId, Kind = AnnouncementKind.IncidentUpdate, IncidentId = incident.Id,
        UpdateId = update.Id, ComponentIds = [.. incident.ComponentIds], CreatedAt = update.PostedAt,
    };

    public static Announcement To(Subscriptions.Subscriber subscriber, AnnouncementKind kind, DateTimeOffset now) => new()
    {
        Id = AnnouncementId.New(), PageId = subscriber.PageId, Kind = kind, SubscriberId = subscriber.Id, CreatedAt = now,
    };
}
