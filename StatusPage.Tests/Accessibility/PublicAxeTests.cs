using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using StatusPage.Tests.Host;

namespace StatusPage.Tests.Accessibility;

/// <summary>The public pages, with incidents on them, at the widths of a small phone, a tablet and a desktop; 320 px is 1280 px zoomed to 400 %.</summary>
public sealed class PublicAxeTests(Browser browser) : IClassFixture<Browser>
{
    private static readonly string[] Rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

    /// <summary>What a theme, a width or a scheme can change: colours and sizes. The structure stays.</summary>
    public static readonly string[] RulesOfStyle = ["color-contrast", "link-in-text-block", "target-size"];

    public static TheoryData<string> Themes =>
        [.. Directory.GetDirectories(Path.Combine(Source.Root, "themes")).Select(folder => Path.GetFileName(folder)!)];

    [Theory]
    [MemberData(nameof(Themes))]
    public async Task The_page_has_no_violation_and_fits(string theme)
    {
        await using var app = await AppHost.StartAsync([.. Desk.Owner, "--Demo", "true", "--Theme", theme]);
        var incident = await app.InStoreAsync(db => db.Incidents.AsNoTracking().FirstAsync(row => row.ResolvedAt == null));
        var maintenance = await app.InStoreAsync(db => db.Maintenances.AsNoTracking().FirstAsync());
        List<string> found = [];
        // The themes share their pages: what differs shows on a few of them.
        string[] some = ["/", $"/incidents/{incident.Id}", "/subscribe", "/ar/"];
        string[] all = [.. some, "/history", $"/incidents/{maintenance.Id}", "/components/api", "/search?q=api", "/de/", "/nothing"];
        foreach (var width in new[] { 320, 768, 1280 })
        {
            var page = await browser.NewPageAsync(app.BaseAddress, width);
            foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
            {
                await page.EmulateMediaAsync(new() { ColorScheme = scheme });
                foreach (var path in theme == "default" ? all : some)
                {
                    await page.GotoAsync(path);
                    var where = $"{path} at {width} px, {scheme}";
                    var over = await page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
                    if (over > 0)
                        found.Add($"{where}: {over} px wider than the window");
                    // Colours do not depend on the width, and the layout does not depend on colours.
                    if ((width, scheme) is not ((1280, ColorScheme.Light) or (320, ColorScheme.Dark)))
                        continue;
                    var result = await page.RunAxe(
                        new AxeRunOptions
                        {
                            RunOnly =
                                theme == "default" && scheme == ColorScheme.Light
                                    ? new RunOnlyOptions { Type = "tag", Values = [.. Rules] }
                                    : new RunOnlyOptions { Type = "rule", Values = [.. RulesOfStyle] },
                        }
                    );
                    found.AddRange(
                        result.Violations.SelectMany(violation =>
                            violation.Nodes.Select(node => $"{where}: {violation.Id}: {violation.Help}: {node.Html}")
                        )
                    );
                }
            }
            await page.Context.CloseAsync();
        }
        Assert.True(found.Count == 0, string.Join(Environment.NewLine, found));
    }
}
