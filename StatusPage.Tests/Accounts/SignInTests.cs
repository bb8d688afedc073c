using System.Net;
using System.Text.RegularExpressions;
using StatusPage.Tests.Host;

namespace StatusPage.Tests.Accounts;

public sealed partial class SignInTests
{
    [Theory]
    [InlineData("/admin")]
    [InlineData("/admin/incidents")]
    [InlineData("/admin/incidents/new")]
    [InlineData("/admin/components")]
    [InlineData("/admin/maintenances")]
    [InlineData("/admin/promises")]
    [InlineData("/admin/promises/contacts/new")]
    [InlineData("/admin/notifications")]
    [InlineData("/admin/subscribers")]
    [InlineData("/admin/keys")]
    [InlineData("/admin/accounts")]
    [InlineData("/admin/settings")]
    [InlineData("/admin/audit")]
    [InlineData("/admin/password")]
    public async Task The_desk_is_closed_to_everybody_not_signed_in(string path)
    {
        await using var app = await AppHost.StartAsync(Desk.Owner);
        foreach (var method in new[] { HttpMethod.Get, HttpMethod.Post })
        {
            using var answer = await app.Http.SendAsync(new HttpRequestMessage(method, path));
            Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
            Assert.StartsWith("/admin/sign-in", answer.Headers.Location!.OriginalString, StringComparison.Ordinal);
        }
        foreach (var isOurs in new[] { true, false })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, path)
            {
                Content = new FormUrlEncodedContent([new("Title", "Typed before the session ended")]),
            };
            if (isOurs)
                request.Headers.Add("Origin", app.BaseAddress.GetLeftPart(UriPartial.Authority));
            using var form = await app.Http.SendAsync(request);
            Assert.Equal(HttpStatusCode.Unauthorized, form.StatusCode);
            Assert.Equal(isOurs, (await form.Content.ReadAsStringAsync()).Contains("Typed before the session ended", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task An_unknown_address_and_a_wrong_password_get_the_same_answer()
    {
        await using var app = await AppHost.StartAsync(Desk.Owner);
        using var browser = app.NewBrowser();
        var wrong = (await browser.FillInAsync("/admin/sign-in", new { Desk.Email, Password = "wrong-password" })).Summary();
        var unknown = (await browser.FillInAsync("/admin/sign-in", new { Email = "nobody@acme.example", Password = "wrong-password" })).Summary();
        Assert.Equal(wrong, unknown);
    }

    [Fact]
    public async Task Too_many_attempts_from_one_address_are_refused()
    {
        await using var app = await AppHost.StartAsync([.. Desk.Owner, "--Limits:SignInsPerMinute", "3"]);
        using var browser = app.NewBrowser();
        for (var i = 0; i < 3; i++)
            await browser.FillInAsync("/admin/sign-in", new { Email = "nobody@acme.example", Password = "wrong-password" });
        await browser.FillInAsync("/admin/sign-in", new { Desk.Email, Desk.Password });
        Assert.Equal(HttpStatusCode.TooManyRequests, browser.Status);
    }

    [Fact]
    public async Task A_link_to_another_site_is_not_followed_after_signing_in()
    {
        await using var app = await AppHost.StartAsync(Desk.Owner);
        using var browser = app.NewBrowser();
        await browser.FillInAsync("/admin/sign-in?then=https://evil.example/admin", new { Desk.Email, Desk.Password });
        Assert.Equal(app.BaseAddress.Authority, browser.Location.Authority);
        Assert.Equal("/admin", browser.Location.AbsolutePath);
    }

    [Fact]
    public async Task The_cookie_is_out_of_reach_of_scripts_and_of_other_sites()
    {
        await using var app = await AppHost.StartAsync(Desk.Owner);
        using var browser = await app.SignInAsync();
        var cookie = Assert.Single(browser.Cookies.GetAllCookies(), cookie => cookie.Name == "desk");
        Assert.True(cookie.HttpOnly);
        Assert.Equal("", cookie.Domain.Replace(app.BaseAddress.Host, "", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_printed_link_makes_the_first_owner_once()
    {
        using var folder = new TempFolder();
        await using var app = await AppHost.StartAsync(folder, null);
        var link = await Eventually.GetAsync(
            "the set-up link",
            () => Task.FromResult(SetUpLink().Match(app.Printed) is { Success: true } match ? match.Value : null)
        );
        using var browser = new BrowserSession(app.BaseAddress);
        var path = new Uri(link).PathAndQuery;
        var page = await browser.FillInAsync(
            path,
            new
            {
                Name = "Acme",
                TimeZone = "Europe/Berlin",
                Email = "not an address",
                Desk.Password,
            }
        );
        Assert.NotEqual("", page.ErrorFor("Email"));
        await browser.FillInAsync(
            path,
            new
            {
                Name = "Acme",
                TimeZone = "Europe/Berlin",
                Desk.Email,
                Desk.Password,
            }
        );
        Assert.Equal("/admin", browser.Location.AbsolutePath);
        using var second = new BrowserSession(app.BaseAddress);
        Assert.Contains("no longer good", (await second.GetAsync(path)).Body!.TextContent, StringComparison.Ordinal);
        using var public_ = new BrowserSession(app.BaseAddress);
        Assert.Contains("Acme", (await public_.GetAsync("/")).Title, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_made_up_set_up_link_opens_nothing()
    {
        await using var app = await AppHost.StartAsync();
        using var browser = app.NewBrowser();
        Assert.Contains(
            "no longer good",
            (await browser.GetAsync("/admin/set-up?token=abcdefghijkmnpqrstuvwxyz23456789")).Body!.TextContent,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_restart_signs_nobody_out()
    {
        using var folder = new TempFolder();
        await using var first = await AppHost.StartAsync(folder, null, Desk.Owner);
        using var browser = await first.SignInAsync();
        var cookies = browser.Cookies.GetAllCookies();
        await first.DisposeAsync();
        await using var second = await AppHost.StartAsync(folder, null, Desk.Owner);
        using var again = second.NewBrowser();
        foreach (Cookie cookie in cookies)
            again.Cookies.Add(new Cookie(cookie.Name, cookie.Value, cookie.Path, cookie.Domain));
        await again.GetAsync("/admin");
        Assert.Equal("/admin", again.Location.AbsolutePath);
    }

    [Fact]
    public async Task A_key_made_at_the_desk_is_shown_once_and_works()
    {
        await using var app = await AppHost.StartAsync(Desk.Owner);
        using var owner = await app.SignInAsync();
        await owner.GetAsync("/admin/keys");
        var page = await owner.SubmitAsync((await owner.GetAsync("/admin/keys")).Form("Create"), new { Name = "ci", Role = "comms" });
        var key = page.QuerySelector(".secret")!.TextContent;
        Assert.DoesNotContain(key, (await owner.GetAsync("/admin/keys")).Body!.InnerHtml, StringComparison.Ordinal);
        using var api = new ApiClient(app.NewClient(), (await app.PageAsync()).Id, key);
        await api.OpenIncidentAsync();
        await owner.SubmitAsync((await owner.GetAsync("/admin/keys")).Form("Revoke"), new { });
        (await api.GetAsync("incidents")).ExpectError(HttpStatusCode.Unauthorized);
    }

    [GeneratedRegex(@"http://\S+/admin/set-up\?token=\S+")]
    private static partial Regex SetUpLink();

    [Fact]
    public async Task A_changed_password_ends_the_other_sessions_at_once_and_leaves_the_way_to_sign_in_open()
    {
        await using var app = await AppHost.StartAsync(Desk.Owner);
        using var here = await app.SignInAsync();
        using var there = await app.SignInAsync();
        await here.FillInAsync(
            "/admin/account",
            new { OldPassword = Desk.Password, NewPassword = "a-rather-different-sentence" },
            "form[action*=Password]"
        );
        await here.GetAsync("/admin");
        Assert.Equal("/admin", here.Location.AbsolutePath);
        await there.GetAsync("/admin");
        Assert.Equal("/admin/sign-in", there.Location.AbsolutePath);
        await there.FillInAsync("/admin/sign-in", new { Desk.Email, Password = "a-rather-different-sentence" });
        Assert.Equal("/admin", there.Location.AbsolutePath);
    }
}
