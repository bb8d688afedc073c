using AngleSharp.Dom;
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

    [Fact]
    public async Task Without_scripts_there_is_no_field_that_does_nothing()
    {
        var page = await browser.NewPageAsync(site.App.BaseAddress, scripts: false);
        await page.GotoAsync("/");
        await Expect(page.Locator("#find")).ToBeHiddenAsync();
    }
}
