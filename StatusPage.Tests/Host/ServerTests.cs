namespace StatusPage.Tests.Host;

/// <summary>Tests of the servers that other tests use.</summary>
public sealed class ServerTests
{
    [Fact]
    public async Task Redis_can_be_stopped_and_started_again()
    {
        await using var redis = new RedisServer();
        await redis.StartAsync();
        await redis.StopAsync();
        Assert.False(await redis.AnswersAsync());
        await redis.StartAsync();
        Assert.True(await redis.AnswersAsync());
    }

    [Fact]
    public async Task A_browser_opens_a_page()
    {
        await using var app = await AppHost.StartAsync("--Demo", "true");
        using var browser = app.NewBrowser();
        var page = await browser.GetAsync("/");
        Assert.Equal("/", browser.Location.AbsolutePath);
        Assert.Equal("Acme", page.QuerySelector("header a")!.TextContent.Trim().Split(' ')[0]);
    }
}
