using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using StatusPage.Domain.Channels;
using StatusPage.Domain.Deliveries;

namespace StatusPage.Web.Channels;

/// <summary>Mastodon: <c>POST /api/v1/statuses</c> (described at docs.joinmastodon.org/methods/statuses).</summary>
public sealed class Mastodon(OutboundHttp http, TimeProvider time) : IAccountService
{
    public const string Token = "token";

    public Channel Channel => Channel.Mastodon;

    public string TextOf(News news) => news.Post.Write(WeightedText.MastodonLimit, WeightedText.OnMastodon);

    public async Task<SendResult> PostAsync(Posting posting)
    {
        var status = new JsonObject { ["status"] = TextOf(posting.News), ["visibility"] = "public" };
        if (posting.Thread is { } thread)
            status["in_reply_to_id"] = thread.Parent;
        using var request = new HttpRequestMessage(HttpMethod.Post, posting.Account.Address("/api/v1/statuses")) { Content = JsonContent.Create(status) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", posting.Account.Secret(Token));
        // Mastodon remembers the key for an hour: a post that is sent again under the same key is the same post.
        request.Headers.Add("Idempotency-Key", posting.Key);
        var reply = await http.SendAsync(Channel, request);
        return reply.IsGood ? new SendResult.Sent(reply.Text("id")) : reply.Failed(time.GetUtcNow(), reply.Text("error"));
    }
}
