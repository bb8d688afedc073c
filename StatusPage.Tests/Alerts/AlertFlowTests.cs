using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using StatusPage.Domain.Alerts;
using StatusPage.Domain.Components;
using StatusPage.Domain.Drafts;
using StatusPage.Domain.Incidents;
using StatusPage.Domain.Notices;
using StatusPage.Tests.Host;
using StatusPage.Web.Alerts;
using StatusPage.Web.Drafts;

namespace StatusPage.Tests.Alerts;

/// <summary>From an alert to a draft and back, on both stores.</summary>
public abstract class AlertFlowTests : IAsyncLifetime
{
    private AppHost _app = null!;
    private Caller _caller = null!;

    protected abstract Task<string[]> StoreAsync();

    public async ValueTask InitializeAsync()
    {
        _app = await AppHost.StartAsync([.. Desk.Owner, .. await StoreAsync()]);
        _caller = await _app.AlertSourceAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private async Task<Draft> DraftAsync(AlertCase found) =>
        await _app.InStoreAsync(db => db.Drafts.AsNoTracking().SingleAsync(row => row.Id == found.DraftId));

    [Fact]
    public async Task An_alert_becomes_a_draft_that_names_what_is_broken_and_nothing_of_it_is_public()
    {
        var api = await _app.ComponentAsync("API");
        var version = (await _app.PageAsync()).Version;
        var delivery = await _caller.FireAsync(
            title: "Secret trouble",
            text: "*5%* of requests fail on db_1",
            more: ""","severity":"SEV2","service":"api" """
        );
        Assert.Equal("A draft was made.", delivery.Outcome);
        var found = Assert.Single(await _app.CasesAsync());
        Assert.Equal((Severity.Sev2, AlertCaseState.Open), (found.Severity, found.State));
        var draft = await DraftAsync(found);
        var input = ComposerInput.Read(draft.Content);
        Assert.Equal(("Secret trouble", "SEV2"), (input.Title, input.Severity));
        Assert.Equal("We are investigating a problem with API.\n\n\\*5%\\* of requests fail on db_1", input.Update.Body);
        Assert.Equal(version, (await _app.PageAsync()).Version);
        foreach (var path in new[] { "/", "/history", "/history.rss", "/feed.json", "/api/v2/summary.json", "/api/v2/incidents.json" })
            Assert.DoesNotContain("Secret trouble", await _app.Http.GetStringAsync(path), StringComparison.Ordinal);
        Assert.Contains(
            await _app.InStoreAsync(db => db.Notices.AsNoTracking().ToListAsync()),
            notice => notice.Address == Desk.Email && notice.Subject.Contains("Secret trouble", StringComparison.Ordinal)
        );
        Assert.NotNull(api);
    }

    [Fact]
    public async Task FireHydrant_tells_of_everything_and_only_what_changed_counts()
    {
        var caller = await _app.AlertSourceAsync(AlertSourceKind.FireHydrant, name: "FireHydrant");
        await caller.DeliverAsync(Payloads.FireHydrantFiring);
        var found = Assert.Single(await _app.CasesAsync());
        var lines = (await _app.LinesAsync(found.Id)).Count;
        // A line of chat there: another delivery of the same incident.
        var chat = await caller.DeliverAsync(Payloads.FireHydrantFiring.Replace("\"id\"", "\"note\":\"x\",\"id\"", StringComparison.Ordinal));
        Assert.Equal("Nothing changed that matters here.", chat.Outcome);
        Assert.Equal(lines, (await _app.LinesAsync(found.Id)).Count);
        await caller.DeliverAsync(
            Payloads.FireHydrantFiring.Replace("SEV2", "SEV1", StringComparison.Ordinal).Replace("investigating", "identified", StringComparison.Ordinal)
        );
        Assert.Equal("FireHydrant: milestone: investigating, now identified; severity: SEV2, now SEV1.", (await _app.LinesAsync(found.Id))[^1]);
        found = Assert.Single(await _app.CasesAsync());
        Assert.Equal((Severity.Sev1, "SEV1"), (found.Severity, ComposerInput.Read((await DraftAsync(found)).Content).Severity));
    }

    [Fact]
    public async Task Fifty_alerts_of_one_key_are_one_draft()
    {
        for (var i = 0; i < 50; i++)
            using (var answer = await _caller.SendAsync("""{"key":"k","title":"API errors","signal":"firing"}"""))
                Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        await WorkedAsync();
        var found = Assert.Single(await _app.CasesAsync());
        Assert.Equal(50, (await _app.InStoreAsync(db => db.AlertEpisodes.SingleAsync())).Count);
        Assert.Single(await _app.InStoreAsync(db => db.Drafts.ToListAsync()));
        Assert.Contains("Still fires: API errors (50 times).", await _app.LinesAsync(found.Id));
    }

    [Fact]
    public async Task A_draft_that_nobody_touched_is_closed_when_its_alert_resolves_and_one_that_somebody_wrote_in_stays()
    {
        await _caller.FireAsync("one");
        await _caller.FireAsync("two");
        var cases = await _app.CasesAsync();
        await _app.InStoreAsync(async db =>
        {
            var second = await db.Drafts.SingleAsync(row => row.Id == cases[1].DraftId);
            second.Write(second.Title, second.Content + " ", "ann@acme.example", "form", DateTimeOffset.UtcNow);
            return await db.SaveChangesAsync();
        });
        Assert.Contains("The draft was closed", (await _caller.ResolveAsync("one")).Outcome, StringComparison.Ordinal);
        Assert.Contains("so it stays", (await _caller.ResolveAsync("two")).Outcome, StringComparison.Ordinal);
        Assert.Equal(DraftState.Discarded, (await DraftAsync(cases[0])).State);
        Assert.Equal(DraftState.Open, (await DraftAsync(cases[1])).State);
        Assert.Equal([AlertCaseState.Dropped, AlertCaseState.Open], (await _app.CasesAsync()).Select(row => row.State));
    }

    [Fact]
    public async Task What_fired_before_it_resolved_changes_nothing_when_it_arrives_later()
    {
        Assert.Equal("Nothing fires under its key, so nothing resolves.", (await _caller.ResolveAsync(more: ""","at":"2026-11-24T21:30:00Z" """)).Outcome);
        var late = await _caller.FireAsync(more: ""","at":"2026-11-24T20:45:00Z" """);
        Assert.Equal("It is older than its own end, which came before. Nothing changes.", late.Outcome);
        Assert.Empty(await _app.CasesAsync());
        await _caller.FireAsync(more: ""","at":"2026-11-24T22:00:00Z" """);
        Assert.Single(await _app.CasesAsync());
    }

    [Fact]
    public async Task An_alert_that_comes_and_goes_is_one_draft_that_says_so()
    {
        for (var i = 0; i < 5; i++)
        {
            await _caller.FireAsync();
            await _caller.ResolveAsync();
        }
        var cases = await _app.CasesAsync();
        var flapping = cases.Single(row => row.IsFlapping);
        var draft = await DraftAsync(flapping);
        Assert.Equal(DraftState.Open, draft.State);
        Assert.Contains("It comes and goes", ComposerInput.Read(draft.Content).Update.TeamStatus, StringComparison.Ordinal);
        Assert.Single(await _app.InStoreAsync(db => db.Drafts.Where(row => row.State == DraftState.Open).ToListAsync()));
    }

    [Fact]
    public async Task A_rule_decides_and_the_first_that_matches_is_asked()
    {
        await _app.AlertRuleAsync(rule =>
            rule.Write("Noise", true, null, [AlertCondition.Of("title", AlertTest.Matches, "^disk .* full$")], An.Instant)
                .Do(AlertAction.Ignore, default, default, default)
        );
        await _app.AlertRuleAsync(rule => rule.Say([], Severity.Sev1, null, null, false), "All");
        Assert.Equal("Ignored by the rule 'Noise'.", (await _caller.FireAsync("a", "Disk sda full")).Outcome);
        await _caller.FireAsync("b", "API down");
        Assert.Equal(Severity.Sev1, Assert.Single(await _app.CasesAsync()).Severity);
    }

    [Fact]
    public async Task A_rule_that_waits_for_more_makes_one_draft_of_them()
    {
        await _app.AlertRuleAsync(rule => rule.Wait(default, 3, TimeSpan.FromMinutes(10)));
        await _caller.FireAsync("a");
        await _caller.FireAsync("b");
        Assert.Empty(await _app.InStoreAsync(db => db.Drafts.ToListAsync()));
        Assert.Contains("A draft was made", (await _caller.FireAsync("c")).Outcome, StringComparison.Ordinal);
        var open = Assert.Single(await _app.CasesAsync(), row => row.State == AlertCaseState.Open);
        Assert.Equal(3, await _app.InStoreAsync(db => db.AlertEpisodes.CountAsync(row => row.CaseId == open.Id)));
        Assert.Single(await _app.InStoreAsync(db => db.Drafts.ToListAsync()));
    }

    [Fact]
    public async Task Held_for_minutes_an_alert_that_goes_away_makes_no_draft_and_one_that_stays_does()
    {
        await _app.AlertRuleAsync(rule => rule.Wait(TimeSpan.FromMinutes(5), 1, default));
        await _caller.FireAsync("a");
        await _caller.FireAsync("b");
        await _caller.ResolveAsync("a");
        var held = (await _app.CasesAsync()).Single(row => row.State == AlertCaseState.Held);
        await DueNowAsync(held.Id);
        await Eventually.TrueAsync("the draft is made", async () => (await _app.CasesAsync()).Any(row => row.DraftId is not null));
        Assert.Equal([AlertCaseState.Dropped, AlertCaseState.Open], (await _app.CasesAsync()).Select(row => row.State));
    }

    [Fact]
    public async Task A_source_that_is_removed_takes_what_it_held_with_it_and_keeps_nobody_waiting()
    {
        await _app.AlertRuleAsync(rule => rule.Wait(TimeSpan.FromMinutes(5), 1, default));
        await _caller.FireAsync();
        await _app.InStoreAsync(db => db.AlertSources.ExecuteDeleteAsync());
        await DueNowAsync(Assert.Single(await _app.CasesAsync()).Id);
        await Eventually.TrueAsync("it is dropped", async () => (await _app.CasesAsync())[0].State == AlertCaseState.Dropped);
    }

    [Fact]
    public async Task Of_two_alerts_within_one_delay_the_first_is_published()
    {
        await _app.AlertRuleAsync(rule => rule.Do(AlertAction.Publish, TimeSpan.FromMinutes(2), TimeSpan.FromHours(1), default));
        await _caller.FireAsync("a", "First");
        await _caller.FireAsync("b", "Second");
        var cases = await _app.CasesAsync();
        Assert.All(cases, row => Assert.True(row.PublishesItself));
        foreach (var row in cases)
        {
            await DueNowAsync(row.Id);
            await Eventually.TrueAsync("it is decided", async () => (await _app.CasesAsync()).Single(one => one.Id == row.Id).DueAt is null);
        }
        Assert.Equal("First", (await _app.InStoreAsync(db => db.Incidents.SingleAsync())).Title);
    }

    [Fact]
    public async Task What_was_said_when_it_fired_is_known_when_the_hold_ends()
    {
        await _app.AlertRuleAsync(rule => rule.Wait(TimeSpan.FromMinutes(5), 1, default));
        await _caller.FireAsync(text: "5% of requests fail");
        await DueNowAsync(Assert.Single(await _app.CasesAsync()).Id);
        await Eventually.TrueAsync("the draft is made", async () => (await _app.CasesAsync())[0].DraftId is not null);
        Assert.Contains(
            "5% of requests fail",
            ComposerInput.Read((await DraftAsync((await _app.CasesAsync())[0])).Content).Update.Body,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Alerts_about_one_component_join_one_case()
    {
        var api = await _app.ComponentAsync("API");
        await _app.AlertRuleAsync(rule =>
            rule.Do(AlertAction.Draft, default, default, TimeSpan.FromMinutes(30)).Say([new(api.Id, null)], null, null, null, false)
        );
        await _caller.FireAsync("a", "API slow");
        var other = await _app.AlertSourceAsync(AlertSourceKind.Datadog, name: "Datadog");
        var delivery = await other.DeliverAsync(
            """{"key":"77","transition":"Triggered","title":"[Triggered] API","text":"5xx","priority":"P1","type":"error"}"""
        );
        Assert.StartsWith("It joined 'API slow'", delivery.Outcome, StringComparison.Ordinal);
        Assert.Single(await _app.CasesAsync());
        Assert.Single(await _app.InStoreAsync(db => db.Drafts.ToListAsync()));
    }

    [Fact]
    public async Task A_rule_publishes_by_itself_once_and_the_end_is_proposed_when_all_have_resolved()
    {
        var api = await _app.ComponentAsync("API");
        await _app.AlertRuleAsync(rule =>
            rule.Do(AlertAction.Publish, TimeSpan.FromMinutes(2), TimeSpan.FromHours(1), default)
                .Say([new(api.Id, ComponentStatus.PartialOutage)], Severity.Sev2, null, null, false)
        );
        await _caller.FireAsync("a", "API errors", "secret host name");
        var found = Assert.Single(await _app.CasesAsync());
        Assert.True(found.PublishesItself);
        await DueNowAsync(found.Id);
        await Eventually.TrueAsync("it is published", async () => (await _app.CasesAsync())[0].IncidentId is not null);
        await Eventually.TrueAsync("it is shown", async () => (await _app.Http.GetStringAsync("/")).Contains("API errors", StringComparison.Ordinal));
        Assert.DoesNotContain("secret host name", await _app.Http.GetStringAsync("/"), StringComparison.Ordinal);
        Assert.Equal(ComponentStatus.PartialOutage, await _app.StateAsync(api.Id));

        await _caller.FireAsync("b", "API errors again");
        var second = (await _app.CasesAsync())[1];
        Assert.False(second.PublishesItself);
        Assert.Contains(await _app.LinesAsync(second.Id), line => line.Contains("left to people", StringComparison.Ordinal));

        Assert.Contains("is drafted", (await _caller.ResolveAsync("a")).Outcome, StringComparison.Ordinal);
        var end = await _app.InStoreAsync(db => db.Drafts.SingleAsync(row => row.IncidentId != null));
        Assert.Equal("resolved", ComposerInput.Read(end.Content).Update.Phase);
    }

    [Fact]
    public async Task What_needs_two_pairs_of_eyes_is_never_published_by_itself_and_what_somebody_stops_neither()
    {
        using var owner = await _app.SignInAsync();
        await _app.InStoreAsync(async db =>
        {
            var rule = SeverityRule.Default((await db.Pages.FirstAsync()).Id, Severity.Sev1);
            rule.Decide(TimeSpan.FromMinutes(15), ComponentStatus.MajorOutage, needsApproval: true);
            db.SeverityRules.Add(rule);
            return await db.SaveChangesAsync();
        });
        await _app.AlertRuleAsync(rule => rule.Do(AlertAction.Publish, TimeSpan.FromMinutes(2), TimeSpan.FromHours(1), default));
        await _caller.FireAsync("a", "Down", more: ""","severity":"SEV1" """);
        Assert.False(Assert.Single(await _app.CasesAsync()).PublishesItself);
        await _caller.FireAsync("b", "Slow", more: ""","severity":"SEV3" """);
        var second = (await _app.CasesAsync())[1];
        Assert.True(second.PublishesItself);
        await owner.FillInAsync($"/admin/alerts/{second.Id}", new { }, "form[action*='handler=Stop']");
        second = (await _app.CasesAsync())[1];
        Assert.Equal((false, Desk.Email), (second.PublishesItself, second.StoppedBy));
        Assert.Null(second.DueAt);
    }

    [Fact]
    public async Task Once_the_alerts_of_an_incident_have_resolved_a_rule_posts_monitoring()
    {
        await _app.AlertRuleAsync(rule =>
            rule.Do(AlertAction.Publish, TimeSpan.FromMinutes(1), TimeSpan.FromHours(1), default).Say([], Severity.Sev3, null, null, postsMonitoring: true)
        );
        await _caller.FireAsync();
        await DueNowAsync(Assert.Single(await _app.CasesAsync()).Id);
        await Eventually.TrueAsync("it is published", async () => (await _app.CasesAsync())[0].IncidentId is not null);
        await _caller.ResolveAsync();
        await Eventually.TrueAsync(
            "monitoring is posted",
            async () => await _app.InStoreAsync(async db => (await db.Incidents.SingleAsync()).Phase == Phase.Monitoring)
        );
    }

    [Fact]
    public async Task Whoever_takes_it_stands_by_it_and_the_escalation_ends()
    {
        await _app.InStoreAsync(async db =>
        {
            db.Contacts.Add(
                Contact.Add((await db.Pages.FirstAsync()).Id, NoticeChannel.Email, "Alice", "alice@acme.example", null, 1, DateTimeOffset.UtcNow)
            );
            return await db.SaveChangesAsync();
        });
        using var owner = await _app.SignInAsync();
        await _caller.FireAsync("a", more: ""","severity":"SEV2" """);
        await _caller.FireAsync("b", more: ""","severity":"SEV2" """);
        var cases = await _app.CasesAsync();
        await owner.FillInAsync("/admin/alerts", new { }, $"form:has(input[value='{cases[0].Id}'])");
        Assert.Equal($"/admin/incidents/new", owner.Location.AbsolutePath);
        // 15 minutes of a SEV2, and 15 more until the first level.
        await _app.InStoreAsync(db =>
            db.Database.ExecuteSqlRawAsync("""UPDATE "AlertCases" SET "DraftedAt" = {0}""", DateTimeOffset.UtcNow.AddMinutes(-31).ToUnixTimeMilliseconds())
        );
        _app.Services.GetRequiredService<AlertBell>().Ring();
        await Eventually.TrueAsync(
            "the first level is called",
            () => _app.InStoreAsync(db => db.Notices.AnyAsync(row => row.Address == "alice@acme.example"))
        );
        var call = Assert.Single(await _app.InStoreAsync(db => db.Notices.AsNoTracking().Where(row => row.Address == "alice@acme.example").ToListAsync()));
        Assert.Equal(AlertCall.TopicOf(cases[1].Id, 1), call.Topic);
        Assert.Equal(Desk.Email, (await _app.CasesAsync())[0].TakenBy);
    }

    [Fact]
    public async Task A_heartbeat_that_goes_silent_is_a_draft_and_its_next_call_resolves_it()
    {
        var beat = await _app.AlertSourceAsync(AlertSourceKind.Heartbeat, name: "Nightly job", every: TimeSpan.FromMinutes(5));
        Assert.Equal("Heard.", (await beat.DeliverAsync("")).Outcome);
        await _app.InStoreAsync(db =>
            db.Database.ExecuteSqlRawAsync("""UPDATE "AlertSources" SET "HeardAt" = {0}""", DateTimeOffset.UtcNow.AddMinutes(-6).ToUnixTimeMilliseconds())
        );
        _app.Services.GetRequiredService<AlertBell>().Ring();
        await Eventually.TrueAsync("the silence is drafted", async () => (await _app.CasesAsync()).Any(row => row.DraftId is not null));
        Assert.Equal("Nightly job went silent", Assert.Single(await _app.CasesAsync()).Title);
        Assert.Contains("The draft was closed", (await beat.DeliverAsync("")).Outcome, StringComparison.Ordinal);
        await _app.InStoreAsync(db =>
            db.Database.ExecuteSqlRawAsync("""UPDATE "AlertSources" SET "HeardAt" = {0}""", DateTimeOffset.UtcNow.AddMinutes(-6).ToUnixTimeMilliseconds())
        );
        _app.Services.GetRequiredService<AlertBell>().Ring();
        await Eventually.TrueAsync(
            "the next silence is drafted, too",
            async () => (await _app.CasesAsync()).Count(row => row.State == AlertCaseState.Open) == 1
        );
    }

    [Fact]
    public async Task A_source_speaks_for_its_own_page_alone()
    {
        var beside = await _app.AddPageAsync("Beside", "beside");
        var other = await _app.AlertSourceAsync(page: beside);
        await other.FireAsync();
        await _caller.FireAsync();
        var cases = await _app.CasesAsync();
        Assert.Equal(2, cases.Select(row => row.PageId).Distinct().Count());
        using var owner = await _app.SignInAsync();
        var page = await owner.GetAsync("/admin/alerts");
        Assert.Single(page.QuerySelectorAll("table.list tbody tr a[href*='/admin/alerts/']"), link => link.TextContent == "API errors");
        await owner.GetAsync($"/admin/alerts/{cases.Single(row => row.PageId == beside.Id).Id}");
        Assert.Equal(HttpStatusCode.NotFound, owner.Status);
    }

    private Task WorkedAsync() =>
        Eventually.TrueAsync(
            "all deliveries are worked on",
            () => _app.InStoreAsync(async db => !await db.AlertDeliveries.AnyAsync(row => row.State == AlertDeliveryState.Waiting))
        );

    private async Task DueNowAsync(Domain.AlertCaseId id)
    {
        await _app.InStoreAsync(db =>
            db.Database.ExecuteSqlRawAsync(
                """UPDATE "AlertCases" SET "DueAt" = {0} WHERE "Id" = {1}""",
                DateTimeOffset.UtcNow.AddSeconds(-1).ToUnixTimeMilliseconds(),
                id.Value
            )
        );
        _app.Services.GetRequiredService<AlertBell>().Ring();
    }
}

public sealed class SqliteAlertFlowTests : AlertFlowTests
{
    protected override Task<string[]> StoreAsync() => Task.FromResult<string[]>([]);
}

public sealed class PostgresAlertFlowTests(PostgresServer postgres) : AlertFlowTests
{
    protected override async Task<string[]> StoreAsync() => ["--ConnectionStrings:Postgres", await postgres.CreateDatabaseAsync()];
}
