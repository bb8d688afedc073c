using System.Buffers.Text;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using StatusPage.Domain;
using StatusPage.Domain.Subscriptions;

namespace StatusPage.Web.Channels;

/// <summary>
/// Makes an endpoint prove that it wants updates: it gets a value that nobody can guess, and must answer with it. The request is signed with the secret of
/// this subscription request, so an endpoint that checks signatures answers only for its owner.
/// </summary>
public sealed class WebhookChallenge(OutboundHttp http, TimeProvider time)
{
    /// <summary>Stands in place of an incident, so that a receiver can tell.</summary>
    public const string Type = "challenge";

    private const int Bytes = 24;

    /// <returns>Null when the endpoint answered correctly; else why not, in words for its owner.</returns>
    public async Task<Sentence?> AskAsync(Subscriber subscriber, byte[] linkKey)
    {
        var challenge = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes));
        var body = JsonSerializer.SerializeToUtf8Bytes(new { type = Type, challenge });
        using var request = new HttpRequestMessage(HttpMethod.Post, subscriber.Endpoint) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json") { CharSet = "utf-8" };
        request.Headers.Add("StatusPage-Signature", WebhookSecret.Sign(WebhookSecret.For(subscriber.Id, linkKey), time.GetUtcNow(), body));
        request.Headers.Add("StatusPage-Delivery", $"{Type}.{subscriber.Id}");
        var reply = await http.SendAsync(Domain.Channels.Channel.Webhook, request);
        if (!reply.IsGood)
            return reply.Failed(time.GetUtcNow()).Reason;
        if (reply.Text("challenge") == challenge || reply.Body.Trim() == challenge)
            return null;
        return $"{reply.Host} answered {reply.Status}, but not with the challenge.";
    }
}
