using System.Text.Encodings.Web;
using System.Text.Json;
using Lib.Net.Http.WebPush;
using Lib.Net.Http.WebPush.Authentication;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Channels;
using StatusPage.Domain.Deliveries;
using StatusPage.Domain.Incidents;
using StatusPage.Domain.Subscriptions;
using StatusPage.Web.Data;
using StatusPage.Web.Deliveries;
using StatusPage.Web.Hosting;
using StatusPage.Web.Incidents;

namespace StatusPage.Web.Channels;

/// <summary>Sends claimed rows to browsers through their push services (RFC 8030), encrypted for the browser alone (RFC 8291).</summary>
public sealed class PushSender(IServiceScopeFactory scopes, OutboundHttp http, ChannelSecrets secrets, PublicAddress address, Settings settings, TimeProvider time) : IChannelSender
{
    /// <summary>Seconds for which a push service keeps a message for a browser that is away; older news is better read on the page.</summary>
    private const int TimeToLive = 24 * 60 * 60;

    /// <summary>Characters of a body; a notification shows some 150, and 4096 bytes fit in all (RFC 8030, section 7.2).</summary>
    private const int MaxBody = 300;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly KeptDrafts<Draft> _kept = new();

    public Channel Channel => Channel.WebPush;
    public int AtOnce => 16;

    public async Task<ISending> BeginAsync(IReadOnlyList<Claim> claims, CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<StatusDb>();
        var ids = claims.Select(claim => claim.RecipientId.AsSubscriber).Distinct().ToList();
        var recipients = await db.Subscribers.AsNoTracking().Where(row => ids.Contains(row.Id)).ToDictionaryAsync(row => row.Id, cancel);
        var drafts = new Dictionary<AnnouncementId, Draft?>();
        foreach (var id in claims.Select(claim => claim.AnnouncementId).Distinct())
        {
            var draft = await _kept.FindAsync(db, id, cancel) ?? (await db.ReadNewsAsync(id, address, cancel) is { } news ? DraftOf(news) : null);
            drafts[id] = draft;
            if (draft is not null) _kept.Keep(id, (draft.Incident, draft.Version), draft);
        }
        var page = drafts.Values.FirstOrDefault(draft => draft is not null)?.Page;
        var account = page is { } known ? await db.FindPushAsync(known, cancel) : null;
        return new Sending(this, drafts, recipients, account is { IsOn: true } ? account : null);
    }

    private static Draft DraftOf(News news)
    {
        var facts = news.NextUpdateBy is { } promise ? $"\nNext update by {promise}" : "";
        var text = PostText.Cut(news.Update.ImpactSummary is { } impact ? $"{news.Text}\nImpact: {impact}" : news.Text, MaxBody, cut => cut.Length) + facts;
        var payload = JsonSerializer.Serialize(new { title = news.Headline, body = text, url = news.Link, tag = news.Incident.Id.Value }, Json);
        return new(news.Page.Id, news.Incident.Id, news.Incident.Version, payload, news.Update.Phase.IsOver() ? PushMessageUrgency.Normal : PushMessageUrgency.High);
    }

    private async Task<SendResult> SendAsync(Subscriber browser, Draft draft, ChannelAccount account)
    {
        if (secrets.Read(account)?.GetValueOrDefault(PushKeys.Private) is not { } key) return new SendResult.TryAgain("The private key for browser notifications can no longer be read.");
        var subscription = new PushSubscription { Endpoint = browser.Endpoint! };
        subscription.SetKey(PushEncryptionKeyName.P256DH, browser.PushKey!);
        subscription.SetKey(PushEncryptionKeyName.Auth, browser.PushSecret!);
        // The topic lets a newer update take the place of one that was not fetched yet (RFC 8030, section 5.4).
        var message = new PushMessage(draft.Payload) { Topic = draft.Incident.Value, TimeToLive = TimeToLive, Urgency = draft.Urgency };
        var reply = await http.TryAsync(Channel, new Uri(browser.Endpoint!), async client =>
        {
            using var authentication = new VapidAuthentication(account.Handle!, key) { Subject = Subject };
            var push = new PushServiceClient(client) { AutoRetryAfter = false };
            try
            {
                await push.RequestPushMessageDeliveryAsync(subscription, message, authentication, VapidAuthenticationScheme.Vapid);
                return new(201, "", _ => null);
            }
            catch (PushServiceClientException exception)
            {
                return new((int)exception.StatusCode, exception.Body ?? "", name => exception.Headers is null ? null : Reply.Find(exception.Headers, name));
            }
        });
        if (reply.IsGood) return SendResult.Ok;
        // RFC 8030, section 7.3: the subscription is over.
        return reply.Failed(time.GetUtcNow(), isGone: reply.Status is 404 or 410);
    }

    /// <summary>Whom a push service can turn to (RFC 8292, section 2.1).</summary>
    private string Subject => settings.PublicUrl is { Scheme: "https" } page ? page.GetLeftPart(UriPartial.Authority) : $"mailto:{settings.MailFrom.Address}";

    private sealed record Draft(PageId Page, IncidentId Incident, int Version, string Payload, PushMessageUrgency Urgency);

    private sealed class Sending(PushSender sender, IReadOnlyDictionary<AnnouncementId, Draft?> drafts, IReadOnlyDictionary<SubscriberId, Subscriber> recipients, ChannelAccount? account) : ISending
    {
        public async Task<SendResult> SendAsync(Claim claim)
        {
            if (drafts[claim.AnnouncementId] is not { } draft) return new SendResult.Suppress("What it told of was deleted.");
            if (!recipients.TryGetValue(claim.RecipientId.AsSubscriber, out var browser)) return new SendResult.Suppress("The subscriber was removed.");
            if (browser.State != SubscriptionState.Confirmed) return new SendResult.Suppress("The subscription has ended.");
            return account is null ? new SendResult.Suppress("Browser notifications are turned off.") : await sender.SendAsync(browser, draft, account);
        }
    }
}
