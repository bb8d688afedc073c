using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using StatusPage.Domain;
using StatusPage.Domain.Exercises;
using StatusPage.Domain.Handovers;
using StatusPage.Domain.Runbooks;
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
        var incident = (await app.InStoreAsync(db => db.Incidents.AsNoTracking().Include(row => row.Updates).ToListAsync())).Single(row =>
            row.ResolvedAt is null
        );
        var maintenance = await app.InStoreAsync(db => db.Maintenances.AsNoTracking().FirstAsync());
        var component = await app.InStoreAsync(db => db.Components.AsNoTracking().FirstAsync());
        var subscriber = await app.SubscriberAsync("reader@customer.example");
        var (runbook, note, exercise) = await LessonAsync(app, component.Id);
        var desk = await browser.NewPageAsync(app.BaseAddress, width);
        await desk.EmulateMediaAsync(new() { ColorScheme = scheme });
        List<string> found = [];
        foreach (var path in new[] { "/admin/sign-in", "/admin/forgot" })
            await CheckAsync(path);
        await desk.GotoAsync("/admin/sign-in");
        await desk.GetByLabel("Email").FillAsync(Desk.Email);
        await desk.GetByLabel("Password", new() { Exact = true }).FillAsync(Desk.Password);
        await desk.Keyboard.PressAsync("Enter");
        await desk.IsAtAsync("/admin$");
        string[] rooms =
        [
            "/admin",
            "/admin/incidents",
            "/admin/incidents/new",
            $"/admin/incidents/{incident.Id}",
            $"/admin/incidents/{incident.Id}/updates/{incident.Updates[^1].Id}",
            "/admin/maintenances",
            "/admin/maintenances/new",
            $"/admin/maintenances/{maintenance.Id}",
            "/admin/components",
            $"/admin/components/{component.Id}",
            "/admin/subscribers",
            "/admin/subscribers/import",
            $"/admin/subscribers/{subscriber.Id}",
            "/admin/promises",
            "/admin/runbooks",
            "/admin/runbooks/new",
            $"/admin/runbooks/{runbook.Id}",
            $"/admin/runbooks/{runbook.Id}/revisions/1",
            $"/admin/incidents/{incident.Id}/record",
            "/admin/record",
            "/admin/review",
            "/admin/handover",
            $"/admin/handover/{note.Id}",
            "/admin/gamedays",
            $"/admin/gamedays/{exercise.Id}",
            $"/admin/gamedays/{exercise.Id}/page",
            "/admin/templates",
            "/admin/severities",
            "/admin/audiences",
            "/admin/account/app",
            "/admin/account/codes",
            "/admin/channels",
            "/admin/channels/new?channel=x",
            "/admin/channels/new?channel=slack",
            "/admin/audit",
            "/admin/accounts",
            "/admin/account",
            "/admin/keys",
            "/admin/settings",
            "/admin/pages",
            "/admin/setup",
            "/admin/notifications",
            $"/admin/deliveries/{incident.Updates[^1].Id}",
            "/admin/password",
        ];
        foreach (var room in rooms)
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

    /// <summary>A runbook that is shown beside the component's incidents, a note that waits, and an exercise that runs.</summary>
    private static async Task<(Runbook, Handover, Exercise)> LessonAsync(AppHost app, ComponentId component)
    {
        var (page, now) = ((await app.PageAsync()).Id, DateTimeOffset.UtcNow);
        var runbook = Runbook.Create(page, now);
        var revision = runbook.Write(RunbookText.Outline, "ann", now)!;
        runbook.Attach([component], [], 6, now);
        var note = Handover.Write(page, "All is quiet.", "ann", now);
        var exercise = Exercise.Begin(page, Scenario.All[0], Desk.Email, now);
        exercise.Reveal(Desk.Email, now);
        await app.InStoreAsync(db =>
        {
            db.AddRange(runbook, revision, note, exercise);
            return db.SaveChangesAsync();
        });
        return (runbook, note, exercise);
    }
}
