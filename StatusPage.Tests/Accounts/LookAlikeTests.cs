using System.Net;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain.Accounts;
using StatusPage.Tests.Host;

namespace StatusPage.Tests.Accounts;

/// <summary>An account is found under its own address, and not under one that only looks or sounds like it.</summary>
public sealed class LookAlikeTests
{
    private const string Boss = "boss@acme.example";

    [Theory]
    [InlineData("bo\u017f\u017f@acme.example")]
    [InlineData("\uff42oss@acme.example")]
    public async Task The_provider_vouches_for_an_address_and_for_no_other(string claimed)
    {
        await using var provider = await OpenIdServer.StartAsync();
        await using var app = await AppHost.StartAsync([.. Desk.Owner, .. provider.Settings]);
        var boss = await app.AccountAsync(Boss, Role.Owner);
        provider.Person = new("77", claimed, ["status-comms"], IsVerified: true);
        using var browser = app.NewBrowser();
        await browser.GetAsync("/admin/provider");
        Assert.Empty(await app.InStoreAsync(db => db.UserLogins.Where(login => login.UserId == boss.Id).ToListAsync()));
        await browser.GetAsync("/admin/accounts");
        Assert.NotEqual(HttpStatusCode.OK, browser.Status);
    }

    [Fact]
    public async Task However_an_address_is_spelt_its_wrong_passwords_are_counted_together()
    {
        await using var app = await AppHost.StartAsync([.. Desk.Owner, "--TrustedProxies", "127.0.0.1"]);
        string[] spellings = [Desk.Email, Desk.Email.ToUpperInvariant(), Desk.Email + "\u0001", "ow\u0002ner@acme.example", " " + Desk.Email];
        for (var i = 0; i < 26; i++)
            Assert.NotEqual("/admin", await SignInAsync(app, spellings[i % spellings.Length], "not-the-password", $"198.51.100.{i}"));
        foreach (var spelling in spellings)
            Assert.NotEqual("/admin", await SignInAsync(app, spelling, Desk.Password, "203.0.113.9"));
    }

    [Theory]
    [InlineData("o'brien@acme.example")]
    [InlineData("j\u00f6rg@acme.example")]
    [InlineData("a&b@acme.example")]
    public async Task Whoever_can_be_invited_can_join(string email)
    {
        await using var app = await AppHost.StartAsync(Desk.Owner);
        using var owner = await app.SignInAsync();
        using var joined = await app.JoinAsync(owner, email, "comms");
        Assert.Equal("/admin", await SignInAsync(app, email, People.Password, null));
    }

    private static async Task<string> SignInAsync(AppHost app, string email, string password, string? from)
    {
        using var browser = app.NewBrowser();
        browser.From = from;
        await browser.FillInAsync("/admin/sign-in", new { Email = email, Password = password });
        return browser.Location.AbsolutePath;
    }
}
