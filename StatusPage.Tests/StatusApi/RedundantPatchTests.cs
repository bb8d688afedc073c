using System.Net;
using Microsoft.EntityFrameworkCore;
using StatusPage.Tests.Host;

namespace StatusPage.Tests.StatusApi;

/// <summary>A PATCH that changes nothing notifies nobody; null or empty fields have no meaning.</summary>
public sealed class RedundantPatchTests : IAsyncLifetime
{
    private AppHost _app = null!;
    private ApiClient _api = null!;
    private string _component = "";
    private string _id = "";

    public async ValueTask InitializeAsync()
    {
        _app = await AppHost.StartAsync();
        _api = await _app.ApiAsync();
        await _app.SubscriberAsync("ann@customer.example");
        _component = (await _app.ComponentAsync()).Id.Value;
        _id = (
            await _api.OpenIncidentAsync(
                new
                {
                    name = "Errors",
                    body = "We look.",
                    status = "identified",
                    severity = "SEV2",
                    impact_summary = "Half",
                    team_status = "Looking",
                    next_update_at = DateTimeOffset.UtcNow.AddHours(2),
                    components = new Dictionary<string, string> { [_component] = "partial_outage" },
                    metadata = new { jira = new { key = "OPS-1" } },
                }
            )
        ).Id;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private Task<(int Updates, int Announcements, int Acts, int Version, long Page)> CountAsync() =>
        _app.InStoreAsync(async db =>
        {
            var incident = await db.Incidents.AsNoTracking().Include(row => row.Updates).SingleAsync();
            return (
                incident.Updates.Count,
                await db.Announcements.CountAsync(),
                await db.Audit.CountAsync(),
                incident.Version,
                await db.Pages.Select(page => page.Version).SingleAsync()
            );
        });

    [Theory]
    [InlineData("{}")]
    [InlineData("{\"status\":null}")]
    [InlineData("{\"status\":\"\"}")]
    [InlineData("{\"body\":\"\"}")]
    [InlineData("{\"body\":\" \\n \"}")]
    [InlineData(
        "{\"body\":null,\"name\":null,\"severity\":null,\"impact_override\":null,\"impact_summary\":null,"
            + "\"team_status\":null,\"next_update_at\":null,\"started_at\":null}"
    )]
    [InlineData(
        "{\"name\":\"\",\"severity\":\"\",\"impact_override\":\"\",\"impact_summary\":\"\","
            + "\"team_status\":\"\",\"next_update_at\":\"\",\"started_at\":\"\",\"deliver_notifications\":\"\"}"
    )]
    [InlineData("{\"components\":{}}")]
    [InlineData("{\"components\":null,\"component_ids\":[]}")]
    [InlineData("{\"components\":{\"COMPONENT\":\"partial_outage\"}}")]
    [InlineData("{\"components\":{\"COMPONENT\":\"\"}}")]
    [InlineData("{\"component_ids\":[\"COMPONENT\"]}")]
    [InlineData("{\"status\":\"identified\"}")]
    [InlineData("{\"name\":\"Errors\",\"severity\":\"SEV2\",\"status\":\"identified\",\"impact_summary\":\"Half\",\"team_status\":\" Looking \"}")]
    [InlineData("{\"metadata\":{\"jira\":{\"key\":\"OPS-1\"}}}")]
    [InlineData("{\"deliver_notifications\":true}")]
    [InlineData("{\"backfilled\":false,\"display_at\":null}")]
    public async Task A_patch_that_changes_nothing_changes_nothing(string incident)
    {
        var before = await CountAsync();
        (
            await _api.SendTextAsync(
                HttpMethod.Patch,
                $"incidents/{_id}",
                $$"""{"incident":{{incident.Replace("COMPONENT", _component, StringComparison.Ordinal)}}}"""
            )
        ).Expect(HttpStatusCode.OK);
        Assert.Equal(before, await CountAsync());
    }

    [Fact]
    public async Task What_was_read_can_be_sent_back()
    {
        var read = (await _api.GetAsync($"incidents/{_id}")).Json;
        var before = await CountAsync();
        (
            await _api.PatchAsync(
                $"incidents/{_id}",
                new
                {
                    incident = new
                    {
                        next_update_at = read.GetProperty("next_update_at"),
                        started_at = read.GetProperty("started_at"),
                        impact_override = read.GetProperty("impact_override"),
                        backfilled = read.GetProperty("backfilled"),
                    },
                }
            )
        ).Expect(HttpStatusCode.OK);
        var update = read.GetProperty("incident_updates")[0];
        (
            await _api.PatchAsync(
                $"incidents/{_id}/incident_updates/{update.GetProperty("id").GetString()}",
                new { incident_update = new { body = update.GetProperty("body"), display_at = update.GetProperty("display_at") } }
            )
        ).Expect(HttpStatusCode.OK);
        Assert.Equal(before, await CountAsync());
    }

    [Fact]
    public async Task Resolved_twice_is_resolved_once()
    {
        var before = await CountAsync();
        for (var i = 0; i < 3; i++)
            (await _api.PatchAsync($"incidents/{_id}", new { incident = new { status = "resolved", team_status = "Looking" } })).Expect(HttpStatusCode.OK);
        var after = await CountAsync();
        Assert.Equal((before.Updates + 1, before.Announcements + 1), (after.Updates, after.Announcements));
        (await _api.PatchAsync($"incidents/{_id}", new { incident = new { status = "resolved", body = "This incident is now resolved." } })).Expect(
            HttpStatusCode.OK
        );
        Assert.Equal(after, await CountAsync());
    }

    [Theory]
    [InlineData("{\"impact_summary\":\"A third\"}")]
    [InlineData("{\"team_status\":\"Rolling back\"}")]
    [InlineData("{\"components\":{\"COMPONENT\":\"major_outage\"}}")]
    [InlineData("{\"status\":\"monitoring\"}")]
    [InlineData("{\"body\":\"Still.\"}")]
    [InlineData("{\"clear\":[\"impact_summary\"]}")]
    public async Task What_is_new_is_told_once(string incident)
    {
        var before = await CountAsync();
        var body = $$"""{"incident":{{incident.Replace("COMPONENT", _component, StringComparison.Ordinal)}}}""";
        (await _api.SendTextAsync(HttpMethod.Patch, $"incidents/{_id}", body)).Expect(HttpStatusCode.OK);
        var after = await CountAsync();
        Assert.Equal((before.Updates + 1, before.Announcements + 1), (after.Updates, after.Announcements));
        if (incident.Contains("body", StringComparison.Ordinal))
            return;
        (await _api.SendTextAsync(HttpMethod.Patch, $"incidents/{_id}", body)).Expect(HttpStatusCode.OK);
        Assert.Equal(after, await CountAsync());
    }

    [Fact]
    public async Task What_is_cleared_is_gone()
    {
        var answer = (await _api.PatchAsync($"incidents/{_id}", new { incident = new { clear = new[] { "impact_summary", "severity" } } })).Expect(
            HttpStatusCode.OK
        );
        Assert.Equal((null, null, "Looking"), (answer.Text("impact_summary"), answer.Text("severity"), answer.Text("team_status")));
        (await _api.PatchAsync($"incidents/{_id}", new { incident = new { clear = new[] { "name" } } })).ExpectError(HttpStatusCode.UnprocessableEntity);
    }

    [Theory]
    [InlineData("{\"name\":\"x\",\"status\":\"identified\"}")]
    [InlineData(
        "{\"name\":\"x\",\"status\":null,\"body\":null,\"components\":null,\"component_ids\":null,\"metadata\":null,"
            + "\"deliver_notifications\":null,\"scheduled_for\":null,\"backfilled\":null,\"backfill_date\":null}"
    )]
    [InlineData(
        "{\"name\":\"x\",\"status\":\"\",\"body\":\"\",\"impact_override\":\"\",\"scheduled_for\":\"\",\"scheduled_until\":\"\",\"backfill_date\":\"\"}"
    )]
    public async Task A_name_is_enough(string incident)
    {
        var answer = (await _api.SendTextAsync(HttpMethod.Post, "incidents", $$"""{"incident":{{incident}}}""")).Expect(HttpStatusCode.Created);
        Assert.False(string.IsNullOrEmpty(answer.Json.GetProperty("incident_updates")[0].GetProperty("body").GetString()));
    }

    [Theory]
    [InlineData("{\"name\":\"x\",\"display_at\":\"2026-01-01T00:00:00Z\"}", "display_at")]
    [InlineData("{\"name\":\"x\",\"backfilled\":true}", "backfill_date")]
    [InlineData("{\"name\":\"x\",\"backfilled\":true,\"backfill_date\":\"soon\"}", "backfill_date")]
    [InlineData("{\"name\":\"x\",\"backfilled\":true,\"backfill_date\":\"2999-01-01\"}", "backfill_date")]
    [InlineData("{\"name\":\"x\",\"backfilled\":true,\"backfill_date\":\"0001-01-01\"}", "backfill_date")]
    [InlineData("{\"name\":\"x\",\"backfill_date\":\"2026-01-01\"}", "backfill_date")]
    [InlineData("{\"name\":\"x\",\"started_at\":\"9999-12-31T23:59:59Z\"}", "between 2000 and 2200")]
    [InlineData("{\"name\":\"x\",\"started_at\":\"0001-01-01T00:00:00Z\"}", "between 2000 and 2200")]
    [InlineData("{\"name\":\"x\",\"components\":{\"abcdefghij01\":\"\"}}", "abcdefghij01")]
    public async Task What_cannot_be_is_refused_with_what_to_mend(string incident, string says)
    {
        var answer = await _api.SendTextAsync(HttpMethod.Post, "incidents", $$"""{"incident":{{incident}}}""");
        answer.ExpectError(HttpStatusCode.UnprocessableEntity);
        Assert.Contains(says, answer.Text("message"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_date_is_a_day_of_the_page()
    {
        var answer = (
            await _api.PostAsync(
                "incidents",
                new
                {
                    incident = new
                    {
                        name = "Long ago",
                        status = "investigating",
                        backfilled = true,
                        backfill_date = "2026-03-04",
                    },
                }
            )
        ).Expect(HttpStatusCode.Created);
        Assert.Equal(("resolved", true), (answer.Text("status"), answer.Json.GetProperty("backfilled").GetBoolean()));
        Assert.Equal(answer.Text("started_at"), answer.Text("resolved_at"));
        Assert.StartsWith("2026-03-04", answer.Text("started_at"), StringComparison.Ordinal);
    }
}
