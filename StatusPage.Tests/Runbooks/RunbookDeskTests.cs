using System.Net;
using System.Text;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using StatusPage.Domain;
using StatusPage.Domain.Accounts;
using StatusPage.Domain.Runbooks;
using StatusPage.Tests.Alerts;
using StatusPage.Tests.Host;
using StatusPage.Web.Public;
using StatusPage.Web.Runbooks;

namespace StatusPage.Tests.Runbooks;

/// <summary>Runbooks at the desk, on both stores.</summary>
public abstract class RunbookDeskTests : DeskTests
{
    private async Task<string> WriteAsync(Dictionary<string, object?> values)
    {
        await Owner.FillInAsync("/admin/runbooks/new", values, "form:has(textarea)");
        Assert.Matches("^/admin/runbooks/[a-z0-9]{12}$", Owner.Location.AbsolutePath);
        return Owner.Location.AbsolutePath;
    }

    private Task<IReadOnlyList<ImportedRunbook>> ImportAsync(PageId page, params (string Name, byte[] Content)[] files) =>
        App.InScopeAsync(services =>
            services
                .GetRequiredService<RunbookImport>()
                .RunAsync(page, [.. files.Select(file => new RunbookFile(file.Name, file.Content))], "ann", default)
        );

    [Fact]
    public async Task A_step_is_ticked_at_the_alert_seen_beside_the_draft_and_at_the_incident_and_kept_in_both_timelines()
    {
        var api = await App.ComponentAsync("API");
        var path = await WriteAsync(new() { ["Body"] = RunbookTextTests.Guide, ["Components"] = new[] { api.Id.Value } });
        await WriteAsync(new() { ["Body"] = "# Not about this\n## Diagnosis\n- no" });
        var caller = await App.AlertSourceAsync();
        await caller.FireAsync(more: ""","service":"api" """);
        var found = Assert.Single(await App.CasesAsync());

        var at = $"/admin/alerts/{found.Id}";
        var page = await Owner.GetAsync(at);
        Assert.Single(page.QuerySelectorAll("#runbooks details"));
        Assert.Equal(5, page.QuerySelectorAll("#runbooks button.box").Length);
        await PressAsync(page, 0);
        Assert.Equal((at, "#runbooks"), (Owner.Location.AbsolutePath, Owner.Location.Fragment));
        page = await Owner.GetAsync(at);
        Assert.Contains("1 of 5 steps done", page.QuerySelector("#runbooks summary")!.TextContent, StringComparison.Ordinal);
        Assert.Equal("true", page.QuerySelector("#runbooks button.box")!.GetAttribute("aria-pressed"));
        Assert.Contains(
            $"{Desk.Email}: Done, from the runbook “Database Connection Errors Runbook”: Check database CPU: `SHOW PROCESSLIST`",
            await App.LinesAsync(found.Id)
        );

        var draft = await Owner.GetAsync($"/admin/incidents/new?draft={found.DraftId}");
        Assert.Contains("1 of 5 steps done", draft.QuerySelector("#runbooks summary")!.TextContent, StringComparison.Ordinal);
        Assert.Empty(draft.QuerySelectorAll("#runbooks button.box"));
        await Owner.SubmitAsync(draft.QuerySelector<IHtmlFormElement>("form[data-compose]")!, new { });
        var incident = Owner.Location.AbsolutePath;
        Assert.Matches("^/admin/incidents/[a-z0-9]{12}$", incident);
        page = await Owner.GetAsync(incident);
        Assert.Contains("1 of 5 steps done", page.QuerySelector("#runbooks summary")!.TextContent, StringComparison.Ordinal);
        await PressAsync(page, 1);
        page = await Owner.GetAsync(incident);
        Assert.Contains("2 of 5 steps done", page.QuerySelector("#runbooks summary")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("SELECT count(*) FROM pg_stat_activity", page.QuerySelector(".notes li")!.TextContent, StringComparison.Ordinal);
        await PressAsync(page, 0);
        page = await Owner.GetAsync(incident);
        Assert.Contains("1 of 5 steps done", page.QuerySelector("#runbooks summary")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("Not done after all", page.QuerySelector(".notes li")!.TextContent, StringComparison.Ordinal);

        // It is judged when the incident is over.
        Assert.DoesNotContain("Needs review", (await Owner.GetAsync(path)).Body!.TextContent, StringComparison.Ordinal);
        await Owner.FillInAsync(
            incident,
            new Dictionary<string, object?> { ["Update.Phase"] = "resolved", ["Update.Body"] = "All is well." },
            "form[data-compose]"
        );
        Assert.Contains("Was it right?", (await Owner.GetAsync(path)).Body!.TextContent, StringComparison.Ordinal);
        await Owner.FillInAsync(path, new { }, "form[action*=Review]");
        Assert.DoesNotContain("Needs review", (await Owner.GetAsync("/admin/runbooks")).Body!.TextContent, StringComparison.Ordinal);
        foreach (var (address, made) in await App.Services.GetRequiredService<PublicSites>().First.Current!.AllAsync())
            Assert.False(Encoding.UTF8.GetString(made.Document.Plain.Body).Contains("PROCESSLIST", StringComparison.Ordinal), address);
    }

    [Fact]
    public async Task Every_text_is_kept_shown_and_can_come_back_and_nobody_overwrites_unread_words()
    {
        var path = await WriteAsync(new() { ["Body"] = "# Cache\n## Diagnosis\n1. <script>alert(1)</script> [x](javascript:alert(1))" });
        var page = await Owner.GetAsync(path);
        Assert.Empty(page.QuerySelectorAll("article script, article a[href^=javascript]"));
        var early = page.QuerySelector<IHtmlFormElement>("form:has(textarea)")!;
        await Owner.FillInAsync(path, new { Body = "# Cache\nFlush it." }, "form:has(textarea)");
        page = await Owner.SubmitAsync(early, new { Body = "# Cache\nMine." });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, Owner.Status);
        Assert.Contains("somebody else changed this runbook", page.Summary(), StringComparison.Ordinal);
        Assert.Contains("Mine.", page.QuerySelector("textarea")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("alert(1)", (await Owner.GetAsync($"{path}/revisions/1")).QuerySelector("pre")!.TextContent, StringComparison.Ordinal);
        await Owner.FillInAsync($"{path}/revisions/1", new { }, "main form");
        Assert.Equal(
            [(1, true), (2, false), (3, true)],
            (await App.InStoreAsync(db => db.RunbookRevisions.OrderBy(row => row.Number).ToListAsync())).Select(row =>
                (row.Number, row.Body.Contains("alert(1)", StringComparison.Ordinal))
            )
        );
        await WriteAsync(new() { ["Body"] = "# Queue\nDrain it." });
        page = await Owner.FillInAsync("/admin/runbooks/new", new { Body = "# QUEUE\nOther." }, "form:has(textarea)");
        Assert.StartsWith("There is a runbook “QUEUE” already.", page.ErrorFor("Body"), StringComparison.Ordinal);
        await Owner.FillInAsync(path, new { }, "form[action*=Archive]");
        await Owner.FillInAsync(path, new { }, "form[action*=BringBack]");
        Assert.Null(await App.InStoreAsync(db => db.Runbooks.Where(row => row.Title == "Cache").Select(row => row.ArchivedAt).SingleAsync()));
    }

    [Fact]
    public async Task Files_are_taken_and_bad_ones_named_and_nothing_is_lost()
    {
        var page = (await App.PageAsync()).Id;
        var elsewhere = await App.AddPageAsync("Beside", "beside");
        (string, byte[])[] first =
        [
            ("db.md", Encoding.UTF8.GetBytes("\uFEFF" + RunbookTextTests.Guide)),
            ("empty.md", []),
            ("latin1.md", [.. "# Gr"u8, 0xFC, .. "n"u8]),
            ("untitled.md", "Just text."u8.ToArray()),
            ("large.md", Encoding.UTF8.GetBytes("# L\n" + new string('x', RunbookFile.MaxBytes))),
            ("again.md", "# DATABASE connection errors runbook\nOther."u8.ToArray()),
        ];
        var outcomes = await ImportAsync(page, first);
        Assert.Equal([false, true, true, true, true, true], outcomes.Select(outcome => outcome.IsRefused));
        Assert.Equal("It has the title of db.md, which was taken.", outcomes[5].Outcome.ToString());
        Assert.Single(await ImportAsync(elsewhere.Id, first[0]), outcome => outcome.Outcome.ToString() == "It is a new runbook.");
        Assert.Equal("It says what the runbook says already.", (await ImportAsync(page, first[0])).Single().Outcome.ToString());
        Assert.Equal("It is revision 2.", (await ImportAsync(page, ("other-name.md", first[5].Item2))).Single().Outcome.ToString());
        var runbooks = await App.InStoreAsync(db => db.Runbooks.AsNoTracking().OrderByDescending(row => row.Revision).ToListAsync());
        Assert.Equal(
            [(page, 2, "DATABASE connection errors runbook"), (elsewhere.Id, 1, "Database Connection Errors Runbook")],
            runbooks.Select(row => (row.PageId, row.Revision, row.Title))
        );
        foreach (var door in new[] { "", "/revisions/1" })
        {
            await Owner.GetAsync($"/admin/runbooks/{runbooks[1].Id}{door}");
            Assert.Equal(HttpStatusCode.NotFound, Owner.Status);
        }
    }

    [Fact]
    public async Task Files_are_uploaded_at_the_desk_by_those_who_may_draft()
    {
        var shown = await UploadAsync(Owner, ("a.md", "# A\n## Diagnosis\n- look"), ("b.md", "no title"));
        Assert.Contains("1 of 2 files were taken", shown.QuerySelector("[role=status]")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("Not taken: b.md: It has no title.", shown.QuerySelector("[role=status]")!.TextContent, StringComparison.Ordinal);
        await App.AccountAsync("adam@acme.example", Role.Auditor);
        using var adam = await App.SignInAsync("adam@acme.example");
        Assert.Null((await adam.GetAsync("/admin/runbooks")).QuerySelector("form[enctype]"));
        await adam.GetAsync("/admin/runbooks/new");
        Assert.Equal("/admin/denied", adam.Location.AbsolutePath);
    }

    /// <summary>A tick names the runbook, the place and the step: all three must belong together, and to this page.</summary>
    [Fact]
    public async Task A_tick_at_another_page_or_of_a_step_that_is_gone_is_refused()
    {
        var path = await WriteAsync(new() { ["Body"] = RunbookTextTests.Guide });
        var page = await App.PageAsync();
        var other = await PageRows.OfAsync(App, await App.AddPageAsync("Beside", "beside"));
        var runbook = await App.InStoreAsync(db => db.Runbooks.AsNoTracking().SingleAsync());
        var step = RunbookText.Read(runbook.Body).Steps.First().Key;
        var ours = An.Incident(DateTimeOffset.UtcNow, page: page.Id);
        await App.InStoreAsync(db =>
        {
            db.Add(ours);
            return db.SaveChangesAsync();
        });
        var token = (await Owner.GetAsync(path)).QuerySelector<IHtmlInputElement>("input[name=__RequestVerificationToken]")!.Value;
        foreach (
            var (incident, key, status) in new[]
            {
                (other.Incident.Id.Value, step, HttpStatusCode.NotFound),
                ("aaaaaaaaaaaa", step, HttpStatusCode.NotFound),
                (ours.Id.Value, "0000000000000000", HttpStatusCode.UnprocessableEntity),
                // The runbook is not shown at this incident, as it is about no component of it.
                (ours.Id.Value, step, HttpStatusCode.UnprocessableEntity),
            }
        )
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"{path}?handler=Tick")
            {
                Content = new FormUrlEncodedContent([new("incident", incident), new("tick", key), new("__RequestVerificationToken", token)]),
            };
            request.Headers.Add("Cookie", Owner.Cookies.GetCookieHeader(new Uri(App.BaseAddress, path)));
            using var answer = await App.Http.SendAsync(request);
            Assert.Equal(status, answer.StatusCode);
        }
        Assert.Empty(await App.InStoreAsync(db => db.RunbookTicks.ToListAsync()));
        Assert.Empty(await App.InStoreAsync(db => db.IncidentNotes.ToListAsync()));
    }

    private async Task PressAsync(IHtmlDocument page, int step)
    {
        var button = (IHtmlButtonElement)page.QuerySelectorAll("#runbooks button.box")[step];
        await Owner.SubmitAsync(button.Form!, new { }, (button.Name!, button.Value));
        Assert.Equal(HttpStatusCode.OK, Owner.Status);
    }

    private async Task<IHtmlDocument> UploadAsync(BrowserSession browser, params (string Name, string Text)[] files)
    {
        var page = await browser.GetAsync("/admin/runbooks");
        using var content = new MultipartFormDataContent
        {
            {
                new StringContent(page.QuerySelector<IHtmlInputElement>("form[enctype] input[name=__RequestVerificationToken]")!.Value),
                "__RequestVerificationToken"
            },
        };
        foreach (var (name, text) in files)
            content.Add(new StringContent(text), "Files", name);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/admin/runbooks?handler=Import") { Content = content };
        request.Headers.Add("Cookie", browser.Cookies.GetCookieHeader(new Uri(App.BaseAddress, "/admin/runbooks")));
        using var answer = await App.Http.SendAsync(request);
        return await new AngleSharp.Html.Parser.HtmlParser().ParseDocumentAsync(await answer.Content.ReadAsStringAsync(), default);
    }
}

public sealed class SqliteRunbookDeskTests : RunbookDeskTests
{
    protected override Task<string[]> StoreAsync() => Task.FromResult<string[]>([]);
}

public sealed class PostgresRunbookDeskTests(PostgresServer postgres) : RunbookDeskTests
{
    protected override async Task<string[]> StoreAsync() => ["--ConnectionStrings:Postgres", await postgres.CreateDatabaseAsync()];
}

public sealed class RunbookCommandTests
{
    [Fact]
    public async Task A_folder_is_imported_by_the_command_and_a_bad_file_is_named()
    {
        using var folder = new TempFolder();
        await using (await AppHost.StartAsync(folder, null)) { }
        using var files = new TempFolder();
        Directory.CreateDirectory(Path.Combine(files.Path, "db"));
        await File.WriteAllTextAsync(Path.Combine(files.Path, "db", "connections.md"), RunbookTextTests.Guide);
        await File.WriteAllTextAsync(Path.Combine(files.Path, "bad.md"), "No title.");
        await File.WriteAllTextAsync(Path.Combine(files.Path, "notes.txt"), "# Not Markdown");
        var (code, output) = await AppCommand.RunAsync("runbook", "import", files.Path, "--DataDirectory", folder.Path);
        Assert.Equal(1, code);
        Assert.Contains($"db{Path.DirectorySeparatorChar}connections.md: It is a new runbook.", output, StringComparison.Ordinal);
        Assert.Contains("bad.md: It has no title.", output, StringComparison.Ordinal);
        Assert.DoesNotContain("notes.txt", output, StringComparison.Ordinal);
    }
}
