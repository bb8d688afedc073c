using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using StatusPage.Domain.Alerts;
using StatusPage.Domain.Drafts;
using StatusPage.Domain.Incidents;
using StatusPage.Tests.Host;
using StatusPage.Web.Alerts;
using StatusPage.Web.Drafts;

namespace StatusPage.Tests.Alerts;

/// <summary>Drafts that the program closes, publishes later, or leaves, while somebody has them open.</summary>
public sealed class AlertClosedDraftTests : IAsyncLifetime
{
    private AppHost _app = null!;
    private Caller _caller = null!;
    private BrowserSession _owner = null!;

    public async ValueTask InitializeAsync()
    {
        _app = await AppHost.StartAsync(Desk.Owner);
        _caller = await _app.AlertSourceAsync();
        _owner = await _app.SignInAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _owner.Dispose();
        await _app.DisposeAsync();
    }

    [Fact]
    public async Task A_draft_that_was_closed_while_it_was_open_is_published_only_on_purpose_and_then_linked()
    {
        await _caller.FireAsync();
        var address = $"/admin/incidents/new?draft={(await _app.CasesAsync())[0].DraftId}";
        var form = (await _owner.GetAsync(address)).QuerySelector<IHtmlFormElement>("form[data-compose]")!;
        await _caller.ResolveAsync();
        var asked = await _owner.SubmitAsync(form, new Dictionary<string, object?> { ["NoComponents"] = "true" });
        Assert.Matches("The alert has resolved; the draft was closed at .*\\. Publish all the same\\?", asked.Summary());
        Assert.Equal(0, await _app.InStoreAsync(db => db.Incidents.CountAsync()));
        await _owner.SubmitAsync(
            asked.QuerySelector<IHtmlFormElement>("form[data-compose]")!,
            new Dictionary<string, object?> { ["AllTheSame"] = "true" }
        );
        var incident = await _app.InStoreAsync(db => db.Incidents.SingleAsync());
        var found = Assert.Single(await _app.CasesAsync());
        Assert.Equal((AlertCaseState.Open, incident.Id), (found.State, found.IncidentId));
        Assert.Equal(DraftState.Published, (await _app.InStoreAsync(db => db.Drafts.SingleAsync())).State);
    }

    [Fact]
    public async Task Who_goes_on_writing_keeps_the_case_and_is_asked_all_the_same()
    {
        await _caller.FireAsync();
        var address = $"/admin/incidents/new?draft={(await _app.CasesAsync())[0].DraftId}";
        var form = (await _owner.GetAsync(address)).QuerySelector<IHtmlFormElement>("form[data-compose]")!;
        await _caller.ResolveAsync();
        var kept = await PressAsync(form, "Draft", new Dictionary<string, object?> { ["Update.Body"] = "Still worth telling." });
        Assert.Contains("The alert has resolved", kept.Body!.TextContent, StringComparison.Ordinal);
        var found = Assert.Single(await _app.CasesAsync());
        Assert.Equal((AlertCaseState.Open, Desk.Email), (found.State, found.TakenBy));
        var asked = await _owner.SubmitAsync(
            kept.QuerySelector<IHtmlFormElement>("form[data-compose]")!,
            new Dictionary<string, object?> { ["NoComponents"] = "true" }
        );
        Assert.Contains("The alert has resolved", asked.Summary(), StringComparison.Ordinal);
        await _owner.SubmitAsync(
            asked.QuerySelector<IHtmlFormElement>("form[data-compose]")!,
            new Dictionary<string, object?> { ["AllTheSame"] = "true" }
        );
        Assert.NotNull(Assert.Single(await _app.CasesAsync()).IncidentId);
    }

    [Fact]
    public async Task The_link_of_a_draft_that_was_closed_says_why_it_shows_nothing()
    {
        await _caller.FireAsync();
        var address = $"/admin/incidents/new?draft={(await _app.CasesAsync())[0].DraftId}";
        await _caller.ResolveAsync();
        Assert.Contains("The alert has resolved", (await _owner.GetAsync(address)).Body!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_draft_that_was_thrown_away_or_published_meanwhile_is_not_published_by_mistake()
    {
        await PressAsync((await _owner.GetAsync("/admin/incidents/new")).QuerySelector<IHtmlFormElement>("form[data-compose]")!, "Draft", Desk.Example());
        var page = await _owner.GetAsync(_owner.Location.PathAndQuery);
        var form = page.QuerySelector<IHtmlFormElement>("form[data-compose]")!;
        await _app.InStoreAsync(async db =>
        {
            (await db.Drafts.SingleAsync()).Discard(DateTimeOffset.UtcNow);
            return await db.SaveChangesAsync();
        });
        var asked = await _owner.SubmitAsync(form, new Dictionary<string, object?> { ["NoComponents"] = "true" });
        Assert.Contains("thrown away", asked.Summary(), StringComparison.Ordinal);
        await _owner.SubmitAsync(
            asked.QuerySelector<IHtmlFormElement>("form[data-compose]")!,
            new Dictionary<string, object?> { ["AllTheSame"] = "true" }
        );
        Assert.Equal(1, await _app.InStoreAsync(db => db.Incidents.CountAsync()));
        var twice = await _owner.SubmitAsync(form, new Dictionary<string, object?> { ["NoComponents"] = "true" });
        Assert.Equal(1, await _app.InStoreAsync(db => db.Incidents.CountAsync()));
        Assert.NotNull(twice);
    }

    [Fact]
    public async Task Who_takes_a_draft_stops_its_publication_and_so_does_who_writes_in_it()
    {
        await _app.AlertRuleAsync(rule => rule.Do(AlertAction.Publish, TimeSpan.FromMinutes(30), TimeSpan.FromHours(1), default));
        await _caller.FireAsync("a");
        var found = Assert.Single(await _app.CasesAsync());
        Assert.Contains(
            "published by itself",
            (await _owner.GetAsync($"/admin/alerts/{found.Id}")).QuerySelector(".overdue")!.TextContent,
            StringComparison.Ordinal
        );
        await _owner.FillInAsync($"/admin/alerts/{found.Id}", new { }, "form[action*='handler=Take']");
        var page = await _owner.GetAsync($"/admin/alerts/{found.Id}");
        Assert.Null(page.QuerySelector(".overdue"));
        Assert.Null(page.QuerySelector("form[action*='handler=Stop']"));
        Assert.Null(Assert.Single(await _app.CasesAsync()).DueAt);

        await _caller.FireAsync("b");
        var second = (await _app.CasesAsync())[1];
        await PressAsync(
            (await _owner.GetAsync($"/admin/incidents/new?draft={second.DraftId}")).QuerySelector<IHtmlFormElement>("form[data-compose]")!,
            "Draft",
            new Dictionary<string, object?> { ["Update.Body"] = "Mine." }
        );
        _app.Services.GetRequiredService<AlertBell>().Ring();
        await Eventually.TrueAsync("it is left to people", async () => !(await _app.CasesAsync())[1].PublishesItself);
    }

    [Fact]
    public async Task A_rule_whose_template_is_gone_publishes_nothing_by_itself()
    {
        await _app.AlertRuleAsync(rule =>
            rule.Do(AlertAction.Publish, TimeSpan.FromMinutes(2), TimeSpan.FromHours(1), default).Say([], null, Domain.TemplateId.New(), null, false)
        );
        await _caller.FireAsync();
        Assert.False(Assert.Single(await _app.CasesAsync()).PublishesItself);
    }

    private Task<IHtmlDocument> PressAsync(IHtmlFormElement form, string handler, Dictionary<string, object?> values)
    {
        form.SetAttribute("action", form.QuerySelector($"button[formaction*='handler={handler}']")!.GetAttribute("formaction")!);
        return _owner.SubmitAsync(form, values);
    }
}
