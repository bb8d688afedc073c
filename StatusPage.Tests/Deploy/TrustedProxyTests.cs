using System.Net;
using System.Net.Sockets;
using StatusPage.Tests.Host;

namespace StatusPage.Tests.Deploy;

/// <summary>Which proxies are believed about a visitor's address. Loopback has many addresses; 127.0.0.1 is the proxy here, 127.0.0.2 is not.</summary>
public sealed class TrustedProxyTests : IAsyncLifetime
{
    private const int PerMinute = 2;
    private const string Proxy = "127.0.0.1";
    private const string Stranger = "127.0.0.2";

    private AppHost _app = null!;

    public async ValueTask InitializeAsync() => _app = await AppHost.StartAsync("--TrustedProxies", Proxy, "--Limits:SignInsPerMinute", $"{PerMinute}");

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task The_limit_counts_each_visitor_that_a_trusted_proxy_names()
    {
        await UseUpAsync(Proxy, "203.0.113.1");
        Assert.Equal(HttpStatusCode.TooManyRequests, await SignInAsync(Proxy, "203.0.113.1"));
        Assert.NotEqual(HttpStatusCode.TooManyRequests, await SignInAsync(Proxy, "203.0.113.2"));
    }

    [Fact]
    public async Task A_stranger_cannot_hide_behind_names_of_others()
    {
        await UseUpAsync(Stranger, "203.0.113.3");
        Assert.Equal(HttpStatusCode.TooManyRequests, await SignInAsync(Stranger, "203.0.113.4"));
    }

    [Fact]
    public async Task What_a_visitor_claims_before_the_proxy_adds_his_address_does_not_count()
    {
        await UseUpAsync(Proxy, "198.51.100.1, 203.0.113.5");
        Assert.Equal(HttpStatusCode.TooManyRequests, await SignInAsync(Proxy, "198.51.100.2, 203.0.113.5"));
    }

    [Fact]
    public async Task Without_trusted_proxies_nobody_is_believed()
    {
        await using var app = await AppHost.StartAsync("--Limits:SignInsPerMinute", $"{PerMinute}");
        for (var attempt = 0; attempt < PerMinute; attempt++)
            await SignInAsync(Proxy, $"203.0.113.{attempt}", app);
        Assert.Equal(HttpStatusCode.TooManyRequests, await SignInAsync(Proxy, "203.0.113.9", app));
    }

    [Theory]
    [InlineData("/admin/sign-in")]
    [InlineData("/subscribe")]
    public async Task Forms_open_behind_tls_even_where_the_proxy_does_not_speak_of_it(string path)
    {
        await using var app = await AppHost.StartAsync("--PublicUrl", "https://status.example.com");
        using var answer = await app.Http.GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.All(answer.Headers.GetValues("Set-Cookie"), cookie => Assert.Contains("; secure", cookie));
    }

    private async Task UseUpAsync(string from, string visitor)
    {
        for (var attempt = 0; attempt < PerMinute; attempt++)
            Assert.NotEqual(HttpStatusCode.TooManyRequests, await SignInAsync(from, visitor));
    }

    private async Task<HttpStatusCode> SignInAsync(string from, string visitor, AppHost? app = null)
    {
        using var http = new HttpClient(
            new SocketsHttpHandler { AllowAutoRedirect = false, ConnectCallback = (context, cancel) => ConnectAsync(from, context, cancel) }
        );
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri((app ?? _app).BaseAddress, "/admin/sign-in"))
        {
            Content = new FormUrlEncodedContent([]),
        };
        request.Headers.Add("X-Forwarded-For", visitor);
        using var answer = await http.SendAsync(request);
        return answer.StatusCode;
    }

    private static async ValueTask<Stream> ConnectAsync(string from, SocketsHttpConnectionContext context, CancellationToken cancel)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Parse(from), 0));
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, context.DnsEndPoint.Port), cancel);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
