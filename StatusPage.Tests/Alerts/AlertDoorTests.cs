using System.Net;
using System.Text.Json;
using AngleSharp.Html.Dom;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using StatusPage.Domain.Accounts;
using StatusPage.Domain.Alerts;
using StatusPage.Domain.Drafts;
using StatusPage.Domain.Incidents;
using StatusPage.Tests.Host;
using StatusPage.Web.Alerts;
using StatusPage.Web.Data;

namespace StatusPage.Tests.Alerts;

/// <summary>Where monitoring systems call: who may, what is taken, and what becomes of it.</summary>
public sealed class AlertDoorTests : IAsyncLifetime
{
    private AppHost _app = null!;

    public async ValueTask InitializeAsync() => _app = await AppHost.StartBesideAsync(Desk.Owner);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    public static TheoryData<AlertSourceKind, string, string> Sources =>
        new()
        {
            { AlertSourceKind.Alertmanager, Payloads.AlertmanagerFiring, Payloads.AlertmanagerResolved },
            { AlertSourceKind.Grafana, Payloads.GrafanaFiring, Payloads.GrafanaResolved },
            { AlertSourceKind.Datadog, Payloads.DatadogFiring, Payloads.DatadogResolved },
            { AlertSourceKind.PagerDuty, Payloads.PagerDutyFiring, Payloads.PagerDutyResolved },
            { AlertSourceKind.Opsgenie, Payloads.OpsgenieFiring, Payloads.OpsgenieResolved },
            { AlertSourceKind.SplunkOnCall, Payloads.SplunkOnCallFiring, Payloads.SplunkOnCallResolved },
            { AlertSourceKind.FireHydrant, Payloads.FireHydrantFiring, Payloads.FireHydrantResolved },
        };

    [Theory]
    [MemberData(nameof(Sources))]
    public async Task Each_source_opens_a_draft_and_closes_it(AlertSourceKind kind, string firing, string resolved)
    {
        var caller = await _app.AlertSourceAsync(kind);
        Assert.Equal("A draft was made.", (await caller.DeliverAsync(firing)).Outcome);
        Assert.Contains("The draft was closed", (await caller.DeliverAsync(resolved)).Outcome, StringComparison.Ordinal);
        Assert.Equal(AlertCaseState.Dropped, Assert.Single(await _app.CasesAsync()).State);
    }

    [Theory]
    [MemberData(nameof(Sources))]
    public async Task A_wrong_proof_or_a_changed_byte_is_refused_and_stores_nothing(AlertSourceKind kind, string firing, string resolved)
    {
        var caller = await _app.AlertSourceAsync(kind);
        foreach (
            var change in new Action<HttpRequestMessage>[]
            {
                request => request.Headers.Clear(),
                request =>
                {
                    var headers = request.Headers.ToList();
                    request.Headers.Clear();
                    foreach (var (name, values) in headers)
                        request.Headers.Add(name, values.Select(value => value[..^1] + (value[^1] == '0' ? '1' : '0')));
                },
                request =>
                {
                    if (request.Headers.Authorization is null)
                        request.Content = new StringContent(resolved);
                    else
                        request.Headers.Authorization = new("Bearer", "another");
                },
            }
        )
        {
            using var answer = await caller.SendAsync(firing, change);
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        }
        Assert.Empty(await _app.InStoreAsync(db => db.AlertDeliveries.ToListAsync()));
    }

    [Theory]
    [InlineData(AlertSourceKind.PagerDuty)]
    [InlineData(AlertSourceKind.FireHydrant)]
    public async Task A_signed_delivery_that_is_sent_again_changes_nothing(AlertSourceKind kind)
    {
        var caller = await _app.AlertSourceAsync(kind);
        var (firing, resolved) =
            kind == AlertSourceKind.PagerDuty
                ? (Payloads.PagerDutyFiring, Payloads.PagerDutyResolved)
                : (Payloads.FireHydrantFiring, Payloads.FireHydrantResolved);
        await caller.DeliverAsync(firing);
        await caller.DeliverAsync(resolved);
        using var answer = await caller.SendAsync(firing);
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.Equal(2, await _app.InStoreAsync(db => db.AlertDeliveries.CountAsync()));
        Assert.Single(await _app.CasesAsync());
    }

    [Fact]
    public async Task What_is_too_long_not_of_the_shape_or_for_no_source_is_said()
    {
        var caller = await _app.AlertSourceAsync(AlertSourceKind.Alertmanager);
        using (var answer = await caller.SendAsync(new string(' ', 2 * 1024 * 1024)))
            Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        foreach (var body in new[] { "", "no json", "[]", "{}", string.Concat(Enumerable.Repeat("[", 5_000)) })
            using (var answer = await caller.SendAsync(body))
                Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        foreach (var path in new[] { "/hooks/alertmanager/abcdefghijkl", "/hooks/grafana/" + caller.Source.Id, "/hooks/nothing/" + caller.Source.Id })
            using (var answer = await _app.Http.PostAsync(path, new StringContent("{}")))
                Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Empty(await _app.InStoreAsync(db => db.AlertDeliveries.ToListAsync()));
    }

    [Fact]
    public async Task An_event_that_is_not_used_is_taken_and_makes_nothing()
    {
        var caller = await _app.AlertSourceAsync(AlertSourceKind.PagerDuty);
        var delivery = await caller.DeliverAsync(Payloads.PagerDutyFiring.Replace("incident.triggered", "pagey.ping", StringComparison.Ordinal));
        Assert.Equal((AlertDeliveryState.Done, null), (delivery.State, delivery.CaseId));
        Assert.Empty(await _app.CasesAsync());
    }

    [Fact]
    public async Task A_renewed_secret_and_the_one_before_both_work_for_a_day()
    {
        var caller = await _app.AlertSourceAsync();
        using var owner = await _app.SignInAsync();
        var page = await owner.FillInAsync($"/admin/alerts/sources/{caller.Source.Id}", new { }, "form[action*='handler=Renew']");
        var secret = page.QuerySelector("[role=status] pre")!.TextContent;
        Assert.NotEqual(caller.Secret, secret);
        Assert.DoesNotContain(secret, (await owner.GetAsync($"/admin/alerts/sources/{caller.Source.Id}")).Source.Text, StringComparison.Ordinal);
        await (caller with { Secret = secret }).FireAsync("new");
        await caller.FireAsync("old");
        await _app.InStoreAsync(db =>
            db.Database.ExecuteSqlRawAsync(
                """UPDATE "AlertSources" SET "FormerUntil" = {0}""",
                DateTimeOffset.UtcNow.AddSeconds(-1).ToUnixTimeMilliseconds()
            )
        );
        _app.Services.GetRequiredService<KnownSources>().Forget();
        using var answer = await caller.SendAsync("""{"key":"k","title":"t","signal":"firing"}""");
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Fact]
    public async Task Hostile_words_reach_the_draft_as_text_and_fit()
    {
        var caller = await _app.AlertSourceAsync();
        var hostile =
            "\u202Egnihtyreve 🔥👩‍👩‍👧 **bold** [link](http://evil.example) <script>alert(1)</script> {{ secret }} # h\n- list "
            + new string('x', 100_000);
        await caller.DeliverAsync(
            JsonSerializer.Serialize(
                new
                {
                    key = hostile,
                    title = hostile,
                    text = hostile,
                    signal = "firing",
                }
            )
        );
        using var owner = await _app.SignInAsync();
        foreach (
            var path in new[]
            {
                "/admin/alerts",
                $"/admin/alerts/{(await _app.CasesAsync())[0].Id}",
                $"/admin/incidents/new?draft={(await _app.CasesAsync())[0].DraftId}",
            }
        )
        {
            var page = await owner.GetAsync(path);
            Assert.Equal(HttpStatusCode.OK, owner.Status);
            Assert.Empty(page.QuerySelectorAll("main script:not([src])"));
        }
        var found = (await _app.CasesAsync())[0];
        using var mail = await _app.NewClient().GetAsync("/");
        Assert.True(found.Title.Length <= Incident.MaxTitleLength);
    }

    [Fact]
    public async Task A_thousand_events_lose_none_and_make_a_draft_for_each_key()
    {
        var caller = await _app.AlertSourceAsync();
        await Parallel.ForAsync(
            0,
            1_000,
            new ParallelOptions { MaxDegreeOfParallelism = 8 },
            async (i, _) =>
            {
                using var answer = await caller.SendAsync($$"""{"key":"key-{{i % 20}}","title":"Alert {{i % 20}}","signal":"firing"}""");
                Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
            }
        );
        await Eventually.TrueAsync(
            "all are worked on",
            () => _app.InStoreAsync(async db => !await db.AlertDeliveries.AnyAsync(row => row.State == AlertDeliveryState.Waiting))
        );
        Assert.Equal(1_000, await _app.InStoreAsync(db => db.AlertDeliveries.CountAsync(row => row.State == AlertDeliveryState.Done)));
        Assert.Equal(20, (await _app.CasesAsync()).Count);
        Assert.Equal(20, await _app.InStoreAsync(db => db.Drafts.CountAsync(row => row.Author == caller.Source.Name)));
        Assert.Equal(1_000, await _app.InStoreAsync(db => db.AlertEpisodes.SumAsync(row => row.Count)));
        // In a storm the team is told of the first ones, and of the rest together.
        Assert.InRange(await _app.InStoreAsync(db => db.Notices.CountAsync(row => row.Address == Desk.Email)), 2, AlertCalls.StormFrom + 2);
    }

    [Fact]
    public async Task A_program_lists_publishes_and_discards_drafts()
    {
        var caller = await _app.AlertSourceAsync(AlertSourceKind.PagerDuty);
        await caller.DeliverAsync(Payloads.PagerDutyFiring);
        var generic = await _app.AlertSourceAsync();
        await generic.FireAsync("other", "Other");
        using var api = await _app.ApiAsync();
        var list = (await api.GetAsync("drafts")).Expect(HttpStatusCode.OK).Json.EnumerateArray().ToList();
        Assert.Equal(["generic", "pagerduty"], list.Select(row => row.GetProperty("source").GetString()));
        Assert.Equal(["other", "PGR0VU2"], list.Select(row => row.GetProperty("key").GetString()));
        var published = (await api.PostAsync($"drafts/{list[1].GetProperty("id").GetString()}/publish", new { })).Expect(HttpStatusCode.Created).Json;
        Assert.Equal("API errors", published.GetProperty("name").GetString());
        (await api.DeleteAsync($"drafts/{list[0].GetProperty("id").GetString()}")).Expect(HttpStatusCode.NoContent);
        Assert.Empty((await api.GetAsync("drafts")).Json.EnumerateArray());
        (await api.PostAsync($"drafts/{list[0].GetProperty("id").GetString()}/publish", new { })).Expect(HttpStatusCode.NotFound);
        Assert.Equal([AlertCaseState.Open, AlertCaseState.Dropped], (await _app.CasesAsync()).Select(row => row.State));
        Assert.NotNull((await _app.CasesAsync())[0].IncidentId);
        using var auditor = await _app.ApiAsync(Role.Auditor);
        (await auditor.PostAsync($"drafts/{list[0].GetProperty("id").GetString()}/publish", new { })).Expect(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task The_room_of_a_source_shows_its_address_its_steps_and_what_a_test_would_do()
    {
        using var owner = await _app.SignInAsync();
        var page = await owner.FillInAsync("/admin/alerts/sources/new?kind=alertmanager", new { Name = "Prometheus" }, "main form");
        var source = Assert.Single(await _app.InStoreAsync(db => db.AlertSources.AsNoTracking().ToListAsync()));
        var secret = page.QuerySelector("[role=status] pre")!.TextContent;
        Assert.Contains(
            page.QuerySelectorAll("ol pre"),
            copy =>
                copy.TextContent.Contains($"/hooks/alertmanager/{source.Id}", StringComparison.Ordinal)
                && copy.TextContent.Contains(secret, StringComparison.Ordinal)
        );
        await owner.FillInAsync($"/admin/alerts/sources/{source.Id}", new { }, "form[action*='handler=Test']");
        await Eventually.TrueAsync(
            "the test is looked at",
            async () =>
                (await owner.GetAsync($"/admin/alerts/sources/{source.Id}")).Source.Text.Contains("A test. No rule matches", StringComparison.Ordinal)
        );
        Assert.Empty(await _app.CasesAsync());
    }

    [Fact]
    public async Task A_rule_is_written_at_the_desk_and_tried_on_what_came_before()
    {
        var component = await _app.ComponentAsync("Payments");
        var caller = await _app.AlertSourceAsync();
        await caller.FireAsync("a", "Payments slow");
        await caller.FireAsync("b", "Disk full");
        using var owner = await _app.SignInAsync();
        var form = new Dictionary<string, object?>
        {
            ["Name"] = "Payments",
            ["Conditions[0].Field"] = "title",
            ["Conditions[0].Test"] = "Contains",
            ["Conditions[0].Value"] = "payments",
            [$"Components[{component.Id}]"] = "partial_outage",
            ["Severity"] = "SEV2",
        };
        await owner.FillInAsync("/admin/alerts/rules/new", form, "main form");
        var rule = Assert.Single(await _app.InStoreAsync(db => db.AlertRules.AsNoTracking().ToListAsync()));
        Assert.Equal((Severity.Sev2, new AlertCondition("title", AlertTest.Contains, "payments")), (rule.Severity, Assert.Single(rule.Conditions)));
        var page = await owner.GetAsync($"/admin/alerts/rules/{rule.Id}");
        var trial = (IHtmlFormElement)page.QuerySelector("main form")!;
        trial.SetAttribute("action", $"/admin/alerts/rules/{rule.Id}?handler=Try");
        var tried = await owner.SubmitAsync(trial, new { });
        Assert.Equal(["no", "yes"], tried.QuerySelectorAll("tbody tr td:last-child").Select(cell => cell.TextContent));
        await caller.FireAsync("c", "Payments down");
        Assert.Equal([component.Id], (await _app.CasesAsync())[2].ComponentIds);
    }
}

/// <summary>Somebody writes in a draft at the very moment in which its alert resolves.</summary>
public sealed class AlertMeetingTests
{
    [Fact]
    public async Task A_delivery_that_meets_somebody_else_is_worked_on_again_and_not_lost()
    {
        var meddler = new Meddler();
        await using var app = await AppHost.StartAsync(
            null,
            builder => builder.Services.ConfigureDbContext<SqliteStatusDb>(options => options.AddInterceptors(meddler)),
            Desk.Owner
        );
        var caller = await app.AlertSourceAsync();
        await caller.FireAsync();
        meddler.IsOn = true;
        var resolved = await caller.ResolveAsync();
        Assert.True(meddler.HasMeddled);
        Assert.Equal(AlertDeliveryState.Done, resolved.State);
        Assert.Equal(DraftState.Discarded, (await app.InStoreAsync(db => db.Drafts.SingleAsync())).State);
    }

    /// <summary>Changes a draft's version once, in between the reading and the writing.</summary>
    private sealed class Meddler : SaveChangesInterceptor
    {
        public bool IsOn { get; set; }
        public bool HasMeddled { get; private set; }

        public override async ValueTask<InterceptionResult<int>> SavingChangesAsync(
            DbContextEventData eventData,
            InterceptionResult<int> result,
            CancellationToken cancellationToken = default
        )
        {
            if (IsOn && !HasMeddled && eventData.Context!.ChangeTracker.Entries<Draft>().Any(entry => entry.State == EntityState.Modified))
            {
                HasMeddled = true;
                await eventData.Context.Database.ExecuteSqlRawAsync("""UPDATE "Drafts" SET "Version" = "Version" + 1""", cancellationToken);
            }
            return result;
        }
    }
}

/// <summary>The real programs, from a metric to a draft.</summary>
public sealed class AlertmanagerTests
{
    [Fact]
    public async Task A_rule_of_Prometheus_becomes_a_draft_and_its_end_closes_it()
    {
        await using var app = await AppHost.StartAsync(Desk.Owner);
        await app.ComponentAsync("API");
        var caller = await app.AlertSourceAsync(AlertSourceKind.Alertmanager, name: "Prometheus");
        var broken = true;
        await using var metrics = await HttpSink.StartAsync();
        metrics.Always("/metrics", _ => new(200, $"broken {(broken ? 1 : 0)}\n", ("Content-Type", "text/plain")));
        await using var server = await AlertmanagerServer.StartAsync(
            new Uri(app.BaseAddress, AlertSetup.PathOf(caller.Source)),
            caller.Secret,
            new Uri(metrics.Url)
        );
        await Eventually.TrueAsync("the draft is made", async () => (await app.CasesAsync()).Any(row => row.DraftId is not null));
        var found = Assert.Single(await app.CasesAsync());
        Assert.Equal(("ApiErrors", Severity.Sev1), (found.Title, found.Severity));
        Assert.Single(found.ComponentIds);
        broken = false;
        await Eventually.TrueAsync("the draft is closed", async () => (await app.CasesAsync())[0].State == AlertCaseState.Dropped);
        Assert.Equal(DraftState.Discarded, (await app.InStoreAsync(db => db.Drafts.SingleAsync())).State);
    }
}
