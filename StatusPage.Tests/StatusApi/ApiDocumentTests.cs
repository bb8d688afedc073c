using System.Net;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain.Accounts;
using StatusPage.Domain.Destinations;
using StatusPage.Domain.Metrics;
using StatusPage.Domain.Subscriptions;
using StatusPage.Tests.Destinations;
using StatusPage.Tests.Host;

namespace StatusPage.Tests.StatusApi;

/// <summary>Every operation of the OpenAPI document is called, and every answer is checked against its description.</summary>
public sealed class ApiDocumentTests
{
    [Fact]
    public async Task Every_documented_operation_answers_as_it_is_written()
    {
        await using var sink = await HttpSink.StartAsync();
        await using var app = await AppHost.StartBesideAsync("--Page:Name", "Acme", "--Outbound:Allow", "127.0.0.0/8");
        using var written = new DocumentedApi(new SocketsHttpHandler());
        written.Read(await app.Http.GetStringAsync("/api/openapi.json"));
        Assert.InRange(written.Operations, 60, 200);
        using var own = await app.ApiAsync(Role.Owner);
        using var api = new ApiClient(new HttpClient(written) { BaseAddress = app.BaseAddress }, own.Page, own.Key);

        (await api.GetAsync("/v1/pages")).Expect(HttpStatusCode.OK);
        foreach (var method in new[] { HttpMethod.Patch, HttpMethod.Put })
            Assert.Equal("Acme Cloud", (
                    await api.SendAsync(
                        method,
                        $"/v1/pages/{api.Page}",
                        Json(
                            new
                            {
                                page = new
                                {
                                    name = "Acme Cloud",
                                    time_zone = "Europe/Berlin",
                                    allow_page_subscribers = true,
                                },
                            }
                        )
                    )
                ).Expect(HttpStatusCode.OK).Text("name"));
        Assert.Equal("Europe/Berlin", (await api.GetAsync($"/v1/pages/{api.Page}")).Expect(HttpStatusCode.OK).Text("time_zone"));

        var component = (
            await api.PostAsync(
                "components",
                new
                {
                    component = new
                    {
                        name = "API",
                        description = "REST",
                        status = "operational",
                    },
                }
            )
        ).Expect(HttpStatusCode.Created);
        var other = (await api.PostAsync("components", new { component = new { name = "Web" } })).Expect(HttpStatusCode.Created);
        foreach (var method in new[] { HttpMethod.Patch, HttpMethod.Put })
            (
                await api.SendAsync(
                    method,
                    $"components/{component.Id}",
                    Json(new { component = new { description = "GraphQL", status = "operational" } })
                )
            ).Expect(HttpStatusCode.OK);
        var group = (
            await api.PostAsync("component-groups", new { component_group = new { name = "Core", components = new[] { component.Id, other.Id } } })
        ).Expect(HttpStatusCode.Created);
        Assert.Equal([component.Id, other.Id], group.Json.GetProperty("components").EnumerateArray().Select(id => id.GetString()!));
        foreach (var method in new[] { HttpMethod.Patch, HttpMethod.Put })
            Assert.Equal(
                1,
                (
                    await api.SendAsync(
                        method,
                        $"component-groups/{group.Id}",
                        Json(new { component_group = new { name = "Kernel", components = new[] { component.Id } } })
                    )
                )
                    .Expect(HttpStatusCode.OK)
                    .Json.GetProperty("components")
                    .GetArrayLength()
            );
        Assert.Equal(group.Id, (await api.GetAsync($"components/{component.Id}")).Text("group_id"));
        await GetAllAsync(
            api,
            "components",
            "component-groups",
            $"component-groups/{group.Id}",
            $"components/{component.Id}/uptime",
            $"component-groups/{group.Id}/uptime?start=2026-01-01T00:00:00Z"
        );

        var incident = (
            await api.PostAsync(
                "incidents",
                new
                {
                    incident = new
                    {
                        name = "Errors",
                        status = "investigating",
                        body = "We look.",
                        components = new Dictionary<string, string> { [component.Id] = "major_outage" },
                        component_ids = new[] { other.Id },
                        severity = "SEV2",
                        impact_summary = "15 %",
                        team_status = "Looking",
                        next_update_at = DateTimeOffset.UtcNow.AddHours(1),
                        metadata = new { jira = new { key = "OPS-1" } },
                        deliver_notifications = false,
                    },
                }
            )
        ).Expect(HttpStatusCode.Created);
        Assert.Equal("OPS-1", incident.Json.GetProperty("metadata").GetProperty("jira").GetProperty("key").GetString());
        foreach (var method in new[] { HttpMethod.Patch, HttpMethod.Put })
        {
            var changed = (
                await api.SendAsync(
                    method,
                    $"incidents/{incident.Id}",
                    Json(new { incident = new { metadata = new { by = new { tool = method.Method } } } })
                )
            ).Expect(HttpStatusCode.OK);
            Assert.Equal(method.Method, changed.Json.GetProperty("metadata").GetProperty("by").GetProperty("tool").GetString());
            Assert.Equal(1, changed.Json.GetProperty("incident_updates").GetArrayLength());
            var update = incident.Json.GetProperty("incident_updates")[0].GetProperty("id").GetString();
            (
                await api.SendAsync(
                    method,
                    $"incidents/{incident.Id}/incident_updates/{update}",
                    Json(new { incident_update = new { body = $"We looked ({method})." } })
                )
            ).Expect(HttpStatusCode.OK);
        }
        Assert.DoesNotContain("tool", await api.RawAsync("/api/v2/incidents.json"), StringComparison.Ordinal);
        (await api.PatchAsync($"incidents/{incident.Id}", new { incident = new { status = "resolved", body = "Done." } })).Expect(HttpStatusCode.OK);
        foreach (var method in new[] { HttpMethod.Patch, HttpMethod.Put })
            (await api.SendAsync(method, $"incidents/{incident.Id}/postmortem", Json(new { postmortem = new { body_draft = "A full disk." } }))).Expect(
                HttpStatusCode.OK
            );
        (await api.SendAsync(HttpMethod.Put, $"incidents/{incident.Id}/postmortem/publish", null)).Expect(HttpStatusCode.OK);
        await app.DestinationAsync(DestinationKind.Webhook, $"{sink.Url}/in", [], "Wiki");
        (await api.PostAsync($"incidents/{incident.Id}/postmortem/send", new { destination = "Wiki" })).Expect(HttpStatusCode.Accepted);
        await app.ItemAsync(incident.Id, "Add an alert");
        (await api.PostAsync($"incidents/{incident.Id}/action_items/send", new { destination = "Wiki" })).Expect(HttpStatusCode.Accepted);
        var learned = (await api.GetAsync($"incidents/{incident.Id}")).Expect(HttpStatusCode.OK);
        Assert.Equal(
            ("resolved", "postmortem"),
            (learned.Text("status"), learned.Json.GetProperty("incident_updates")[0].GetProperty("status").GetString())
        );
        await GetAllAsync(api, $"incidents/{incident.Id}/postmortem", "incidents?q=Err");
        (await api.SendAsync(HttpMethod.Put, $"incidents/{incident.Id}/postmortem/revert", null)).Expect(HttpStatusCode.OK);
        (await api.DeleteAsync($"incidents/{incident.Id}/postmortem")).Expect(HttpStatusCode.NoContent);
        Assert.Equal(JsonValueKind.Null, (await api.GetAsync($"incidents/{incident.Id}/postmortem")).Json.GetProperty("body_draft").ValueKind);

        var item = (
            await api.PostAsync($"incidents/{incident.Id}/action_items", new { action_item = new { title = "Add alert for X", due_on = "2027-01-15" } })
        ).Expect(HttpStatusCode.Created);
        foreach (var method in new[] { HttpMethod.Patch, HttpMethod.Put })
            (await api.SendAsync(method, $"incidents/{incident.Id}/action_items/{item.Id}", Json(new { action_item = new { state = "done" } }))).Expect(
                HttpStatusCode.OK
            );
        await GetAllAsync(api, $"incidents/{incident.Id}/action_items", $"incidents/{incident.Id}/action_items/{item.Id}");
        (await api.DeleteAsync($"incidents/{incident.Id}/action_items/{item.Id}")).Expect(HttpStatusCode.NoContent);

        var from = DateTimeOffset.UtcNow.AddDays(1);
        var plan = (
            await api.PostAsync(
                "incidents",
                new
                {
                    incident = new
                    {
                        name = "Upgrade",
                        status = "scheduled",
                        body = "We upgrade.",
                        scheduled_for = from,
                        scheduled_until = from.AddHours(2),
                        component_ids = new[] { component.Id },
                        scheduled_remind_prior = true,
                        scheduled_auto_in_progress = true,
                        scheduled_auto_completed = true,
                    },
                }
            )
        ).Expect(HttpStatusCode.Created);
        Assert.True(plan.Json.GetProperty("scheduled_remind_prior").GetBoolean());
        await GetAllAsync(api, "incidents/upcoming", "incidents/scheduled", $"incidents/{plan.Id}");
        (await api.PatchAsync($"incidents/{plan.Id}", new { incident = new { status = "in_progress", body = "We begin." } })).Expect(HttpStatusCode.OK);
        Assert.Equal(1, (await api.GetAsync("incidents/active_maintenance")).Expect(HttpStatusCode.OK).Json.GetArrayLength());
        Assert.Equal(
            ["Upgrade", "Errors"],
            (await api.GetAsync("incidents")).Expect(HttpStatusCode.OK).Json.EnumerateArray().Select(one => one.GetProperty("name").GetString()!)
        );
        var open = (await api.OpenIncidentAsync()).Id;
        await GetAllAsync(
            api,
            "incidents/unresolved",
            "/api/v2/summary.json",
            "/api/v2/status.json",
            "/api/v2/components.json",
            "/api/v2/incidents.json",
            "/api/v2/incidents/unresolved.json",
            "/api/v2/scheduled-maintenances.json",
            "/api/v2/scheduled-maintenances/active.json",
            "/api/v2/scheduled-maintenances/upcoming.json"
        );

        var subscriber = (
            await api.PostAsync(
                "subscribers",
                new
                {
                    subscriber = new
                    {
                        email = "a@example.com",
                        skip_confirmation_notification = true,
                        component_ids = new[] { component.Id },
                    },
                }
            )
        ).Expect(HttpStatusCode.Created);
        var pending = (await api.PostAsync("subscribers", new { subscriber = new { email = "b@example.com" } })).Expect(HttpStatusCode.Created);
        var hook = (
            await api.PostAsync(
                "subscribers",
                new
                {
                    subscriber = new
                    {
                        email = "ops@example.com",
                        endpoint = sink.Url + "/status",
                        skip_confirmation_notification = true,
                    },
                }
            )
        ).Expect(HttpStatusCode.Created);
        Assert.NotEmpty(hook.Text("signing_secret")!);
        var follower = (await api.PostAsync($"incidents/{open}/subscribers", new { subscriber = new { email = "c@example.com" } })).Expect(
            HttpStatusCode.Created
        );
        Assert.Equal(
            [follower.Id],
            (await api.GetAsync($"incidents/{open}/subscribers")).Json.EnumerateArray().Select(one => one.GetProperty("id").GetString()!)
        );
        foreach (var method in new[] { HttpMethod.Patch, HttpMethod.Put })
            (await api.SendAsync(method, $"subscribers/{subscriber.Id}", Json(new { subscriber = new { component_ids = new[] { other.Id } } }))).Expect(
                HttpStatusCode.OK
            );
        (await api.PostAsync($"subscribers/{pending.Id}/resend_confirmation", new { })).Expect(HttpStatusCode.Created);
        (await api.PostAsync($"incidents/{open}/subscribers/{follower.Id}/resend_confirmation", new { })).Expect(HttpStatusCode.Created);
        await GetAllAsync(
            api,
            $"subscribers/{subscriber.Id}",
            "subscribers?state=all&type=email&sort_field=created_at&sort_direction=desc&page=0&limit=5",
            $"incidents/{open}/subscribers/{follower.Id}"
        );
        await app.InStoreAsync(db =>
            db.Subscribers.Where(row => row.Email == "a@example.com")
                .ExecuteUpdateAsync(set =>
                    set.SetProperty(row => row.State, SubscriptionState.Suppressed).SetProperty(row => row.EndedAt, DateTimeOffset.UtcNow)
                )
        );
        var counts = (await api.GetAsync("subscribers/count")).Expect(HttpStatusCode.OK).Json;
        Assert.Equal((0, 1), (counts.GetProperty("email").GetInt32(), counts.GetProperty("webhook").GetInt32()));
        var histogram = (await api.GetAsync("subscribers/histogram_by_state")).Expect(HttpStatusCode.OK).Json;
        Assert.Equal(
            (3, 1),
            (histogram.GetProperty("email").GetProperty("total").GetInt32(), histogram.GetProperty("webhook").GetProperty("active").GetInt32())
        );
        Assert.Equal(
            [subscriber.Id],
            (await api.PostAsync("subscribers/reactivate", new { subscribers = "all", state = "quarantined" }))
                .Expect(HttpStatusCode.Created)
                .Json.EnumerateArray()
                .Select(one => one.GetProperty("id").GetString()!)
        );
        Assert.Equal(
            3,
            (await api.PostAsync("subscribers/resend_confirmation", new { subscribers = "all" })).Expect(HttpStatusCode.Created).Json.GetArrayLength()
        );
        Assert.Equal(
            1,
            (await api.PostAsync("subscribers/unsubscribe", new { subscribers = new[] { hook.Id, "abcdefghij01" } }))
                .Expect(HttpStatusCode.Created)
                .Json.GetArrayLength()
        );
        Assert.Equal(
            [hook.Id],
            (await api.GetAsync("subscribers/unsubscribed"))
                .Expect(HttpStatusCode.OK)
                .Json.EnumerateArray()
                .Select(one => one.GetProperty("id").GetString()!)
        );
        (await api.DeleteAsync($"incidents/{open}/subscribers/{follower.Id}")).Expect(HttpStatusCode.OK);
        (await api.GetAsync($"subscribers/{follower.Id}")).ExpectError(HttpStatusCode.NotFound);
        (await api.DeleteAsync($"subscribers/{subscriber.Id}")).Expect(HttpStatusCode.OK);

        var template = (
            await api.PostAsync(
                "incident_templates",
                new
                {
                    template = new
                    {
                        name = "Slow",
                        title = "Slow API",
                        body = "{{component}} is slow.",
                        update_status = "identified",
                        component_ids = new[] { component.Id },
                    },
                }
            )
        ).Expect(HttpStatusCode.Created);
        Assert.Equal(component.Id, template.Json.GetProperty("components")[0].GetProperty("id").GetString());
        Assert.Equal("Slow", (await api.GetAsync($"incident_templates/{template.Id}")).Expect(HttpStatusCode.OK).Text("name"));
        Assert.Contains(
            (await api.GetAsync("incident_templates?limit=100")).Expect(HttpStatusCode.OK).Json.EnumerateArray(),
            one => one.GetProperty("id").GetString() == template.Id
        );

        var rows = await PageRows.OfAsync(app, await app.PageAsync());
        var drafts = (await api.GetAsync("drafts"))
            .Expect(HttpStatusCode.OK)
            .Json.EnumerateArray()
            .Select(one => one.GetProperty("id").GetString())
            .ToList();
        Assert.Contains(rows.Draft.Id.Value, drafts);
        (await api.PostAsync($"drafts/{rows.Draft.Id}/publish", new { })).Expect(HttpStatusCode.Created);
        (await api.DeleteAsync($"drafts/{rows.SpareDraft.Id}")).Expect(HttpStatusCode.NoContent);

        var metric = await app.InStoreAsync(async db =>
        {
            var row = Metric.Create(api.Page, DateTimeOffset.UtcNow);
            row.Describe("Response time", "ms", 0, true, null, null, DateTimeOffset.UtcNow);
            db.Metrics.Add(row);
            await db.SaveChangesAsync();
            return row.Id;
        });
        var value = new { timestamp = DateTimeOffset.UtcNow.AddMinutes(-3).ToUnixTimeSeconds(), value = 12.5 };
        (await api.PostAsync($"metrics/{metric}/data", new { data = value })).Expect(HttpStatusCode.Created);
        (await api.PostAsync("metrics/data", new { data = new Dictionary<string, object> { [metric.Value] = new[] { value } } })).Expect(
            HttpStatusCode.Accepted
        );
        await GetAllAsync(api, "metrics", $"metrics/{metric}");
        var made = (
            await api.PostAsync(
                "metrics",
                new
                {
                    metric = new
                    {
                        name = "Errors",
                        suffix = "%",
                        decimal_places = 2,
                        y_axis_min = 0,
                        y_axis_max = 5.5,
                        metric_identifier = "errors.rate",
                    },
                }
            )
        ).Expect(HttpStatusCode.Created);
        Assert.Equal(JsonValueKind.Null, made.Json.GetProperty("most_recent_data_at").ValueKind);
        foreach (var method in new[] { HttpMethod.Patch, HttpMethod.Put })
            (
                await api.SendAsync(
                    method,
                    $"metrics/{made.Id}",
                    Json(new { metric = new { tooltip_description = "Of all requests", y_axis_hidden = true } })
                )
            ).Expect(HttpStatusCode.OK);
        (await api.DeleteAsync($"metrics/{made.Id}")).Expect(HttpStatusCode.OK);
        (await api.GetAsync($"metrics/{made.Id}")).ExpectError(HttpStatusCode.NotFound);
        (await api.DeleteAsync($"metrics/{metric}/data")).Expect(HttpStatusCode.OK);

        (await api.DeleteAsync($"component-groups/{group.Id}")).Expect(HttpStatusCode.OK);
        (await api.DeleteAsync($"components/{component.Id}")).Expect(HttpStatusCode.NoContent);
        (await api.DeleteAsync($"incidents/{open}")).Expect(HttpStatusCode.OK);
        Assert.Equal([], written.Unseen);

        // Refused requests, too.
        (await api.GetAsync("incidents/abcdefghij01")).ExpectError(HttpStatusCode.NotFound);
        (await api.GetAsync("incidents?limit=0")).ExpectError(HttpStatusCode.BadRequest);
        (await api.PostAsync("incidents", new { incident = new { name = "" } })).ExpectError(HttpStatusCode.UnprocessableEntity);
        (await api.PostAsync("incidents", new { incident = new { name = "x", body = new string('x', 1_100_000) } })).ExpectError(
            HttpStatusCode.RequestEntityTooLarge
        );
        (await api.PostAsync("subscribers", new { subscriber = new { email = "b@example.com" } })).ExpectError(HttpStatusCode.Conflict);
        using var reader = await app.ApiAsync(Role.Auditor);
        using var weak = new ApiClient(new HttpClient(written) { BaseAddress = app.BaseAddress }, own.Page, reader.Key);
        (await weak.PostAsync("incidents", new { incident = new { name = "x", body = "x" } })).ExpectError(HttpStatusCode.Forbidden);
        using var stranger = new ApiClient(new HttpClient(written) { BaseAddress = app.BaseAddress }, own.Page, "sp_wrong");
        (await stranger.GetAsync("incidents")).ExpectError(HttpStatusCode.Unauthorized);
    }

    private static System.Net.Http.Json.JsonContent Json(object body) => System.Net.Http.Json.JsonContent.Create(body);

    private static async Task GetAllAsync(ApiClient api, params string[] paths)
    {
        foreach (var path in paths)
            (await api.GetAsync(path)).Expect(HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_document_is_for_everybody_kept_by_caches_and_the_same_for_a_page_below_a_path()
    {
        await using var app = await AppHost.StartBesideAsync();
        using var first = await app.Http.GetAsync("/api/openapi.json");
        Assert.Equal(
            ("application/json", "*"),
            (first.Content.Headers.ContentType!.MediaType, first.Headers.GetValues("Access-Control-Allow-Origin").Single())
        );
        using var again = new HttpRequestMessage(HttpMethod.Get, "/api/openapi.json");
        again.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        Assert.Equal(HttpStatusCode.NotModified, (await app.Http.SendAsync(again)).StatusCode);
        using var json = JsonDocument.Parse(await first.Content.ReadAsStringAsync());
        Assert.Equal(app.BaseAddress.ToString().TrimEnd('/'), json.RootElement.GetProperty("servers")[0].GetProperty("url").GetString());
        Assert.Equal("3.1.1", json.RootElement.GetProperty("openapi").GetString());
        var patch = json.RootElement.GetProperty("paths").GetProperty("/v1/pages/{page_id}/incidents/{incident_id}").GetProperty("patch");
        Assert.Contains("incidents:write", patch.GetProperty("description").GetString(), StringComparison.Ordinal);
        Assert.Equal(
            ["page_id", "incident_id"],
            patch
                .GetProperty("parameters")
                .EnumerateArray()
                .Where(parameter => parameter.GetProperty("in").GetString() == "path")
                .Select(parameter => parameter.GetProperty("name").GetString()!)
                .Order(StringComparer.Ordinal)
                .Reverse()
        );
    }
}
