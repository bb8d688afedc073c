using System.Buffers.Binary;
using System.Buffers.Text;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Channels;
using StatusPage.Domain.Deliveries;
using StatusPage.Domain.Subscriptions;
using StatusPage.Tests.Host;

namespace StatusPage.Tests.Channels;

/// <summary>A browser's half of a subscription, with the keys to read its messages (RFC 8291, section 3).</summary>
public sealed class PushReceiver : IDisposable
{
    private readonly ECDiffieHellman _key = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
    private readonly byte[] _secret = RandomNumberGenerator.GetBytes(16);

    private byte[] Public => Point(_key.ExportParameters(false).Q);

    public object Subscription(string endpoint, params string[] components) =>
        new
        {
            endpoint,
            keys = new { p256dh = Base64Url.EncodeToString(Public), auth = Base64Url.EncodeToString(_secret) },
            component_ids = components,
        };

    public Subscriber SubscriberOf(PageId page, string endpoint) =>
        Subscriber.ByBrowser(page, endpoint, Base64Url.EncodeToString(Public), Base64Url.EncodeToString(_secret), DateTimeOffset.UtcNow);

    public JsonElement Read(ReceivedRequest request)
    {
        Assert.Equal("aes128gcm", request.Header("Content-Encoding"));
        // RFC 8188, section 2.1: salt, record size, and the key's id, which is the sender's public key.
        var salt = request.Body[..16];
        var body = request.Body.AsSpan();
        var (size, length) = (BinaryPrimitives.ReadUInt32BigEndian(body[16..]), body[20]);
        Assert.Equal(65, length);
        var sender = body.Slice(21, length).ToArray();
        var cipher = body[(21 + length)..];
        Assert.InRange(cipher.Length, 17, (int)size);
        using var other = ECDiffieHellman.Create(
            new ECParameters
            {
                Curve = ECCurve.NamedCurves.nistP256,
                Q = new() { X = sender[1..33], Y = sender[33..] },
            }
        );
        var shared = _key.DeriveRawSecretAgreement(other.PublicKey);
        byte[] info = [.. "WebPush: info\0"u8, .. Public, .. sender];
        var material = HKDF.DeriveKey(HashAlgorithmName.SHA256, shared, 32, _secret, info);
        var key = HKDF.DeriveKey(HashAlgorithmName.SHA256, material, 16, salt, "Content-Encoding: aes128gcm\0"u8.ToArray());
        var nonce = HKDF.DeriveKey(HashAlgorithmName.SHA256, material, 12, salt, "Content-Encoding: nonce\0"u8.ToArray());
        var plain = new byte[cipher.Length - 16];
        using var aes = new AesGcm(key, 16);
        aes.Decrypt(nonce, cipher[..^16], cipher[^16..], plain);
        // The last record ends with 2 and padding.
        var end = Array.FindLastIndex(plain, value => value != 0);
        Assert.Equal(2, plain[end]);
        return JsonDocument.Parse(plain.AsMemory(0, end)).RootElement;
    }

    public static byte[] Point(ECPoint point) => [4, .. point.X!, .. point.Y!];

    public void Dispose() => _key.Dispose();
}

/// <summary>Notifications in browsers: from the owner's switch to what the browser decrypts.</summary>
public sealed class PushTests : IAsyncLifetime
{
    private readonly PushReceiver _browser = new();
    private Services _all = null!;

    public async ValueTask InitializeAsync() => _all = await Services.StartAsync();

    public async ValueTask DisposeAsync()
    {
        _browser.Dispose();
        await _all.DisposeAsync();
    }

    private string Endpoint => $"{_all.Sink.Url}/push/secret-1";

    private async Task TurnAsync(bool on)
    {
        var page = await _all.Owner.GetAsync("/admin/channels");
        page = await _all.Owner.SubmitAsync(page.Form("Push"), new { });
        Assert.Contains(on ? "on" : "off", page.QuerySelector(".done")!.TextContent, StringComparison.Ordinal);
    }

    private async Task<HttpStatusCode> PostAsync(string path, object body, string? site = "same-origin", string? origin = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        if (site is not null)
            request.Headers.Add("Sec-Fetch-Site", site);
        if (origin is not null)
            request.Headers.Add("Origin", origin);
        using var response = await _all.App.Http.SendAsync(request);
        return response.StatusCode;
    }

    private Task<Subscriber?> SubscriberAsync() =>
        _all.App.InStoreAsync(db => db.Subscribers.AsNoTracking().FirstOrDefaultAsync(row => row.Channel == Channel.WebPush));

    [Fact]
    public async Task A_browser_reads_what_was_sent_and_knows_from_whom()
    {
        await TurnAsync(true);
        Assert.Equal(HttpStatusCode.Created, await PostAsync("/subscribe/browser", _browser.Subscription(Endpoint)));
        _all.Sink.Always("/push/secret-1", _ => new(201));
        var incident = await _all.OpenAsync();
        var request = Assert.Single(await _all.Sink.WaitAsync("/push/secret-1"));
        var news = _browser.Read(request);
        Assert.Equal("[Investigating] Elevated <error> rates & more", news.GetProperty("title").GetString());
        Assert.Contains("Impact: ~15% of requests failing", news.GetProperty("body").GetString(), StringComparison.Ordinal);
        Assert.EndsWith($"/incidents/{incident.Id}", news.GetProperty("url").GetString(), StringComparison.Ordinal);
        Assert.Equal(
            (incident.Id, incident.Id, "high", "86400"),
            (news.GetProperty("tag").GetString()!, request.Header("Topic")!, request.Header("Urgency"), request.Header("TTL"))
        );
        CheckVapid(request.Header("Authorization")!, (await _all.AccountAsync(Channel.WebPush)).Handle!);
        await _all.DeliveryAsync(Channel.WebPush, "it is sent", row => row.State == DeliveryState.Sent);
    }

    /// <summary>RFC 8292, section 3: the token is signed with the key that the page gave to the browser.</summary>
    private static void CheckVapid(string header, string publicKey)
    {
        Assert.StartsWith("vapid ", header, StringComparison.Ordinal);
        var values = header[6..].Split(',').Select(part => part.Trim().Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);
        Assert.Equal(publicKey, values["k"]);
        var point = Base64Url.DecodeFromChars(publicKey);
        using var key = ECDsa.Create(
            new ECParameters
            {
                Curve = ECCurve.NamedCurves.nistP256,
                Q = new() { X = point[1..33], Y = point[33..] },
            }
        );
        var token = values["t"].Split('.');
        Assert.True(key.VerifyData(Encoding.ASCII.GetBytes($"{token[0]}.{token[1]}"), Base64Url.DecodeFromChars(token[2]), HashAlgorithmName.SHA256));
        var claims = JsonDocument.Parse(Base64Url.DecodeFromChars(token[1])).RootElement;
        // The library leaves out the port, which no push service has.
        Assert.Equal("http://127.0.0.1", claims.GetProperty("aud").GetString());
        Assert.Equal("mailto:status@localhost", claims.GetProperty("sub").GetString());
        Assert.InRange(
            claims.GetProperty("exp").GetInt64(),
            DateTimeOffset.UtcNow.ToUnixTimeSeconds(),
            DateTimeOffset.UtcNow.AddHours(24).ToUnixTimeSeconds()
        );
    }

    [Theory]
    [InlineData(404)]
    [InlineData(410)]
    public async Task A_subscription_that_is_over_at_the_push_service_is_over_here(int status)
    {
        await TurnAsync(true);
        await PostAsync("/subscribe/browser", _browser.Subscription(Endpoint));
        _all.Sink.Always("/push/secret-1", _ => new(status));
        await _all.OpenAsync();
        await Eventually.TrueAsync("it is over", async () => (await SubscriberAsync())!.State == SubscriptionState.Suppressed);
    }

    [Fact]
    public async Task Turned_off_nobody_is_told_and_nobody_can_subscribe()
    {
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await PostAsync("/subscribe/browser", _browser.Subscription(Endpoint)));
        await TurnAsync(true);
        var key = (await _all.AccountAsync(Channel.WebPush)).Handle;
        Assert.Equal(HttpStatusCode.Created, await PostAsync("/subscribe/browser", _browser.Subscription(Endpoint)));
        await TurnAsync(false);
        await _all.OpenAsync();
        Assert.Equal(
            "Browser notifications are turned off.",
            (await _all.DeliveryAsync(Channel.WebPush, "it is not sent", row => row.State == DeliveryState.Suppressed)).LastError
        );
        Assert.DoesNotContain("data-push-key", await _all.App.Http.GetStringAsync("/subscribe"), StringComparison.Ordinal);
        await TurnAsync(true);
        Assert.Equal(key, (await _all.AccountAsync(Channel.WebPush)).Handle);
    }

    [Fact]
    public async Task A_browser_chooses_components_and_can_end_and_begin_again()
    {
        await TurnAsync(true);
        var component = await _all.App.ComponentAsync();
        await PostAsync("/subscribe/browser", _browser.Subscription(Endpoint, component.Id.Value, "abcdefghijkl", "nonsense"));
        Assert.Equal([component.Id], (await SubscriberAsync())!.ComponentIds);
        Assert.Equal(HttpStatusCode.NoContent, await PostAsync("/subscribe/browser/end", new { endpoint = Endpoint }));
        Assert.Equal(SubscriptionState.Ended, (await SubscriberAsync())!.State);
        Assert.Equal(HttpStatusCode.NoContent, await PostAsync("/subscribe/browser/end", new { endpoint = "https://nobody.example/" }));
        Assert.Equal(HttpStatusCode.Created, await PostAsync("/subscribe/browser", _browser.Subscription(Endpoint)));
        var again = (await SubscriberAsync())!;
        Assert.Equal((SubscriptionState.Confirmed, true), (again.State, again.WantsEverything));
    }

    [Fact]
    public async Task Only_the_page_itself_may_ask()
    {
        await TurnAsync(true);
        var own = _all.App.BaseAddress.GetLeftPart(UriPartial.Authority);
        Assert.Equal(
            HttpStatusCode.Forbidden,
            await PostAsync("/subscribe/browser", _browser.Subscription(Endpoint), site: "cross-site", origin: "https://evil.example")
        );
        Assert.Equal(HttpStatusCode.Forbidden, await PostAsync("/subscribe/browser", _browser.Subscription(Endpoint), site: "same-site", origin: own));
        Assert.Equal(HttpStatusCode.Forbidden, await PostAsync("/subscribe/browser", _browser.Subscription(Endpoint), site: null));
        Assert.Equal(
            HttpStatusCode.Forbidden,
            await PostAsync("/subscribe/browser", _browser.Subscription(Endpoint), site: null, origin: "https://evil.example")
        );
        Assert.Equal(HttpStatusCode.Created, await PostAsync("/subscribe/browser", _browser.Subscription(Endpoint), site: null, origin: own));
    }

    [Fact]
    public async Task What_is_no_subscription_is_refused()
    {
        await TurnAsync(true);
        foreach (
            var body in new object[]
            {
                new { },
                new { endpoint = Endpoint },
                new { endpoint = "nonsense", keys = new { p256dh = "a", auth = "b" } },
                new { endpoint = Endpoint, keys = new { p256dh = "AAAA", auth = "AAAA" } },
                new { endpoint = 5 },
                new[] { 1 },
                new { endpoint = new string('x', 20_000) },
            }
        )
            Assert.Equal(HttpStatusCode.UnprocessableEntity, await PostAsync("/subscribe/browser", body));
        Assert.Null(await SubscriberAsync());
    }
}

/// <summary>The page's own script, in a real browser.</summary>
public sealed class PushBrowserTests(Browser browser) : IClassFixture<Browser>
{
    [Fact]
    public async Task The_button_is_there_where_browsers_can_and_registers_the_worker()
    {
        await using var all = await Services.StartAsync();
        var page = await browser.NewPageAsync(all.App.BaseAddress);
        await page.GotoAsync("/subscribe");
        Assert.Equal(0, await page.Locator("[data-push=start]").CountAsync());
        var list = await all.Owner.GetAsync("/admin/channels");
        await all.Owner.SubmitAsync(list.Form("Push"), new { });

        var errors = new List<string>();
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
                errors.Add(message.Text);
        };
        page.PageError += (_, error) => errors.Add(error);
        await page.Context.GrantPermissionsAsync(["notifications"]);
        await page.ReloadAsync();
        var button = page.Locator("[data-push=start]");
        await button.WaitForAsync();
        Assert.Equal("Tell me in this browser", await button.TextContentAsync());
        Assert.False(await page.Locator("[data-push=stop]").IsVisibleAsync());
        await button.ClickAsync();
        Assert.Equal(
            $"{all.App.BaseAddress}|{all.App.BaseAddress}push-worker.js",
            await page.EvaluateAsync<string>(
                "async () => { const ready = await navigator.serviceWorker.ready; return ready.scope + '|' + ready.active.scriptURL; }"
            )
        );
        // The user is told, whatever the browser's push service answers here.
        await page.WaitForFunctionAsync("() => document.querySelector('[data-push=said]').textContent.length > 0");
        // A fresh profile has no push service, which Chromium reports.
        Assert.DoesNotContain(errors, error => !error.Contains("Push API", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_scripts_the_button_is_hidden()
    {
        await using var all = await Services.StartAsync();
        var list = await all.Owner.GetAsync("/admin/channels");
        await all.Owner.SubmitAsync(list.Form("Push"), new { });
        var page = await browser.NewPageAsync(all.App.BaseAddress, scripts: false);
        await page.GotoAsync("/subscribe");
        Assert.False(await page.Locator("[data-push=start]").IsVisibleAsync());
    }
}
