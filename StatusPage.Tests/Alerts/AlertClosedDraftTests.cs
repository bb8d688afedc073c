using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using StatusPage.Domain.Alerts;
using StatusPage.Domain.Drafts;
using StatusPage.Tests.Host;
using StatusPage.Web.Alerts;

namespace StatusPage.Tests.Alerts;

/// <summary>Drafts that the program closes, publishes later, or leaves, while somebody has them open.</summary>
public sealed class AlertClosedDraftTests : AlertDeskTests
{
    [Fact]
    public async Task A_draft_that_was_closed_while_it_was_open_is_published_only_on_purpose_and_then_linked()
    {
        await Caller.FireAsync();
        var address = $"/admin/incidents/new?draft={(await App.CasesAsync())[0].DraftId}";
        var form = (await Owner.GetAsync(address)).QuerySelector<IHtmlFormElement>("form[data-compose]")!;
        await Caller.ResolveAsync();
        var asked = await Owner.SubmitAsync(form, new Dictionary<string, object?> { ["NoComponents"] = "true" });
        Assert.Matches("The alert has resolved; the draft was closed at .*\\. Publish all the same\\?", asked.Summary());
        Assert.Equal(0, await App.InStoreAsync(db => db.Incidents.CountAsync()));
        await Owner.SubmitAsync(asked.QuerySelector<IHtmlFormElement>("form[data-compose]")!, new Dictionary<string, object?> { ["AllTheSame"] = "true" });
        var incident = await App.InStoreAsync(db => db.Incidents.SingleAsync());
        var found = Assert.Single(await App.CasesAsync());
        Assert.Equal((AlertCaseState.Open, incident.Id), (found.State, found.IncidentId));
        Assert.Equal(DraftState.Published, (await App.InStoreAsync(db => db.Drafts.SingleAsync())).State);
    }

    [Fact]
    public async Task Who_goes_on_writing_keeps_the_case_and_is_asked_all_the_same()
    {
        await Caller.FireAsync();
        var address = $"/admin/incidents/new?draft={(await App.CasesAsync())[0].DraftId}";
        var form = (await Owner.GetAsync(address)).QuerySelector<IHtmlFormElement>("form[data-compose]")!;
        await Caller.ResolveAsync();
        var kept = await PressAsync(form, "Draft", new Dictionary<string, object?> { ["Update.Body"] = "Still worth telling." });
        Assert.Contains("The alert has resolved", kept.Body!.TextContent, StringComparison.Ordinal);
        var found = Assert.Single(await App.CasesAsync());
        Assert.Equal((AlertCaseState.Open, Desk.Email), (found.State, found.TakenBy));
        var asked = await Owner.SubmitAsync(
            kept.QuerySelector<IHtmlFormElement>("form[data-compose]")!,
            new Dictionary<string, object?> { ["NoComponents"] = "true" }
        );
        Assert.Contains("The alert has resolved", asked.Summary(), StringComparison.Ordinal);
        await Owner.SubmitAsync(asked.QuerySelector<IHtmlFormElement>("form[data-compose]")!, new Dictionary<string, object?> { ["AllTheSame"] = "true" });
        Assert.NotNull(Assert.Single(await App.CasesAsync()).IncidentId);
    }

    [Fact]
    public async Task The_link_of_a_draft_that_was_closed_says_why_it_shows_nothing()
    {
        await Caller.FireAsync();
        var address = $"/admin/incidents/new?draft={(await App.CasesAsync())[0].DraftId}";
        await Caller.ResolveAsync();
        Assert.Contains("The alert has resolved", (await Owner.GetAsync(address)).Body!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_draft_that_was_thrown_away_or_published_meanwhile_is_not_published_by_mistake()
    {
        await PressAsync((await Owner.GetAsync("/admin/incidents/new")).QuerySelector<IHtmlFormElement>("form[data-compose]")!, "Draft", Desk.Example());
        var page = await Owner.GetAsync(Owner.Location.PathAndQuery);
        var form = page.QuerySelector<IHtmlFormElement>("form[data-compose]")!;
        await App.InStoreAsync(async db =>
        {
            (await db.Drafts.SingleAsync()).Discard(DateTimeOffset.UtcNow);
            return await db.SaveChangesAsync();
        });
        var asked = await Owner.SubmitAsync(form, new Dictionary<string, object?> { ["NoComponents"] = "true" });
        Assert.Contains("thrown away", asked.Summary(), StringComparison.Ordinal);
        await Owner.SubmitAsync(asked.QuerySelector<IHtmlFormElement>("form[data-compose]")!, new Dictionary<string, object?> { ["AllTheSame"] = "true" });
        Assert.Equal(1, await App.InStoreAsync(db => db.Incidents.CountAsync()));
        var twice = await Owner.SubmitAsync(form, new Dictionary<string, object?> { ["NoComponents"] = "true" });
        Assert.Equal(1, await App.InStoreAsync(db => db.Incidents.CountAsync()));
        Assert.NotNull(twice);
    }

    [Fact]
    public async Task Who_takes_a_draft_stops_its_publication_and_so_does_who_writes_in_it()
    {
        await App.AlertRuleAsync(rule => rule.Do(AlertAction.Publish, TimeSpan.FromMinutes(30), TimeSpan.FromHours(1), default));
        await Caller.FireAsync("a");
        var found = Assert.Single(await App.CasesAsync());
        Assert.Contains(
            "published by itself",
            (await Owner.GetAsync($"/admin/alerts/{found.Id}")).QuerySelector(".overdue")!.TextContent,
            StringComparison.Ordinal
        );
        await Owner.FillInAsync($"/admin/alerts/{found.Id}", new { }, "form[action*='handler=Take']");
        var page = await Owner.GetAsync($"/admin/alerts/{found.Id}");
        Assert.Null(page.QuerySelector(".overdue"));
        Assert.Null(page.QuerySelector("form[action*='handler=Stop']"));
        Assert.Null(Assert.Single(await App.CasesAsync()).DueAt);

        await Caller.FireAsync("b");
        var second = (await App.CasesAsync())[1];
        await PressAsync(
            (await Owner.GetAsync($"/admin/incidents/new?draft={second.DraftId}")).QuerySelector<IHtmlFormElement>("form[data-compose]")!,
            "Draft",
            new Dictionary<string, object?> { ["Update.Body"] = "Mine." }
        );
        App.Services.GetRequiredService<AlertBell>().Ring();
        await Eventually.TrueAsync("it is left to people", async () => !(await App.CasesAsync())[1].PublishesItself);
    }

    [Fact]
    public async Task A_rule_whose_template_is_gone_publishes_nothing_by_itself()
    {
        await App.AlertRuleAsync(rule =>
            rule.Do(AlertAction.Publish, TimeSpan.FromMinutes(2), TimeSpan.FromHours(1), default).Say([], null, Domain.TemplateId.New(), null, false)
        );
        await Caller.FireAsync();
        Assert.False(Assert.Single(await App.CasesAsync()).PublishesItself);
    }

    private Task<IHtmlDocument> PressAsync(IHtmlFormElement form, string handler, Dictionary<string, object?> values)
    {
        form.SetAttribute("action", form.QuerySelector($"button[formaction*='handler={handler}']")!.GetAttribute("formaction")!);
        return Owner.SubmitAsync(form, values);
    }
}
