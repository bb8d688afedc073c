using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using StatusPage.Domain.Channels;
using StatusPage.Domain.Deliveries;
using StatusPage.Web.StatusApi;

namespace StatusPage.Web.Channels;

/// <summary>Bluesky: an app.bsky.feed.post record in the account's repository (described at docs.bsky.app/docs/advanced-guides/posts).</summary>
public sealed class Bluesky(OutboundHttp http, TimeProvider time) : IAccountService
{
    public const string Password = "password";
    public const string DefaultAddress = "https://bsky.social";
    private const string Collection = "app.bsky.feed.post";

    /// <summary>Sessions are kept until they are refused, because only a few may be opened in five minutes. The secrets are part of the key.</summary>
    private readonly ConcurrentDictionary<string, Session> _sessions = new();

    /// <summary>A page has few accounts, but sessions of old passwords would pile up.</summary>
    private const int MostSessions = 200;

    public Channel Channel => Channel.Bluesky;

    public string TextOf(News news) => news.Post.Write(WeightedText.BlueskyLimit, WeightedText.OnBluesky);

    public async Task<SendResult> PostAsync(Posting posting)
    {
        var account = posting.Account;
        var known = _sessions.GetValueOrDefault(KeyOf(account));
        if (known is not null)
        {
            var (reply, result) = await PostAsync(posting, known);
            if (!IsRefused(reply))
                return result;
            _sessions.TryRemove(KeyOf(account), out _);
        }
        var opened = await OpenAsync(account);
        if (opened.Session is not { } session)
            return opened.Failure!;
        return (await PostAsync(posting, session)).Result;
    }

    private async Task<(Session? Session, SendResult? Failure)> OpenAsync(AccountInUse account)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, account.Address("/xrpc/com.atproto.server.createSession"))
        {
            Content = JsonContent.Create(new { identifier = account.Handle, password = account.Secret(Password) }),
        };
        var reply = await http.SendAsync(Channel, request);
        if (!reply.IsGood)
            return (null, reply.Failed(time.GetUtcNow(), Words(reply)));
        if (reply.Text("did") is not { } did || reply.Text("accessJwt") is not { } token)
            return (null, new SendResult.TryAgain($"{reply.Host} opened no session."));
        if (_sessions.Count >= MostSessions)
            _sessions.Clear();
        return (_sessions[KeyOf(account)] = new(did, token), null);
    }

    private async Task<(Reply Reply, SendResult Result)> PostAsync(Posting posting, Session session)
    {
        var account = posting.Account;
        var key = RecordKey(posting);
        if (posting.Attempt > 1)
        {
            // The previous attempt may have arrived even though its answer did not.
            var found = await GetAsync(account, session, key);
            if (found.IsGood && Sent(found) is { } there)
                return (found, there);
        }
        var text = TextOf(posting.News);
        var record = new JsonObject
        {
            ["$type"] = Collection,
            ["text"] = text,
            ["createdAt"] = InstantConverter.Text(posting.News.At),
            ["langs"] = new JsonArray("en"),
            ["facets"] = Facets(text, posting.News.Link),
        };
        if (posting.Thread is { } thread)
            record["reply"] = new JsonObject { ["root"] = Reference(thread.Root), ["parent"] = Reference(thread.Parent) };
        var body = new JsonObject
        {
            ["repo"] = session.Did,
            ["collection"] = Collection,
            ["rkey"] = key,
            ["record"] = record,
        };
        using var request = new HttpRequestMessage(HttpMethod.Post, account.Address("/xrpc/com.atproto.repo.createRecord"))
        {
            Content = JsonContent.Create(body),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", session.Token);
        var reply = await http.SendAsync(Channel, request);
        return (reply, reply.IsGood ? Sent(reply) ?? SendResult.Ok : reply.Failed(time.GetUtcNow(), Words(reply)));
    }

    private async Task<Reply> GetAsync(AccountInUse account, Session session, string key)
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Get,
            account.Address($"/xrpc/com.atproto.repo.getRecord?repo={Uri.EscapeDataString(session.Did)}&collection={Collection}&rkey={key}")
        );
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", session.Token);
        return await http.SendAsync(Channel, request);
    }

    /// <summary>A later post needs both: the record's URI and the hash of its content.</summary>
    private static SendResult.Sent? Sent(Reply reply) => reply.Text("uri") is { } uri && reply.Text("cid") is { } cid ? new($"{uri} {cid}") : null;

    private static JsonObject Reference(string remote) =>
        new()
        {
            ["uri"] = remote[..remote.IndexOf(' ', StringComparison.Ordinal)],
            ["cid"] = remote[(remote.IndexOf(' ', StringComparison.Ordinal) + 1)..],
        };

    /// <summary>Bluesky makes a link only where a facet says so, by offsets in UTF-8.</summary>
    private static JsonArray Facets(string text, string link)
    {
        var at = text.LastIndexOf(link, StringComparison.Ordinal);
        var start = Encoding.UTF8.GetByteCount(text.AsSpan(0, at));
        return new(
            new JsonObject
            {
                ["index"] = new JsonObject { ["byteStart"] = start, ["byteEnd"] = start + Encoding.UTF8.GetByteCount(link) },
                ["features"] = new JsonArray(new JsonObject { ["$type"] = "app.bsky.richtext.facet#link", ["uri"] = link }),
            }
        );
    }

    /// <summary>
    /// A TID (atproto.com/specs/tid): 53 bits of microseconds and 10 bits of a clock id. The milliseconds are the update's; the microseconds below them
    /// and the clock id come from the announcement, so that each attempt writes the same record.
    /// </summary>
    internal static string RecordKey(Posting posting)
    {
        const string alphabet = "234567abcdefghijklmnopqrstuvwxyz";
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(posting.Key));
        var micros = posting.News.At.ToUnixTimeMilliseconds() * 1000 + BitConverter.ToUInt16(hash, 0) % 1000;
        var value = ((ulong)micros & 0x1F_FFFF_FFFF_FFFF) << 10 | BitConverter.ToUInt16(hash, 2) & 0x3FFu;
        return string.Create(
            13,
            value,
            (key, rest) =>
            {
                for (var i = key.Length - 1; i >= 0; i--, rest >>= 5)
                    key[i] = alphabet[(int)(rest & 31)];
            }
        );
    }

    private static bool IsRefused(Reply reply) =>
        reply.NotReached is null && (reply.Status == 401 || (reply.Status == 400 && reply.Text("error") is "ExpiredToken" or "InvalidToken"));

    private static string? Words(Reply reply) => reply.Text("message") ?? reply.Text("error");

    private static string KeyOf(AccountInUse account) =>
        Convert.ToHexStringLower(
            SHA256.HashData(Encoding.UTF8.GetBytes($"{account.Id}|{account.BaseAddress}|{account.Handle}|{account.Secret(Password)}"))
        );

    private sealed record Session(string Did, string Token);
}
