using StatusPage.Domain.Channels;
using StatusPage.Domain.Components;
using StatusPage.Domain.Incidents;
using StatusPage.Domain.Maintenances;

namespace StatusPage.Domain.Deliveries;

public enum AnnouncementKind
{
    /// <summary>An incident update, to all who want it.</summary>
    IncidentUpdate,

    /// <summary>"Please confirm", to one subscriber.</summary>
    Confirmation,

    /// <summary>"You are subscribed already; here is your link", to one subscriber.</summary>
    AlreadySubscribed,

    /// <summary>A component changed its state without an incident; for webhooks.</summary>
    ComponentChange,

    /// <summary>"Your webhook does not answer, so we stopped", to the address that came with it.</summary>
    WebhookStopped,

    /// <summary>News of a maintenance, to all who want it.</summary>
    MaintenanceUpdate,

    /// <summary>A maintenance is near.</summary>
    MaintenanceReminder,

    /// <summary>The postmortem of an incident was published, to all who want news of it.</summary>
    Postmortem,
}

public static class AnnouncementKinds
{
    /// <summary>Whether it goes to everybody who wants it, rather than to one person.</summary>
    public static bool IsNews(this AnnouncementKind kind) => kind.IsOfIncident() || kind.IsMaintenance();

    /// <summary>Whether the page's own accounts post it, on social networks and in chats.</summary>
    public static bool IsPosted(this AnnouncementKind kind) => kind is AnnouncementKind.IncidentUpdate || kind.IsMaintenance();

    public static bool IsOfIncident(this AnnouncementKind kind) => kind is AnnouncementKind.IncidentUpdate or AnnouncementKind.Postmortem;

    public static bool IsMaintenance(this AnnouncementKind kind) => kind is AnnouncementKind.MaintenanceUpdate or AnnouncementKind.MaintenanceReminder;
}

/// <summary>The order to tell people something, written in the transaction of the change it tells of.</summary>
public sealed class Announcement
{
    private Announcement() { }

    public AnnouncementId Id { get; private init; }
    public PageId PageId { get; private init; }
    public AnnouncementKind Kind { get; private init; }
    public IncidentId? IncidentId { get; private init; }
    public UpdateId? UpdateId { get; private init; }

    /// <summary>The group that is told, in its own wording; null for the public.</summary>
    public AudienceId? AudienceId { get; private init; }

    /// <summary>The channels on which it goes out.</summary>
    public ChannelSet Channels { get; private init; } = ChannelSet.All;

    /// <summary>Whether it tells that an update was corrected.</summary>
    public bool IsCorrection { get; private init; }

    /// <summary>The maintenance, and what is told of it.</summary>
    public MaintenanceId? MaintenanceId { get; private init; }
    public MaintenanceEvent? Event { get; private init; }

    /// <summary>A unique key for what the clock triggers, so that only one of several nodes tells it.</summary>
    public string? Key { get; private init; }

    /// <summary>The only recipient, if there is only one.</summary>
    public SubscriberId? SubscriberId { get; private init; }

    /// <summary>The components that decide who receives it.</summary>
    public IReadOnlyList<ComponentId> ComponentIds { get; private init; } = [];

    /// <summary>For a <see cref="AnnouncementKind.ComponentChange"/>.</summary>
    public ComponentStatus? OldStatus { get; private init; }
    public ComponentStatus? NewStatus { get; private init; }
    public DateTimeOffset CreatedAt { get; private init; }

    /// <summary>The last subscriber whose row was written; null before the first.</summary>
    public SubscriberId? FannedOutTo { get; private set; }

    /// <summary>When every ledger row for it was written; null until then.</summary>
    public DateTimeOffset? FannedOutAt { get; private set; }

    /// <summary>When its deliveries were counted and deleted; null while each of them is kept.</summary>
    public DateTimeOffset? CountedAt { get; private set; }

    /// <summary>One for the public and one for each group that an update addresses; none for an update that was posted silently.</summary>
    public static IEnumerable<Announcement> Of(Incident incident, IncidentUpdate update)
    {
        if (!update.Notifies)
            return [];
        IEnumerable<AudienceId?> told = update.IsPublic ? [null, .. update.AudienceIds] : [.. update.AudienceIds];
        return told.Select(audience => Of(incident, update, audience, update.PostedAt, isCorrection: false));
    }

    /// <summary>Goes to those who were told of the update before.</summary>
    public static IEnumerable<Announcement> OfCorrection(Incident incident, IncidentUpdate update, DateTimeOffset now) =>
        Of(incident, update)
            .Where(first => update.For(first.AudienceId).CorrectedAt == now)
            .Select(first => Of(incident, update, first.AudienceId, now, isCorrection: true));

    private static Announcement Of(Incident incident, IncidentUpdate update, AudienceId? audience, DateTimeOffset at, bool isCorrection) =>
        new()
        {
            Id = AnnouncementId.New(),
            PageId = incident.PageId,
            Kind = AnnouncementKind.IncidentUpdate,
            IncidentId = incident.Id,
            UpdateId = update.Id,
            ComponentIds = [.. incident.ComponentIds],
            AudienceId = audience,
            Channels = update.Channels,
            IsCorrection = isCorrection,
            CreatedAt = at,
        };

    /// <summary>Tells the subscribers of an incident that its postmortem is published. The page's own accounts do not post it.</summary>
    public static Announcement OfPostmortem(Incident incident, DateTimeOffset now) =>
        new()
        {
            Id = AnnouncementId.New(),
            PageId = incident.PageId,
            Kind = AnnouncementKind.Postmortem,
            IncidentId = incident.Id,
            ComponentIds = [.. incident.ComponentIds],
            CreatedAt = now,
        };

    /// <param name="post">With <see cref="MaintenanceEvent.Posted"/>.</param>
    public static Announcement Of(Maintenance maintenance, MaintenanceEvent told, DateTimeOffset now, MaintenancePost? post = null, string? key = null) =>
        new()
        {
            Id = AnnouncementId.New(),
            PageId = maintenance.PageId,
            Kind = told == MaintenanceEvent.Reminder ? AnnouncementKind.MaintenanceReminder : AnnouncementKind.MaintenanceUpdate,
            MaintenanceId = maintenance.Id,
            Event = told,
            UpdateId = post?.Id,
            Key = key,
            ComponentIds = maintenance.ComponentIds,
            CreatedAt = now,
        };

    public static Announcement Of(Component component, ComponentStatus before, ComponentStatus after, DateTimeOffset now) =>
        new()
        {
            Id = AnnouncementId.New(),
            PageId = component.PageId,
            Kind = AnnouncementKind.ComponentChange,
            ComponentIds = [component.Id],
            OldStatus = before,
            NewStatus = after,
            CreatedAt = now,
        };

    public static Announcement To(Subscriptions.Subscriber subscriber, AnnouncementKind kind, DateTimeOffset now, IncidentId? about = null) =>
        new()
        {
            Id = AnnouncementId.New(),
            PageId = subscriber.PageId,
            Kind = kind,
            SubscriberId = subscriber.Id,
            // By mail, to whom has an address.
            Channels = ChannelSet.Of([subscriber.Email is null ? subscriber.Channel : Channel.Email]),
            IncidentId = about,
            CreatedAt = now,
        };
}
