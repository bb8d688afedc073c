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
public sealed class CountdownTests : DeskTests
{
    protected override IReadOnlyList<string> Settings => ["--Page:TakeBackSeconds", "60"];

    [Fact]
    public async Task Nothing_leaves_before_the_end_and_then_it_is_posted_once_by_its_author()
    {
        await App.SubscriberAsync("reader@customer.example");
        var page = await OpenAsync();
        Assert.Contains("Nothing has left yet", page.Body!.TextContent, StringComparison.Ordinal);
        Assert.Equal((0, 0), await App.InStoreAsync(async db => (await db.Incidents.CountAsync(), await db.Announcements.CountAsync())));
        Assert.DoesNotContain("Elevated error rates", await App.Http.GetStringAsync("/"), StringComparison.Ordinal);
        await EndAsync(App);
        var incident = await PostedAsync(App);
        Assert.Equal((Desk.Email, 1), (incident.Latest.Author, incident.Updates.Count));
        Assert.Equal(TimeSpan.FromMinutes(30), incident.NextUpdateBy - incident.Latest.PostedAt);
        await Owner.GetAsync(Owner.Location.PathAndQuery);
        Assert.Equal($"/admin/incidents/{incident.Id}", Owner.Location.AbsolutePath);
    }

    [Fact]
    public async Task Taken_back_it_is_a_draft_with_every_word_and_can_be_posted_again()
    {
        var page = await OpenAsync();
        page = await Owner.SubmitAsync(page.Form("TakeBack"), new { });
        Assert.Contains("Taken back", page.Body!.TextContent, StringComparison.Ordinal);
        Assert.Equal("We are investigating elevated error rates on our API.", page.QuerySelector<IHtmlTextAreaElement>("#Update_Body")!.Value);
        Assert.Equal("~15% of requests failing", page.QuerySelector<IHtmlInputElement>("#Update_ImpactSummary")!.Value);
        await EndAsync(App);
        Assert.Equal(0, await App.InStoreAsync(db => db.Incidents.CountAsync()));
        page = await Owner.SubmitAsync(page.QuerySelector<IHtmlFormElement>("form[data-compose]")!, new { NoComponents = "true" });
        await Owner.SubmitAsync(page.Form("Now"), new { });
        var incident = await PostedAsync(App);
        Assert.Equal($"/admin/incidents/{incident.Id}", Owner.Location.AbsolutePath);
        Assert.Equal(DraftState.Published, (await App.InStoreAsync(db => db.Drafts.SingleAsync())).State);
    }

    [Fact]
    public async Task What_is_sent_twice_runs_once_and_what_is_wrong_is_said_at_once()
    {
        var form = (await Owner.GetAsync("/admin/incidents/new")).QuerySelector<IHtmlFormElement>("form[data-compose]")!;
        var refused = await Owner.SubmitAsync(form, new Dictionary<string, object?>(Desk.Example()) { ["Update.Body"] = "{{cause}}" });
        Assert.Contains("{{cause}}", refused.ErrorFor("Update.Body"), StringComparison.Ordinal);
        await Owner.SubmitAsync(form, Desk.Example());
        var first = Owner.Location;
        await Owner.SubmitAsync(form, Desk.Example());
        Assert.Equal(first, Owner.Location);
        Assert.Single(await App.InStoreAsync(db => db.Drafts.Where(row => row.PostsAt != null).ToListAsync()));
    }

    [Fact]
    public async Task Who_writes_in_it_meanwhile_writes_in_a_draft_of_their_own()
    {
        await OpenAsync();
        var draft = await App.InStoreAsync(db => db.Drafts.SingleAsync());
        var page = await Owner.GetAsync(Composer.AddressOf(draft));
        Assert.Contains("goes out in a moment", page.Body!.TextContent, StringComparison.Ordinal);
        var form = page.QuerySelector<IHtmlFormElement>("form[data-compose]")!;
        form.SetAttribute("action", form.QuerySelector("button[formaction*=Draft]")!.GetAttribute("formaction")!);
        await Owner.SubmitAsync(form, new Dictionary<string, object?> { ["Update.Body"] = "Other words." });
        await EndAsync(App);
        Assert.Equal("We are investigating elevated error rates on our API.", (await PostedAsync(App)).Latest.Body);
        Assert.Equal([DraftState.Open, DraftState.Published], await App.InStoreAsync(db => db.Drafts.Select(row => row.State).Order().ToListAsync()));
    }

    [Fact]
    public async Task Who_posts_in_between_goes_first_and_the_other_is_told()
    {
        using var api = await App.ApiAsync();
        var id = (await api.PostAsync("incidents", new { incident = new { name = "Errors", body = "We look." } })).Text("id");
        await Owner.FillInAsync($"/admin/incidents/{id}", new Dictionary<string, object?> { ["Update.Body"] = "My words." }, "form[data-compose]");
        await api.PatchAsync($"incidents/{id}", new { incident = new { status = "resolved", body = "Over." } });
        var page = await LeftAsync();
        Assert.Contains("changed this incident: it is 'Resolved'", page.QuerySelector("[role=alert]")!.TextContent, StringComparison.Ordinal);
        Assert.Equal("My words.", page.QuerySelector<IHtmlTextAreaElement>("#Update_Body")!.Value);
        Assert.Equal(2, (await App.InStoreAsync(db => db.Incidents.Include(row => row.Updates).SingleAsync())).Updates.Count);
        Assert.Contains(
            "Not posted: Errors",
            Assert.Single(await App.InStoreAsync(db => db.Notices.Select(row => row.Subject).ToListAsync())),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Who_may_not_publish_any_more_posts_nothing()
    {
        await App.AccountAsync("comms@acme.example", Role.Comms);
        using var comms = await App.SignInAsync("comms@acme.example");
        await comms.FillInAsync("/admin/incidents/new", Desk.Example(), "form[data-compose]");
        await App.InStoreAsync(async db =>
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
        var draft = await App.InStoreAsync(db => db.Drafts.SingleAsync());
        var page = await App.PageAsync();
        var nodes = Enumerable
            .Range(0, 4)
            .Select(_ =>
                App.InScopeAsync(async services =>
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
        Assert.Single((await PostedAsync(App)).Updates);
        Assert.Equal(1, await App.InStoreAsync(db => db.Announcements.CountAsync()));
    }

    [Fact]
    public async Task What_another_submitted_is_stillApproved_at_the_end()
    {
        await App.InStoreAsync(async db =>
        {
            var rule = SeverityRule.Default((await db.Pages.FirstAsync()).Id, Severity.Sev2);
            rule.Decide(rule.Cadence, rule.ProposedStatus, needsApproval: true);
            db.SeverityRules.Add(rule);
            return await db.SaveChangesAsync();
        });
        await App.AccountAsync("comms@acme.example", Role.Comms);
        using var comms = await App.SignInAsync("comms@acme.example");
        var form = (await Owner.GetAsync("/admin/incidents/new")).QuerySelector<IHtmlFormElement>("form[data-compose]")!;
        form.SetAttribute("action", form.QuerySelector("button[formaction*=Submit]")!.GetAttribute("formaction")!);
        await Owner.SubmitAsync(form, Desk.Example());
        await comms.FillInAsync(Owner.Location.PathAndQuery, new { NoComponents = "true" }, "form[data-compose]");
        await EndAsync(App);
        var update = (await PostedAsync(App)).Latest;
        Assert.Equal(("comms@acme.example", Desk.Email, "comms@acme.example"), (update.Author, update.DraftedBy, update.ApprovedBy));
    }

    [Fact]
    public async Task It_outlives_the_program()
    {
        using var folder = new TempFolder();
        await using (var app = await AppHost.StartAsync(folder, AppHost.WithoutWorkers, [.. Desk.Owner, .. Settings]))
        {
            using var owner = await app.SignInAsync();
            await owner.FillInAsync("/admin/incidents/new", Desk.Example(), "form[data-compose]");
            await EndAsync(app);
        }
        await using var again = await AppHost.StartAsync(folder, null, [.. Desk.Owner, .. Settings]);
        await PostedAsync(again);
    }

    private async Task<IHtmlDocument> OpenAsync()
    {
        var page = await Owner.FillInAsync("/admin/incidents/new", Desk.Example(), "form[data-compose]");
        Assert.Equal(HttpStatusCode.OK, Owner.Status);
        Assert.StartsWith("/admin/drafts/", Owner.Location.AbsolutePath, StringComparison.Ordinal);
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
        await EndAsync(App, ago);
        await Eventually.TrueAsync("it is left", () => App.InStoreAsync(db => db.Drafts.AllAsync(row => row.PostsAt == null)));
        var draft = await App.InStoreAsync(db => db.Drafts.SingleAsync());
        Assert.Equal(DraftState.Open, draft.State);
        return await Owner.GetAsync(Composer.AddressOf(draft));
    }

    private static async Task<Incident> PostedAsync(AppHost app)
    {
        await Eventually.TrueAsync("it is posted", () => app.InStoreAsync(db => db.Incidents.AnyAsync()));
        return await app.InStoreAsync(db => db.Incidents.AsNoTracking().Include(row => row.Updates).SingleAsync());
    }
}
