using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using StatusPage.Domain.Accounts;
using StatusPage.Domain.Drafts;
using StatusPage.Domain.Incidents;
using StatusPage.Tests.Host;
using StatusPage.Web.Drafts;

namespace StatusPage.Tests.Drafts;

/// <summary>A post can be taken back for a while; until then nothing leaves, and nothing is lost.</summary>
public sealed class CountdownTests : IAsyncLifetime
{
    private static readonly string[] Settings = [.. Desk.Owner, "--Page:TakeBackSeconds", "60"];

    private AppHost _app = null!;
    private BrowserSession _owner = null!;

    public async ValueTask InitializeAsync()
    {
        _app = await AppHost.StartAsync(Settings);
        _owner = await _app.SignInAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _owner.Dispose();
        await _app.DisposeAsync();
    }

    [Fact]
    public async Task Nothing_leaves_before_the_end_and_then_it_is_posted_once_by_its_author()
    {
        await _app.SubscriberAsync("reader@customer.example");
        var page = await OpenAsync();
        Assert.Contains("Nothing has left yet", page.Body!.TextContent, StringComparison.Ordinal);
        Assert.Equal((0, 0), await _app.InStoreAsync(async db => (await db.Incidents.CountAsync(), await db.Announcements.CountAsync())));
        Assert.DoesNotContain("Elevated error rates", await _app.Http.GetStringAsync("/"), StringComparison.Ordinal);
        await EndAsync(_app);
        var incident = await PostedAsync(_app);
        Assert.Equal((Desk.Email, 1), (incident.Latest.Author, incident.Updates.Count));
        Assert.Equal(TimeSpan.FromMinutes(30), incident.NextUpdateBy - incident.Latest.PostedAt);
        await _owner.GetAsync(_owner.Location.PathAndQuery);
        Assert.Equal($"/admin/incidents/{incident.Id}", _owner.Location.AbsolutePath);
    }

    [Fact]
    public async Task Taken_back_it_is_a_draft_with_every_word_and_can_be_posted_again()
    {
        var page = await OpenAsync();
        page = await _owner.SubmitAsync(page.Form("TakeBack"), new { });
        Assert.Contains("Taken back", page.Body!.TextContent, StringComparison.Ordinal);
        Assert.Equal("We are investigating elevated error rates on our API.", page.QuerySelector<IHtmlTextAreaElement>("#Update_Body")!.Value);
        Assert.Equal("~15% of requests failing", page.QuerySelector<IHtmlInputElement>("#Update_ImpactSummary")!.Value);
        await EndAsync(_app);
        Assert.Equal(0, await _app.InStoreAsync(db => db.Incidents.CountAsync()));
        page = await _owner.SubmitAsync(page.QuerySelector<IHtmlFormElement>("form[data-compose]")!, new { NoComponents = "true" });
        await _owner.SubmitAsync(page.Form("Now"), new { });
        var incident = await PostedAsync(_app);
        Assert.Equal($"/admin/incidents/{incident.Id}", _owner.Location.AbsolutePath);
        Assert.Equal(DraftState.Published, (await _app.InStoreAsync(db => db.Drafts.SingleAsync())).State);
    }

    [Fact]
    public async Task What_is_sent_twice_runs_once_and_what_is_wrong_is_said_at_once()
    {
        var form = (await _owner.GetAsync("/admin/incidents/new")).QuerySelector<IHtmlFormElement>("form[data-compose]")!;
        var refused = await _owner.SubmitAsync(form, new Dictionary<string, object?>(Desk.Example()) { ["Update.Body"] = "{{cause}}" });
        Assert.Contains("{{cause}}", refused.ErrorFor("Update.Body"), StringComparison.Ordinal);
        await _owner.SubmitAsync(form, Desk.Example());
        var first = _owner.Location;
        await _owner.SubmitAsync(form, Desk.Example());
        Assert.Equal(first, _owner.Location);
        Assert.Single(await _app.InStoreAsync(db => db.Drafts.Where(row => row.PostsAt != null).ToListAsync()));
    }

    [Fact]
    public async Task Who_writes_in_it_meanwhile_writes_in_a_draft_of_their_own()
    {
        await OpenAsync();
        var draft = await _app.InStoreAsync(db => db.Drafts.SingleAsync());
        var page = await _owner.GetAsync(Composer.AddressOf(draft));
        Assert.Contains("goes out in a moment", page.Body!.TextContent, StringComparison.Ordinal);
        var form = page.QuerySelector<IHtmlFormElement>("form[data-compose]")!;
        form.SetAttribute("action", form.QuerySelector("button[formaction*=Draft]")!.GetAttribute("formaction")!);
        await _owner.SubmitAsync(form, new Dictionary<string, object?> { ["Update.Body"] = "Other words." });
        await EndAsync(_app);
        Assert.Equal("We are investigating elevated error rates on our API.", (await PostedAsync(_app)).Latest.Body);
        Assert.Equal([DraftState.Open, DraftState.Published], await _app.InStoreAsync(db => db.Drafts.Select(row => row.State).Order().ToListAsync()));
    }

    [Fact]
    public async Task Who_posts_in_between_goes_first_and_the_other_is_told()
    {
        using var api = await _app.ApiAsync();
        var id = (await api.PostAsync("incidents", new { incident = new { name = "Errors", body = "We look." } })).Text("id");
        await _owner.FillInAsync($"/admin/incidents/{id}", new Dictionary<string, object?> { ["Update.Body"] = "My words." }, "form[data-compose]");
        await api.PatchAsync($"incidents/{id}", new { incident = new { status = "resolved", body = "Over." } });
        var page = await LeftAsync();
        Assert.Contains("changed this incident: it is 'Resolved'", page.QuerySelector("[role=alert]")!.TextContent, StringComparison.Ordinal);
        Assert.Equal("My words.", page.QuerySelector<IHtmlTextAreaElement>("#Update_Body")!.Value);
        Assert.Equal(2, (await _app.InStoreAsync(db => db.Incidents.Include(row => row.Updates).SingleAsync())).Updates.Count);
        Assert.Contains(
            "Not posted: Errors",
            Assert.Single(await _app.InStoreAsync(db => db.Notices.Select(row => row.Subject).ToListAsync())),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Who_may_not_publish_any_more_posts_nothing()
    {
        await _app.AccountAsync("comms@acme.example", Role.Comms);
        using var comms = await _app.SignInAsync("comms@acme.example");
        await comms.FillInAsync("/admin/incidents/new", Desk.Example(), "form[data-compose]");
        await _app.InStoreAsync(async db =>
        {
            var account = await db.Users.SingleAsync(row => row.Email == "comms@acme.example");
            return await db.Memberships.Where(row => row.AccountId == account.Id).ExecuteDeleteAsync();
        });
        Assert.Contains("may not publish here any more", (await LeftAsync()).QuerySelector("[role=alert]")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_program_slept_through_is_left_to_its_author()
    {
        await OpenAsync();
        Assert.Contains(
            "was not running when this was due",
            (await LeftAsync(Countdowns.MostLate + TimeSpan.FromMinutes(1))).QuerySelector("[role=alert]")!.TextContent,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Two_nodes_post_it_once()
    {
        await OpenAsync();
        var draft = await _app.InStoreAsync(db => db.Drafts.SingleAsync());
        var page = await _app.PageAsync();
        var nodes = Enumerable
            .Range(0, 4)
            .Select(_ =>
                _app.InScopeAsync(async services =>
                {
                    try
                    {
                        await services.GetRequiredService<Countdowns>().PostAsync(page, draft.Id, default);
                    }
                    catch (DbUpdateException)
                    {
                        // The other one was faster.
                    }
                    return 0;
                })
            );
        await Task.WhenAll(nodes);
        Assert.Single((await PostedAsync(_app)).Updates);
        Assert.Equal(1, await _app.InStoreAsync(db => db.Announcements.CountAsync()));
    }

    [Fact]
    public async Task What_another_submitted_is_still_approved_at_the_end()
    {
        await _app.InStoreAsync(async db =>
        {
            var rule = SeverityRule.Default((await db.Pages.FirstAsync()).Id, Severity.Sev2);
            rule.Decide(rule.Cadence, rule.ProposedStatus, needsApproval: true);
            db.SeverityRules.Add(rule);
            return await db.SaveChangesAsync();
        });
        await _app.AccountAsync("comms@acme.example", Role.Comms);
        using var comms = await _app.SignInAsync("comms@acme.example");
        var form = (await _owner.GetAsync("/admin/incidents/new")).QuerySelector<IHtmlFormElement>("form[data-compose]")!;
        form.SetAttribute("action", form.QuerySelector("button[formaction*=Submit]")!.GetAttribute("formaction")!);
        await _owner.SubmitAsync(form, Desk.Example());
        await comms.FillInAsync(_owner.Location.PathAndQuery, new { NoComponents = "true" }, "form[data-compose]");
        await EndAsync(_app);
        var update = (await PostedAsync(_app)).Latest;
        Assert.Equal(("comms@acme.example", Desk.Email, "comms@acme.example"), (update.Author, update.DraftedBy, update.ApprovedBy));
    }

    [Fact]
    public async Task It_outlives_the_program()
    {
        using var folder = new TempFolder();
        await using (var app = await AppHost.StartAsync(folder, AppHost.WithoutWorkers, Settings))
        {
            using var owner = await app.SignInAsync();
            await owner.FillInAsync("/admin/incidents/new", Desk.Example(), "form[data-compose]");
            await EndAsync(app);
        }
        await using var again = await AppHost.StartAsync(folder, null, Settings);
        await PostedAsync(again);
    }

    private async Task<IHtmlDocument> OpenAsync()
    {
        var page = await _owner.FillInAsync("/admin/incidents/new", Desk.Example(), "form[data-compose]");
        Assert.Equal(HttpStatusCode.OK, _owner.Status);
        Assert.StartsWith("/admin/drafts/", _owner.Location.AbsolutePath, StringComparison.Ordinal);
        return page;
    }

    /// <summary>The countdown is over.</summary>
    private static async Task EndAsync(AppHost app, TimeSpan ago = default)
    {
        await app.InStoreAsync(db =>
            db.Database.ExecuteSqlRawAsync(
                """UPDATE "Drafts" SET "PostsAt" = {0} WHERE "PostsAt" IS NOT NULL""",
                DateTimeOffset.UtcNow.AddSeconds(-1).Subtract(ago).ToUnixTimeMilliseconds()
            )
        );
        app.Services.GetService<CountdownBell>()?.Ring();
    }

    /// <summary>It was not posted; the draft as its author finds it.</summary>
    private async Task<IHtmlDocument> LeftAsync(TimeSpan ago = default)
    {
        await EndAsync(_app, ago);
        await Eventually.TrueAsync("it is left", () => _app.InStoreAsync(db => db.Drafts.AllAsync(row => row.PostsAt == null)));
        var draft = await _app.InStoreAsync(db => db.Drafts.SingleAsync());
        Assert.Equal(DraftState.Open, draft.State);
        return await _owner.GetAsync(Composer.AddressOf(draft));
    }

    private static async Task<Incident> PostedAsync(AppHost app)
    {
        await Eventually.TrueAsync("it is posted", () => app.InStoreAsync(db => db.Incidents.AnyAsync()));
        return await app.InStoreAsync(db => db.Incidents.AsNoTracking().Include(row => row.Updates).SingleAsync());
    }
}
