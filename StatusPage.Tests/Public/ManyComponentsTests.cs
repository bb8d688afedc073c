using AngleSharp.Dom;
using Microsoft.EntityFrameworkCore;
using StatusPage.Tests.Host;
using static Microsoft.Playwright.Assertions;

namespace StatusPage.Tests.Public;

/// <summary>A page with forty components, three incidents and a maintenance at once.</summary>
public sealed class ManyComponentsTests(ManyComponentsTests.Site site, Browser browser) : IClassFixture<ManyComponentsTests.Site>, IClassFixture<Browser>
{
    public sealed class Site : IAsyncLifetime
    {
        public AppHost App { get; private set; } = null!;

        public async ValueTask InitializeAsync() => App = await AppHost.StartAsync([.. Desk.Owner, "--Demo", "large"]);

        public ValueTask DisposeAsync() => App.DisposeAsync();
    }

    [Fact]
    public async Task In_a_group_that_stands_open_what_works_is_one_line()
    {
        using var reader = site.App.NewBrowser();
        var page = await reader.GetAsync("/");
        var groups = page.QuerySelectorAll(".components > details.group").ToList();
        Assert.Equal(8, groups.Count);
        Assert.Equal(40, page.QuerySelectorAll(".components .component").Length);
        var payments = groups.Single(group => group.QuerySelector(".cname")!.TextContent == "Payments");
        Assert.True(payments.HasAttribute("open"));
        Assert.Equal(["Checkout", "Card payments"], payments.QuerySelectorAll(":scope > .component > .cname").Select(name => name.TextContent));
        Assert.Equal("3 more are operational", payments.QuerySelector(".rest > summary")!.TextContent);
        Assert.Equal(3, payments.QuerySelectorAll(".rest > .component").Length);
        var identity = groups.Single(group => group.QuerySelector(".cname")!.TextContent == "Identity");
        Assert.False(identity.HasAttribute("open"));
        Assert.Null(identity.QuerySelector(".rest"));
    }

    [Fact]
    public async Task A_component_leads_to_what_it_suffers_from()
    {
        using var reader = site.App.NewBrowser();
        var page = await reader.GetAsync("/");
        Assert.Equal("Checkout fails for many customers", Cause("Checkout")!.TextContent);
        Assert.Equal("Move of the analytics warehouse", Cause("Analytics warehouse")!.TextContent);
        Assert.Null(Cause("Payouts"));
        var incident = await reader.GetAsync(Cause("Checkout")!.GetAttribute("href")!);
        Assert.Equal("Checkout fails for many customers", incident.QuerySelector("h1")!.TextContent.Trim());

        IElement? Cause(string name) =>
            page.QuerySelectorAll(".component").Single(row => row.QuerySelector(".cname")!.TextContent == name).QuerySelector(".about a");
    }

    [Fact]
    public async Task Typing_leaves_the_components_of_that_name_and_clearing_brings_all_back()
    {
        var page = await browser.NewPageAsync(site.App.BaseAddress);
        await page.GotoAsync("/");
        var rows = page.Locator(".component:visible > .cname");
        var before = await rows.AllTextContentsAsync();
        await page.FillAsync("#find", "CARD");
        await Expect(rows).ToHaveTextAsync(["Card payments"]);
        await page.FillAsync("#find", "identity");
        await Expect(rows).ToHaveCountAsync(5);
        await page.FillAsync("#find", "nothing like it");
        await Expect(page.Locator("#found-none")).ToBeVisibleAsync();
        await page.FillAsync("#find", "");
        await Expect(rows).ToHaveTextAsync(before);
        await Expect(page.Locator("#found-none")).ToBeHiddenAsync();
    }

    [Theory]
    [InlineData("Asia/Tokyo", true)]
    [InlineData("America/Los_Angeles", false)]
    public async Task The_readers_own_time_stands_beside_the_pages_where_they_differ(string zone, bool differs)
    {
        var page = await browser.NewPageAsync(site.App.BaseAddress, width: 375, zone: zone);
        await page.GotoAsync("/");
        await Expect(page.Locator(".band p").Last).ToContainTextAsync("Next update by");
        var beside = page.Locator(".band .rel").Last;
        if (differs)
            await Expect(beside).ToContainTextAsync("your time");
        else
            await Expect(beside).Not.ToContainTextAsync("your time");
    }

    [Fact]
    public async Task The_link_of_an_incident_is_copied_by_a_click()
    {
        var page = await browser.NewPageAsync(site.App.BaseAddress);
        await page.Context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        await page.GotoAsync("/");
        await page.ClickAsync(".incident h2 a");
        await page.ClickAsync("a[data-share]");
        await Expect(page.Locator("a[data-share]")).ToHaveTextAsync("The link is copied");
        Assert.Equal(page.Url, await page.EvaluateAsync<string>("navigator.clipboard.readText()"));
    }

    [Fact]
    public async Task A_maintenance_has_a_page_as_rich_as_that_of_an_incident()
    {
        using var reader = site.App.NewBrowser();
        var home = await reader.GetAsync("/");
        var path = home.QuerySelectorAll("article.under_maintenance a")
            .Single(link => link.TextContent == "Move of the analytics warehouse")
            .GetAttribute("href")!;
        var page = await reader.GetAsync(path);
        Assert.Equal(
            ["Scheduled", "In progress", "Completed, not yet"],
            page.QuerySelectorAll(".phases li")
                .Select(mark =>
                    string.Concat(
                            mark.QuerySelector("span:last-child")!
                                .ChildNodes.Where(node => node is not IElement { LocalName: "bdi" })
                                .Select(node => node.TextContent)
                        )
                        .Trim()
                )
        );
        Assert.Equal(["In progress", "Scheduled"], page.QuerySelectorAll(".timeline > li strong").Select(entry => entry.TextContent));
        Assert.Equal(["Reports", "Analytics warehouse"], page.QuerySelectorAll(".facts a").Select(component => component.TextContent));
        Assert.Equal(2, page.QuerySelectorAll(".facts time[data-rel]").Length);
        Assert.NotNull(page.QuerySelector("a[data-share]"));
        var subscribe = await reader.GetAsync(page.QuerySelector(".single a[href^='/subscribe']")!.GetAttribute("href")!);
        Assert.Equal(2, subscribe.QuerySelectorAll("input[name=ComponentIds][checked]").Length);
        var calendar = await site.App.Http.GetStringAsync(page.QuerySelector("a[href$='.ics']")!.GetAttribute("href"));
        Assert.Single(calendar.Split("BEGIN:VEVENT")[1..]);
        Assert.Contains("SUMMARY:Move of the analytics warehouse", calendar, StringComparison.Ordinal);
    }

    [Fact]
    public async Task On_a_phone_the_first_screen_tells_what_is_wrong_and_how_to_be_told_and_nothing_sticks_out()
    {
        using (var owner = await site.App.ApiAsync(StatusPage.Domain.Accounts.Role.Owner))
            await owner.PatchAsync("", new { page = new { name = "The status of Acme Industrial Logistics, Warehousing and Payments Worldwide" } });
        var page = await browser.NewPageAsync(site.App.BaseAddress, width: 375, height: 812);
        await page.GotoAsync("/");
        await Expect(page.Locator(".top .name")).ToContainTextAsync("Warehousing");
        foreach (var what in new[] { ".top .button", ".band h1", ".band p >> nth=0", ".band p >> nth=1" })
            Assert.True((await page.Locator(what).BoundingBoxAsync()) is { } box && box.Y + box.Height <= 812 && box.X + box.Width <= 375, what);
        await Expect(page.Locator(".band h1")).ToContainTextAsync("more incidents");
        foreach (var width in new[] { 320, 375, 760, 1280 })
        {
            await page.SetViewportSizeAsync(width, 812);
            Assert.Empty(
                await page.EvaluateAsync<string[]>(
                    """
                    [...document.querySelectorAll(".bars")].filter(bar => {
                      const [box, column] = [bar.getBoundingClientRect(), document.getElementById("main").getBoundingClientRect()];
                      return box.width > 0 && (box.left < column.left - .5 || box.right > column.right + .5);
                    }).map(bar => bar.getAttribute("aria-label"))
                    """
                )
            );
        }
    }

    [Fact]
    public async Task Of_many_components_a_whole_group_can_be_chosen_without_scripts_and_one_be_found_with_them()
    {
        using var reader = site.App.NewBrowser();
        var form = await reader.GetAsync("/subscribe");
        Assert.Equal(8, form.QuerySelectorAll(".pick details.group").Length);
        Assert.Equal(40, form.QuerySelectorAll(".pick input[name=ComponentIds]").Length);
        var payments = form.QuerySelectorAll(".pick details").Single(group => group.QuerySelector("summary")!.TextContent.Trim() == "Payments");
        await reader.FillInAsync(
            "/subscribe",
            new
            {
                Email = "payments@customer.example",
                Scope = "components",
                GroupIds = payments.QuerySelector("input[name=GroupIds]")!.GetAttribute("value"),
            }
        );
        var chosen = await site.App.InStoreAsync(db =>
            db.Subscribers.Where(row => row.Email == "payments@customer.example").Select(row => row.ComponentIds).SingleAsync()
        );
        Assert.Equal(
            payments.QuerySelectorAll("input[name=ComponentIds]").Select(input => input.GetAttribute("value")).Order(),
            chosen.Select(id => id.Value).Order()
        );

        var page = await browser.NewPageAsync(site.App.BaseAddress, width: 375);
        await page.GotoAsync("/subscribe");
        await Expect(page.Locator(".pick")).ToBeHiddenAsync();
        await page.CheckAsync("input[name=Scope][value=components]");
        await page.FillAsync("#find", "CARD");
        await Expect(page.Locator(".pick .component:visible")).ToHaveTextAsync(["Card payments"]);
    }

    [Fact]
    public async Task Earlier_updates_tell_impact_and_team_where_they_were_new()
    {
        using var api = await site.App.ApiAsync();
        var id = (
            await api.OpenIncidentAsync(
                new
                {
                    name = "Told once",
                    body = "One.",
                    impact_summary = "Some sign-ins fail",
                    team_status = "Looking",
                }
            )
        ).Id;
        foreach (var (body, team) in new[] { ("Two.", "Looking"), ("Three.", "Mending") })
            await api.PatchAsync(
                $"incidents/{id}",
                new
                {
                    incident = new
                    {
                        body,
                        team_status = team,
                        impact_summary = "Some sign-ins fail",
                    },
                }
            );
        using var reader = site.App.NewBrowser();
        var updates = (await reader.GetAsync($"/incidents/{id}")).QuerySelectorAll(".timeline > li").ToList();
        Assert.Equal(
            ["Some sign-ins fail|Mending", "", "Some sign-ins fail|Looking"],
            updates.Select(update => string.Join('|', update.QuerySelectorAll(".facts dd").Take(2).Select(fact => fact.TextContent)))
        );
    }

    [Fact]
    public async Task Without_scripts_there_is_no_field_that_does_nothing()
    {
        var page = await browser.NewPageAsync(site.App.BaseAddress, scripts: false);
        await page.GotoAsync("/");
        await Expect(page.Locator("#find")).ToBeHiddenAsync();
    }
}
