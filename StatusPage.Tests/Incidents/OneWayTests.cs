using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Accounts;
using StatusPage.Domain.Components;
using StatusPage.Domain.Incidents;
using StatusPage.Tests.Host;

namespace StatusPage.Tests.Incidents;

/// <summary>One way to make an update: the desk and the API do the same by the same rules.</summary>
public sealed class OneWayTests
{
    [Theory]
    [InlineData(Road.Desk)]
    [InlineData(Road.V1)]
    public async Task The_end_brings_components_back_and_starts_without_impact_and_team(Road road)
    {
        await using var roads = await Roads.BuildAsync();
        var (api, web) = (await roads.App.ComponentAsync(), await roads.App.ComponentAsync("Web"));
        var opened = (
            await roads.Api.OpenIncidentAsync(
                new
                {
                    name = "Errors",
                    body = "We look.",
                    impact_summary = "Half of requests",
                    team_status = "Rolling back",
                    components = new Dictionary<string, string> { [api.Id.Value] = "major_outage" },
                    component_ids = new[] { web.Id.Value },
                }
            )
        ).Id;
        Assert.Null(await roads.UpdateAsync(road, IncidentId.Of(opened), "It works again.", Phase.Resolved));
        var last = (await roads.IncidentAsync()).Latest;
        Assert.Equal((Phase.Resolved, null, null, "It works again."), (last.Phase, last.ImpactSummary, last.TeamStatus, last.Body));
        Assert.Equal(ComponentStatus.Operational, await roads.StatusAsync(api.Id));
        Assert.Equal([api.Id], last.Affected.Select(component => component.ComponentId));
    }

    [Fact]
    public async Task What_comes_back_is_said_before_it_is_posted()
    {
        await using var roads = await Roads.BuildAsync();
        var (api, web) = (await roads.App.ComponentAsync(), await roads.App.ComponentAsync("Web"));
        var one = (
            await roads.Api.OpenIncidentAsync(
                new
                {
                    name = "Errors",
                    body = "x",
                    components = new Dictionary<string, string> { [api.Id.Value] = "major_outage", [web.Id.Value] = "major_outage" },
                }
            )
        ).Id;
        await roads.Api.OpenIncidentAsync(
            new
            {
                name = "Slow web",
                body = "x",
                components = new Dictionary<string, string> { [web.Id.Value] = "partial_outage" },
            }
        );
        var page = await roads.Owner.GetAsync($"/admin/incidents/{one}");
        Assert.Contains("API, Web go back to operational", page.QuerySelector("label[for=Update_Restores]")!.TextContent, StringComparison.Ordinal);
        var form = page.QuerySelector<IHtmlFormElement>("form[data-compose]")!;
        form.SetAttribute("action", form.QuerySelector("button[formaction*=Preview]")!.GetAttribute("formaction")!);
        var preview = await roads.Owner.SubmitAsync(form, new Dictionary<string, object?> { ["Update.Body"] = "Over.", ["Update.Phase"] = "resolved" });
        Assert.Equal(
            ["API goes back to operational.", "Web stays at partial outage, as “Slow web” says."],
            preview.QuerySelectorAll("[data-line]").Select(line => line.TextContent)
        );
    }

    [Theory]
    [InlineData(Road.Desk)]
    [InlineData(Road.V1)]
    public async Task An_archived_component_keeps_no_incident_from_its_end(Road road)
    {
        await using var roads = await Roads.BuildAsync();
        var api = await roads.App.ComponentAsync();
        var id = (
            await roads.Api.OpenIncidentAsync(
                new
                {
                    name = "Errors",
                    body = "x",
                    components = new Dictionary<string, string> { [api.Id.Value] = "major_outage" },
                }
            )
        ).Id;
        var form = (await roads.Owner.GetAsync($"/admin/incidents/{id}")).QuerySelector<IHtmlFormElement>("form[data-compose]")!;
        await roads.Api.DeleteAsync($"components/{api.Id}");
        if (road == Road.Desk)
        {
            var page = await roads.Owner.SubmitAsync(
                form,
                new Dictionary<string, object?>
                {
                    ["Update.Body"] = "Over.",
                    ["Update.Phase"] = "resolved",
                    [$"Update.Components[{api.Id}]"] = "operational",
                }
            );
            Assert.Contains("'API' is archived", page.Body!.TextContent, StringComparison.Ordinal);
        }
        else
        {
            var answer = (
                await roads.Api.PatchAsync(
                    $"incidents/{id}",
                    new { incident = new { status = "resolved", components = new Dictionary<string, string> { [api.Id.Value] = "operational" } } }
                )
            ).Expect(HttpStatusCode.OK);
            Assert.Contains("'API' is archived", answer.Json.GetProperty("notes")[0].GetString(), StringComparison.Ordinal);
            Assert.False((await roads.Api.GetAsync($"incidents/{id}")).Json.TryGetProperty("notes", out _));
        }
        Assert.Equal(Phase.Resolved, (await roads.IncidentAsync()).Phase);
    }

    [Theory]
    [InlineData(Road.Desk)]
    [InlineData(Road.V1)]
    public async Task An_incident_began_when_it_is_said_to(Road road)
    {
        await using var roads = await Roads.BuildAsync();
        var now = DateTimeOffset.UtcNow;
        var start = new DateTimeOffset(now.Ticks - now.Ticks % TimeSpan.TicksPerMinute, TimeSpan.Zero).AddHours(-5);
        Assert.Contains("cannot begin", await roads.OpenAsync(road, "x", startedAt: start.AddDays(2)), StringComparison.Ordinal);
        Assert.Null(await roads.OpenAsync(road, "We look.", startedAt: start));
        var incident = await roads.IncidentAsync();
        Assert.Equal(start, incident.StartedAt);
        Assert.True(incident.Latest.PostedAt > start);
        Assert.Null(await roads.DescribeAsync(road, incident.Id, startedAt: start.AddHours(-1)));
        Assert.NotNull(await roads.DescribeAsync(road, incident.Id, startedAt: DateTimeOffset.UtcNow.AddDays(1)));
        var shown = (await roads.Api.GetAsync($"incidents/{incident.Id}")).Json;
        Assert.Equal(start.AddHours(-1), shown.GetProperty("started_at").GetDateTimeOffset());
        Assert.True(shown.GetProperty("created_at").GetDateTimeOffset() > start);
        Assert.Equal((1, false), (shown.GetProperty("incident_updates").GetArrayLength(), shown.GetProperty("backfilled").GetBoolean()));
        Assert.Contains(
            start.AddHours(-1).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture),
            await roads.App.Http.GetStringAsync($"/incidents/{incident.Id}"),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(Road.Desk)]
    [InlineData(Road.V1)]
    public async Task What_is_backfilled_is_over_silent_marked_and_in_the_history_of_its_day(Road road)
    {
        await using var roads = await Roads.BuildAsync();
        await roads.App.SubscriberAsync("ann@customer.example");
        var api = await roads.App.ComponentAsync();
        var start = new DateTimeOffset(DateTimeOffset.UtcNow.Date, TimeSpan.Zero).AddDays(-400);
        Assert.Null(
            await roads.OpenAsync(
                road,
                "It was down.",
                states: new() { [api.Id] = ComponentStatus.MajorOutage },
                startedAt: start,
                endedAt: start.AddHours(2),
                backfilled: true
            )
        );
        var incident = await roads.IncidentAsync();
        Assert.Equal(
            (Phase.Resolved, start, (DateTimeOffset?)start.AddHours(2), true),
            (incident.Phase, incident.StartedAt, incident.ResolvedAt, incident.IsBackfilled)
        );
        Assert.Equal(0, await roads.App.InStoreAsync(db => db.Announcements.CountAsync()));
        Assert.Equal(ComponentStatus.Operational, await roads.StatusAsync(api.Id));
        var shown = (await roads.Api.GetAsync($"incidents/{incident.Id}")).Json;
        Assert.True(shown.GetProperty("backfilled").GetBoolean());
        Assert.Equal(0, (await roads.Api.GetAsync("incidents/unresolved")).Json.GetArrayLength());
        Assert.Contains("All systems operational", await roads.App.Http.GetStringAsync("/"), StringComparison.Ordinal);
        foreach (var path in new[] { $"/incidents/{incident.Id}", "/history", $"/history/{start:yyyy-MM}" })
            Assert.Contains("added afterwards", await roads.App.Http.GetStringAsync(path), StringComparison.Ordinal);
        // An update is added silently too, and the incident cannot go on.
        Assert.Null(await roads.UpdateAsync(road, incident.Id, "It was a full disk.", Phase.Resolved));
        Assert.Contains("is a record", await roads.UpdateAsync(road, incident.Id, "Again!", Phase.Investigating), StringComparison.Ordinal);
        Assert.Equal(0, await roads.App.InStoreAsync(db => db.Announcements.CountAsync()));
    }

    [Theory]
    [InlineData(Road.Desk)]
    [InlineData(Road.V1)]
    public async Task A_word_on_an_incident_that_is_over_leaves_it_over(Road road)
    {
        await using var roads = await Roads.BuildAsync();
        var id = IncidentId.Of((await roads.Api.OpenIncidentAsync()).Id);
        await roads.Api.PatchAsync($"incidents/{id}", new { incident = new { status = "resolved", body = "Over." } });
        var end = (await roads.IncidentAsync()).ResolvedAt;
        Assert.Null(await roads.UpdateAsync(road, id, "It was a full disk.", road == Road.Desk ? Phase.Resolved : null));
        var incident = await roads.IncidentAsync();
        Assert.Equal((Phase.Resolved, end, 3), (incident.Phase, incident.ResolvedAt, incident.Updates.Count));
        Assert.Null(await roads.UpdateAsync(road, id, "It is back.", Phase.Investigating));
        Assert.Null((await roads.IncidentAsync()).ResolvedAt);
    }

    [Theory]
    [InlineData(Road.Desk)]
    [InlineData(Road.V1)]
    public async Task What_a_template_left_open_is_not_published(Road road)
    {
        await using var roads = await Roads.BuildAsync();
        Assert.Contains("{{region}}", await roads.OpenAsync(road, "Errors in {{region}}."), StringComparison.Ordinal);
        Assert.Null(await roads.OpenAsync(road, "Errors in Ohio."));
        var incident = await roads.IncidentAsync();
        Assert.Contains("{{region}}", await roads.UpdateAsync(road, incident.Id, "Errors in {{region}}."), StringComparison.Ordinal);
        Assert.Contains("{{region}}", await roads.CorrectAsync(road, incident.Id, incident.Latest.Id, "Errors in {{region}}."), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Road.Desk)]
    [InlineData(Road.V1)]
    public async Task The_severity_says_the_impact_where_no_component_does(Road road)
    {
        await using var roads = await Roads.BuildAsync();
        // Where the page has components, the desk asks before it posts an incident without one.
        Assert.Null(await roads.OpenAsync(road, "All is lost.", Severity.Sev1));
        var api = await roads.App.ComponentAsync();
        var incident = await roads.IncidentAsync();
        Assert.Equal((Impact.Critical, null), (incident.Impact, incident.ImpactOverride));
        Assert.Null(await roads.DescribeAsync(road, incident.Id, severity: Severity.Sev3));
        Assert.Equal(Impact.Minor, (await roads.IncidentAsync()).Impact);
        await roads.Api.PatchAsync(
            $"incidents/{incident.Id}",
            new { incident = new { components = new Dictionary<string, string> { [api.Id.Value] = "partial_outage" } } }
        );
        Assert.Equal(Impact.Major, (await roads.IncidentAsync()).Impact);
    }

    [Fact]
    public async Task Only_owners_delete_whichever_road_they_come_by()
    {
        await using var roads = await Roads.BuildAsync();
        using var comms = await roads.App.ApiAsync(Role.Comms);
        var id = (await comms.OpenIncidentAsync()).Id;
        (await comms.DeleteAsync($"incidents/{id}")).ExpectError(HttpStatusCode.Forbidden);
        (await comms.GetAsync($"incidents/{id}")).Expect(HttpStatusCode.OK);
        (await comms.DeleteAsync("metrics/abcdefghij01/data")).ExpectError(HttpStatusCode.Forbidden);
        await roads.App.AccountAsync("carl@acme.example", Role.Comms);
        using var carl = await roads.App.SignInAsync("carl@acme.example");
        var form = (await roads.Owner.GetAsync($"/admin/incidents/{id}")).Form("Delete");
        var token = (await carl.GetAsync("/admin/account")).QuerySelector("input[name=__RequestVerificationToken]")!.GetAttribute("value");
        await carl.GetAsync($"/admin/incidents/{id}");
        await carl.SubmitAsync(form, new Dictionary<string, object?> { ["__RequestVerificationToken"] = token });
        Assert.Equal(HttpStatusCode.Forbidden, carl.Status);
        // Everybody who may plan a maintenance may cancel one.
        var from = DateTimeOffset.UtcNow.AddDays(2);
        var plan = (
            await comms.PostAsync(
                "incidents",
                new
                {
                    incident = new
                    {
                        name = "Upgrade",
                        body = "x",
                        scheduled_for = from,
                        scheduled_until = from.AddHours(1),
                    },
                }
            )
        ).Expect(HttpStatusCode.Created);
        (await comms.DeleteAsync($"incidents/{plan.Id}")).Expect(HttpStatusCode.OK);
        (await roads.Api.DeleteAsync($"incidents/{id}")).Expect(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_withdrawn_incident_offers_nothing_more_and_is_not_called_resolved()
    {
        await using var roads = await Roads.BuildAsync();
        var id = IncidentId.Of((await roads.Api.OpenIncidentAsync()).Id);
        await roads.Owner.FillInAsync($"/admin/incidents/{id}", new { Because = "An exercise." }, "form[action*=Withdraw]");
        var page = await roads.Owner.GetAsync($"/admin/incidents/{id}");
        Assert.Null(page.QuerySelector("form[data-compose]"));
        Assert.Null(page.QuerySelector("form[action*=Describe]"));
        Assert.Contains("was withdrawn", await roads.UpdateAsync(Road.V1, id, "Again?", Phase.Investigating), StringComparison.Ordinal);
        (await roads.Api.PatchAsync($"incidents/{id}", new { incident = new { status = "resolved" } })).Expect(HttpStatusCode.OK);
        Assert.NotNull((await roads.Api.GetAsync($"incidents/{id}")).Text("withdrawn_at"));
        foreach (
            var path in new[]
            {
                $"/incidents/{id}.rss",
                $"/incidents/{id}.atom",
                "/history.atom",
                "/history.rss",
                "/feed.json",
                $"/incidents/{id}",
                "/history",
                "/history.ics",
            }
        )
        {
            var text = await roads.App.Http.GetStringAsync(path);
            Assert.Contains("Withdrawn", text, StringComparison.Ordinal);
            Assert.DoesNotContain("Resolved", text, StringComparison.Ordinal);
        }
        foreach (var desk in new[] { "/admin", "/admin/incidents" })
            Assert.DoesNotContain(
                "resolved",
                (await roads.Owner.GetAsync(desk)).QuerySelector("main table")!.TextContent,
                StringComparison.OrdinalIgnoreCase
            );
    }
}
