using Lib.Net.Http.WebPush;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Channels;
using StatusPage.Domain.Deliveries;
using StatusPage.Domain.Readers;
using StatusPage.Domain.Subscriptions;
using StatusPage.Web.Data;
using StatusPage.Web.Deliveries;
using StatusPage.Web.Hosting;
using StatusPage.Web.Readers;

namespace StatusPage.Web.Channels;

/// <summary>Sends claimed rows to browsers through their push services (RFC 8030), encrypted for the browser alone (RFC 8291).</summary>
public sealed class PushSender(IServiceScopeFactory scopes, BrowserPush push, PublicAddresses addresses) : IChannelSender
{
    /// <summary>Seconds for which a push service keeps a message for a browser that is away; older news is better read on the page.</summary>
    private const int TimeToLive = 24 * 60 * 60;

    /// <summary>Characters of a body; a notification shows some 150, and 4096 bytes fit in all (RFC 8030, section 7.2).</summary>
    private const int MaxBody = 300;

    private readonly PreparedMessages<PreparedPush> _kept = new();

    public Channel Channel => Channel.WebPush;
    public int AtOnce => 16;

    public async Task<ISending> BeginAsync(IReadOnlyList<Claim> claims, CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<StatusDb>();
        var ids = claims.Select(claim => claim.RecipientId.AsSubscriber).Distinct().ToList();
        var recipients = await db.Subscribers.AsNoTracking().Where(row => ids.Contains(row.Id)).ToDictionaryAsync(row => row.Id, cancel);
        var prepared = new Dictionary<AnnouncementId, PreparedPush?>();
        foreach (var id in claims.Select(claim => claim.AnnouncementId).Distinct())
        {
            var message = await _kept.FindAsync(db, id, cancel) ?? (await db.ReadNewsAsync(id, addresses, cancel) is { } news ? Prepare(news) : null);
            prepared[id] = message;
            if (message is { Told: not null })
                _kept.Keep(id, message.Told, message);
        }
        // Each page has its own key pair, and its own switch for notifications.
        var accounts = new Dictionary<PageId, ChannelAccount>();
        foreach (var page in prepared.Values.OfType<PreparedPush>().Select(message => message.Page).Distinct())
            if (await db.FindPushAsync(page, cancel) is { IsOn: true } account)
                accounts[page] = account;
        return new Sending(this, prepared, recipients, accounts, await db.AccessAsync(prepared.Keys, cancel));
    }

    private static PreparedPush Prepare(News news)
    {
        var facts = news.NextUpdateBy is { } promise ? $"\nNext update by {promise}" : "";
        var text =
            PostText.Cut(
                news.Impact is { } impact ? $"{news.Text}\nImpact: {impact}"
                    : news.Window is { } window ? $"{window}\n{news.Text}"
                    : news.Text,
                MaxBody,
                cut => cut.Length
            ) + facts;
        var payload = BrowserPush.Payload(news.Headline, text, news.Link, news.Subject);
        return new(
            news.Page.Id,
            news.Subject,
            news.Incident is { } incident ? (incident.Id, incident.Version) : null,
            payload,
            news.IsCalm ? PushMessageUrgency.Normal : PushMessageUrgency.High
        );
    }

    private Task<SendResult> SendAsync(Subscriber browser, PreparedPush message, ChannelAccount account) =>
        push.SendAsync(
            new(browser.Endpoint!, browser.PushKey!, browser.PushSecret!),
            message.Payload,
            message.Subject,
            TimeToLive,
            message.Urgency,
            account
        );

    /// <param name="Told">Null for a maintenance, which is read again for each batch, as it may be cancelled meanwhile.</param>
    private sealed record PreparedPush(PageId Page, string Subject, (IncidentId Id, int Version)? Told, string Payload, PushMessageUrgency Urgency);

    private sealed class Sending(
        PushSender sender,
        IReadOnlyDictionary<AnnouncementId, PreparedPush?> prepared,
        IReadOnlyDictionary<SubscriberId, Subscriber> recipients,
        IReadOnlyDictionary<PageId, ChannelAccount> accounts,
        IReadOnlyDictionary<AnnouncementId, AccessRule> access
    ) : ISending
    {
        public async Task<SendResult> SendAsync(Claim claim)
        {
            var message = prepared[claim.AnnouncementId];
            var browser = recipients.GetValueOrDefault(claim.RecipientId.AsSubscriber);
            var unread = access.GetValueOrDefault(claim.AnnouncementId)?.Objection(browser?.ConfirmedAt);
            // Browsers are told nothing but news.
            if (DeliveryRule.Objection(Channel.WebPush, AnnouncementKind.IncidentUpdate, message is not null, browser?.State, unread) is { } objection)
                return objection;
            return accounts.TryGetValue(message!.Page, out var account)
                ? await sender.SendAsync(browser!, message, account)
                : new SendResult.Suppress("Browser notifications are turned off.");
        }
    }
}
