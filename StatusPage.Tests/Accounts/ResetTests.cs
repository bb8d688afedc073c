using Microsoft.EntityFrameworkCore;
using StatusPage.Tests.Host;

namespace StatusPage.Tests.Accounts;

public sealed class ResetTests
{
    private const string New = "a-sentence-nobody-knows";

    [Fact]
    public async Task The_mailed_link_sets_a_password_once_and_ends_every_session()
    {
        await using var app = await AppHost.StartAsync(Desk.Owner);
        using var there = await app.SignInAsync();
        var path = await AskAsync(app);
        using var browser = app.NewBrowser();
        var page = await browser.FillInAsync(path, new { Password = New });
        Assert.Contains("new password is set", page.Body!.TextContent, StringComparison.Ordinal);
        await there.GetAsync("/admin");
        Assert.Equal("/admin/sign-in", there.Location.AbsolutePath);
        Assert.Contains("no longer good", (await browser.GetAsync(path)).Body!.TextContent, StringComparison.Ordinal);
        using var again = await app.SignInAsync(Desk.Email, New);
    }

    [Fact]
    public async Task Every_address_gets_the_same_answer()
    {
        await using var app = await AppHost.StartAsync(Desk.Owner);
        using var browser = app.NewBrowser();
        var known = (await browser.FillInAsync("/admin/forgot", new { Desk.Email })).QuerySelector("main")!.InnerHtml;
        var unknown = (await browser.FillInAsync("/admin/forgot", new { Email = "nobody@acme.example" })).QuerySelector("main")!.InnerHtml;
        Assert.Equal(known, unknown);
    }

    [Fact]
    public async Task One_account_gets_no_more_than_three_mails_in_an_hour()
    {
        await using var app = await AppHost.StartAsync(Desk.Owner);
        using var owner = await app.SignInAsync();
        using var ann = await app.JoinAsync(owner, "ann@acme.example", "comms");
        using var browser = app.NewBrowser();
        for (var i = 0; i < 5; i++)
            await browser.FillInAsync("/admin/forgot", new { Desk.Email });
        // Requests are handled in order: once Ann's mail is there, the others are done.
        await browser.FillInAsync("/admin/forgot", new { Email = "ann@acme.example" });
        await app.MailedPathAsync("ann@acme.example", "reset:");
        Assert.Equal(3, await app.InStoreAsync(db => db.Notices.CountAsync(row => row.Address == Desk.Email && row.Key.StartsWith("reset:"))));
    }

    [Fact]
    public async Task A_reset_is_no_way_past_the_second_factor()
    {
        await using var app = await AppHost.StartAsync(Desk.Owner);
        using var owner = await app.SignInAsync();
        var (key, _) = await owner.SetUpAppAsync();
        using var browser = app.NewBrowser();
        await browser.FillInAsync(await AskAsync(app), new { Password = New });
        await browser.FillInAsync("/admin/sign-in", new { Desk.Email, Password = New });
        Assert.Equal("/admin/sign-in/second", browser.Location.AbsolutePath);
        await browser.GetAsync("/admin");
        Assert.Equal("/admin/sign-in", browser.Location.AbsolutePath);
        await browser.FillInAsync("/admin/sign-in/second", new { Code = People.CodeOf(key, later: 1) });
        Assert.Equal("/admin", browser.Location.AbsolutePath);
    }

    [Fact]
    public async Task The_command_prints_a_link_for_who_lost_everything()
    {
        using var folder = new TempFolder();
        await using (var app = await AppHost.StartAsync(folder, null, Desk.Owner))
        {
            using var owner = await app.SignInAsync();
            await owner.SetUpAppAsync();
        }
        var (code, output) = await AppCommand.RunAsync(
            "account",
            "reset",
            "--email",
            Desk.Email,
            "--remove-factors",
            "true",
            "--DataDirectory",
            folder.Path
        );
        Assert.Equal(0, code);
        await using var again = await AppHost.StartAsync(folder, null);
        using var browser = again.NewBrowser();
        await browser.FillInAsync(new Uri(output.Trim()).PathAndQuery, new { Password = New });
        using var signedIn = await again.SignInAsync(Desk.Email, New);
    }

    private static async Task<string> AskAsync(AppHost app)
    {
        using var browser = app.NewBrowser();
        await browser.FillInAsync("/admin/forgot", new { Desk.Email });
        Assert.Equal(System.Net.HttpStatusCode.OK, browser.Status);
        return await app.MailedPathAsync(Desk.Email, "reset:");
    }
}
