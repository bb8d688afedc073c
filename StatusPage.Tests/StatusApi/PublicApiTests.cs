using System.Net;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain.Incidents;
using StatusPage.Tests.Host;
using StatusPage.Tests.Public;

namespace StatusPage.Tests.StatusApi;

/// <summary>The v2 API, field by field, as existing clients of Statuspage read it.</summary>
public sealed class PublicApiTests(DemoApp demo) : IClassFixture<DemoApp>
{
    private const string Id = "^[a-z0-9]{12}$";
    private const string Time = @"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$";

    private async Task<JsonElement> GetAsync(string path) => JsonDocument.Parse(await demo.App.Http.GetStringAsync($"/api/v2/{path}")).RootElement;

    private static void Text(JsonElement json, string name, string pattern = "") => Assert.Matches(pattern, json.GetProperty(name).GetString()!);

    private static void TextOrNull(JsonElement json, string name, string pattern)
    {
        if (json.GetProperty(name).ValueKind != JsonValueKind.Null)
            Text(json, name, pattern);
    }

    private static void AssertComponent(JsonElement component)
    {
        Text(component, "id", Id);
        Text(component, "name", ".");
        Text(component, "status", "^(operational|degraded_performance|partial_outage|major_outage|under_maintenance)$");
        Text(component, "created_at", Time);
        Text(component, "updated_at", Time);
        Assert.True(component.GetProperty("position").TryGetInt32(out _));
        TextOrNull(component, "description", ".");
        Assert.True(component.GetProperty("showcase").ValueKind is JsonValueKind.True or JsonValueKind.False);
        TextOrNull(component, "start_date", @"^\d{4}-\d\d-\d\d$");
        TextOrNull(component, "group_id", Id);
        Text(component, "page_id", Id);
        Assert.Equal(JsonValueKind.False, component.GetProperty("only_show_if_degraded").ValueKind);
        if (component.GetProperty("group").GetBoolean())
            Assert.All(component.GetProperty("components").EnumerateArray(), child => Assert.Matches(Id, child.GetString()!));
    }

    private static void AssertUpdate(JsonElement update, string incident, string statuses)
    {
        Text(update, "id", Id);
        Text(update, "status", statuses);
        Text(update, "body", ".");
        Assert.Equal(incident, update.GetProperty("incident_id").GetString());
        foreach (var name in new[] { "created_at", "updated_at", "display_at" })
            Text(update, name, Time);
        Assert.True(update.GetProperty("deliver_notifications").ValueKind is JsonValueKind.True or JsonValueKind.False);
        Assert.Equal(JsonValueKind.Null, update.GetProperty("custom_tweet").ValueKind);
        Assert.Equal(JsonValueKind.Null, update.GetProperty("tweet_id").ValueKind);
        if (update.GetProperty("affected_components") is not { ValueKind: JsonValueKind.Array } affected)
            return;
        foreach (var component in affected.EnumerateArray())
        {
            Text(component, "code", Id);
            foreach (var name in new[] { "name", "old_status", "new_status" })
                Text(component, name, ".");
        }
    }

    private static void AssertIncident(JsonElement incident, string statuses, string impacts)
    {
        Text(incident, "id", Id);
        Text(incident, "name", ".");
        Text(incident, "status", statuses);
        Text(incident, "impact", impacts);
        foreach (var name in new[] { "created_at", "updated_at", "started_at" })
            Text(incident, name, Time);
        foreach (var name in new[] { "monitoring_at", "resolved_at" })
            TextOrNull(incident, name, Time);
        Assert.Equal($"https://status.acme.example/incidents/{incident.GetProperty("id").GetString()}", incident.GetProperty("shortlink").GetString());
        Text(incident, "page_id", Id);
        var updates = incident.GetProperty("incident_updates").EnumerateArray().ToList();
        Assert.NotEmpty(updates);
        Assert.All(
            updates,
            update =>
                AssertUpdate(
                    update,
                    incident.GetProperty("id").GetString()!,
                    statuses.Replace("resolved)", "resolved|postmortem)", StringComparison.Ordinal)
                )
        );
        Assert.Equal(
            updates.Select(update => update.GetProperty("created_at").GetString()).OrderDescending(StringComparer.Ordinal),
            updates.Select(update => update.GetProperty("created_at").GetString())
        );
        Assert.All(incident.GetProperty("components").EnumerateArray(), AssertComponent);
    }

    [Theory]
    [InlineData("summary.json", "components incidents page scheduled_maintenances status")]
    [InlineData("status.json", "page status")]
    [InlineData("components.json", "components page")]
    [InlineData("incidents.json", "incidents page")]
    [InlineData("incidents/unresolved.json", "incidents page")]
    [InlineData("scheduled-maintenances.json", "page scheduled_maintenances")]
    [InlineData("scheduled-maintenances/upcoming.json", "page scheduled_maintenances")]
    [InlineData("scheduled-maintenances/active.json", "page scheduled_maintenances")]
    public async Task Each_document_has_its_keys_and_the_page(string path, string keys)
    {
        var json = await GetAsync(path);
        Assert.Equal(keys, string.Join(' ', json.EnumerateObject().Select(property => property.Name).Order(StringComparer.Ordinal)));
        var page = json.GetProperty("page");
        Text(page, "id", Id);
        Text(page, "updated_at", Time);
        Assert.Equal(
            ("Acme", "https://status.acme.example", "America/Los_Angeles"),
            (page.GetProperty("name").GetString(), page.GetProperty("url").GetString(), page.GetProperty("time_zone").GetString())
        );
    }

    [Fact]
    public async Task The_status_is_in_the_words_of_the_api()
    {
        var status = (await GetAsync("status.json")).GetProperty("status");
        Assert.Equal(("major", "Partial System Outage"), (status.GetProperty("indicator").GetString(), status.GetProperty("description").GetString()));
    }

    [Fact]
    public async Task Components_and_groups_have_every_field()
    {
        var components = (await GetAsync("components.json")).GetProperty("components").EnumerateArray().ToList();
        Assert.All(components, AssertComponent);
        var groups = components.Where(component => component.GetProperty("group").GetBoolean()).ToList();
        Assert.Equal(2, groups.Count);
        Assert.All(
            groups,
            group =>
                Assert.All(
                    group.GetProperty("components").EnumerateArray(),
                    child =>
                        Assert.Equal(
                            group.GetProperty("id").GetString(),
                            components
                                .Single(component => component.GetProperty("id").GetString() == child.GetString())
                                .GetProperty("group_id")
                                .GetString()
                        )
                )
        );
    }

    [Fact]
    public async Task Incidents_have_every_field()
    {
        var incidents = (await GetAsync("incidents.json")).GetProperty("incidents").EnumerateArray().ToList();
        Assert.Equal(7, incidents.Count);
        Assert.All(incidents, incident => AssertIncident(incident, "^(investigating|identified|monitoring|resolved)$", "^(none|minor|major|critical)$"));
    }

    [Fact]
    public async Task The_unresolved_are_those_of_the_summary()
    {
        var unresolved = (await GetAsync("incidents/unresolved.json")).GetProperty("incidents");
        Assert.Equal(unresolved.GetRawText(), (await GetAsync("summary.json")).GetProperty("incidents").GetRawText());
        Assert.All(unresolved.EnumerateArray(), incident => Assert.NotEqual(Phase.Resolved.Code(), incident.GetProperty("status").GetString()));
    }

    [Fact]
    public async Task Our_own_fields_are_added_keys()
    {
        var update = (await GetAsync("incidents/unresolved.json")).GetProperty("incidents")[0].GetProperty("incident_updates")[0];
        Assert.Equal(
            ("~15% of requests failing", "Working on identifying root cause"),
            (update.GetProperty("impact_summary").GetString(), update.GetProperty("team_status").GetString())
        );
        Text(update, "next_update_at", Time);
    }

    [Fact]
    public async Task A_maintenance_has_the_fields_of_an_incident_and_its_window()
    {
        var maintenance = Assert.Single((await GetAsync("scheduled-maintenances/upcoming.json")).GetProperty("scheduled_maintenances").EnumerateArray());
        AssertIncident(maintenance, "^(scheduled|in_progress|verifying|completed)$", "^maintenance$");
        Text(maintenance, "scheduled_for", Time);
        Text(maintenance, "scheduled_until", Time);
        Assert.Empty((await GetAsync("scheduled-maintenances/active.json")).GetProperty("scheduled_maintenances").EnumerateArray());
    }

    [Fact]
    public async Task No_author_is_public()
    {
        Assert.DoesNotContain("author", (await GetAsync("incidents.json")).GetRawText(), StringComparison.OrdinalIgnoreCase);
        Assert.Equal(HttpStatusCode.OK, (await demo.App.Http.GetAsync("/api/v2/incidents.json")).StatusCode);
    }

    [Fact]
    public async Task A_severity_that_customers_shall_not_see_is_in_no_public_byte_of_the_api()
    {
        await using var app = await AppHost.StartAsync();
        var api = await app.ApiAsync();
        var incident = await api.OpenIncidentAsync(
            new
            {
                name = "Down",
                body = "Down.",
                severity = "SEV1",
            }
        );
        Assert.Contains("SEV1", await app.Http.GetStringAsync("/api/v2/summary.json"));
        await app.InStoreAsync(async db =>
        {
            var page = await db.Pages.SingleAsync();
            page.Configure(page.Name, Zones.Checked(page.TimeZone), showsSeverity: false, DateTimeOffset.UtcNow);
            return await db.PublishAsync(page.Id, DateTimeOffset.UtcNow, default);
        });
        await Eventually.TrueAsync(
            "the severity is gone",
            async () => !(await app.Http.GetStringAsync("/api/v2/summary.json")).Contains("SEV1", StringComparison.Ordinal)
        );
        Assert.DoesNotContain("SEV1", await app.Http.GetStringAsync("/api/v2/incidents.json"));
        Assert.DoesNotContain("SEV1", await app.Http.GetStringAsync($"/incidents/{incident.Id}"));
    }
}
