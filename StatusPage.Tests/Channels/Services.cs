using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain.Channels;
using StatusPage.Domain.Deliveries;
using StatusPage.Tests.Host;

namespace StatusPage.Tests.Channels;

/// <summary>A page with an account on every service. One sink plays them all, and they are added through the desk's own forms.</summary>
public sealed class Services : IAsyncDisposable
{
    private int _posts;

    private Services(AppHost app, HttpSink sink, BrowserSession owner) => (App, Sink, Owner) = (app, sink, owner);

    public AppHost App { get; }
    public HttpSink Sink { get; }
    public BrowserSession Owner { get; }
    public ApiClient Api { get; private set; } = null!;

    public static Task<Services> StartAsync(params Channel[] channels) => StartAsync([], channels);

    public static async Task<Services> StartAsync(string[] args, Channel[] channels)
    {
        var sink = await HttpSink.StartAsync();
        var app = await AppHost.StartAsync([
            "--Outbound:Allow",
            "127.0.0.0/8",
            "--Push:Services",
            $"127.0.0.1:{sink.Port}",
            "--Page:TimeZone",
            "America/Los_Angeles",
            "--Page:Name",
            "Acme",
            .. Desk.Owner,
            .. args,
        ]);
        var services = new Services(app, sink, await app.SignInAsync()) { Api = await app.ApiAsync() };
        services.Play();
        foreach (var channel in channels)
            await services.AddAsync(channel, services.Sink.Url);
        return services;
    }

    public static Dictionary<string, object?> Fields(Channel channel, string url) =>
        channel switch
        {
            Channel.Slack => new() { ["Secrets[url]"] = $"{url}/slack/SECRETslackpath" },
            Channel.Teams => new() { ["Secrets[url]"] = $"{url}/teams/SECRETteamspath" },
            Channel.Discord => new() { ["Secrets[url]"] = $"{url}/discord/SECRETdiscordpath?thread_id=1" },
            Channel.X => new()
            {
                ["BaseAddress"] = url,
                ["Secrets[consumer_key]"] = "ck-SECRET-1",
                ["Secrets[consumer_secret]"] = "cs-SECRET-2",
                ["Secrets[access_token]"] = "at-SECRET-3",
                ["Secrets[access_token_secret]"] = "ats-SECRET-4",
            },
            Channel.Mastodon => new() { ["BaseAddress"] = url, ["Secrets[token]"] = "token-SECRET-5" },
            _ => new()
            {
                ["BaseAddress"] = url,
                ["Handle"] = "status.acme.example",
                ["Secrets[password]"] = "password-SECRET-6",
            },
        };

    public async Task AddAsync(Channel channel, string url)
    {
        var page = await Owner.FillInAsync($"/admin/channels/new?channel={channel.Code()}", Fields(channel, url), "main form");
        Assert.True(
            Owner.Location.AbsolutePath.StartsWith("/admin/channels/", StringComparison.Ordinal) && page.QuerySelector(".done") is not null,
            page.Body!.TextContent
        );
    }

    public Task<ChannelAccount> AccountAsync(Channel channel) =>
        App.InStoreAsync(db => db.ChannelAccounts.AsNoTracking().FirstAsync(row => row.Channel == channel));

    public Task<Delivery> DeliveryAsync(Channel channel, string what, Func<Delivery, bool> condition) =>
        Eventually.GetAsync(
            what,
            () =>
                App.InStoreAsync(async db =>
                    (
                        await db.Deliveries.AsNoTracking().Where(row => row.Channel == channel).OrderByDescending(row => row.Id).ToListAsync()
                    ).FirstOrDefault(condition)
                )
        );

    /// <summary>Makes deliveries that wait for a later attempt due now.</summary>
    public Task<int> HastenAsync() =>
        App.InStoreAsync(db =>
            db.Deliveries.Where(row => row.State == DeliveryState.Queued)
                .ExecuteUpdateAsync(set => set.SetProperty(row => row.NextAttemptAt, DateTimeOffset.UtcNow.AddSeconds(-1)))
        );

    public Task<ApiAnswer> OpenAsync(string body = "We are **investigating** elevated error rates on our API.") =>
        Api.OpenIncidentAsync(
            new
            {
                name = "Elevated <error> rates & more",
                body,
                severity = "SEV2",
                impact_summary = "~15% of requests failing",
                team_status = "Working on identifying root cause",
                next_update_at = DateTimeOffset.UtcNow.AddMinutes(30),
            }
        );

    public async ValueTask DisposeAsync()
    {
        Api.Dispose();
        Owner.Dispose();
        await Sink.DisposeAsync();
        await App.DisposeAsync();
    }

    private void Play()
    {
        Sink.Always("/discord/SECRETdiscordpath", _ => new(200, """{"id": "9001"}"""));
        Sink.Always("/2/tweets", _ => new(201, $$$"""{"data": {"id": "{{{Interlocked.Increment(ref _posts)}}}", "text": "…"}}"""));
        Sink.Always("/api/v1/statuses", request => new(200, $$"""{"id": "{{request.Header("Idempotency-Key")}}"}"""));
        Sink.Always(
            "/xrpc/com.atproto.server.createSession",
            _ => new(200, """{"did": "did:plc:acme", "accessJwt": "jwt-SECRET-7", "refreshJwt": "r"}""")
        );
        Sink.Always("/xrpc/com.atproto.repo.getRecord", request => new(400, """{"error": "RecordNotFound"}"""));
        Sink.Always(
            "/xrpc/com.atproto.repo.createRecord",
            request =>
                new(
                    200,
                    $$"""{"uri": "at://did:plc:acme/app.bsky.feed.post/{{request.Json.GetProperty("rkey").GetString()}}","""
                        + $$""" "cid": "cid{{request.Json.GetProperty("rkey").GetString()}}"}"""
                )
        );
    }

    /// <summary>OAuth 1.0a (RFC 5849), implemented a second time: section 3.4.1 for the signed text, section 3.4.2 for HMAC-SHA1.</summary>
    public static void CheckOAuth(ReceivedRequest request, string url)
    {
        var header = request.Header("Authorization")!;
        Assert.StartsWith("OAuth ", header, StringComparison.Ordinal);
        var values = header[6..]
            .Split(',')
            .Select(part => part.Trim().Split('=', 2))
            .ToDictionary(pair => Uri.UnescapeDataString(pair[0]), pair => Uri.UnescapeDataString(pair[1].Trim('"')));
        Assert.Equal(
            ("ck-SECRET-1", "at-SECRET-3", "HMAC-SHA1", "1.0"),
            (values["oauth_consumer_key"], values["oauth_token"], values["oauth_signature_method"], values["oauth_version"])
        );
        var parameters = string.Join(
            '&',
            values
                .Where(pair => pair.Key.StartsWith("oauth_", StringComparison.Ordinal) && pair.Key != "oauth_signature")
                .OrderBy(pair => pair.Key, StringComparer.Ordinal)
                .Select(pair => $"{Uri.EscapeDataString(pair.Key)}={Uri.EscapeDataString(pair.Value)}")
        );
        var signed = $"{request.Method}&{Uri.EscapeDataString(url)}&{Uri.EscapeDataString(parameters)}";
#pragma warning disable CA5350 // The signature that X asks for.
        var expected = Convert.ToBase64String(HMACSHA1.HashData(Encoding.ASCII.GetBytes("cs-SECRET-2&ats-SECRET-4"), Encoding.ASCII.GetBytes(signed)));
#pragma warning restore CA5350
        Assert.Equal(expected, values["oauth_signature"]);
    }
}
