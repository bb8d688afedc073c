using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using StatusPage.Tests.Host;

namespace StatusPage.Tests.Accessibility;

/// <summary>Every room of the comms desk, with sample data, has no violation of WCAG 2.2 AA that axe can see.</summary>
public sealed class DeskAxeTests(Browser browser) : IClassFixture<Browser>
{
    private static readonly string[] Rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

    [Theory]
    [InlineData(1280, ColorScheme.Light, false)]
    [InlineData(375, ColorScheme.Dark, true)]
    public async Task The_desk_has_no_violation(int width, ColorScheme scheme, bool onlyStyle)
    {
        await using var app = await AppHost.StartAsync([.. Desk.Owner, "--Demo", "true"]);
        // As high as the rooms: what the foot of a form covers until somebody scrolls is no target that is too small.
        var desk = await browser.NewPageAsync(app.BaseAddress, width, height: 6000);
        await desk.EmulateMediaAsync(new() { ColorScheme = scheme });
        List<string> found = [];
        foreach (var path in new[] { "/admin/sign-in", "/admin/forgot" })
            await CheckAsync(path);
        await desk.GotoAsync("/admin/sign-in");
        await desk.GetByLabel("Email").FillAsync(Desk.Email);
        await desk.GetByLabel("Password", new() { Exact = true }).FillAsync(Desk.Password);
        await desk.Keyboard.PressAsync("Enter");
        await desk.IsAtAsync("/admin$");
        foreach (var room in await DeskRooms.OfAsync(app))
            await CheckAsync(room);
        Assert.True(found.Count == 0, string.Join(Environment.NewLine, found.Distinct()));

        async Task CheckAsync(string path)
        {
            var answer = await desk.GotoAsync(path);
            if (answer!.Status != 200)
            {
                found.Add($"{path}: {answer.Status}");
                return;
            }
            var result = await desk.RunAxe(
                new AxeRunOptions
                {
                    // Only the style depends on the width and the scheme.
                    RunOnly = onlyStyle
                        ? new RunOnlyOptions { Type = "rule", Values = [.. PublicAxeTests.RulesOfStyle] }
                        : new RunOnlyOptions { Type = "tag", Values = [.. Rules] },
                }
            );
            foreach (var violation in result.Violations)
            foreach (var node in violation.Nodes)
                found.Add($"{path}: {violation.Id}: {violation.Help}: {node.Html}");
        }
    }
}
