using System.Text.Encodings.Web;
using System.Text.Json;
using Lib.Net.Http.WebPush;
using Lib.Net.Http.WebPush.Authentication;
using StatusPage.Domain.Channels;
using StatusPage.Domain.Deliveries;
using StatusPage.Web.Hosting;

namespace StatusPage.Web.Channels;

/// <summary>The address of a browser, and the keys for encrypting to it.</summary>
public sealed record BrowserAddress(string Endpoint, string Key, string Secret);

/// <summary>One message to one browser through its push service (RFC 8030), encrypted for the browser (RFC 8291).</summary>
public sealed class BrowserPush(OutboundHttp http, ChannelSecrets secrets, PushServices services, Settings settings, TimeProvider time)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>What push-worker.js reads.</summary>
    public static string Payload(string title, string body, string? url, string? tag) =>
        JsonSerializer.Serialize(
            new
            {
                title,
                body,
                url,
                tag,
            },
            Json
        );

    /// <param name="topic">Lets a newer message take the place of one that was not fetched yet (RFC 8030, section 5.4).</param>
    /// <param name="timeToLive">Seconds for which the push service keeps it for a browser that is away.</param>
    /// <param name="account">The page's key pair.</param>
    public async Task<SendResult> SendAsync(
        BrowserAddress browser,
        string payload,
        string? topic,
        int timeToLive,
        PushMessageUrgency urgency,
        ChannelAccount account
    )
    {
        // An earlier release, or an earlier value of the setting, may have let this address in.
        if (services.Objection(browser.Endpoint) is { } objection)
            return new SendResult.GiveUp(objection.ToString());
        if (secrets.Read(account)?.GetValueOrDefault(PushKeys.Private) is not { } key)
            return new SendResult.OurFault("The private key for browser notifications can no longer be read.");
        var subscription = new PushSubscription { Endpoint = browser.Endpoint };
        subscription.SetKey(PushEncryptionKeyName.P256DH, browser.Key);
        subscription.SetKey(PushEncryptionKeyName.Auth, browser.Secret);
        var message = new PushMessage(payload)
        {
            Topic = topic,
            TimeToLive = timeToLive,
            Urgency = urgency,
        };
        var reply = await http.TryAsync(
            Channel.WebPush,
            new Uri(browser.Endpoint),
            async client =>
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
                    return new(
                        (int)exception.StatusCode,
                        exception.Body ?? "",
                        name => exception.Headers is null ? null : Reply.Find(exception.Headers, name)
                    );
                }
            }
        );
        if (reply.IsGood)
            return SendResult.Ok;
        // RFC 8030, section 7.3: the subscription is over.
        return reply.Failed(time.GetUtcNow(), isGone: reply.Status is 404 or 410);
    }

    /// <summary>The contact that a push service can turn to (RFC 8292, section 2.1).</summary>
    private string Subject =>
        settings.PublicUrl is { Scheme: "https" } page ? page.GetLeftPart(UriPartial.Authority) : $"mailto:{settings.MailFrom.Address}";
}
