using Microsoft.Playwright;
using StatusPage.Tests.Host;
using static Microsoft.Playwright.Assertions;

namespace StatusPage.Tests.Snapshot;

/// <summary>An open page in a real browser, while things change.</summary>
public sealed class LiveTests(Browser browser) : IClassFixture<Browser>
{
    /// <summary>Does at once what the timer does.</summary>
    private static Task<bool> AskAsync(IPage page) => page.EvaluateAsync<bool>("dispatchEvent(new Event('statuspage:ask'))");

    [Fact]
    public async Task It_takes_over_what_changed_and_says_so()
    {
        await using var app = await AppHost.StartAsync("--Page:Name", "Acme");
        var component = await app.ComponentAsync("API");
        using var api = await app.ApiAsync();
        var page = await browser.NewPageAsync(app.BaseAddress);
        var statuses = new List<int>();
        page.Response += (_, response) =>
        {
            if (response.Request.ResourceType == "fetch")
                statuses.Add(response.Status);
        };
        await page.GotoAsync("/");
        await Expect(page).ToHaveTitleAsync("All systems operational · Acme status");
        await Expect(page.Locator("link[rel=icon]")).ToHaveAttributeAsync("href", "/assets/state-operational.svg");
        await AskAsync(page);
        await Expect(page.Locator("#news")).ToHaveTextAsync("");

        await api.OpenIncidentAsync(
            new
            {
                name = "Errors",
                body = "We look into it.",
                component_ids = new[] { component.Id.Value },
                components = new Dictionary<string, string> { [component.Id.Value] = "major_outage" },
            }
        );
        await AskAsync(page);
        await Expect(page.Locator("h1")).ToHaveTextAsync("API is down");
        await Expect(page).ToHaveTitleAsync("API is down · Acme status");
        await Expect(page.Locator("link[rel=icon]")).ToHaveAttributeAsync("href", "/assets/state-major_outage.svg");
        await Expect(page.Locator("#news")).ToHaveTextAsync("This page has just changed: API is down");
        await Expect(page.Locator("#news")).ToHaveRoleAsync(AriaRole.Status);
        await Expect(page.Locator(".facts .rel")).ToContainTextAsync("in ");
        Assert.All(statuses, status => Assert.Contains(status, new[] { 200, 304 }));
    }

    [Fact]
    public async Task What_is_being_read_stays_where_it_is()
    {
        await using var app = await AppHost.StartAsync([.. Desk.Owner, "--Demo", "true"]);
        using var api = await app.ApiAsync();
        var page = await browser.NewPageAsync(app.BaseAddress, 800, 500);
        await page.GotoAsync("/");
        var group = page.Locator("details.group").First;
        await group.Locator("summary").ClickAsync();
        var read = page.GetByRole(AriaRole.Heading, new() { Name = "Past days" });
        await read.ScrollIntoViewIfNeededAsync();
        await page.EvaluateAsync("scrollBy(0, 40)");
        var mark = page.Locator("h3").Last;
        await mark.ScrollIntoViewIfNeededAsync();
        var before = (await mark.BoundingBoxAsync())!.Y;

        await api.OpenIncidentAsync(new { name = "A second one, which pushes everything down", body = "We look into it." });
        await AskAsync(page);
        await Expect(page.Locator("article.incident").GetByText("A second one, which pushes everything down")).ToHaveCountAsync(1);
        Assert.InRange((await mark.BoundingBoxAsync())!.Y, before - 2, before + 2);
        await Expect(group).ToHaveAttributeAsync("open", "");
    }

    [Fact]
    public async Task A_day_of_the_bars_says_what_was_by_pointer_and_by_key()
    {
        await using var app = await AppHost.StartAsync([.. Desk.Owner, "--Demo", "true"]);
        var page = await browser.NewPageAsync(app.BaseAddress);
        await page.GotoAsync("/");
        var day = page.Locator(".bars a").First;
        var tip = page.Locator(".tip");
        await day.HoverAsync();
        await Expect(tip).ToContainTextAsync("major outage, 22 min: Full outage of the API");
        var (bar, box) = ((await day.BoundingBoxAsync())!, (await tip.BoundingBoxAsync())!);
        Assert.InRange(box.Y, bar.Y + bar.Height, bar.Y + bar.Height + 4);
        Assert.InRange(bar.X, box.X, box.X + box.Width);
        // The pointer can rest on the tip itself, and Escape closes it.
        await tip.HoverAsync();
        await Expect(tip).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Escape");
        await Expect(tip).ToBeHiddenAsync();
        await day.FocusAsync();
        await Expect(tip).ToContainTextAsync("Full outage of the API");
        await page.Keyboard.PressAsync("Tab");
        await Expect(tip).ToContainTextAsync("Elevated error rates on our API");
        Assert.StartsWith("/incidents/", await page.EvaluateAsync<string>("document.activeElement.getAttribute('href')"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_script_all_is_there()
    {
        await using var app = await AppHost.StartAsync([.. Desk.Owner, "--Demo", "true"]);
        var page = await browser.NewPageAsync(app.BaseAddress, scripts: false);
        await page.GotoAsync("/");
        await Expect(page.Locator("h1")).ToHaveTextAsync("API is partly down");
        await page.Locator("details.group summary").First.ClickAsync();
        await Expect(page.Locator("details.group .component").First).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Get updates" }).ClickAsync();
        await page.GetByLabel("Email address").FillAsync("ann@customer.example");
        await page.GetByRole(AriaRole.Button, new() { Name = "Subscribe" }).ClickAsync();
        await Expect(page.Locator("h1")).ToHaveTextAsync("Look into your mailbox");
        await page.GotoAsync("/history");
        await page.GetByRole(AriaRole.Searchbox).FillAsync("webhooks");
        await page.GetByRole(AriaRole.Button, new() { Name = "Search" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Status).Filter(new() { HasText = "1 incident found" })).ToBeVisibleAsync();
    }
}
