using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Microsoft.Extensions.DependencyInjection;
using StatusPage.Tests.Host;

namespace StatusPage.Tests.Themes;

/// <summary>Files of themes change while the program runs.</summary>
public sealed class ThemeChangeTests
{
    private static async Task<string> CssOf(AppHost app, string page = "/")
    {
        using var browser = app.NewBrowser();
        var link = (await browser.GetAsync(page)).QuerySelector("link[rel=stylesheet]")!.GetAttribute("href")!;
        return await app.Http.GetStringAsync(link);
    }

    private static async Task WearAsync(AppHost app, string theme)
    {
        using var owner = await app.SignInAsync();
        await Eventually.TrueAsync(
            "the theme is offered",
            async () => (await owner.GetAsync("/admin/theme")).QuerySelector($"[data-wear={theme}]") is not null
        );
        await owner.SubmitAsync((await owner.GetAsync("/admin/theme")).QuerySelector<IHtmlFormElement>($"form:has([data-wear={theme}])")!, new { });
        Assert.Equal("/admin/theme", owner.Location.AbsolutePath);
    }

    [Fact]
    public async Task A_change_is_seen_without_a_restart_and_a_mistake_keeps_the_one_before()
    {
        using var folder = new TempFolder();
        var json = Path.Combine(folder.Path, "themes", "acme", "theme.json");
        Directory.CreateDirectory(Path.GetDirectoryName(json)!);
        await File.WriteAllTextAsync(json, ThemeShelf.Json);
        await using var app = await AppHost.StartAsync(folder, null, Desk.Owner);
        await WearAsync(app, "acme");
        var first = await CssOf(app);
        Assert.Contains("--accent:#6b21a8;", first, StringComparison.Ordinal);
        using var browser = app.NewBrowser();
        var address = (await browser.GetAsync("/history")).QuerySelector("link[rel=stylesheet]")!.GetAttribute("href")!;

        await File.WriteAllTextAsync(
            json,
            """{ "light": { "accent": "#0f766e" }, "links": [ { "text": "Help", "url": "https://help.acme.example" } ] }"""
        );
        await File.WriteAllTextAsync(Path.Combine(Path.GetDirectoryName(json)!, "header.md"), "Welcome to *Acme*");
        await Eventually.TrueAsync("the page has the new colour", async () => (await CssOf(app)).Contains("--accent:#0f766e;", StringComparison.Ordinal));
        var page = await browser.GetAsync("/history");
        Assert.Equal("Acme", page.QuerySelector("header em")!.TextContent);
        Assert.Equal("https://help.acme.example", page.QuerySelectorAll("footer nav a").Single(link => link.TextContent == "Help").GetAttribute("href"));
        // A cached page still finds the style that it was made for.
        Assert.Equal(first, await app.Http.GetStringAsync(address));

        await File.WriteAllTextAsync(json, "{\n  \"light\": { \"accent\": \"teal\" }\n}");
        using var owner = await app.SignInAsync();
        var trouble = await Eventually.GetAsync(
            "the mistake is told",
            async () => (await owner.GetAsync("/admin/theme")).QuerySelector("[data-trouble=acme]")?.TextContent
        );
        Assert.Contains($"{json}, line 2: 'light.accent' is 'teal'.", trouble, StringComparison.Ordinal);
        Assert.Contains("The one before is kept.", trouble, StringComparison.Ordinal);
        Assert.Contains("--accent:#0f766e;", await CssOf(app), StringComparison.Ordinal);

        await File.WriteAllTextAsync(json, ThemeShelf.Json);
        await Eventually.TrueAsync(
            "the page has the mended theme",
            async () => (await CssOf(app)).Contains("--accent:#6b21a8;", StringComparison.Ordinal)
        );
        Assert.Null((await owner.GetAsync("/admin/theme")).QuerySelector("[data-trouble=acme]"));

        Directory.Delete(Path.GetDirectoryName(json)!, recursive: true);
        await Eventually.TrueAsync(
            "it is told that the folder is gone",
            async () =>
                (await owner.GetAsync("/admin/theme"))
                    .QuerySelector("[data-trouble=acme]")
                    ?.TextContent.Contains("is not there any more", StringComparison.Ordinal) == true
        );
        Assert.Contains("--accent:#6b21a8;", await CssOf(app), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_whose_theme_is_broken_at_the_start_wears_the_installation_s()
    {
        using var folder = new TempFolder();
        var json = Path.Combine(folder.Path, "themes", "acme", "theme.json");
        Directory.CreateDirectory(Path.GetDirectoryName(json)!);
        await File.WriteAllTextAsync(json, ThemeShelf.Json);
        await using (var app = await AppHost.StartAsync(folder, null, Desk.Owner))
            await WearAsync(app, "acme");
        await File.WriteAllTextAsync(json, "{");
        await using var again = await AppHost.StartAsync(folder, null, Desk.Owner);
        Assert.Contains("--accent:#1f4e8c;", await CssOf(again), StringComparison.Ordinal);
        await File.WriteAllTextAsync(json, ThemeShelf.Json);
        await Eventually.TrueAsync(
            "the page has the mended theme",
            async () => (await CssOf(again)).Contains("--accent:#6b21a8;", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task The_log_says_what_is_refused()
    {
        using var folder = new TempFolder();
        var json = Path.Combine(folder.Path, "themes", "acme", "theme.json");
        Directory.CreateDirectory(Path.GetDirectoryName(json)!);
        await File.WriteAllTextAsync(json, "{\n\"nmae\": \"x\" }");
        await using var app = await AppHost.StartAsync(folder, null, "--Log:Level", "Warning");
        await Eventually.TrueAsync(
            "the log names file, line and reason",
            () =>
                app.Logged.Any(line =>
                    line.Contains($"Theme acme cannot be chosen. {json}, line 2: 'nmae' is no entry of a theme.", StringComparison.Ordinal)
                )
        );
    }

    [Fact]
    public void Who_is_still_writing_gets_to_the_end_of_it()
    {
        using var shelf = new ThemeShelf();
        var themes = shelf.Open();
        themes.Look();
        themes.Look();
        shelf.Write("acme", "theme.json", "{");
        Assert.Empty(themes.Look());
        shelf.Write("acme", "theme.json", ThemeShelf.Json);
        Assert.Empty(themes.Look());
        Assert.Equal(["acme"], themes.Look().Where(state => state.Trouble is null).Select(state => state.Name));
        Assert.Empty(themes.Look());
    }

    [Fact]
    public async Task An_unknown_file_of_a_theme_is_a_404()
    {
        await using var app = await AppHost.StartAsync();
        using var answer = await app.Http.GetAsync("/assets/theme.000000000000.css");
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Contains("no-store", answer.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
    }
}
