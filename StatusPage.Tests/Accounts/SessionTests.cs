using Microsoft.EntityFrameworkCore;
using StatusPage.Domain.Accounts;
using StatusPage.Tests.Host;

namespace StatusPage.Tests.Accounts;

public sealed class SessionTests
{
    [Fact]
    public async Task A_session_that_is_ended_from_elsewhere_is_over_at_its_next_request()
    {
        await using var app = await AppHost.StartAsync(Desk.Owner);
        using var here = await app.SignInAsync();
        using var there = await app.SignInAsync();
        await here.FillInAsync("/admin/account", new { }, "form[action$='handler=End']");
        await there.GetAsync("/admin");
        Assert.Equal("/admin/sign-in", there.Location.AbsolutePath);
        await here.GetAsync("/admin");
        Assert.Equal("/admin", here.Location.AbsolutePath);
    }

    [Fact]
    public async Task Every_other_session_can_be_ended_at_once()
    {
        await using var app = await AppHost.StartAsync(Desk.Owner);
        using var here = await app.SignInAsync();
        using var one = await app.SignInAsync();
        using var two = await app.SignInAsync();
        var page = await here.FillInAsync("/admin/account", new { }, "form[action*=EndOthers]");
        Assert.Single(page.QuerySelectorAll("td .tag"));
        Assert.Null(page.QuerySelector("form[action*=EndOthers]"));
        foreach (var other in new[] { one, two })
        {
            await other.GetAsync("/admin");
            Assert.Equal("/admin/sign-in", other.Location.AbsolutePath);
        }
    }

    [Fact]
    public async Task A_cookie_that_was_copied_before_signing_out_is_worthless()
    {
        await using var app = await AppHost.StartAsync(Desk.Owner);
        using var browser = await app.SignInAsync();
        using var thief = app.NewBrowser();
        foreach (System.Net.Cookie cookie in browser.Cookies.GetAllCookies())
            thief.Cookies.Add(new System.Net.Cookie(cookie.Name, cookie.Value, cookie.Path, cookie.Domain));
        await browser.FillInAsync("/admin", new { }, "form[action='/admin/sign-out']");
        await thief.GetAsync("/admin");
        Assert.Equal("/admin/sign-in", thief.Location.AbsolutePath);
        Assert.NotNull((await app.InStoreAsync(db => db.DeskSessions.SingleAsync())).EndedAt);
    }

    [Fact]
    public async Task Nobody_ends_the_session_of_somebody_else()
    {
        await using var app = await AppHost.StartAsync(Desk.Owner);
        using var owner = await app.SignInAsync();
        using var ann = await app.JoinAsync(owner, "ann@acme.example", "comms");
        using var second = await app.SignInAsync("ann@acme.example", People.Password);
        var theirs = await app.InStoreAsync(db => db.DeskSessions.OrderBy(row => row.BegunAt).FirstAsync());
        await ann.FillInAsync("/admin/account", new { id = theirs.Id }, "form[action$='handler=End']");
        await owner.GetAsync("/admin");
        Assert.Equal("/admin", owner.Location.AbsolutePath);
    }

    [Theory]
    [InlineData(13, 89, true)]
    [InlineData(14, 20, false)]
    [InlineData(0, 90, false)]
    public async Task A_session_ends_after_fourteen_idle_days_and_after_ninety_in_any_case(int idle, int age, bool isGood)
    {
        await using var app = await AppHost.StartAsync(Desk.Owner);
        using var browser = await app.SignInAsync();
        var (seen, begun) = (DateTimeOffset.UtcNow.AddDays(-idle), DateTimeOffset.UtcNow.AddDays(-age));
        await app.InStoreAsync(db =>
            db.DeskSessions.ExecuteUpdateAsync(set => set.SetProperty(row => row.SeenAt, seen).SetProperty(row => row.BegunAt, begun))
        );
        await browser.GetAsync("/admin");
        Assert.Equal(isGood ? "/admin" : "/admin/sign-in", browser.Location.AbsolutePath);
    }

    [Theory]
    [InlineData("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36", "Chrome on Linux")]
    [InlineData(
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1",
        "Safari on iPhone"
    )]
    [InlineData(
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0",
        "Edge on Windows"
    )]
    [InlineData("curl/8.5", "Unknown browser")]
    public async Task A_browser_is_named_in_words(string agent, string name)
    {
        await using var app = await AppHost.StartAsync(Desk.Owner);
        using var owner = await app.SignInAsync();
        var account = await app.InStoreAsync(db => db.Users.SingleAsync());
        await app.InStoreAsync(db =>
        {
            db.DeskSessions.Add(DeskSession.Begin(account.Id, "192.0.2.7", agent, DateTimeOffset.UtcNow));
            return db.SaveChangesAsync();
        });
        Assert.Contains(name, (await owner.GetAsync("/admin/account")).Body!.TextContent, StringComparison.Ordinal);
    }
}
