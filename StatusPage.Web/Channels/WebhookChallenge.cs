using System.Buffers.Text;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using StatusPage.Domain.Deliveries;
using StatusPage.Domain.Subscriptions;

namespace StatusPage.Web.Channels;

/// <summary>
/// An endpoint proves that it wants to be told: it is asked with something that nobody can guess, and answers with it. The question is signed with the secret of
/// this request, so an endpoint that looks at the signature answers to nobody but its owner.
/// </summary>
public sealed class WebhookChallenge(OutboundHttp http, TimeProvider time)
{
    /// <summary>In place of an incident: what a receiver goes by.</summary>
    public const string Type = "challenge";

    private const int Bytes = 24;

    /// <returns>Null when it answered; else why that does not count, in words for its owner.</returns>
    public async Task<string?> AskAsync(Subscriber subscriber, byte[] linkKey)
    {
        var challenge = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes));
        var body = JsonSerializer.SerializeToUtf8Bytes(new { type = Type, challenge });
        using var request = new HttpRequestMessage(HttpMethod.Post, subscriber.Endpoint) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json") { CharSet = "utf-8" };
        request.Headers.Add("StatusPage-Signature", WebhookSecret.Sign(WebhookSecret.For(subscriber.Id, linkKey), time.GetUtcNow(), body));
        request.Headers.Add("StatusPage-Delivery", $"{Type}.{subscriber.Id}");
        var reply = await http.SendAsync(Domain.Channels.Channel.Webhook, request);
        if (!reply.IsGood)
            return ReasonOf(reply.Failed(time.GetUtcNow()));
        return reply.Text("challenge") == challenge || reply.Body.Trim() == challenge
            ? null
            : $"{reply.Host} answered {reply.Status}, but not with the challenge.";
    }

    private static string ReasonOf(SendResult failure) =>
        failure switch
        {
            SendResult.TryAgain result => result.Reason,
            SendResult.Postpone result => result.Reason,
            SendResult.GiveUp result => result.Reason,
            SendResult.Suppress result => result.Reason,
            _ => throw new InvalidOperationException($"{failure} is no failure."),
        };
}
