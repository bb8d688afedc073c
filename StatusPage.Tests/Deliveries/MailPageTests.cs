using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using StatusPage.Domain.Deliveries;
using StatusPage.Tests.Host;
using StatusPage.Web.Deliveries;

namespace StatusPage.Tests.Deliveries;

/// <summary>The mail server is entered at the desk where the settings have none, and every place where mails reach nobody says so.</summary>
public sealed class MailPageTests
{
    private const string Room = "/admin/mail";

    private static object Server(int port, string host = "127.0.0.1", string security = "None", string? user = null, string? password = null) =>
        new
        {
            Host = host,
            Port = port,
            Security = security,
            Login = user ?? "",
            Password = password ?? "",
            FromAddress = "status@acme.example",
            FromName = "Acme",
        };

    private static Task<IHtmlDocument> EnterAsync(BrowserSession owner, object values) =>
        owner.FillInAsync(Room, values, "form[action*='handler=Server']");

    private static Task<IHtmlDocument> TestAsync(BrowserSession owner) => owner.FillInAsync(Room, new { }, "form[action*='handler=Test']");

    private static string Said(IHtmlDocument page, string field) => page.QuerySelector($"[data-valmsg-for='{field}']")?.TextContent ?? "";

    private static Task<AppHost> StartAsync(params string[] args) => AppHost.StartAsync([.. Desk.Owner, "--Outbound:Allow", "127.0.0.1", .. args]);

    [Fact]
    public async Task A_server_that_is_entered_at_the_desk_takes_the_mails_and_a_test_shows_its_answer()
    {
        await using var mail = new MailServer();
        await using var app = await StartAsync();
        await app.SubscriberAsync("ann@customer.example");
        using var owner = await app.SignInAsync();
        var banner = (await owner.GetAsync("/admin/components")).QuerySelector(".files")!;
        Assert.Contains("Mails reach nobody", banner.TextContent, StringComparison.Ordinal);
        Assert.Equal(Room, banner.QuerySelector("a")!.GetAttribute("href"));
        Assert.Contains("The test was written to a file.", (await TestAsync(owner)).Body!.TextContent, StringComparison.Ordinal);

        await EnterAsync(owner, Server(mail.Port));
        Assert.Null((await owner.GetAsync("/admin/components")).QuerySelector(".files"));
        var tested = await TestAsync(owner);
        Assert.Contains("The mail server took the test.", tested.Body!.TextContent, StringComparison.Ordinal);
        Assert.StartsWith("250 ", tested.QuerySelector("#test code")!.TextContent, StringComparison.Ordinal);
        var letter = Assert.Single(mail.To(Desk.Email));
        Assert.Equal("\"Acme\" <status@acme.example>", letter.Message.From.ToString());
        await (await app.ApiAsync()).OpenIncidentAsync();
        Assert.Equal("ann@customer.example", (await mail.WaitForAsync(one => one.To == "ann@customer.example")).To);

        await owner.FillInAsync(Room, new { SenderName = "Acme Europe", SenderAddress = "eu@acme.example" }, "form[action*='handler=Sender']");
        await TestAsync(owner);
        Assert.Equal("\"Acme Europe\" <eu@acme.example>", mail.To(Desk.Email)[^1].Message.From.ToString());
    }

    [Fact]
    public async Task A_password_is_kept_for_its_server_alone_and_never_shown()
    {
        await using var app = await StartAsync();
        using var owner = await app.SignInAsync();
        Assert.Contains(
            "No password is sent in clear",
            Said(await EnterAsync(owner, Server(25, user: "us", password: "tell-nobody")), "Security"),
            StringComparison.Ordinal
        );
        await EnterAsync(owner, Server(587, "smtp.acme.example", "StartTls", "us", "tell-nobody"));
        var shown = await owner.GetAsync(Room);
        Assert.DoesNotContain("tell-nobody", shown.DocumentElement.OuterHtml, StringComparison.Ordinal);
        var stored = await app.InStoreAsync(db => db.MailRelays.AsNoTracking().SingleAsync());
        Assert.DoesNotContain("tell-nobody", stored.Secrets!, StringComparison.Ordinal);
        Assert.Equal("tell-nobody", app.Services.GetRequiredService<MailRoutes>().Known.Smtp!.Password);
        Assert.DoesNotContain(
            "tell-nobody",
            string.Concat(await app.InStoreAsync(db => db.Audit.Select(entry => entry.Changes).ToListAsync())),
            StringComparison.Ordinal
        );
        await EnterAsync(owner, Server(2525, "smtp.acme.example", "StartTls", "us"));
        Assert.Equal("tell-nobody", app.Services.GetRequiredService<MailRoutes>().Known.Smtp!.Password);
        Assert.Contains(
            "Enter the user's password.",
            Said(await EnterAsync(owner, Server(587, "smtp.evil.example", "StartTls", "us")), "Password"),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task What_the_server_refuses_is_said_without_the_password_and_the_desk_leads_to_the_place_that_mends_it()
    {
        await using var mail = new ScriptedMailServer { Greeting = "554 no service for you" };
        await using var app = await StartAsync();
        using var owner = await app.SignInAsync();
        await EnterAsync(owner, Server(mail.Port));
        var tested = await TestAsync(owner);
        Assert.Contains("The test did not leave.", tested.Body!.TextContent, StringComparison.Ordinal);
        Assert.Contains("554: no service for you", tested.QuerySelector("#test code")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(Room, (await owner.GetAsync("/admin")).QuerySelector(".trouble a[href='/admin/mail']")!.GetAttribute("href"));
        // Another server has no trouble yet.
        await using var other = new MailServer();
        await EnterAsync(owner, Server(other.Port));
        Assert.Null(app.Services.GetRequiredService<MailTransport>().Trouble);
        Assert.Contains("took the test", (await TestAsync(owner)).Body!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_that_is_not_public_is_refused_with_the_setting_that_allows_it()
    {
        await using var app = await AppHost.StartAsync(Desk.Owner);
        using var owner = await app.SignInAsync();
        foreach (var host in (string[])["127.0.0.1", "localhost", "10.1.2.3", "169.254.169.254"])
            Assert.Contains("Outbound:Allow", Said(await EnterAsync(owner, Server(25, host)), "Host"), StringComparison.Ordinal);
        Assert.Contains("not the name of a server", Said(await EnterAsync(owner, Server(25, "smtp://x")), "Host"), StringComparison.Ordinal);
        Assert.Empty(await app.InStoreAsync(db => db.MailRelays.ToListAsync()));
    }

    [Fact]
    public async Task The_operator_s_server_goes_first_and_is_not_changed_at_the_desk()
    {
        await using var mail = new MailServer();
        await using var app = await StartAsync("--Email:Smtp", mail.Url);
        using var owner = await app.SignInAsync();
        var page = await owner.GetAsync(Room);
        Assert.Contains("set by the operator", page.Body!.TextContent, StringComparison.Ordinal);
        Assert.Null(page.QuerySelector("form[action*='handler=Server']"));
        Assert.Contains("took the test", (await TestAsync(owner)).Body!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_was_entered_at_another_node_is_followed()
    {
        await using var mail = new MailServer();
        await using var app = await StartAsync();
        var routes = app.Services.GetRequiredService<MailRoutes>();
        await app.InStoreAsync(async db =>
        {
            var relay = MailRelay.New();
            relay.Set("127.0.0.1", mail.Port, MailSecurity.None, null, false, "Acme", "status@acme.example", DateTimeOffset.UtcNow);
            db.MailRelays.Add(relay);
            return await db.SaveChangesAsync();
        });
        await Eventually.TrueAsync("the node follows", () => Task.FromResult(routes.Known.Smtp?.Port == mail.Port));
        await app.SubscriberAsync("ann@customer.example");
        await (await app.ApiAsync()).OpenIncidentAsync();
        Assert.Equal("ann@customer.example", (await mail.WaitForAsync(_ => true)).To);
    }
}
