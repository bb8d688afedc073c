using System.Text.RegularExpressions;
using Microsoft.Playwright;
using StatusPage.Tests.Host;
using static Microsoft.Playwright.Assertions;

namespace StatusPage.Tests.Acceptance;

/// <summary>The incident management guide's example, by hand and by keyboard, in a real browser, with a real mail server.</summary>
public sealed partial class GuideExampleTests(Browser browser) : IClassFixture<Browser>
{
    [Fact]
    public async Task An_owner_posts_the_example_and_every_channel_follows()
    {
        await using var mail = new MailServer();
        await using var app = await AppHost.StartAsync([
            .. Desk.Owner,
            "--Email:Smtp",
            mail.Url,
            "--Email:From",
            "Acme <status@acme.example>",
            "--Page:Name",
            "Acme",
            "--Page:TimeZone",
            "America/Los_Angeles",
        ]);
        await app.SubscriberAsync("customer@customer.example");
        var desk = await browser.NewPageAsync(app.BaseAddress);
        var errors = new List<string>();
        desk.Console += (_, message) =>
        {
            if (message.Type == "error")
                errors.Add(message.Text);
        };

        await desk.GotoAsync("/admin");
        await desk.Keyboard.TypeAsync(Desk.Email);
        await desk.Keyboard.PressAsync("Tab");
        await desk.Keyboard.TypeAsync(Desk.Password);
        await desk.Keyboard.PressAsync("Enter");
        await desk.IsAtAsync("/admin$");
        await desk.GetByRole(AriaRole.Navigation).GetByRole(AriaRole.Link, new() { Name = "Components" }).ClickAsync();
        await desk.GetByLabel("Name", new() { Exact = true }).FillAsync("API");
        await desk.GetByRole(AriaRole.Button, new() { Name = "Add component" }).ClickAsync();
        await Expect(desk.GetByText("'API' is on the page.")).ToBeVisibleAsync();

        // The keys work once the page's script has run.
        await desk.WaitForFunctionAsync("document.readyState === 'complete'");
        // The cursor is back in the name for the next component, where "n" is a letter.
        await desk.GetByLabel("Name", new() { Exact = true }).BlurAsync();
        await desk.Keyboard.PressAsync("n");
        await desk.IsAtAsync("/admin/incidents/new$");
        await Expect(desk.GetByLabel("What is broken?")).ToBeFocusedAsync();
        await desk.Keyboard.TypeAsync("Elevated error rates on our API");
        await desk.GetByRole(AriaRole.Radio, new() { Name = "SEV2" }).CheckAsync();
        await desk.GetByLabel("What happened?").FillAsync("We are investigating elevated error rates on our API.");
        await desk.GetByLabel("Who is affected, and how much?").FillAsync("~15% of requests failing");
        await desk.GetByLabel("What is the team doing?").FillAsync("Working on identifying root cause");
        await desk.GetByLabel("When will people hear more?").SelectOptionAsync("30");
        await desk.GetByLabel("API", new() { Exact = true }).CheckAsync();
        await desk.GetByLabel("State of API").SelectOptionAsync("partial_outage");
        await desk.Keyboard.PressAsync("Control+Enter");
        await desk.IsAtAsync(Incident().ToString());
        var id = desk.Url.Split('/')[^1];

        // The customers' view, with and without JavaScript.
        foreach (var scripts in new[] { true, false })
        {
            var customer = await browser.NewPageAsync(app.BaseAddress, 375, 812, scripts);
            await customer.GotoAsync("/");
            await Expect(customer.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("API is partly down");
            var incident = customer.Locator("article.incident");
            await Expect(incident).ToContainTextAsync("We are investigating elevated error rates on our API.");
            await Expect(incident).ToContainTextAsync("~15% of requests failing");
            await Expect(incident).ToContainTextAsync("Working on identifying root cause");
            await Expect(incident.Locator(".facts")).ToContainTextAsync(Promise());
            if (scripts)
                await Expect(incident.Locator(".facts")).ToContainTextAsync(new Regex("in (30|29) minutes"));
            // On a phone the sentence, the incident and its three facts are on the first screen.
            Assert.True((await incident.Locator(".facts").BoundingBoxAsync()) is { } box && box.Y + box.Height <= 812);
            Assert.True(await customer.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"));
        }
        foreach (var path in new[] { $"/incidents/{id}", "/components/api", "/history" })
            Assert.Contains("elevated error rates on our API", await app.Http.GetStringAsync(path), StringComparison.Ordinal);
        await FollowAsync(app, "partial outage", "partial outage", "We are investigating elevated error rates on our API.");
        var update = await mail.WaitForAsync(received => received.Message.Subject!.Contains("Investigating", StringComparison.Ordinal));
        Assert.Matches(@"^\[INVESTIGATING\] \d{1,2}:\d\d [AP]M P[SD]T", update.Text);
        foreach (
            var part in new[]
            {
                "We are investigating elevated error rates on our API.",
                "Impact: ~15% of requests failing",
                "Team: Working on identifying root cause",
                "ETA: 30 minutes to next update",
            }
        )
            Assert.Contains(part, update.Text, StringComparison.Ordinal);
        Assert.Contains("~15% of requests failing", update.Html, StringComparison.Ordinal);

        foreach (
            var (phase, body) in new[]
            {
                ("Identified", "A bad deploy is the cause."),
                ("Monitoring", "The deploy is rolled back."),
                ("Resolved", "Error rates are back to normal."),
            }
        )
        {
            await desk.GotoAsync("/admin");
            await desk.Keyboard.PressAsync("u");
            await Expect(desk.GetByLabel("What happened?")).ToBeFocusedAsync();
            await desk.GetByRole(AriaRole.Radio, new() { Name = phase }).CheckAsync();
            await desk.GetByLabel("What happened?").FillAsync(body);
            await desk.Keyboard.PressAsync("Control+Enter");
            await Expect(desk.GetByText("Posted. It is on the page now")).ToBeVisibleAsync();
            await Expect(desk.Locator(".timeline")).ToContainTextAsync(body);
            await mail.WaitForAsync(received =>
                received.Message.Subject!.Contains(phase, StringComparison.Ordinal) && received.Text.Contains(body, StringComparison.Ordinal)
            );
            await FollowAsync(app, phase == "Resolved" ? "operational" : "partial outage", phase == "Resolved" ? "operational" : "partial outage", body);
        }
        var after = await browser.NewPageAsync(app.BaseAddress);
        await after.GotoAsync("/");
        await Expect(after.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("All systems operational");
        Assert.Equal(4, mail.To("customer@customer.example").Count);
        Assert.Empty(errors);
    }

    /// <summary>Badges and feeds say the same, and the feeds have one entry that keeps its id.</summary>
    private static async Task FollowAsync(AppHost app, string overall, string api, string body)
    {
        Assert.Contains($": {overall}</title>", await app.Http.GetStringAsync("/badges/overall.svg"), StringComparison.Ordinal);
        Assert.Contains($"API: {api}</title>", await app.Http.GetStringAsync("/badges/api.svg"), StringComparison.Ordinal);
        foreach (var path in new[] { "/history.rss", "/history.atom", "/components/api/history.rss" })
        {
            using var xml = System.Xml.XmlReader.Create(new StringReader(await app.Http.GetStringAsync(path)));
            var feed = System.ServiceModel.Syndication.SyndicationFeed.Load(xml);
            var entry = Assert.Single(feed.Items);
            Assert.NotEmpty(entry.Id);
            var text = (entry.Content as System.ServiceModel.Syndication.TextSyndicationContent ?? entry.Summary)!.Text;
            Assert.Contains(body, text, StringComparison.Ordinal);
        }
    }

    [GeneratedRegex(@"/admin/incidents/[a-z0-9]{12}$")]
    private static partial Regex Incident();

    [GeneratedRegex(@"Next update by\s*(\w{3} \d+, )?\d{1,2}:\d\d [AP]M P[SD]T")]
    private static partial Regex Promise();
}
