using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using StatusPage.Domain.Channels;
using StatusPage.Domain.Deliveries;
using StatusPage.Tests.Host;
using StatusPage.Web.Channels;

namespace StatusPage.Tests.Channels;

/// <summary>Which addresses are public.</summary>
public sealed class OutboundGuardTests
{
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("0.0.0.0")]
    [InlineData("10.1.2.3")]
    [InlineData("100.64.0.1")]
    [InlineData("169.254.169.254")]
    [InlineData("172.16.0.1")]
    [InlineData("172.31.255.255")]
    [InlineData("192.168.1.1")]
    [InlineData("192.0.2.1")]
    [InlineData("198.18.0.1")]
    [InlineData("198.51.100.1")]
    [InlineData("203.0.113.1")]
    [InlineData("224.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("168.63.129.16")]
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("::127.0.0.1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("::ffff:10.0.0.1")]
    [InlineData("64:ff9b::7f00:1")]
    [InlineData("64:ff9b::a9fe:a9fe")]
    [InlineData("64:ff9b:1::1")]
    [InlineData("2002:7f00:1::")]
    [InlineData("2002:a00:1::")]
    [InlineData("2001::1")]
    [InlineData("2001:db8::1")]
    [InlineData("3fff::1")]
    [InlineData("fc00::1")]
    [InlineData("fd00:ec2::254")]
    [InlineData("fe80::1")]
    [InlineData("fec0::1")]
    [InlineData("ff02::1")]
    [InlineData("100::1")]
    [InlineData("5f00::1")]
    public void These_are_not(string address) => Assert.False(OutboundGuard.IsPublic(IPAddress.Parse(address)));

    [Theory]
    [InlineData("1.1.1.1")]
    [InlineData("172.32.0.1")]
    [InlineData("100.128.0.1")]
    [InlineData("2606:4700::1111")]
    [InlineData("::ffff:1.1.1.1")]
    [InlineData("64:ff9b::101:101")]
    [InlineData("2002:101:101::1")]
    public void These_are(string address) => Assert.True(OutboundGuard.IsPublic(IPAddress.Parse(address)));
}

/// <summary>The one way out, with the default configuration.</summary>
public sealed class OutboundRefusalTests(SharedApp shared) : IClassFixture<SharedApp>, IAsyncLifetime
{
    private HttpSink _sink = null!;

    public async ValueTask InitializeAsync() => _sink = await HttpSink.StartAsync();

    public ValueTask DisposeAsync() => _sink.DisposeAsync();

    [Theory]
    [InlineData("http://127.0.0.1:PORT/")]
    [InlineData("https://127.0.0.1:PORT/")]
    [InlineData("http://localhost:PORT/")]
    [InlineData("https://localhost:PORT/")]
    [InlineData("http://[::1]:PORT/")]
    [InlineData("http://[::ffff:127.0.0.1]:PORT/")]
    [InlineData("https://[::ffff:7f00:1]:PORT/")]
    [InlineData("http://2130706433:PORT/")]
    [InlineData("http://0x7f000001:PORT/")]
    [InlineData("http://0177.0.0.1:PORT/")]
    [InlineData("http://127.1:PORT/")]
    [InlineData("http://0:PORT/")]
    [InlineData("http://0.0.0.0:PORT/")]
    [InlineData("https://169.254.169.254/latest/meta-data/")]
    [InlineData("https://10.0.0.1/")]
    [InlineData("https://192.168.0.1/")]
    [InlineData("https://[fd00:ec2::254]/")]
    public async Task What_is_not_public_is_never_connected_to(string address)
    {
        var reply = await SendAsync(shared.App, address.Replace("PORT", $"{_sink.Port}", StringComparison.Ordinal));
        var final = Assert.IsType<SendResult.GiveUp>(reply.NotReached);
        Assert.Contains("is not a public address, so nothing is sent there.", final.Reason, StringComparison.Ordinal);
        Assert.Contains("Outbound:Allow", final.Reason, StringComparison.Ordinal);
        Assert.Empty(_sink.Received);
    }

    [Fact]
    public async Task Without_encryption_nothing_goes_to_the_public()
    {
        var reply = await SendAsync(shared.App, "http://1.1.1.1/");
        Assert.Equal("1.1.1.1 is sent to by https only.", Assert.IsType<SendResult.GiveUp>(reply.NotReached).Reason);
    }

    internal static async Task<Reply> SendAsync(AppHost app, string address)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new StringContent("{}") };
        return await app.Services.GetRequiredService<OutboundHttp>().SendAsync(Channel.Webhook, request);
    }
}

/// <summary>How replies become results.</summary>
public sealed class OutboundReplyTests : IAsyncLifetime
{
    private AppHost _app = null!;
    private HttpSink _sink = null!;

    public async ValueTask InitializeAsync() =>
        (_app, _sink) = (await AppHost.StartAsync("--Outbound:Allow", "127.0.0.1/32"), await HttpSink.StartAsync());

    public async ValueTask DisposeAsync()
    {
        await _sink.DisposeAsync();
        await _app.DisposeAsync();
    }

    private async Task<SendResult> ResultAsync(SinkAnswer answer)
    {
        _sink.Next("/a", answer);
        return (await OutboundRefusalTests.SendAsync(_app, $"{_sink.Url}/a")).Failed(DateTimeOffset.UtcNow);
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        var again = Assert.IsType<SendResult.TryAgain>(await ResultAsync(new(302, "", ("Location", $"{_sink.Url}/inside"))));
        Assert.Equal("127.0.0.1 answered 302; redirects are not followed.", again.Reason);
        Assert.Empty(_sink.At("/inside"));
    }

    [Theory]
    [InlineData(400, false)]
    [InlineData(404, false)]
    [InlineData(410, false)]
    [InlineData(408, true)]
    [InlineData(425, true)]
    [InlineData(429, true)]
    [InlineData(500, true)]
    [InlineData(503, true)]
    public async Task A_status_says_whether_it_may_work_later(int status, bool again)
    {
        var result = await ResultAsync(new(status, "secret words"));
        Assert.Equal(again, result is SendResult.TryAgain);
        Assert.DoesNotContain("secret", result.ToString(), StringComparison.Ordinal);
    }

    public static TheoryData<string, string> Waits() =>
        new()
        {
            { "Retry-After", "120" },
            { "Retry-After", "date" },
            { "x-rate-limit-reset", "epoch" },
            { "X-RateLimit-Reset", "instant" },
            { "ratelimit-reset", "epoch" },
            { "retry_after", "120.0" },
        };

    [Theory]
    [MemberData(nameof(Waits))]
    public async Task A_service_says_when_it_wants_to_hear_of_it_again(string name, string value)
    {
        var wanted = DateTimeOffset.UtcNow.AddSeconds(120);
        value = value switch
        {
            "date" => wanted.ToString("R"),
            "epoch" => wanted.ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture),
            "instant" => wanted.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture),
            _ => value,
        };
        var answer = name == "retry_after" ? new SinkAnswer(429, $"{{\"retry_after\": {value}}}") : new SinkAnswer(429, "", (name, value));
        var again = Assert.IsType<SendResult.TryAgain>(await ResultAsync(answer));
        Assert.Equal(120, (again.NotBefore!.Value - DateTimeOffset.UtcNow).TotalSeconds, tolerance: 30);
        // Until then nothing more is sent there.
        var later = Assert.IsType<SendResult.Postpone>((await OutboundRefusalTests.SendAsync(_app, $"{_sink.Url}/a")).NotReached);
        Assert.Equal(120, (later.Until - DateTimeOffset.UtcNow).TotalSeconds, tolerance: 30);
    }

    [Fact]
    public async Task Of_a_long_answer_only_the_beginning_is_read()
    {
        _sink.Next("/a", new SinkAnswer(200, new string('x', 1_000_000)));
        var reply = await OutboundRefusalTests.SendAsync(_app, $"{_sink.Url}/a");
        Assert.True(reply.IsGood);
        Assert.Equal(64 * 1024, reply.Body.Length);
    }

    [Fact]
    public async Task Nobody_there_is_said_in_plain_words()
    {
        var port = Ports.Next();
        Assert.Equal(
            "127.0.0.1 refused the connection.",
            Assert.IsType<SendResult.TryAgain>((await OutboundRefusalTests.SendAsync(_app, $"http://127.0.0.1:{port}/secret")).NotReached).Reason
        );
        Assert.Equal(
            "The name nobody.invalid could not be resolved.",
            Assert.IsType<SendResult.TryAgain>((await OutboundRefusalTests.SendAsync(_app, "https://nobody.invalid/secret")).NotReached).Reason
        );
    }

    [Fact]
    public async Task A_certificate_that_is_none_is_said_in_plain_words() =>
        Assert.Contains(
            "127.0.0.1",
            Assert.IsType<SendResult.TryAgain>((await OutboundRefusalTests.SendAsync(_app, $"https://127.0.0.1:{_sink.Port}/secret")).NotReached).Reason,
            StringComparison.Ordinal
        );

    [Fact]
    public async Task Who_does_not_answer_is_waited_for_half_a_minute()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var app = await AppHost.StartAsync(
            null,
            builder => builder.Services.AddSingleton<TimeProvider>(time),
            "--Outbound:Allow",
            "127.0.0.1"
        );
        _sink.Hang("/slow");
        var sending = OutboundRefusalTests.SendAsync(app, $"{_sink.Url}/slow");
        await _sink.WaitAsync("/slow");
        time.Advance(TimeSpan.FromSeconds(29));
        Assert.False(sending.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(
            "127.0.0.1 did not answer within 30 seconds.",
            Assert.IsType<SendResult.TryAgain>((await sending.WaitAsync(Eventually.Deadline)).NotReached).Reason
        );
    }

    [Fact]
    public async Task A_host_at_which_nobody_is_found_again_and_again_is_left_alone_for_a_moment()
    {
        await using var app = await AppHost.StartAsync("--Outbound:Allow", "127.0.0.1", "--Delivery:PerHostPerSecond", "0");
        var port = Ports.Next();
        Reply reply;
        var sent = 0;
        do reply = await OutboundRefusalTests.SendAsync(app, $"http://127.0.0.1:{port}/");
        while (reply.NotReached is SendResult.TryAgain && ++sent < 100);
        Assert.Contains("left alone", Assert.IsType<SendResult.Postpone>(reply.NotReached).Reason, StringComparison.Ordinal);
        // Services on another port are not affected.
        Assert.True((await OutboundRefusalTests.SendAsync(app, $"{_sink.Url}/a")).IsGood);
    }
}
