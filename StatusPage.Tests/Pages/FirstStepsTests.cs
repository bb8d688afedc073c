using AngleSharp.Dom;
using StatusPage.Tests.Brands;
using StatusPage.Tests.Host;

namespace StatusPage.Tests.Pages;

/// <summary>From the set-up link to a page that is ready, without a dead end.</summary>
public sealed class FirstStepsTests
{
    private static async Task<(string Progress, string[] Left, IElement? List)> StepsAsync(BrowserSession owner)
    {
        var list = (await owner.GetAsync("/admin")).QuerySelector(".first-steps");
        return (
            list?.QuerySelector(".bar p")?.TextContent.Trim() ?? "",
            [.. list?.QuerySelectorAll("li:not(.is-done) a").Select(step => step.GetAttribute("href")!) ?? []],
            list
        );
    }

    [Fact]
    public async Task The_list_follows_what_is_so_and_each_step_leads_on()
    {
        await using var mail = new MailServer();
        await using var app = await AppHost.StartAsync("--Outbound:Allow", "127.0.0.1");
        using var owner = app.NewBrowser();

        // Whoever comes without an account hears where the link is.
        Assert.Contains("printed a set-up link", (await owner.GetAsync("/admin")).Body!.TextContent, StringComparison.Ordinal);
        var link = await Eventually.GetAsync(
            "the link is printed",
            () => Task.FromResult(app.Printed.Split('\n').FirstOrDefault(line => line.StartsWith("Set-up link", StringComparison.Ordinal)))
        );
        await owner.FillInAsync(
            new Uri(link[link.IndexOf("http", StringComparison.Ordinal)..].Trim()).PathAndQuery,
            new
            {
                Name = "Acme",
                TimeZone = "Europe/Berlin",
                Email = Desk.Email,
                Password = Desk.Password,
            }
        );
        Assert.Equal("/admin", owner.Location.AbsolutePath);
        var first = await StepsAsync(owner);
        Assert.Equal("1 of 7", first.Progress);
        Assert.Equal(
            ["/admin/brand", "/admin/components#list", "/admin/mail", "/admin/accounts", "/admin/settings#address", "/admin/subscribers"],
            first.Left
        );
        Assert.NotNull(first.List!.QuerySelector("iframe"));

        await owner.FillInAsync("/admin/brand", new { Logo = Pictures.Svg(), Accent = "#6b21a8" }, "form[enctype]");
        var room = await owner.FillInAsync(
            "/admin/components",
            new { List = "Website\nAPI\nDashboard\nEurope: Checkout\nEurope: Payments\nAsia: Checkout\nAsia: Payments\nMail\nSearch\nReports" },
            "form[action*='handler=List']"
        );
        Assert.Contains("10 components are added", room.QuerySelector(".done")!.TextContent, StringComparison.Ordinal);
        var line = room.QuerySelector(".steps-line")!;
        Assert.StartsWith("First steps, 3 of 7", line.TextContent.Trim(), StringComparison.Ordinal);
        Assert.Equal(["/admin", "/admin/mail"], line.QuerySelectorAll("a").Select(one => one.GetAttribute("href")!));
        var again = await owner.FillInAsync("/admin/components", new { List = "api\nBlog" }, "form[action*='handler=List']");
        Assert.Contains("1 of the list are added, 1 were there already", again.QuerySelector(".done")!.TextContent, StringComparison.Ordinal);

        await owner.FillInAsync(
            "/admin/mail",
            new
            {
                Host = "127.0.0.1",
                Port = mail.Port,
                Security = "None",
                FromAddress = "status@acme.example",
            },
            "form[action*='handler=Server']"
        );
        await owner.FillInAsync("/admin/mail", new { }, "form[action*='handler=Test']");
        Assert.Single(mail.To(Desk.Email));
        Assert.Equal(["/admin/accounts", "/admin/settings#address", "/admin/subscribers"], (await StepsAsync(owner)).Left);
        await owner.FillInAsync("/admin/accounts", new { Email = "ben@acme.example", Role = "comms" }, "form[action*='handler=Invite']");
        Assert.Equal("5 of 7", (await StepsAsync(owner)).Progress);
        await app.SubscriberAsync("ann@customer.example");
        // The operator alone says under which address customers come.
        Assert.Equal(["/admin/settings#address"], (await StepsAsync(owner)).Left);
        Assert.Contains("PublicUrl=", (await owner.GetAsync("/admin/settings")).Body!.TextContent, StringComparison.Ordinal);

        var page = await owner.GetAsync("/");
        Assert.NotNull(page.QuerySelector("header img.logo"));
        Assert.Contains("Dashboard", page.Body!.TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain("set-up link", (await app.Http.GetStringAsync("/admin/sign-in")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_list_can_be_put_away_and_shown_again()
    {
        await using var app = await AppHost.StartAsync(Desk.Owner);
        using var owner = await app.SignInAsync();
        await owner.FillInAsync("/admin", new { }, ".first-steps form");
        Assert.Null((await StepsAsync(owner)).List);
        Assert.Null((await owner.GetAsync("/admin/brand")).QuerySelector(".steps-line"));
        await owner.FillInAsync("/admin/settings", new { }, "form[action*='handler=Steps']");
        Assert.NotNull((await StepsAsync(owner)).List);
    }
}
