using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using StatusPage.Tests.Host;

namespace StatusPage.Tests.Components;

public sealed class ComponentsPageTests : IAsyncLifetime
{
    private AppHost _app = null!;
    private BrowserSession _owner = null!;

    public async ValueTask InitializeAsync()
    {
        _app = await AppHost.StartAsync(Desk.Owner);
        _owner = await _app.SignInAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _owner.Dispose();
        await _app.DisposeAsync();
    }

    [Fact]
    public async Task Components_can_be_made_grouped_renamed_reordered_and_archived()
    {
        await CreateGroupAsync("Core");
        var groups = (await _owner.GetAsync("/admin/components")).QuerySelector<IHtmlSelectElement>("#GroupId")!;
        var core = groups.Options.Single(option => option.Text == "Core").Value;
        await CreateAsync("API", core);
        await CreateAsync("Website", core);
        Assert.Equal(["API", "Website"], await NamesAsync());

        var page = await _owner.GetAsync("/admin/components");
        var move = page.Forms.Last(form => form.QuerySelector("button[aria-label='Move Website up']") is not null);
        await _owner.SubmitAsync((IHtmlFormElement)move, new { }, ("by", "-1"));
        Assert.Equal(["Website", "API"], await NamesAsync());

        var link = (await _owner.GetAsync("/admin/components")).QuerySelectorAll<IHtmlAnchorElement>("td a").First(a => a.TextContent == "API").PathName;
        await _owner.FillInAsync(link, new { Name = "Public API", Status = "degraded_performance" }, "main form");
        Assert.Equal(["Website", "Public API"], await NamesAsync());
        // The address stays when the name changes.
        Assert.Equal(HttpStatusCode.OK, (await _app.Http.GetAsync("/components/api")).StatusCode);

        await _owner.SubmitAsync((await _owner.GetAsync(link)).Form("Archive"), new { });
        Assert.Equal(["Website"], await NamesAsync());
        Assert.Equal(HttpStatusCode.NotFound, (await _app.Http.GetAsync("/components/api")).StatusCode);
        await _owner.SubmitAsync((await _owner.GetAsync("/admin/components")).Form("Restore"), new { });
        Assert.Equal(HttpStatusCode.OK, (await _app.Http.GetAsync("/components/api")).StatusCode);
    }

    [Fact]
    public async Task A_name_used_twice_gets_an_address_of_its_own()
    {
        await CreateAsync("API");
        var asked = await CreateAsync("api ");
        Assert.Equal("There is a component 'API' here already. Really a second one of that name?", asked.ErrorFor("Name"));
        await _owner.SubmitAsync(asked.Form("Create"), new { Second = "true" });
        Assert.Equal(HttpStatusCode.OK, (await _app.Http.GetAsync("/components/api-2")).StatusCode);
    }

    [Fact]
    public async Task All_that_is_wrong_is_told_on_top_with_links_and_beside_the_fields()
    {
        var page = await _owner.SubmitAsync(
            (await _owner.GetAsync("/admin/components")).Form("Create"),
            new { Name = " ", Description = new string('x', 501) }
        );
        Assert.Equal(["#Name", "#Description"], page.QuerySelectorAll(".validation-summary-errors a").Select(link => link.GetAttribute("href")));
        Assert.Equal("Enter a name for the component.", page.ErrorFor("Name"));
        var field = page.QuerySelector("#Description")!;
        Assert.Equal("true", field.GetAttribute("aria-invalid"));
        Assert.Equal(page.ErrorFor("Description"), page.GetElementById(field.GetAttribute("aria-describedby")!)!.TextContent);
    }

    [Fact]
    public async Task Whoever_adds_one_can_type_the_next_at_once_into_the_same_group()
    {
        await CreateGroupAsync("Core");
        var core = (await _owner.GetAsync("/admin/components"))
            .QuerySelector<IHtmlSelectElement>("#GroupId")!
            .Options.Single(option => option.Text == "Core")
            .Value;
        var page = await CreateAsync("API", core);
        Assert.True(page.QuerySelector("#Name")!.HasAttribute("autofocus"));
        Assert.Equal(core, page.QuerySelector<IHtmlSelectElement>("#GroupId")!.Value);
        Assert.False((await _owner.GetAsync("/admin/components")).QuerySelector("#Name")!.HasAttribute("autofocus"));
    }

    [Fact]
    public async Task A_component_is_put_to_any_place_of_any_group_and_a_group_as_well()
    {
        await CreateGroupAsync("Core");
        await CreateGroupAsync("Edge");
        var groups = (await _owner.GetAsync("/admin/components")).QuerySelector<IHtmlSelectElement>("#GroupId")!.Options;
        var (core, edge) = (groups.Single(option => option.Text == "Core").Value, groups.Single(option => option.Text == "Edge").Value);
        foreach (var name in new[] { "API", "Web", "Jobs" })
            await CreateAsync(name, core);
        await CreateAsync("CDN", edge);
        await PlaceAsync("Place", "Jobs", new { group = core, at = 0 });
        Assert.Equal(["Jobs", "API", "Web", "CDN"], await NamesAsync());
        await PlaceAsync("Place", "API", new { group = edge, at = 7 });
        Assert.Equal(["Jobs", "Web", "CDN", "API"], await NamesAsync());
        await PlaceAsync("PlaceGroup", "Edge", new { at = 0 });
        Assert.Equal(["CDN", "API", "Jobs", "Web"], await NamesAsync());
        await PlaceAsync("Place", "API", new { group = "nosuchgroup1", at = 0 });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, _owner.Status);

        async Task PlaceAsync(string handler, string name, object fields)
        {
            var form = (IHtmlFormElement)(await _owner.GetAsync("/admin/components")).QuerySelector($"[data-name='{name}'] form")!;
            form.Action = $"/admin/components?handler={handler}";
            await _owner.SubmitAsync(form, fields);
        }
    }

    [Fact]
    public async Task A_hidden_uptime_is_hidden_everywhere()
    {
        await CreateAsync("API");
        var link = (await _owner.GetAsync("/admin/components")).QuerySelectorAll<IHtmlAnchorElement>("td a").First(a => a.TextContent == "API").PathName;
        await _owner.FillInAsync(link, new { Status = "major_outage" }, "main form");
        Assert.Equal(HttpStatusCode.OK, (await _app.Http.GetAsync("/badges/api/uptime.svg")).StatusCode);
        Assert.Contains("major_outage", await CalendarAsync(), StringComparison.Ordinal);
        var form = (await _owner.GetAsync(link)).QuerySelector<IHtmlFormElement>("main form")!;
        form.QuerySelector<IHtmlInputElement>("#Showcase")!.IsChecked = false;
        await _owner.SubmitAsync(form, new { });
        foreach (var path in new[] { "/badges/api/uptime.svg", "/badges/api/uptime.svg?style=plastic" })
            Assert.Equal(HttpStatusCode.NotFound, (await _app.Http.GetAsync(path)).StatusCode);
        using var reader = _app.NewBrowser();
        foreach (var path in new[] { "/", "/components/api" })
            Assert.Null((await reader.GetAsync(path)).QuerySelector(".bars, .scale, .days"));
        Assert.DoesNotContain("major_outage", await CalendarAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain("Uptime", await _app.Http.GetStringAsync("/components/api.md"), StringComparison.Ordinal);
        var embed = await _owner.GetAsync("/admin/embed?Component=api&Shows=uptime");
        Assert.DoesNotContain("/uptime", embed.QuerySelector("#markdown")!.TextContent, StringComparison.Ordinal);

        async Task<string> CalendarAsync()
        {
            using var browser = _app.NewBrowser();
            return (await browser.GetAsync("/history")).QuerySelector(".calendar")!.OuterHtml;
        }
    }

    [Fact]
    public async Task An_empty_name_is_told_beside_the_field()
    {
        var page = await CreateAsync(" ");
        Assert.Equal("Enter a name for the component.", page.ErrorFor("Name"));
    }

    [Fact]
    public async Task A_maintenance_is_scheduled_in_the_pages_zone_and_announced()
    {
        var start = DateTime.UtcNow.AddDays(3).Date.AddHours(10);
        await _owner.FillInAsync(
            "/admin/maintenances/new",
            new
            {
                Title = "Database upgrade",
                Body = "Two short interruptions.",
                ScheduledFor = $"{start:yyyy-MM-dd'T'HH:mm}",
                ScheduledUntil = $"{start.AddHours(2):yyyy-MM-dd'T'HH:mm}",
            },
            "main form"
        );
        using var reader = _app.NewBrowser();
        var home = await reader.GetAsync("/");
        Assert.Contains("Database upgrade", home.QuerySelector("main")!.TextContent, StringComparison.Ordinal);
        Assert.Equal("No components yet", home.QuerySelector(".band h1")!.TextContent);
        var page = await _owner.FillInAsync(
            "/admin/maintenances/new",
            new
            {
                Title = "Backwards",
                Body = "x",
                ScheduledFor = $"{start:yyyy-MM-dd'T'HH:mm}",
                ScheduledUntil = $"{start.AddHours(-2):yyyy-MM-dd'T'HH:mm}",
            },
            "main form"
        );
        Assert.NotEqual("", page.ErrorFor("ScheduledUntil"));
    }

    private async Task<IHtmlDocument> CreateAsync(string name, string group = "") =>
        await _owner.SubmitAsync((await _owner.GetAsync("/admin/components")).Form("Create"), new { Name = name, GroupId = group });

    private async Task CreateGroupAsync(string name) =>
        await _owner.SubmitAsync((await _owner.GetAsync("/admin/components")).Form("CreateGroup"), new { GroupName = name });

    private async Task<string[]> NamesAsync()
    {
        using var reader = _app.NewBrowser();
        return [.. (await reader.GetAsync("/")).QuerySelectorAll(".component .cname").Select(name => name.TextContent)];
    }
}
