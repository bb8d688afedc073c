using System.Net;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain.Accounts;
using StatusPage.Tests.Host;

namespace StatusPage.Tests.StatusApi;

/// <summary>The view of a program that posts through /v1.</summary>
public sealed class ManageApiTests : IAsyncLifetime
{
    private AppHost _app = null!;
    private ApiClient _api = null!;

    public async ValueTask InitializeAsync()
    {
        _app = await AppHost.StartBesideAsync();
        _api = await _app.ApiAsync();
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task A_posted_incident_is_on_the_page_the_feeds_the_badge_and_the_public_api_at_once()
    {
        var component = await _app.ComponentAsync();
        var badge = await _app.Http.GetStringAsync("/badges/overall.svg");
        var incident = await _api.OpenIncidentAsync(
            new
            {
                name = "Elevated error rates",
                status = "investigating",
                body = "We are investigating elevated error rates on our API.",
                impact_summary = "~15% of requests failing",
                team_status = "Working on identifying root cause",
                components = new Dictionary<string, string> { [component.Id.Value] = "partial_outage" },
            }
        );
        foreach (
            var path in new[]
            {
                "/",
                "/history",
                "/history.rss",
                "/history.atom",
                "/components/api",
                "/components/api/history.rss",
                "/api/v2/incidents.json",
                "/api/v2/incidents/unresolved.json",
                "/api/v2/summary.json",
                $"/incidents/{incident.Id}",
            }
        )
            Assert.Contains("Elevated error rates", await _app.Http.GetStringAsync(path));
        Assert.Contains("~15% of requests failing", await _app.Http.GetStringAsync("/"));
        Assert.Contains("Working on identifying root cause", await _app.Http.GetStringAsync("/"));
        Assert.NotEqual(badge, await _app.Http.GetStringAsync("/badges/overall.svg"));
        Assert.Contains("partial outage", await _app.Http.GetStringAsync("/badges/api.svg"));
    }

    [Fact]
    public async Task The_answer_to_a_post_is_the_incident()
    {
        var component = await _app.ComponentAsync();
        var answer = await _api.OpenIncidentAsync(
            new
            {
                name = "Slow",
                body = "Slow.",
                severity = "SEV3",
                next_update_at = DateTimeOffset.UtcNow.AddMinutes(30),
                components = new Dictionary<string, string> { [component.Id.Value] = "degraded_performance" },
            }
        );
        Assert.Matches("^[a-z0-9]{12}$", answer.Id);
        Assert.Equal(
            ("Slow", "investigating", "minor", _api.Page.Value),
            (answer.Text("name"), answer.Text("status"), answer.Text("impact"), answer.Text("page_id"))
        );
        Assert.EndsWith($"/incidents/{answer.Id}", answer.Text("shortlink"), StringComparison.Ordinal);
        Assert.Equal(component.Id.Value, answer.Json.GetProperty("components")[0].GetProperty("id").GetString());
        Assert.Equal("degraded_performance", answer.Json.GetProperty("components")[0].GetProperty("status").GetString());
        var update = answer.Json.GetProperty("incident_updates")[0];
        Assert.Equal(("Slow.", "investigating"), (update.GetProperty("body").GetString(), update.GetProperty("status").GetString()));
        Assert.Equal("operational", update.GetProperty("affected_components")[0].GetProperty("old_status").GetString());
    }

    [Fact]
    public async Task A_patch_appends_an_update_and_the_newest_comes_first()
    {
        var id = (await _api.OpenIncidentAsync()).Id;
        var answer = (await _api.PatchAsync($"incidents/{id}", new { incident = new { status = "identified", body = "Found it." } })).Expect(
            HttpStatusCode.OK
        );
        Assert.Equal(
            ["Found it.", "We are investigating."],
            answer.Json.GetProperty("incident_updates").EnumerateArray().Select(update => update.GetProperty("body").GetString())
        );
        Assert.Equal("identified", answer.Text("status"));
        Assert.Contains("Found it.", await _app.Http.GetStringAsync("/"));
    }

    [Fact]
    public async Task A_put_does_what_a_patch_does()
    {
        var id = (await _api.OpenIncidentAsync()).Id;
        var answer = (await _api.SendTextAsync(HttpMethod.Put, $"incidents/{id}", """{"incident":{"status":"resolved"}}""")).Expect(HttpStatusCode.OK);
        Assert.Equal("resolved", answer.Text("status"));
        Assert.NotNull(answer.Text("resolved_at"));
    }

    [Fact]
    public async Task A_patch_of_the_name_alone_appends_no_update()
    {
        var id = (await _api.OpenIncidentAsync()).Id;
        var answer = (await _api.PatchAsync($"incidents/{id}", new { incident = new { name = "A better name" } })).Expect(HttpStatusCode.OK);
        Assert.Equal(("A better name", 1), (answer.Text("name"), answer.Json.GetProperty("incident_updates").GetArrayLength()));
    }

    [Fact]
    public async Task A_patch_keeps_what_it_does_not_say()
    {
        var id = (
            await _api.OpenIncidentAsync(
                new
                {
                    name = "Slow",
                    body = "Slow.",
                    impact_summary = "Half of requests",
                    team_status = "Looking",
                }
            )
        ).Id;
        var update = (await _api.PatchAsync($"incidents/{id}", new { incident = new { body = "Still slow." } })).Json.GetProperty("incident_updates")[0];
        Assert.Equal(("Half of requests", "Looking"), (update.GetProperty("impact_summary").GetString(), update.GetProperty("team_status").GetString()));
    }

    [Fact]
    public async Task Resolving_sets_components_back_and_the_page_is_well()
    {
        var component = await _app.ComponentAsync();
        var id = (
            await _api.OpenIncidentAsync(
                new
                {
                    name = "Down",
                    body = "Down.",
                    components = new Dictionary<string, string> { [component.Id.Value] = "major_outage" },
                }
            )
        ).Id;
        (
            await _api.PatchAsync(
                $"incidents/{id}",
                new { incident = new { status = "resolved", components = new Dictionary<string, string> { [component.Id.Value] = "operational" } } }
            )
        ).Expect(HttpStatusCode.OK);
        Assert.Contains("All systems operational", await _app.Http.GetStringAsync("/"));
        Assert.Equal(0, (await _api.GetAsync("incidents/unresolved")).Json.GetArrayLength());
        Assert.Equal(1, (await _api.GetAsync("incidents")).Json.GetArrayLength());
    }

    [Fact]
    public async Task A_deleted_incident_is_gone_from_the_page()
    {
        var id = (await _api.OpenIncidentAsync()).Id;
        using var owner = await _app.ApiAsync(Role.Owner);
        (await owner.DeleteAsync($"incidents/{id}")).Expect(HttpStatusCode.OK);
        Assert.Equal(HttpStatusCode.NotFound, (await _app.Http.GetAsync($"/incidents/{id}")).StatusCode);
        (await _api.GetAsync($"incidents/{id}")).ExpectError(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Every_act_is_in_the_audit_with_its_key()
    {
        var id = (await _api.OpenIncidentAsync()).Id;
        await _api.PatchAsync($"incidents/{id}", new { incident = new { status = "resolved" } });
        var entries = await _app.InStoreAsync(db =>
            db.Audit.AsNoTracking().Where(entry => entry.Action.StartsWith("incident.")).OrderBy(entry => entry.Id).ToListAsync()
        );
        Assert.Equal(["incident.opened", "incident.resolved"], entries.Select(entry => entry.Action));
        Assert.All(entries, entry => Assert.Equal("key Comms key", entry.Actor));
        Assert.All(entries, entry => Assert.DoesNotContain(_api.Key!, entry.Actor + entry.Subject));
    }

    [Fact]
    public async Task A_component_can_be_made_changed_and_archived()
    {
        var made = (await _api.PostAsync("components", new { component = new { name = "Search", description = "Full text" } })).Expect(
            HttpStatusCode.Created
        );
        Assert.Equal(("Search", "operational"), (made.Text("name"), made.Text("status")));
        var changed = (await _api.PatchAsync($"components/{made.Id}", new { component = new { status = "major_outage" } })).Expect(HttpStatusCode.OK);
        Assert.Equal(("Search", "Full text", "major_outage"), (changed.Text("name"), changed.Text("description"), changed.Text("status")));
        Assert.Contains("Search is down", await _app.Http.GetStringAsync("/"));
        Assert.True((int)(await _api.DeleteAsync($"components/{made.Id}")).Status is 200 or 204);
        Assert.DoesNotContain("Search", await _app.Http.GetStringAsync("/"));
    }

    [Fact]
    public async Task Lists_come_in_pages()
    {
        for (var i = 1; i <= 3; i++)
            await _api.OpenIncidentAsync(new { name = $"Incident {i}", body = "x" });
        Assert.Equal(
            ["Incident 1"],
            (await _api.GetAsync("incidents?limit=2&page=2")).Json.EnumerateArray().Select(incident => incident.GetProperty("name").GetString())
        );
    }

    [Fact]
    public async Task A_revoked_key_is_worth_nothing()
    {
        await _app.InStoreAsync(async db =>
        {
            (await db.ApiKeys.SingleAsync()).Revoke(DateTimeOffset.UtcNow);
            return await db.SaveChangesAsync();
        });
        (await _api.GetAsync("incidents")).ExpectError(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Two_who_change_one_incident_at_once_both_succeed_or_one_is_told()
    {
        var id = (await _api.OpenIncidentAsync()).Id;
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(i => _api.PatchAsync($"incidents/{id}", new { incident = new { body = $"Update {i}" } }))
        );
        Assert.All(answers, answer => Assert.True(answer.Status is HttpStatusCode.OK or HttpStatusCode.Conflict, $"{answer.Status}: {answer.Json}"));
        var kept = (await _api.GetAsync($"incidents/{id}")).Json.GetProperty("incident_updates").GetArrayLength();
        Assert.Equal(1 + answers.Count(answer => answer.Status == HttpStatusCode.OK), kept);
    }
}
