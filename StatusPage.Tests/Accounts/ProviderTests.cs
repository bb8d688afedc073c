using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using StatusPage.Domain.Accounts;
using StatusPage.Tests.Host;
using StatusPage.Web.Hosting;

namespace StatusPage.Tests.Accounts;

/// <summary>Signing in through a real OpenID provider.</summary>
public sealed class ProviderTests
{
    private const string Ann = "ann@acme.example";

    [Fact]
    public async Task Who_has_a_role_there_gets_an_account_with_it_here()
    {
        await using var provider = await OpenIdServer.StartAsync();
        await using var app = await AppHost.StartAsync([.. Desk.Owner, .. provider.Settings]);
        using var browser = app.NewBrowser();
        Assert.Contains("Sign in with Acme", (await browser.GetAsync("/admin/sign-in")).Body!.TextContent, StringComparison.Ordinal);
        await browser.GetAsync("/admin/provider?then=/admin/audit");
        Assert.Equal("/admin/audit", browser.Location.AbsolutePath);
        Assert.Equal(Role.Comms, await RoleOfAsync(app, Ann));
        Assert.Contains("account.linked", await app.InStoreAsync(db => db.Audit.Select(entry => entry.Action).ToListAsync()));
    }

    [Fact]
    public async Task The_role_follows_the_provider_at_each_sign_in()
    {
        await using var provider = await OpenIdServer.StartAsync();
        await using var app = await AppHost.StartAsync([.. Desk.Owner, .. provider.Settings, "--Oidc:DefaultRole", "auditor"]);
        foreach (
            var (roles, expected) in new (string[], Role)[]
            {
                (["status-comms"], Role.Comms),
                (["status-comms", "status-owners"], Role.Owner),
                ([], Role.Auditor),
            }
        )
        {
            provider.Person = provider.Person with { Roles = roles };
            using var browser = app.NewBrowser();
            await browser.GetAsync("/admin/provider");
            Assert.Equal("/admin", browser.Location.AbsolutePath);
            Assert.Equal(expected, await RoleOfAsync(app, Ann));
        }
        Assert.Equal(1, await app.InStoreAsync(db => db.Users.CountAsync(row => row.Email == Ann)));
    }

    [Fact]
    public async Task Without_a_role_nobody_comes_in()
    {
        await using var provider = await OpenIdServer.StartAsync();
        await using var app = await AppHost.StartAsync([.. Desk.Owner, .. provider.Settings]);
        provider.Person = provider.Person with { Roles = ["other"] };
        using var browser = app.NewBrowser();
        var page = await browser.GetAsync("/admin/provider");
        Assert.Equal(HttpStatusCode.Forbidden, browser.Status);
        Assert.Contains("gives you no role", page.Body!.TextContent, StringComparison.Ordinal);
        Assert.Equal(1, await app.InStoreAsync(db => db.Users.CountAsync()));
    }

    [Fact]
    public async Task An_address_that_is_not_verified_takes_nobodys_account()
    {
        await using var provider = await OpenIdServer.StartAsync();
        await using var app = await AppHost.StartAsync([.. Desk.Owner, .. provider.Settings]);
        provider.Person = new("99", Desk.Email, ["status-owners"], IsVerified: false);
        using var browser = app.NewBrowser();
        Assert.Contains("has not verified", (await browser.GetAsync("/admin/provider")).Body!.TextContent, StringComparison.Ordinal);
        provider.Person = provider.Person with { IsVerified = true };
        await browser.GetAsync("/admin/provider");
        Assert.Equal("/admin", browser.Location.AbsolutePath);
        Assert.Equal(1, await app.InStoreAsync(db => db.Users.CountAsync()));
    }

    [Fact]
    public async Task Two_factors_there_count_here_and_one_that_was_set_up_here_is_asked_for()
    {
        await using var provider = await OpenIdServer.StartAsync();
        await using var app = await AppHost.StartAsync([.. Desk.Owner, .. provider.Settings]);
        using var owner = await app.SignInAsync();
        var (key, _) = await owner.SetUpAppAsync();
        using var strong = await app.SignInByAppAsync(key);
        await strong.FillInAsync("/admin/accounts", new { }, "form[action*=Factor]");
        using var browser = app.NewBrowser();
        Assert.Contains("To publish, set up a second factor", (await browser.GetAsync("/admin/provider")).Body!.TextContent, StringComparison.Ordinal);
        provider.Person = provider.Person with { Methods = ["pwd", "mfa"] };
        using var again = app.NewBrowser();
        Assert.DoesNotContain("To publish, set up a second factor", (await again.GetAsync("/admin/provider")).Body!.TextContent, StringComparison.Ordinal);
        Assert.Equal("/admin", again.Location.AbsolutePath);
        provider.Person = new("1", Desk.Email, ["status-owners"]);
        using var theirs = app.NewBrowser();
        await theirs.GetAsync("/admin/provider");
        Assert.Equal("/admin/sign-in/second", theirs.Location.AbsolutePath);
    }

    [Fact]
    public async Task What_the_provider_gives_no_more_ends_at_every_page_with_the_sessions()
    {
        await using var provider = await OpenIdServer.StartAsync();
        await using var app = await AppHost.StartAsync([.. Desk.Owner, .. provider.Settings, "--Oidc:Pages:eu:Roles:comms", "status-comms"]);
        await app.AddPageAsync("Europe", slug: "eu");
        using var before = app.NewBrowser();
        await before.GetAsync("/admin/provider");
        Assert.Equal("/admin", before.Location.AbsolutePath);
        // One sign-in counts for every page for which the provider gives a role.
        await before.GetAsync("/eu/admin");
        Assert.Equal("/eu/admin", before.Location.AbsolutePath);
        provider.Person = provider.Person with { Roles = [] };
        using var after = app.NewBrowser();
        await after.GetAsync("/eu/admin/provider");
        Assert.Equal(HttpStatusCode.Forbidden, after.Status);
        Assert.Equal(0, await app.InStoreAsync(db => db.Memberships.CountAsync(row => row.GrantedBy != null)));
        foreach (var desk in new[] { "/admin", "/eu/admin" })
        {
            await before.GetAsync(desk);
            Assert.EndsWith("/admin/sign-in", before.Location.AbsolutePath, StringComparison.Ordinal);
        }
        Assert.Equal(2, await app.InStoreAsync(db => db.Audit.CountAsync(row => row.Action == "account.removed")));
    }

    [Fact]
    public async Task What_an_owner_granted_is_the_owners_and_what_the_provider_granted_is_changed_there()
    {
        await using var provider = await OpenIdServer.StartAsync();
        await using var app = await AppHost.StartAsync([.. Desk.Owner, .. provider.Settings]);
        using var owner = await app.SignInAsync();
        await app.AccountAsync(Ann, Role.Responder);
        foreach (var roles in new string[][] { ["status-owners"], [] })
        {
            provider.Person = provider.Person with { Roles = roles };
            using var ann = app.NewBrowser();
            await ann.GetAsync("/admin/provider");
            Assert.Equal("/admin", ann.Location.AbsolutePath);
            Assert.Equal(Role.Responder, await RoleOfAsync(app, Ann));
        }
        provider.Person = new("18", "ben@acme.example", ["status-comms"]);
        using var ben = app.NewBrowser();
        await ben.GetAsync("/admin/provider");
        var id = await app.InStoreAsync(db => db.Users.Where(row => row.Email == "ben@acme.example").Select(row => row.Id).SingleAsync());
        var page = await owner.GetAsync("/admin/accounts");
        var refused = await owner.SubmitAsync(
            page.Forms.First(form => form.Action.Contains("Role", StringComparison.Ordinal) && form.InnerHtml.Contains(id, StringComparison.Ordinal)),
            new { role = "owner" }
        );
        Assert.Contains("gives this role", refused.Summary(), StringComparison.Ordinal);
        Assert.Equal(Role.Comms, await RoleOfAsync(app, "ben@acme.example"));
    }

    [Fact]
    public async Task What_the_provider_has_not_said_for_a_day_counts_no_more_until_it_says_so_again()
    {
        await using var provider = await OpenIdServer.StartAsync();
        await using var app = await AppHost.StartAsync([.. Desk.Owner, .. provider.Settings]);
        using var browser = app.NewBrowser();
        await browser.GetAsync("/admin/provider");
        var old = (DateTimeOffset?)DateTimeOffset.UtcNow.AddHours(-24);
        await app.InStoreAsync(db =>
            db.Memberships.Where(row => row.GrantedBy != null).ExecuteUpdateAsync(set => set.SetProperty(row => row.ConfirmedAt, old))
        );
        await browser.GetAsync("/admin/audit");
        Assert.Equal("/admin/sign-in", browser.Location.AbsolutePath);
        await browser.GetAsync("/admin/provider?then=/admin/audit");
        Assert.Equal("/admin/audit", browser.Location.AbsolutePath);
    }

    [Fact]
    public async Task Who_comes_by_the_provider_alone_gets_no_password_by_asking_for_one()
    {
        await using var provider = await OpenIdServer.StartAsync();
        await using var app = await AppHost.StartAsync([.. Desk.Owner, .. provider.Settings]);
        using var ann = app.NewBrowser();
        await ann.GetAsync("/admin/provider");
        using var browser = app.NewBrowser();
        await browser.FillInAsync("/admin/forgot", new { Email = Ann });
        // Requests are handled in order: once the owner's mail is there, hers would be too.
        await browser.FillInAsync("/admin/forgot", new { Desk.Email });
        await app.MailedPathAsync(Desk.Email, "reset:");
        Assert.Equal(0, await app.MailsAsync(Ann, "reset:"));
        Assert.Null((await ann.GetAsync("/admin/account")).QuerySelector("form[action*=Password]"));
    }

    [Fact]
    public async Task A_sign_in_that_the_provider_did_not_ask_for_anew_is_no_fresh_proof()
    {
        await using var provider = await OpenIdServer.StartAsync();
        await using var app = await AppHost.StartAsync([.. Desk.Owner, .. provider.Settings]);
        foreach (
            var (at, isProof) in new (DateTimeOffset?, bool)[]
            {
                (null, false),
                (DateTimeOffset.UtcNow.AddHours(-1), false),
                (DateTimeOffset.UtcNow, true),
            }
        )
        {
            provider.Person = provider.Person with { At = at };
            using var browser = app.NewBrowser();
            await browser.GetAsync("/admin/provider");
            var page = await browser.GetAsync("/admin/account/app");
            Assert.Equal(isProof ? "/admin/account/app" : "/admin/account/prove", browser.Location.AbsolutePath);
            if (!isProof)
                Assert.Contains("Sign in with Acme again", page.Body!.TextContent, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_provider_that_is_away_keeps_nothing_from_starting()
    {
        await using var app = await AppHost.StartAsync([
            .. Desk.Owner,
            "--Oidc:Authority",
            $"http://127.0.0.1:{Ports.Next()}",
            "--Oidc:ClientId",
            "x",
            "--Oidc:DefaultRole",
            "auditor",
        ]);
        using var browser = app.NewBrowser();
        var page = await browser.GetAsync("/admin/provider");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, browser.Status);
        Assert.Contains("does not answer", page.Body!.TextContent, StringComparison.Ordinal);
        using var owner = await app.SignInAsync();
    }

    [Theory]
    [InlineData("Oidc:Authority", "--Oidc:ClientId", "x", "--Oidc:DefaultRole", "comms")]
    [InlineData("Oidc:Authority", "--Oidc:Authority", "http://login.example", "--Oidc:ClientId", "x", "--Oidc:DefaultRole", "comms")]
    [InlineData("Oidc:ClientId", "--Oidc:Authority", "https://login.example", "--Oidc:DefaultRole", "comms")]
    [InlineData("Oidc:DefaultRole", "--Oidc:Authority", "https://login.example", "--Oidc:ClientId", "x", "--Oidc:DefaultRole", "king")]
    [InlineData("Oidc:Roles", "--Oidc:Authority", "https://login.example", "--Oidc:ClientId", "x")]
    public void A_setting_that_cannot_work_is_named_at_the_start(string key, params string[] args)
    {
        var configuration = new ConfigurationBuilder().AddCommandLine(args).Build();
        Assert.Contains($"Setting {key} is", Assert.Throws<SettingException>(() => Settings.Read(configuration)).Message, StringComparison.Ordinal);
    }

    private static Task<Role> RoleOfAsync(AppHost app, string email) =>
        app.InStoreAsync(db =>
            db.Memberships.Where(row => db.Users.Any(account => account.Id == row.AccountId && account.Email == email))
                .Select(row => row.Role)
                .SingleAsync()
        );
}
