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
        await CreateAsync("API");
        Assert.Equal(HttpStatusCode.OK, (await _app.Http.GetAsync("/components/api-2")).StatusCode);
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
