using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using StatusPage.Tests.Host;

namespace StatusPage.Tests.Accounts;

public sealed class InviteTests
{
    private const string Ann = "ann@acme.example";

    [Fact]
    public async Task The_mailed_link_makes_an_account_once_and_signs_in()
    {
        await using var app = await AppHost.StartAsync(Desk.Owner);
        using var owner = await app.SignInAsync();
        await owner.FillInAsync("/admin/accounts", new { Email = Ann, Role = "responder" }, "form[action*=Invite]");
        var path = await app.MailedPathAsync(Ann, "invite:");
        using var ann = app.NewBrowser();
        var refused = await ann.FillInAsync(path!, new { Password = "short" });
        Assert.NotEqual("", refused.ErrorFor("Password"));
        await ann.FillInAsync(path!, new { People.Password });
        Assert.Equal("/admin", ann.Location.AbsolutePath);
        await ann.GetAsync("/admin/accounts");
        Assert.Equal("/admin/denied", ann.Location.AbsolutePath);
        using var second = app.NewBrowser();
        Assert.Contains("no longer good", (await second.GetAsync(path!)).Body!.TextContent, StringComparison.Ordinal);
        using var again = await app.SignInAsync(Ann, People.Password);
    }

    [Fact]
    public async Task The_link_stands_nowhere_in_the_store_or_the_audit()
    {
        await using var app = await AppHost.StartAsync(Desk.Owner);
        using var owner = await app.SignInAsync();
        var page = await owner.FillInAsync("/admin/accounts", new { Email = Ann, Role = "comms" }, "form[action*=Invite]");
        var token = page.QuerySelector(".secret")!.TextContent.Split('/')[^1];
        Assert.DoesNotContain(token, (await owner.GetAsync("/admin/accounts")).Body!.InnerHtml, StringComparison.Ordinal);
        var said = await app.InStoreAsync(async db =>
            string.Concat((await db.Audit.ToListAsync()).Select(entry => $"{entry.Action} {entry.Subject} {entry.Changes}\n"))
        );
        Assert.Contains($"account.invited {Ann} (comms)", said, StringComparison.Ordinal);
        Assert.DoesNotContain(token, said, StringComparison.Ordinal);
        var link = await app.InStoreAsync(db => db.OneTimeLinks.SingleAsync());
        Assert.Matches("^[0-9a-f]{64}$", link.Hash);
    }

    [Fact]
    public async Task Sent_again_the_first_link_is_worthless_and_withdrawn_both_are()
    {
        await using var app = await AppHost.StartAsync(Desk.Owner);
        using var owner = await app.SignInAsync();
        await owner.FillInAsync("/admin/accounts", new { Email = Ann, Role = "comms" }, "form[action*=Invite]");
        var first = await app.MailedPathAsync(Ann, "invite:");
        await owner.FillInAsync("/admin/accounts", new { }, "form[action*=Again]");
        var second = await app.MailedPathAsync(Ann, "invite:");
        Assert.NotEqual(first, second);
        using var ann = app.NewBrowser();
        Assert.Contains("no longer good", (await ann.GetAsync(first!)).Body!.TextContent, StringComparison.Ordinal);
        Assert.Contains(Ann, (await ann.GetAsync(second!)).Body!.TextContent, StringComparison.Ordinal);
        await owner.FillInAsync("/admin/accounts", new { }, "form[action*=Withdraw]");
        Assert.Contains("no longer good", (await ann.GetAsync(second!)).Body!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_seven_days_the_link_is_over()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var app = await AppHost.StartAsync(null, Clock(time), Desk.Owner);
        using var owner = await app.SignInAsync();
        var page = await owner.FillInAsync("/admin/accounts", new { Email = Ann, Role = "comms" }, "form[action*=Invite]");
        var path = new Uri(page.QuerySelector(".secret")!.TextContent).PathAndQuery;
        time.Advance(TimeSpan.FromDays(7));
        using var ann = app.NewBrowser();
        Assert.Contains("no longer good", (await ann.GetAsync(path)).Body!.TextContent, StringComparison.Ordinal);
    }

    private static Action<WebApplicationBuilder> Clock(FakeTimeProvider time) => builder => builder.Services.AddSingleton<TimeProvider>(time);
}
