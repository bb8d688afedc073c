using System.IO.Compression;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Playwright;
using StatusPage.Tests.Host;
using static Microsoft.Playwright.Assertions;

namespace StatusPage.Tests.Public.Embeds;

/// <summary>The embed on another site's page with a strict policy, in a real browser.</summary>
public sealed class EmbedTests(Browser browser) : IClassFixture<Browser>
{
    /// <summary>A page of another origin that loads only what its policy names.</summary>
    private static async Task<(WebApplication Site, Uri Address)> HostAsync(Uri status, string body)
    {
        var builder = WebApplication.CreateSlimBuilder();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        var origin = status.GetLeftPart(UriPartial.Authority);
        app.MapGet(
            "/",
            (HttpContext context) =>
            {
                context.Response.Headers.ContentSecurityPolicy =
                    $"default-src 'none'; script-src {origin}; connect-src {origin}; frame-src {origin}; img-src {origin}";
                return Results.Content($"<!doctype html><html lang=en><title>Shop</title><body><h1>Our shop</h1>{body}</body></html>", "text/html");
            }
        );
        await app.StartAsync();
        return (app, new Uri(app.Urls.First()));
    }

    [Fact]
    public async Task The_banner_shows_while_something_is_wrong_and_stays_away_once_dismissed()
    {
        await using var app = await AppHost.StartAsync("--Page:Name", "Acme");
        using var api = await app.ApiAsync();
        var script = $"<script src=\"{app.BaseAddress}embed.js\" async></script>";
        var (site, address) = await HostAsync(app.BaseAddress, script + script);
        await using var _ = site;
        var page = await browser.NewPageAsync(address);
        var errors = new List<string>();
        page.Console += (_, message) =>
        {
            if (message.Type == "error" && !message.Text.Contains("favicon", StringComparison.Ordinal))
                errors.Add(message.Text);
        };
        page.PageError += (_, error) => errors.Add(error);
        await page.GotoAsync("/", new() { WaitUntil = WaitUntilState.NetworkIdle });
        await Expect(page.Locator("#statuspage-banner")).ToHaveCountAsync(0);

        var id = (await api.OpenIncidentAsync(new { name = "Errors at the <checkout>", body = "We look into it." })).Id;
        await page.ReloadAsync(new() { WaitUntil = WaitUntilState.NetworkIdle });
        await Expect(page.Locator("#statuspage-banner")).ToHaveCountAsync(1);
        // The page cannot look inside it; the browser's accessibility tree shows it.
        var seen = await page.Locator("body").AriaSnapshotAsync();
        Assert.Contains("Our shop", seen, StringComparison.Ordinal);
        var box = await page.Locator("#statuspage-banner").EvaluateAsync<string>("element => element.shadowRoot === null ? 'closed' : 'open'");
        Assert.Equal("closed", box);
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#statuspage-banner")).ToHaveCountAsync(0);
        await page.ReloadAsync(new() { WaitUntil = WaitUntilState.NetworkIdle });
        await Expect(page.Locator("#statuspage-banner")).ToHaveCountAsync(0);
        await api.PatchAsync($"incidents/{id}", new { incident = new { status = "identified", body = "Found." } });
        await page.ReloadAsync(new() { WaitUntil = WaitUntilState.NetworkIdle });
        await Expect(page.Locator("#statuspage-banner")).ToHaveCountAsync(1);
        Assert.Empty(errors);
    }

    [Fact]
    public async Task The_frame_may_stand_anywhere_and_nothing_else_may()
    {
        await using var app = await AppHost.StartAsync([.. Desk.Owner, "--Demo", "true"]);
        var (site, address) = await HostAsync(
            app.BaseAddress,
            $"<iframe src=\"{app.BaseAddress}embed\" title=status width=360 height=120></iframe>"
                + $"<iframe src=\"{app.BaseAddress}\" title=page id=page></iframe>"
        );
        await using var _ = site;
        var page = await browser.NewPageAsync(address);
        await page.GotoAsync("/", new() { WaitUntil = WaitUntilState.NetworkIdle });
        var frame = page.FrameLocator("iframe[title=status]");
        await Expect(frame.GetByText("API is partly down")).ToBeVisibleAsync();
        await Expect(frame.GetByRole(AriaRole.Link, new() { Name = "Elevated error rates on our API" })).ToHaveAttributeAsync("target", "_blank");
        Assert.Equal(0, await frame.Locator("html").EvaluateAsync<int>("element => element.scrollWidth > element.clientWidth ? 1 : 0"));
        await Expect(page.FrameLocator("#page").GetByText("API is partly down")).ToHaveCountAsync(0);
    }

    [Theory]
    [InlineData("", false)]
    [InlineData(" data-overlay", true)]
    public async Task The_banner_names_the_worst_counts_the_others_and_covers_nothing_unless_it_is_told_to(string options, bool covers)
    {
        await using var app = await AppHost.StartAsync("--Page:Name", "Acme");
        using var api = await app.ApiAsync();
        foreach (var (name, impact) in new[] { ("No logins", "critical"), ("Slow search", "minor"), ("Odd colours", "none") })
            await api.OpenIncidentAsync(
                new
                {
                    name,
                    impact_override = impact,
                    body = "We look.",
                }
            );
        var (site, address) = await HostAsync(app.BaseAddress, $"<script src=\"{app.BaseAddress}embed.js\" async{options}></script>");
        await using var _ = site;
        var page = await browser.NewPageAsync(address);
        // Its inside is closed to the page; to be read here, it is opened before it is made.
        await page.AddInitScriptAsync(
            "const attach = Element.prototype.attachShadow; Element.prototype.attachShadow = function () { return attach.call(this, { mode: 'open' }); };"
        );
        await page.GotoAsync("/");
        var banner = page.Locator("#statuspage-banner");
        await Expect(banner.GetByRole(AriaRole.Link)).ToHaveTextAsync("No logins and 2 more");
        var (bar, title) = ((await banner.BoundingBoxAsync())!, (await page.Locator("h1").BoundingBoxAsync())!);
        Assert.Equal(covers, title.Y < bar.Y + bar.Height);
        Assert.Equal(0, bar.Y);
    }

    [Fact]
    public async Task The_frame_has_the_height_of_what_it_shows_and_heeds_and_answers_its_own_pages_alone()
    {
        await using var app = await AppHost.StartAsync([.. Desk.Owner, "--Demo", "true"]);
        var (site, address) = await HostAsync(
            app.BaseAddress,
            $"<iframe src=\"{app.BaseAddress}embed\" title=status width=360 height=40></iframe>"
                + $"<script src=\"{app.BaseAddress}embed.js\" async data-show=\"frame\"></script>"
        );
        await using var _ = site;
        var page = await browser.NewPageAsync(address);
        await page.GotoAsync("/");
        var frame = page.Locator("iframe");
        await Expect(frame).Not.ToHaveJSPropertyAsync("style.height", "");
        var height = await frame.EvaluateAsync<double>("element => element.getBoundingClientRect().height");
        Assert.InRange(height, 60, 400);
        var inside = page.FrameLocator("iframe").Locator("html");
        Assert.True(await inside.EvaluateAsync<bool>("element => element.scrollHeight <= element.clientHeight"));
        await Expect(page.Locator("#statuspage-banner")).ToHaveCountAsync(0);
        // Narrower, it grows, and its page with it.
        await frame.EvaluateAsync("element => { element.width = 150; }");
        await page.WaitForFunctionAsync("before => document.querySelector('iframe').getBoundingClientRect().height > before", height);
        // Words of another origin change nothing.
        await frame.EvaluateAsync("element => { element.style.height = ''; }");
        await page.EvaluateAsync(
            "() => { window.postMessage({ statuspage: 'height', height: 999 }, '*'); return new Promise(done => addEventListener('message', done, { once: true })); }"
        );
        Assert.Equal("", await frame.EvaluateAsync<string>("element => element.style.height"));
    }

    [Fact]
    public async Task The_page_it_stands_on_goes_on_when_we_are_away()
    {
        await using var app = await AppHost.StartAsync();
        var (site, address) = await HostAsync(app.BaseAddress, $"<script src=\"http://127.0.0.1:{Ports.Next()}/embed.js\" async></script>");
        await using var _ = site;
        var page = await browser.NewPageAsync(address);
        await page.GotoAsync("/");
        await Expect(page.Locator("h1")).ToHaveTextAsync("Our shop");
    }

    [Fact]
    public async Task The_script_is_small()
    {
        await using var app = await AppHost.StartAsync();
        var script = await app.Http.GetByteArrayAsync("/embed.js");
        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
            await gzip.WriteAsync(script);
        Assert.InRange(packed.Length, 1, 2047);
    }

    [Fact]
    public async Task The_desk_puts_together_what_is_copied()
    {
        await using var app = await AppHost.StartAsync([.. Desk.Owner, "--Page:Name", "Acme"]);
        await app.ComponentAsync("API");
        using var owner = await app.SignInAsync();
        var room = await owner.GetAsync("/admin/embed?Component=api&Look=for-the-badge&Label=Our%20API&Language=de&Position=bottom&Overlay=yes");
        Assert.Equal("/badges/api.svg?style=for-the-badge&label=Our%20API&lang=de", room.QuerySelector("img")!.GetAttribute("src"));
        Assert.EndsWith(
            "/embed.js\" async data-position=\"bottom\" data-overlay data-lang=\"de\"></script>",
            room.QuerySelector("#script")!.TextContent.Trim(),
            StringComparison.Ordinal
        );
        Assert.Contains("async data-show=\"frame\"></script>", room.QuerySelector("#frame")!.TextContent, StringComparison.Ordinal);
        Assert.StartsWith("[![Acme status](http", room.QuerySelector("#markdown")!.TextContent.Trim(), StringComparison.Ordinal);
        await owner.GetAsync(room.QuerySelector("img")!.GetAttribute("src")!);
        Assert.Equal(System.Net.HttpStatusCode.OK, owner.Status);
    }
}
