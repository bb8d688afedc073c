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

/// <summary>Alerts that fire again, late, or on and on: none that lasts is passed over.</summary>
public sealed class AlertAgainTests : AlertDeskTests
{
    private static string Group(string status, params (string Fingerprint, string StartsAt, string EndsAt)[] alerts) =>
        $$"""{"version":"4","groupKey":"g","status":"{{status}}","receiver":"r","alerts":[{{string.Join(
            ',',
            alerts.Select(alert => $$"""{"status":"{{status}}","labels":{"i":"{{alert.Fingerprint}}"},"startsAt":"{{alert.StartsAt}}","endsAt":"{{alert.EndsAt}}","fingerprint":"{{alert.Fingerprint}}"}""")
        )}}]}""";

    private static string FireHydrant(string more, string milestone = "investigating", string severity = "SEV2") =>
        $$"""{"data":{"incident":{"id":"re1","name":"API errors","current_milestone":"{{milestone}}","severity":{"slug":"{{severity}}" },"""
        + $"\"created_at\":\"2026-11-24 08:40:00 UTC\"{more}"
        + "}}}";

    [Theory]
    [InlineData(AlertSourceKind.Alertmanager)]
    [InlineData(AlertSourceKind.Grafana)]
    public async Task Another_alert_of_a_group_becomes_a_draft_after_the_group_has_ended(AlertSourceKind kind)
    {
        var caller = await App.AlertSourceAsync(kind);
        string Of(string body) =>
            kind == AlertSourceKind.Grafana ? body.Replace("\"version\":\"4\"", "\"version\":\"1\",\"orgId\":1", StringComparison.Ordinal) : body;
        await caller.DeliverAsync(Of(Group("firing", ("a", "2026-11-24T08:00:00Z", "0001-01-01T00:00:00Z"))));
        await caller.DeliverAsync(Of(Group("resolved", ("a", "2026-11-24T08:00:00Z", "2026-11-24T08:30:00Z"))));
        Assert.Equal("A draft was made.", (await caller.DeliverAsync(Of(Group("firing", ("b", "2026-11-24T08:10:00Z", "0001-01-01T00:00:00Z"))))).Outcome);
    }

    [Fact]
    public async Task An_incident_of_FireHydrant_that_is_reopened_is_a_draft()
    {
        var caller = await App.AlertSourceAsync(AlertSourceKind.FireHydrant);
        await caller.DeliverAsync(FireHydrant(""));
        await caller.DeliverAsync(FireHydrant(""","milestones":[{"type":"resolved","occurred_at":"2026-11-24T08:45:00Z"}]""", "resolved"));
        Assert.Equal("A draft was made.", (await caller.DeliverAsync(FireHydrant(""","x":1"""))).Outcome);
        Assert.StartsWith("Added to the timeline", (await caller.DeliverAsync(FireHydrant(""","x":2""", "mitigated"))).Outcome, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_severity_of_FireHydrant_that_is_changed_back_is_news()
    {
        var caller = await App.AlertSourceAsync(AlertSourceKind.FireHydrant);
        await caller.DeliverAsync(FireHydrant(""));
        await caller.DeliverAsync(FireHydrant("", severity: "SEV1"));
        Assert.Equal(Severity.Sev1, Assert.Single(await App.CasesAsync()).Severity);
        await caller.DeliverAsync(FireHydrant(""));
        Assert.Equal(Severity.Sev2, Assert.Single(await App.CasesAsync()).Severity);
        using var again = await caller.SendAsync(FireHydrant(""));
        Assert.Equal(3, await App.InStoreAsync(db => db.AlertDeliveries.CountAsync()));
    }

    [Theory]
    [InlineData("2150-01-01T00:00:00Z")]
    [InlineData(null)]
    public async Task An_end_in_the_future_silences_nothing(string? at)
    {
        await Caller.ResolveAsync(more: $$""","at":"{{at ?? DateTimeOffset.UtcNow.AddDays(1).ToString("yyyy-MM-ddTHH:mm:ssZ", null)}}" """);
        Assert.Equal(
            "A draft was made.",
            (await Caller.FireAsync(more: $$""","at":"{{DateTimeOffset.UtcNow.AddSeconds(5):yyyy-MM-ddTHH:mm:ssZ}}" """)).Outcome
        );
    }

    [Fact]
    public async Task What_is_repeated_after_its_end_is_a_draft()
    {
        await Caller.ResolveAsync(more: ""","at":"2026-11-24T21:30:00Z" """);
        Assert.Empty((await Caller.FireAsync(more: ""","at":"2026-11-24T20:45:00Z" """)).CaseId?.Value ?? "");
        Assert.Equal("A draft was made.", (await Caller.FireAsync(more: ""","at":"2026-11-24T20:45:00Z" """)).Outcome);
    }

    [Fact]
    public async Task An_end_from_before_an_alert_began_does_not_end_it()
    {
        await Caller.FireAsync(more: ""","at":"2026-11-24T22:00:00Z" """);
        var late = await Caller.ResolveAsync(more: ""","at":"2026-11-24T21:30:00Z" """);
        Assert.Equal("It ended before what fires now began. Nothing changes.", late.Outcome);
        Assert.Equal(AlertCaseState.Open, Assert.Single(await App.CasesAsync()).State);
        Assert.Contains("closed", (await Caller.ResolveAsync(more: ""","at":"2026-11-24T22:30:00Z" """)).Outcome, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task When_it_fires_again_the_drafted_end_of_its_incident_is_thrown_away(bool joins)
    {
        if (joins)
        {
            var api = await App.ComponentAsync();
            await App.AlertRuleAsync(rule =>
                rule.Do(AlertAction.Draft, default, default, TimeSpan.FromMinutes(30)).Say([new(api.Id, null)], null, null, null, false)
            );
        }
        var found = await PublishedAsync();
        await Caller.ResolveAsync();
        var end = await EndAsync();
        Assert.Contains("fires again", (await Caller.FireAsync()).Outcome, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(DraftState.Discarded, (await EndAsync()).State);
        Assert.Contains(await App.LinesAsync(found.Id), line => line.Contains("thrown away", StringComparison.Ordinal));
        Assert.Contains("thrown away", await App.InStoreAsync(db => db.IncidentNotes.Select(row => row.Body).SingleAsync()), StringComparison.Ordinal);
        Assert.True(await App.InStoreAsync(db => db.Notices.AnyAsync(row => row.Subject.StartsWith("It fires again"))));
        var opened = await Owner.GetAsync(Composer.AddressOf(end));
        Assert.Contains("fires again", opened.Body!.TextContent, StringComparison.Ordinal);

        // It resolves at last, and the end is drafted anew.
        await Caller.ResolveAsync();
        Assert.Equal(
            [DraftState.Discarded, DraftState.Open],
            await App.InStoreAsync(db =>
                db.Drafts.Where(row => row.IncidentId != null).OrderBy(row => row.CreatedAt).Select(row => row.State).ToListAsync()
            )
        );
    }

    [Fact]
    public async Task An_end_that_somebody_works_on_says_that_the_alert_fires_again_and_is_published_only_on_purpose()
    {
        var found = await PublishedAsync();
        await Caller.ResolveAsync();
        var address = Composer.AddressOf(await EndAsync());
        await WriteAsync(address, "It is over, we think.");
        await Caller.FireAsync();
        Assert.Equal(DraftState.Open, (await EndAsync()).State);
        Assert.Contains("fires again", (await Owner.GetAsync("/admin/alerts")).Body!.TextContent, StringComparison.Ordinal);
        Assert.Contains("fires again", (await Owner.GetAsync($"/admin/alerts/{found.Id}")).Body!.TextContent, StringComparison.Ordinal);
        Assert.Contains("fires again", (await Owner.GetAsync(address)).Body!.TextContent, StringComparison.Ordinal);
        var refused = await Owner.FillInAsync(address, new { }, "form[data-compose]");
        Assert.Contains("fires again", refused.Summary(), StringComparison.Ordinal);
        Assert.False((await App.InStoreAsync(db => db.Incidents.SingleAsync())).Phase.IsOver());
        await Owner.SubmitAsync(
            refused.QuerySelector<IHtmlFormElement>("form[data-compose]")!,
            new Dictionary<string, object?> { ["AllTheSame"] = "true" }
        );
        Assert.True((await App.InStoreAsync(db => db.Incidents.SingleAsync())).Phase.IsOver());
    }

    [Fact]
    public async Task A_case_whose_incident_was_ended_while_it_fires_stays_in_sight_and_becomes_something_new()
    {
        var found = await PublishedAsync();
        using var api = await App.ApiAsync();
        await api.PatchAsync($"incidents/{found.IncidentId}", new { incident = new { status = "resolved", body = "Over." } });
        App.Services.GetRequiredService<AlertBell>().Ring();
        await Eventually.TrueAsync("the case is over", async () => (await App.CasesAsync())[0].State == AlertCaseState.Over);
        foreach (var path in new[] { "/admin", "/admin/alerts", $"/admin/alerts/{found.Id}" })
            Assert.Contains("still fires", (await Owner.GetAsync(path)).Body!.TextContent, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("Nothing new was made", (await Caller.FireAsync()).Outcome, StringComparison.Ordinal);
        await App.InStoreAsync(db =>
            db.Database.ExecuteSqlRawAsync(
                """UPDATE "AlertCases" SET "EndedAt" = {0}""",
                DateTimeOffset.UtcNow.Subtract(AlertCase.Settles).ToUnixTimeMilliseconds()
            )
        );
        Assert.Equal("A draft was made.", (await Caller.FireAsync()).Outcome);
        Assert.Equal([AlertCaseState.Over, AlertCaseState.Open], (await App.CasesAsync()).Select(row => row.State));
        Assert.DoesNotContain("its incident is over", (await Owner.GetAsync("/admin/alerts")).Body!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_waits_for_more_is_decided_anew_when_its_rule_is_removed()
    {
        var rule = await App.AlertRuleAsync(rule => rule.Wait(default, 3, TimeSpan.FromMinutes(10)));
        await Caller.FireAsync();
        Assert.Equal(AlertCaseState.Held, Assert.Single(await App.CasesAsync()).State);
        await Owner.FillInAsync($"/admin/alerts/rules/{rule.Id}", new { }, "form[action*='handler=Remove']");
        Assert.Equal(AlertCaseState.Open, Assert.Single(await App.CasesAsync()).State);
    }

    [Fact]
    public async Task What_waits_is_decided_anew_when_its_rule_is_changed_and_by_the_next_report()
    {
        var rule = await App.AlertRuleAsync(rule => rule.Wait(default, 3, TimeSpan.FromMinutes(10)));
        await Caller.FireAsync("a");
        await Owner.FillInAsync($"/admin/alerts/rules/{rule.Id}", new { AtLeast = "1", HoldsFor = "5" }, "form.narrow");
        var held = Assert.Single(await App.CasesAsync());
        Assert.Equal(AlertCaseState.Held, held.State);
        Assert.NotNull(held.DueAt);
        await App.InStoreAsync(db => db.AlertRules.ExecuteUpdateAsync(set => set.SetProperty(row => row.HoldsFor, TimeSpan.Zero)));
        Assert.Contains("A draft was made", (await Caller.FireAsync("a")).Outcome, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_waits_for_a_rule_that_is_off_waits_no_longer()
    {
        await App.AlertRuleAsync(rule => rule.Wait(default, 3, TimeSpan.FromMinutes(10)));
        await Caller.FireAsync();
        await App.InStoreAsync(db => db.AlertRules.ExecuteUpdateAsync(set => set.SetProperty(row => row.IsOn, false)));
        App.Services.GetRequiredService<AlertBell>().Ring();
        await Eventually.TrueAsync("the draft is made", async () => (await App.CasesAsync())[0].DraftId is not null);
    }

    [Fact]
    public async Task A_rule_that_ignores_what_waits_ends_the_wait()
    {
        var rule = await App.AlertRuleAsync(rule => rule.Wait(default, 3, TimeSpan.FromMinutes(10)));
        await Caller.FireAsync();
        await Owner.FillInAsync($"/admin/alerts/rules/{rule.Id}", new { Action = "Ignore" }, "form.narrow");
        Assert.Equal(AlertCaseState.Dropped, Assert.Single(await App.CasesAsync()).State);
    }

    [Fact]
    public async Task Braces_in_an_impact_that_comes_later_are_no_variable()
    {
        var caller = await App.AlertSourceAsync(AlertSourceKind.FireHydrant);
        await caller.DeliverAsync(FireHydrant(""));
        await caller.DeliverAsync(FireHydrant(""","customer_impact_summary":"{{{hosts}}} are down" """));
        var draft = await App.InStoreAsync(db => db.Drafts.SingleAsync());
        Assert.Equal("{ { {hosts}}} are down", ComposerInput.Read(draft.Content).Update.ImpactSummary);
        using var api = await App.ApiAsync();
        (await api.PostAsync($"drafts/{draft.Id}/publish", new { })).Expect(System.Net.HttpStatusCode.Created);
    }

    private async Task<AlertCase> PublishedAsync()
    {
        await Caller.FireAsync();
        using var api = await App.ApiAsync();
        (await api.PostAsync($"drafts/{(await App.CasesAsync())[0].DraftId}/publish", new { })).Expect(System.Net.HttpStatusCode.Created);
        return Assert.Single(await App.CasesAsync());
    }

    private Task<Draft> EndAsync() => App.InStoreAsync(db => db.Drafts.AsNoTracking().Where(row => row.IncidentId != null).SingleAsync());

    private async Task WriteAsync(string address, string body)
    {
        var form = (await Owner.GetAsync(address)).QuerySelector<IHtmlFormElement>("form[data-compose]")!;
        form.SetAttribute("action", form.QuerySelector("button[formaction*='handler=Draft']")!.GetAttribute("formaction")!);
        await Owner.SubmitAsync(form, new Dictionary<string, object?> { ["Update.Body"] = body });
    }
}
