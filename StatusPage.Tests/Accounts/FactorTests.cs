using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using StatusPage.Tests.Host;

namespace StatusPage.Tests.Accounts;

public sealed class FactorTests
{
    [Fact]
    public async Task With_an_app_signing_in_takes_its_code_too()
    {
        await using var app = await AppHost.StartAsync(Desk.Owner);
        using var owner = await app.SignInAsync();
        var (key, codes) = await owner.SetUpAppAsync();
        Assert.Equal(10, codes.Length);
        await owner.GetAsync("/admin");
        Assert.Equal("/admin", owner.Location.AbsolutePath);
        using var browser = app.NewBrowser();
        await browser.FillInAsync("/admin/sign-in?then=/admin/audit", new { Desk.Email, Desk.Password });
        await browser.SubmitAsync(
            (await browser.GetAsync("/admin/sign-in/second?then=/admin/audit")).QuerySelector<IHtmlFormElement>("form")!,
            new { Code = "000000" }
        );
        Assert.Equal(HttpStatusCode.UnprocessableEntity, browser.Status);
        await browser.FillInAsync("/admin/sign-in/second?then=/admin/audit", new { Code = People.CodeOf(key, later: 1) });
        Assert.Equal("/admin/audit", browser.Location.AbsolutePath);
    }

    [Fact]
    public async Task An_owner_resets_a_colleagues_factors_who_is_told_and_signed_out()
    {
        await using var app = await AppHost.StartAsync(Desk.Owner);
        using var owner = await app.SignInAsync();
        using var ann = await app.JoinAsync(owner, "ann@acme.example", "comms");
        Assert.Contains(
            "It would stop 2 people",
            (await owner.GetAsync("/admin/accounts")).QuerySelector("#stopped")!.TextContent,
            StringComparison.Ordinal
        );
        await ann.SetUpAppAsync();
        var page = await owner.GetAsync("/admin/accounts");
        Assert.Equal(Desk.Email, page.QuerySelector("#stopped")!.TextContent.Split("factor:")[1].Trim());
        page = await owner.SubmitAsync(page.Form("ResetFactors"), new { });
        Assert.Contains("ann@acme.example signs in with the password alone now", page.QuerySelector(".done")!.TextContent, StringComparison.Ordinal);
        await ann.GetAsync("/admin");
        Assert.Equal("/admin/sign-in", ann.Location.AbsolutePath);
        await ann.FillInAsync("/admin/sign-in", new { Email = "ann@acme.example", People.Password });
        Assert.Equal("/admin", ann.Location.AbsolutePath);
        Assert.Equal(
            1,
            await app.InStoreAsync(db =>
                db.Notices.CountAsync(row =>
                    row.Address == "ann@acme.example" && row.Subject.StartsWith($"All second factors were removed by {Desk.Email}")
                )
            )
        );
        Assert.Equal(
            "ann@acme.example",
            await app.InStoreAsync(db => db.Audit.Where(row => row.Action == "account.factors-reset").Select(row => row.Subject).SingleAsync())
        );
        // She has none any more, so nothing is offered.
        Assert.Null((await owner.GetAsync("/admin/accounts")).QuerySelector("form[action*=ResetFactors]"));
    }

    [Fact]
    public async Task A_recovery_code_works_once()
    {
        await using var app = await AppHost.StartAsync(Desk.Owner);
        using var owner = await app.SignInAsync();
        var (_, codes) = await owner.SetUpAppAsync();
        foreach (var expected in new[] { "/admin", "/admin/sign-in/second" })
        {
            using var browser = app.NewBrowser();
            await browser.FillInAsync("/admin/sign-in", new { Desk.Email, Desk.Password });
            await browser.FillInAsync("/admin/sign-in/second", new { Code = codes[0] });
            Assert.Equal(expected, browser.Location.AbsolutePath);
        }
        Assert.Contains("9 recovery codes are left", (await owner.GetAsync("/admin/account")).Body!.TextContent, StringComparison.Ordinal);
        var renewed = await owner.FillInAsync("/admin/account/codes", new { }, "main form");
        Assert.Equal(10, renewed.QuerySelectorAll(".codes code").Length);
        Assert.DoesNotContain(codes[1], renewed.Body!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_many_at_once_who_use_one_recovery_code_one_comes_in_and_nothing_fails()
    {
        await using var app = await AppHost.StartAsync(Desk.Owner);
        using var owner = await app.SignInAsync();
        var (_, codes) = await owner.SetUpAppAsync();
        var browsers = Enumerable.Range(0, 6).Select(_ => app.NewBrowser()).ToList();
        foreach (var browser in browsers)
            await browser.FillInAsync("/admin/sign-in", new { Desk.Email, Desk.Password });
        await Task.WhenAll(browsers.Select(browser => browser.FillInAsync("/admin/sign-in/second", new { Code = codes[0] })));
        Assert.Single(browsers, browser => browser.Location.AbsolutePath == "/admin");
        Assert.All(browsers, browser => Assert.True((int)browser.Status < 500));
        foreach (var browser in browsers)
            browser.Dispose();
    }

    [Fact]
    public async Task A_key_that_another_session_was_shown_is_never_the_apps()
    {
        await using var app = await AppHost.StartAsync(Desk.Owner);
        using var thief = await app.SignInAsync();
        var seen = await KeyAsync(thief);
        Assert.Equal(seen, await KeyAsync(thief));
        using var owner = await app.SignInAsync();
        var shown = await KeyAsync(owner);
        Assert.NotEqual(seen, shown);
        // Even after the thief opens the page again, the key that the owner confirms is not one that the thief has seen.
        await thief.GetAsync("/admin/account/app");
        await owner.SetUpAppAsync();
        Assert.DoesNotContain(seen, await KeysAsync());

        Task<List<string?>> KeysAsync() =>
            app.InScopeAsync(async services =>
            {
                var accounts = services.GetRequiredService<UserManager<StatusPage.Web.Accounts.People.Account>>();
                return new List<string?> { await accounts.GetAuthenticatorKeyAsync((await accounts.FindByEmailAsync(Desk.Email))!) };
            });

        static async Task<string> KeyAsync(BrowserSession browser) =>
            (await browser.GetAsync("/admin/account/app")).QuerySelector(".secret")!.TextContent.Replace(" ", "", StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_code_turns_nothing_on_and_the_key_lies_encrypted()
    {
        await using var app = await AppHost.StartAsync(Desk.Owner);
        using var owner = await app.SignInAsync();
        var page = await owner.GetAsync("/admin/account/app");
        var key = page.QuerySelector(".secret")!.TextContent.Replace(" ", "", StringComparison.Ordinal);
        Assert.NotNull(page.QuerySelector("svg.qr path"));
        var refused = await owner.FillInAsync("/admin/account/app", new { Code = "12" }, "main form");
        Assert.NotEqual("", refused.ErrorFor("Code"));
        Assert.Equal(key, refused.QuerySelector(".secret")!.TextContent.Replace(" ", "", StringComparison.Ordinal));
        var kept = await app.InStoreAsync(db => db.UserTokens.Select(token => token.Value).ToListAsync());
        Assert.DoesNotContain(kept, value => value!.Contains(key, StringComparison.Ordinal));
        using var again = await app.SignInAsync();
    }

    [Fact]
    public async Task Where_the_page_asks_for_it_one_factor_may_read_and_not_publish()
    {
        await using var app = await AppHost.StartAsync(Desk.Owner);
        using var owner = await app.SignInAsync();
        using var ann = await app.JoinAsync(owner, "ann@acme.example", "comms");
        var refused = await owner.FillInAsync("/admin/accounts", new { }, "form[action*=Factor]");
        Assert.Contains("shut out", refused.Summary(), StringComparison.Ordinal);
        var (key, _) = await owner.SetUpAppAsync();
        refused = await owner.FillInAsync("/admin/accounts", new { }, "form[action*=Factor]");
        Assert.Contains("shut out", refused.Summary(), StringComparison.Ordinal);
        using var strong = await app.SignInByAppAsync(key);
        await strong.FillInAsync("/admin/accounts", new { }, "form[action*=Factor]");
        var form = (await ann.GetAsync("/admin/components")).Body!.TextContent;
        Assert.Contains("To publish, set up a second factor", form, StringComparison.Ordinal);
        var desk = await ann.GetAsync("/admin/incidents/new");
        Assert.Equal(HttpStatusCode.OK, ann.Status);
        await ann.SubmitAsync(desk.QuerySelector<IHtmlFormElement>("main form[method=post]")!, Desk.Example());
        Assert.Equal("/admin/denied", ann.Location.AbsolutePath);
        // A session keeps the factors it began with.
        var (hers, _) = await ann.SetUpAppAsync();
        await ann.SubmitAsync((await ann.GetAsync("/admin/incidents/new")).QuerySelector<IHtmlFormElement>("main form[method=post]")!, Desk.Example());
        Assert.Equal("/admin/denied", ann.Location.AbsolutePath);
        using var again = await app.SignInByAppAsync(hers, "ann@acme.example", People.Password);
        await again.SubmitAsync((await again.GetAsync("/admin/incidents/new")).QuerySelector<IHtmlFormElement>("main form[method=post]")!, Desk.Example());
        Assert.Equal(1, await app.InStoreAsync(db => db.Incidents.CountAsync()));
        using var api = await app.ApiAsync();
        Assert.Equal(HttpStatusCode.Created, (await api.OpenIncidentAsync()).Status);
    }
}
