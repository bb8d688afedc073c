using System.Net;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using StatusPage.Tests.Host;

namespace StatusPage.Tests.StatusApi;

/// <summary>Requests of tools that were written for Statuspage: forms, suffixes, keys in the address, maintenances among the incidents.</summary>
public sealed class StatuspageShapesTests : IAsyncLifetime
{
    private AppHost _app = null!;
    private ApiClient _api = null!;
    private string _page = "";

    public async ValueTask InitializeAsync()
    {
        _app = await AppHost.StartBesideAsync("--Page:Name", "Acme");
        _api = await _app.ApiAsync();
        _page = (await _app.PageAsync()).Id.Value;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task<JsonElement> AskAsync(HttpMethod method, string path, HttpContent? content, HttpStatusCode expected)
    {
        using var request = new HttpRequestMessage(
            method,
            $"/v1/pages/{_page}{path}{(path.Contains('?', StringComparison.Ordinal) ? "&" : "?")}api_key={_api.Key}"
        )
        {
            Content = content,
        };
        using var answer = await _app.Http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == expected, $"{answer.StatusCode}: {text}");
        using var json = JsonDocument.Parse(text);
        return json.RootElement.Clone();
    }

    [Fact]
    public async Task A_form_with_a_suffix_and_a_key_in_the_address_opens_an_incident()
    {
        var component = await _app.ComponentAsync("API");
        using var form = new FormUrlEncodedContent([
            new("incident[name]", "Errors"),
            new("incident[status]", "investigating"),
            new("incident[body]", "We look."),
            new("incident[deliver_notifications]", "false"),
            new($"incident[components][{component.Id}]", "partial_outage"),
            new("incident[component_ids][]", component.Id.Value),
        ]);
        var made = await AskAsync(HttpMethod.Post, "/incidents.json", form, HttpStatusCode.Created);
        Assert.Equal(
            ("Errors", "partial_outage"),
            (made.GetProperty("name").GetString(), made.GetProperty("components")[0].GetProperty("status").GetString())
        );
        Assert.False(made.GetProperty("incident_updates")[0].GetProperty("deliver_notifications").GetBoolean());
        Assert.Equal(1, (await AskAsync(HttpMethod.Get, "/incidents/unresolved.json", null, HttpStatusCode.OK)).GetArrayLength());
        using var wrong = new FormUrlEncodedContent([new("incident[name", "x")]);
        Assert.Contains(
            "no name of a field",
            (await AskAsync(HttpMethod.Post, "/incidents", wrong, HttpStatusCode.BadRequest)).GetProperty("message").GetString(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_wrong_key_in_the_address_is_no_key()
    {
        Assert.Equal(HttpStatusCode.Unauthorized, (await _app.Http.GetAsync($"/v1/pages/{_page}/incidents?api_key=wrong")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await _app.Http.GetAsync($"/v1/pages?api_key=")).StatusCode);
    }

    [Fact]
    public async Task The_page_is_listed_to_its_key()
    {
        using var answer = await _app.Http.GetAsync($"/v1/pages.json?api_key={_api.Key}");
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        Assert.Equal((_page, "Acme"), (json.RootElement[0].GetProperty("id").GetString(), json.RootElement[0].GetProperty("name").GetString()));
        Assert.Equal("Acme", (await AskAsync(HttpMethod.Get, "", null, HttpStatusCode.OK)).GetProperty("name").GetString());
        Assert.Equal(JsonValueKind.Array, (await AskAsync(HttpMethod.Get, "/component-groups", null, HttpStatusCode.OK)).ValueKind);
        Assert.Equal(12, (await AskAsync(HttpMethod.Get, "/incident_templates", null, HttpStatusCode.OK)).GetArrayLength());
    }

    [Fact]
    public async Task A_maintenance_is_scheduled_listed_moved_told_of_and_cancelled_among_the_incidents()
    {
        var component = await _app.ComponentAsync("API");
        var from = DateTimeOffset.UtcNow.AddDays(2);
        var made = (
            await _api.PostAsync(
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
                        component_ids = new[] { component.Id.Value },
                    },
                }
            )
        ).Expect(HttpStatusCode.Created);
        Assert.Equal(("scheduled", "maintenance"), (made.Text("status"), made.Text("impact")));
        Assert.Equal(1, (await AskAsync(HttpMethod.Get, "/incidents/upcoming", null, HttpStatusCode.OK)).GetArrayLength());
        Assert.Equal(1, (await AskAsync(HttpMethod.Get, "/incidents/scheduled", null, HttpStatusCode.OK)).GetArrayLength());
        Assert.Equal(0, (await AskAsync(HttpMethod.Get, "/incidents/active_maintenance", null, HttpStatusCode.OK)).GetArrayLength());
        using var v2 = JsonDocument.Parse(await _app.Http.GetStringAsync("/api/v2/scheduled-maintenances/upcoming.json"));
        Assert.Equal(made.Id, v2.RootElement.GetProperty("scheduled_maintenances")[0].GetProperty("id").GetString());
        (await _api.PatchAsync($"incidents/{made.Id}", new { incident = new { scheduled_until = from.AddHours(4) } })).Expect(HttpStatusCode.OK);
        Assert.Equal(
            from.AddHours(4).ToUnixTimeMilliseconds(),
            await _app.InStoreAsync(async db =>
                (await db.Maintenances.SingleAsync(row => row.PageId == _api.Page)).ScheduledUntil.ToUnixTimeMilliseconds()
            )
        );
        var begun = (await _api.PatchAsync($"incidents/{made.Id}", new { incident = new { status = "in_progress", body = "We began early." } })).Expect(
            HttpStatusCode.OK
        );
        Assert.Equal("in_progress", begun.Text("status"));
        Assert.Equal(1, (await AskAsync(HttpMethod.Get, "/incidents/active_maintenance.json", null, HttpStatusCode.OK)).GetArrayLength());
        Assert.Equal("Upgrade", (await AskAsync(HttpMethod.Get, $"/incidents/{made.Id}.json", null, HttpStatusCode.OK)).GetProperty("name").GetString());
        (
            await _api.PostAsync(
                "incidents",
                new
                {
                    incident = new
                    {
                        name = "Upgrade",
                        body = "x",
                        scheduled_for = from,
                    },
                }
            )
        ).Expect(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task How_a_component_and_its_group_are_shown_is_what_the_page_does()
    {
        var (api, quiet) = (await _app.ComponentAsync("API"), await _app.ComponentAsync("Quiet"));
        (
            await _api.PostAsync(
                "component-groups",
                new
                {
                    description = "What everything <needs>",
                    component_group = new { name = "Core", components = new[] { api.Id.Value, quiet.Id.Value } },
                }
            )
        ).Expect(HttpStatusCode.Created);
        (await _api.PatchAsync($"components/{quiet.Id}", new { component = new { only_show_if_degraded = true } })).Expect(HttpStatusCode.OK);
        Assert.Contains("90 days ago", await ListAsync(), StringComparison.Ordinal);
        (await _api.PatchAsync($"components/{api.Id}", new { component = new { showcase = false } })).Expect(HttpStatusCode.OK);
        var list = await ListAsync();
        Assert.Contains("What everything &lt;needs&gt;", list, StringComparison.Ordinal);
        Assert.Contains("href=\"/components/api\"", list, StringComparison.Ordinal);
        Assert.DoesNotContain("href=\"/components/quiet\"", list, StringComparison.Ordinal);
        Assert.DoesNotContain("90 days ago", list, StringComparison.Ordinal);
        (await _api.PatchAsync($"components/{quiet.Id}", new { component = new { status = "partial_outage" } })).Expect(HttpStatusCode.OK);
        Assert.Contains("href=\"/components/quiet\"", await ListAsync(), StringComparison.Ordinal);
        // A change of something else leaves them as they are.
        var kept = (await _api.PatchAsync($"components/{quiet.Id}", new { component = new { description = "x" } })).Expect(HttpStatusCode.OK).Json;
        Assert.True(kept.GetProperty("only_show_if_degraded").GetBoolean());

        async Task<string> ListAsync()
        {
            var html = await _app.Http.GetStringAsync("/");
            var from = html.IndexOf("<section class=\"components\"", StringComparison.Ordinal);
            return html[from..html.IndexOf("</section>", from, StringComparison.Ordinal)];
        }
    }

    [Fact]
    public async Task A_postmortem_is_written_published_and_taken_back()
    {
        var id = (await _api.OpenIncidentAsync()).Id;
        await _api.PatchAsync($"incidents/{id}", new { incident = new { status = "resolved", body = "Done." } });
        using var draft = new FormUrlEncodedContent([new("postmortem[body_draft]", "## Why\nA full disk.")]);
        Assert.Equal(
            JsonValueKind.Null,
            (await AskAsync(HttpMethod.Put, $"/incidents/{id}/postmortem", draft, HttpStatusCode.OK)).GetProperty("published_at").ValueKind
        );
        Assert.NotEqual(
            JsonValueKind.Null,
            (await AskAsync(HttpMethod.Put, $"/incidents/{id}/postmortem/publish.json", null, HttpStatusCode.OK)).GetProperty("published_at").ValueKind
        );
        Assert.Contains("A full disk.", await _app.Http.GetStringAsync($"/incidents/{id}"), StringComparison.Ordinal);
        await AskAsync(HttpMethod.Put, $"/incidents/{id}/postmortem/revert", null, HttpStatusCode.OK);
        Assert.DoesNotContain("A full disk.", await _app.Http.GetStringAsync($"/incidents/{id}"), StringComparison.Ordinal);
    }
}
