using System.Net.Http.Headers;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Channels;
using StatusPage.Domain.Deliveries;
using StatusPage.Domain.Readers;
using StatusPage.Domain.Subscriptions;
using StatusPage.Web.Data;
using StatusPage.Web.Deliveries;
using StatusPage.Web.Hosting;
using StatusPage.Web.Incidents;
using StatusPage.Web.Maintenances;
using StatusPage.Web.Readers;
using StatusPage.Web.Snapshot;

namespace StatusPage.Web.Channels;

/// <summary>Sends claimed rows to subscribers' own endpoints: signed to programs, and to chat channels in their service's form.</summary>
public sealed partial class WebhookSender(
    IServiceScopeFactory scopes,
    OutboundHttp http,
    ChatPosts chats,
    PublicAddresses addresses,
    TimeProvider time,
    ILogger<WebhookSender> logger
) : IChannelSender
{
    private readonly PreparedMessages<PreparedWebhook> _kept = new();
    private readonly ChatPosts _chats = chats;

    public Channel Channel => Channel.Webhook;

    /// <summary>Some endpoints take all of their thirty seconds; the others do not wait for them.</summary>
    public int AtOnce => 16;

    public async Task<ISending> BeginAsync(IReadOnlyList<Claim> claims, CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<StatusDb>();
        var ids = claims.Select(claim => claim.RecipientId.AsSubscriber).Distinct().ToList();
        var recipients = await db.Subscribers.AsNoTracking().Where(row => ids.Contains(row.Id)).ToDictionaryAsync(row => row.Id, cancel);
        var toChats = claims.ToLookup(claim => recipients.GetValueOrDefault(claim.RecipientId.AsSubscriber)?.Chat is not null);
        var told = new Dictionary<AnnouncementId, ChatNews>();
        foreach (var id in toChats[true].Select(claim => claim.AnnouncementId).Distinct())
            told[id] = await ReadAsync(db, id, cancel);
        var prepared = new Dictionary<AnnouncementId, PreparedWebhook>();
        foreach (var id in toChats[false].Select(claim => claim.AnnouncementId).Distinct())
        {
            var message = await _kept.FindAsync(db, id, cancel) ?? await PrepareAsync(db, id, cancel);
            prepared[id] = message;
            if (message is { Payload: not null, IsKept: true })
                _kept.Keep(id, message.Told, message);
        }
        return new Sending(this, prepared, told, recipients, await db.AccessAsync(claims.Select(claim => claim.AnnouncementId), cancel));
    }

    private async Task<ChatNews> ReadAsync(StatusDb db, AnnouncementId id, CancellationToken cancel)
    {
        var announcement = await db.Announcements.AsNoTracking().FirstAsync(row => row.Id == id, cancel);
        var page = await db.Pages.AsNoTracking().FirstAsync(row => row.Id == announcement.PageId, cancel);
        return new(announcement.Kind, page, announcement.Kind.IsNews() ? await db.ReadNewsAsync(id, addresses, cancel) : null);
    }

    private async Task<PreparedWebhook> PrepareAsync(StatusDb db, AnnouncementId id, CancellationToken cancel)
    {
        var announcement = await db.Announcements.AsNoTracking().FirstAsync(row => row.Id == id, cancel);
        var page = await db.Pages.AsNoTracking().FirstAsync(row => row.Id == announcement.PageId, cancel);
        var snapshot = await db.ReadSnapshotAsync(page.Id, time.GetUtcNow(), cancel, leftOut: (row, why) => Log.LeftOut(logger, row, why));
        if (announcement.Kind == AnnouncementKind.ComponentChange)
        {
            var component = snapshot.Components.FirstOrDefault(row => announcement.ComponentIds.Contains(row.Id));
            return new(
                announcement.Kind,
                page.LinkKey,
                null,
                component is null ? null : WebhookPayload.OfComponent(snapshot, component, announcement, addresses.Of(page.Location), time.GetUtcNow())
            );
        }
        if (announcement.Kind.IsMaintenance())
            return new(
                announcement.Kind,
                page.LinkKey,
                null,
                await db.ToldOfMaintenanceAsync(announcement, cancel) is { } planned
                    ? WebhookPayload.OfMaintenance(snapshot, planned, addresses.Of(page.Location), time.GetUtcNow())
                    : null,
                IsKept: false
            );
        return await db.ToldAsync(announcement, cancel) is { } told
            ? new(
                announcement.Kind,
                page.LinkKey,
                (told.Incident.Id, told.Incident.Version),
                WebhookPayload.OfUpdate(snapshot, told.Incident, told.Update, addresses.Of(page.Location), time.GetUtcNow())
            )
            : new(announcement.Kind, page.LinkKey, null, null);
    }

    private async Task<SendResult> SendAsync(Subscriber recipient, AnnouncementId announcement, PreparedWebhook message)
    {
        var now = time.GetUtcNow();
        var body = message.Payload!.For(recipient.Id, message.LinkKey);
        using var request = new HttpRequestMessage(HttpMethod.Post, recipient.Endpoint) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json") { CharSet = "utf-8" };
        request.Headers.Add("StatusPage-Signature", WebhookSecret.Sign(WebhookSecret.For(recipient.Id, message.LinkKey), now, body));
        request.Headers.Add("StatusPage-Delivery", $"{announcement}.{recipient.Id}");
        var reply = await http.SendAsync(Channel, request);
        if (reply.IsGood)
            return SendResult.Ok;
        // RFC 9110, section 15.5.11: gone for good.
        return reply.Failed(time.GetUtcNow(), isGone: reply.Status == 410);
    }

    private static partial class Log
    {
        [LoggerMessage(214, LogLevel.Error, "{Row} cannot be read and is left out of a webhook.")]
        public static partial void LeftOut(ILogger logger, string row, Exception why);
    }

    /// <param name="IsKept">False for a maintenance, which is read again for each batch, as it may be cancelled meanwhile.</param>
    /// <param name="Payload">Null when its subject was deleted.</param>
    private sealed record PreparedWebhook(
        AnnouncementKind Kind,
        byte[] LinkKey,
        (IncidentId Id, int Version)? Told,
        WebhookPayload? Payload,
        bool IsKept = true
    );

    private sealed class Sending(
        WebhookSender sender,
        IReadOnlyDictionary<AnnouncementId, PreparedWebhook> prepared,
        IReadOnlyDictionary<AnnouncementId, ChatNews> told,
        IReadOnlyDictionary<SubscriberId, Subscriber> recipients,
        IReadOnlyDictionary<AnnouncementId, AccessRule> access
    ) : ISending
    {
        public async Task<SendResult> SendAsync(Claim claim)
        {
            var recipient = recipients.GetValueOrDefault(claim.RecipientId.AsSubscriber);
            var unread = recipient is null ? null : access.GetValueOrDefault(claim.AnnouncementId)?.Objection(recipient);
            if (told.TryGetValue(claim.AnnouncementId, out var news) && recipient?.Chat is not null)
                return DeliveryRule.Objection(Channel.Webhook, news.Kind, news.News is not null || !news.Kind.IsNews(), recipient.State, unread) is { } refused
                    ? refused
                    : await sender._chats.SendAsync(recipient, news);
            var message = prepared[claim.AnnouncementId];
            return DeliveryRule.Objection(Channel.Webhook, message.Kind, message.Payload is not null, recipient?.State, unread) is { } objection
                ? objection
                : await sender.SendAsync(recipient!, claim.AnnouncementId, message);
        }
    }
}
