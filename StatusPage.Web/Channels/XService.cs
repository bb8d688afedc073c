using System.Text.Json.Nodes;
using RestSharp;
using RestSharp.Authenticators;
using StatusPage.Domain.Channels;
using StatusPage.Domain.Deliveries;

namespace StatusPage.Web.Channels;

/// <summary>X: <c>POST /2/tweets</c>, signed with OAuth 1.0a for the account (described at docs.x.com/x-api/posts/create-post).</summary>
public sealed class XService(OutboundHttp http, TimeProvider time) : IAccountService
{
    public const string ConsumerKey = "consumer_key";
    public const string ConsumerSecret = "consumer_secret";
    public const string AccessToken = "access_token";
    public const string AccessTokenSecret = "access_token_secret";
    public const string DefaultAddress = "https://api.x.com";

    public Channel Channel => Channel.X;

    public string TextOf(News news) => news.Post.Write(WeightedText.XLimit, WeightedText.OnX);

    public async Task<SendResult> PostAsync(Posting posting)
    {
        var (account, thread) = (posting.Account, posting.Thread);
        var post = new JsonObject { ["text"] = TextOf(posting.News) };
        if (thread is not null)
            post["reply"] = new JsonObject { ["in_reply_to_tweet_id"] = thread.Parent };
        var address = account.Address("/2/tweets");
        var reply = await http.TryAsync(
            Channel,
            address,
            async client =>
            {
                var options = new RestClientOptions
                {
                    UserAgent = client.DefaultRequestHeaders.UserAgent.ToString(),
                    // RestSharp would follow redirects by itself.
                    FollowRedirects = false,
                    Authenticator = OAuth1Authenticator.ForProtectedResource(
                        account.Secret(ConsumerKey),
                        account.Secret(ConsumerSecret),
                        account.Secret(AccessToken),
                        account.Secret(AccessTokenSecret)
                    ),
                };
                using var rest = new RestClient(client, options);
                var request = new RestRequest(address, Method.Post).AddStringBody(post.ToJsonString(), ContentType.Json);
                var response = await rest.ExecuteAsync(request);
                if (response.StatusCode == 0)
                    throw response.ErrorException ?? new HttpRequestException("No answer.");
                return new((int)response.StatusCode, response.Content ?? "", name => HeaderOf(response, name));
            }
        );
        if (reply.IsGood)
            return new SendResult.Sent(reply.Text("data", "id"));
        // The previous attempt arrived even though its answer did not.
        if (posting.Attempt > 1 && reply.Status == 403 && reply.Text("detail")?.Contains("duplicate", StringComparison.OrdinalIgnoreCase) == true)
            return SendResult.Ok;
        return reply.Failed(time.GetUtcNow(), reply.Text("detail") ?? reply.Text("title"));
    }

    private static string? HeaderOf(RestResponse response, string name) =>
        response.Headers?.FirstOrDefault(header => string.Equals(header.Name, name, StringComparison.OrdinalIgnoreCase))?.Value?.ToString();
}
