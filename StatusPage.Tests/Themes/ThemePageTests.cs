using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain.Accounts;
using StatusPage.Tests.Host;

namespace StatusPage.Tests.Themes;

/// <summary>The page on which an owner looks at themes, chooses one, and writes rules of their own.</summary>
public sealed class ThemePageTests
{
    private static async Task<IHtmlDocument> WearAsync(BrowserSession owner, string theme, string desk = "/admin") =>
        await owner.SubmitAsync(
            (
                await Eventually.GetAsync(
                    "the theme is offered",
                    async () => (await owner.GetAsync($"{desk}/theme")).QuerySelector<IHtmlFormElement>($"form:has([data-wear={theme}])")
                )
            )!,
            new { }
        );

    private static IHtmlFormElement StyleForm(IHtmlDocument page) => page.QuerySelector<IHtmlFormElement>("form:has(textarea)")!;

    private static async Task<string> CssAsync(AppHost app, IHtmlDocument page) =>
        await app.Http.GetStringAsync(page.QuerySelector("link[rel=stylesheet]")!.GetAttribute("href"));

    [Fact]
    public async Task A_theme_is_looked_at_chosen_and_worn_at_once()
    {
        await using var app = await AppHost.StartAsync(Desk.Owner);
        await app.ComponentAsync("API");
        using var owner = await app.SignInAsync();
        await Eventually.TrueAsync("the themes were read", async () => (await owner.GetAsync("/admin/theme")).QuerySelectorAll("[data-wear]").Length == 2);

        // The preview is a link, and a frame around the real page.
        var room = await owner.GetAsync("/admin/theme?show=contrast");
        var frame = room.QuerySelector("iframe")!.GetAttribute("src")!;
        Assert.Equal("/admin/theme/preview/auto/contrast/", frame);
        var seen = await owner.GetAsync(frame);
        Assert.Contains("API", seen.QuerySelector("main")!.TextContent, StringComparison.Ordinal);
        var css = (await owner.GetAsync(seen.QuerySelector("link[rel=stylesheet]")!.GetAttribute("href")!)).ToString();
        Assert.NotNull(css);
        foreach (
            var link in seen.QuerySelectorAll("a[href], link[href], script[src]")
                .Select(element => element.GetAttribute("href") ?? element.GetAttribute("src")!)
                .Where(link =>
                    link.StartsWith('/')
                    && !link.EndsWith("/subscribe", StringComparison.Ordinal)
                    && !link.EndsWith("/api/docs/", StringComparison.Ordinal)
                )
        )
        {
            Assert.StartsWith(frame, link, StringComparison.Ordinal);
            await owner.GetAsync(link);
            Assert.True(owner.Status == HttpStatusCode.OK, link);
        }
        Assert.Contains("--bg:#ffffff", await CssAsync(app, await owner.GetAsync("/")), StringComparison.Ordinal);

        await WearAsync(owner, "contrast");
        Assert.Equal("/admin/theme", owner.Location.AbsolutePath);
        var worn = await owner.GetAsync("/");
        Assert.Contains("--size:1.125rem", await CssAsync(app, worn), StringComparison.Ordinal);
        Assert.Equal(
            "page.themed",
            await app.InStoreAsync(db => db.Audit.OrderByDescending(entry => entry.Id).Select(entry => entry.Action).FirstAsync())
        );
        Assert.Contains(
            "in use",
            (await owner.GetAsync("/admin/theme")).QuerySelector(".themes li:has(a[aria-current]) .tag")!.TextContent,
            StringComparison.Ordinal
        );

        // And back.
        await owner.SubmitAsync((await owner.GetAsync("/admin/theme")).QuerySelector<IHtmlFormElement>("form:has(input[name=Theme][value=''])")!, new { });
        Assert.Contains("--size:1rem", await CssAsync(app, await owner.GetAsync("/")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_preview_may_be_framed_by_the_desk_and_the_page_by_nobody()
    {
        await using var app = await AppHost.StartAsync(Desk.Owner);
        using var owner = await app.SignInAsync();
        using var handler = new HttpClientHandler { CookieContainer = owner.Cookies };
        using var http = new HttpClient(handler) { BaseAddress = app.BaseAddress };
        using var preview = await http.GetAsync("/admin/theme/preview/dark/compact/");
        Assert.Contains("frame-ancestors 'self'", preview.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Contains("script-src 'self'", preview.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Contains("no-store", preview.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
        using var page = await http.GetAsync("/");
        Assert.Contains("frame-ancestors 'none'", page.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        // The preview is dark on demand, whatever the device prefers.
        var css = await http.GetStringAsync(
            new AngleSharp.Html.Parser.HtmlParser()
                .ParseDocument(await preview.Content.ReadAsStringAsync())
                .QuerySelector("link[rel=stylesheet]")!
                .GetAttribute("href")
        );
        Assert.Contains("@media screen and (min-width:0){:root{--bg:#11161c", css, StringComparison.Ordinal);

        foreach (
            var missing in (string[])
                ["/admin/theme/preview/auto/nothing/", "/admin/theme/preview/purple/compact/", "/admin/theme/preview/auto/compact/incidents/aaaaaaaaaaaa"]
        )
            Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync(missing)).StatusCode);
    }

    [Fact]
    public async Task Only_who_manages_the_page_comes_in()
    {
        await using var app = await AppHost.StartAsync(Desk.Owner);
        await app.AccountAsync("comms@acme.example", Role.Comms);
        using var comms = await app.SignInAsync("comms@acme.example");
        Assert.DoesNotContain("/admin/theme", (await comms.GetAsync("/admin/setup")).QuerySelector("main")!.InnerHtml, StringComparison.Ordinal);
        foreach (var path in (string[])["/admin/theme", "/admin/theme/preview/auto/contrast/"])
        {
            await comms.GetAsync(path);
            Assert.True(
                comms.Status == HttpStatusCode.Forbidden || comms.Location.AbsolutePath.StartsWith("/admin/denied", StringComparison.Ordinal),
                $"{path}: {comms.Status}"
            );
            using var nobody = await app.Http.GetAsync(path);
            Assert.Equal(HttpStatusCode.Redirect, nobody.StatusCode);
        }
    }

    [Fact]
    public async Task The_owner_s_rules_are_tried_checked_saved_and_taken_out_again()
    {
        await using var app = await AppHost.StartAsync(Desk.Owner);
        using var owner = await app.SignInAsync();
        const string rules = "/* ours */\n:root { --accent: #6b21a8; }\n.top { border-top: 4px solid var(--accent); }";

        // Rules that are only tried show in the frame and nowhere else.
        var form = StyleForm(await owner.GetAsync("/admin/theme"));
        form.SetAttribute("action", form.QuerySelector("[formaction]")!.GetAttribute("formaction")!);
        var tried = await owner.SubmitAsync(form, new { Style = rules });
        var preview = await owner.GetAsync(tried.QuerySelector("iframe")!.GetAttribute("src")!);
        var sheets = preview.QuerySelectorAll("link[rel=stylesheet]").Select(link => link.GetAttribute("href")!).ToList();
        Assert.Equal(2, sheets.Count);
        Assert.Matches(@"/assets/custom\.[0-9a-f]{12}\.css$", sheets[1]);
        Assert.Single((await owner.GetAsync("/")).QuerySelectorAll("link[rel=stylesheet]"));
        Assert.Equal(rules, tried.QuerySelector<IHtmlTextAreaElement>("textarea")!.Value);

        await owner.SubmitAsync(StyleForm(await owner.GetAsync("/admin/theme")), new { Style = rules });
        var page = await owner.GetAsync("/");
        var address = page.QuerySelectorAll("link[rel=stylesheet]").Select(link => link.GetAttribute("href")!).Last();
        using (var file = await app.Http.GetAsync(address))
        {
            Assert.Equal("text/css", file.Content.Headers.ContentType!.MediaType);
            Assert.Contains("immutable", file.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
            Assert.Equal(
                ":root {--accent: #6b21a8;}\n.top {border-top: 4px solid var(--accent);}".Replace(" ", "", StringComparison.Ordinal),
                (await file.Content.ReadAsStringAsync()).Replace(" ", "", StringComparison.Ordinal)
            );
        }
        Assert.Contains(
            "style-src 'self';",
            (await app.Http.GetAsync("/")).Headers.GetValues("Content-Security-Policy").Single(),
            StringComparison.Ordinal
        );
        Assert.Contains(
            (await app.InStoreAsync(db => db.Audit.ToListAsync())),
            entry => entry.Action == "page.styled" && entry.Changes!.Contains("6b21a8", StringComparison.Ordinal)
        );

        // The live pages have it too.
        Assert.Equal(address, (await owner.GetAsync("/subscribe")).QuerySelectorAll("link[rel=stylesheet]")[^1].GetAttribute("href"));

        // A mistake changes nothing and keeps the typed text.
        var refused = await owner.SubmitAsync(StyleForm(await owner.GetAsync("/admin/theme")), new { Style = rules + "\n@import 'x';" });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, owner.Status);
        Assert.StartsWith("Line 4: @import loads another file.", refused.ErrorFor("Style"), StringComparison.Ordinal);
        Assert.EndsWith("@import 'x';", refused.QuerySelector<IHtmlTextAreaElement>("textarea")!.Value, StringComparison.Ordinal);
        Assert.Equal(address, (await owner.GetAsync("/")).QuerySelectorAll("link[rel=stylesheet]")[^1].GetAttribute("href"));

        await owner.SubmitAsync(StyleForm(await owner.GetAsync("/admin/theme")), new { Style = "" });
        Assert.Single((await owner.GetAsync("/")).QuerySelectorAll("link[rel=stylesheet]"));
        // Cached pages still need it.
        Assert.Equal(HttpStatusCode.OK, (await app.Http.GetAsync(address)).StatusCode);
    }

    [Fact]
    public async Task Another_page_keeps_its_own_theme_and_rules()
    {
        await using var app = await AppHost.StartAsync([.. Desk.Owner, "--Page:Name", "Acme"]);
        using var owner = await app.SignInAsync();
        await owner.FillInAsync(
            "/admin/pages",
            new
            {
                Name = "Acme Europe",
                TimeZone = "Europe/Berlin",
                Slug = "eu",
                HostName = "",
            },
            "form:has(button[data-main])"
        );
        await WearAsync(owner, "compact", "/eu/admin");
        await owner.SubmitAsync(StyleForm(await owner.GetAsync("/eu/admin/theme")), new { Style = "h1 { color: red; }" });
        var europe = await owner.GetAsync("/eu/");
        Assert.Contains("--size:0.875rem", await CssAsync(app, europe), StringComparison.Ordinal);
        Assert.Equal(2, europe.QuerySelectorAll("link[rel=stylesheet]").Length);
        var main = await owner.GetAsync("/");
        Assert.Contains("--size:1rem", await CssAsync(app, main), StringComparison.Ordinal);
        Assert.Single(main.QuerySelectorAll("link[rel=stylesheet]"));
        var preview = await owner.GetAsync((await owner.GetAsync("/eu/admin/theme?show=contrast")).QuerySelector("iframe")!.GetAttribute("src")!);
        Assert.StartsWith("/eu/admin/theme/preview/", owner.Location.AbsolutePath, StringComparison.Ordinal);
        Assert.Equal("Acme Europe", preview.QuerySelector("header .name")!.TextContent);
    }

    [Fact]
    public async Task A_theme_s_logo_and_icon_are_on_the_page()
    {
        using var folder = new TempFolder();
        var theme = Directory.CreateDirectory(Path.Combine(folder.Path, "themes", "acme")).FullName;
        await File.WriteAllTextAsync(Path.Combine(theme, "theme.json"), """{ "logo": "logo.svg", "favicon": "logo.svg" }""");
        await File.WriteAllTextAsync(
            Path.Combine(theme, "logo.svg"),
            """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><rect width="1" height="1"/></svg>"""
        );
        await using var app = await AppHost.StartAsync(folder, null, "--Theme", "acme", "--Page:Name", "Acme");
        using var browser = app.NewBrowser();
        var page = await browser.GetAsync("/");
        Assert.Equal("Acme", page.QuerySelector("header .name img")!.GetAttribute("alt"));
        foreach (
            var address in new[]
            {
                page.QuerySelector("header .name img")!.GetAttribute("src")!,
                page.QuerySelector("link[rel=icon]")!.GetAttribute("href")!,
            }
        )
        {
            using var file = await app.Http.GetAsync(address);
            Assert.Equal("image/svg+xml", file.Content.Headers.ContentType!.MediaType);
            Assert.Contains("sandbox", file.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_room_reads_the_themes_again_on_demand()
    {
        using var folder = new TempFolder();
        await using var app = await AppHost.StartAsync(folder, null, Desk.Owner);
        using var owner = await app.SignInAsync();
        Directory.CreateDirectory(Path.Combine(folder.Path, "themes", "acme"));
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "themes", "acme", "theme.json"), ThemeShelf.Json);
        var room = await owner.SubmitAsync((await owner.GetAsync("/admin/theme")).Form("Read"), new { });
        Assert.NotNull(room.QuerySelector("[data-wear=acme]"));
        var answer = await owner.SubmitAsync(room.QuerySelector<IHtmlFormElement>("form:has([data-wear=acme])")!, new { Theme = "gone" });
        Assert.Equal("There is no theme 'gone'.", answer.ErrorFor("Theme"));
    }
}
