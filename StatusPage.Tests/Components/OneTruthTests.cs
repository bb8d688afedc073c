using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using AngleSharp.Html.Parser;
using CsCheck;
using Microsoft.Extensions.DependencyInjection;
using StatusPage.Domain;
using StatusPage.Domain.Accounts;
using StatusPage.Domain.Components;
using StatusPage.Tests.Host;
using StatusPage.Web.Incidents;

namespace StatusPage.Tests.Components;

/// <summary>The page, the badges and both APIs always say the same about a component, in states and in per cent.</summary>
public sealed partial class OneTruthTests : IAsyncLifetime
{
    private enum Verb
    {
        Open,
        Update,
        Resolve,
        SetByHand,
        WithdrawUpdate,
        WithdrawAll,
        Delete,
        Maintain,
    }

    private sealed record Act(Verb Verb, int Which, ComponentStatus Status);

    private static readonly Gen<Act[]> Acts = Gen.Select(
        Gen.Enum<Verb>(),
        Gen.Int[0, 3],
        Gen.Enum<ComponentStatus>(),
        (verb, which, status) => new Act(verb, which, status)
    ).Array[6, 14];

    private AppHost _app = null!;
    private ApiClient _api = null!;

    public async ValueTask InitializeAsync()
    {
        _app = await AppHost.StartAsync();
        _api = await _app.ApiAsync(Role.Owner);
    }

    public async ValueTask DisposeAsync()
    {
        _api.Dispose();
        await _app.DisposeAsync();
    }

    [Fact]
    public async Task Page_badge_and_apis_agree_after_any_sequence_of_acts()
    {
        var all = new List<Act[]>();
        Acts.Sample(all.Add, iter: 8, threads: 1);
        for (var seed = 0; seed < all.Count; seed++)
        {
            var name = $"Service {seed}";
            var created = (await _api.PostAsync("components", new { component = new { name, start_date = "2026-01-01" } })).Expect(
                System.Net.HttpStatusCode.Created
            );
            var incidents = new List<string>();
            foreach (var act in all[seed])
                await DoAsync(act, created.Id, incidents);
            await AssertAgreedAsync(created.Id, $"service-{seed}");
        }
    }

    [Fact]
    public async Task Of_a_component_of_today_nobody_tells_a_per_cent_and_all_tell_since_when()
    {
        var component = await _app.ComponentAsync();
        (await _api.PatchAsync($"components/{component.Id}", new { component = new { status = "major_outage" } })).Expect(System.Net.HttpStatusCode.OK);
        var today = DateTime.UtcNow.Year.ToString(CultureInfo.InvariantCulture);
        var page = await PageAsync("/components/api");
        var scale = page.QuerySelectorAll(".scale span")[1].TextContent;
        Assert.StartsWith("Since ", scale, StringComparison.Ordinal);
        Assert.Contains(today, scale, StringComparison.Ordinal);
        Assert.Contains("since ", await _app.Http.GetStringAsync("/badges/api/uptime.svg"), StringComparison.Ordinal);
        var uptime = await _api.GetAsync($"components/{component.Id}/uptime");
        Assert.Equal(JsonValueKind.Null, uptime.Json.GetProperty("uptime_percentage").ValueKind);
        Assert.Contains("24 hours", uptime.Text("warnings"), StringComparison.Ordinal);
        // Today's bar is red at once, for screen readers too.
        Assert.Contains("Trouble on 1 of the last 90 days", page.QuerySelector("svg.bars")!.GetAttribute("aria-label"), StringComparison.Ordinal);
        Assert.Single(page.QuerySelectorAll("svg.bars rect.major_outage"));
    }

    [Fact]
    public async Task The_day_since_which_it_is_in_use_can_be_said()
    {
        var component = await _app.ComponentAsync();
        await _app.AccountAsync("owner@acme.example", Role.Owner);
        var owner = await Host.Desk.SignInAsync(_app, "owner@acme.example");
        var refused = await owner.FillInAsync(
            $"/admin/components/{component.Id}",
            new { StartedOn = DateTime.UtcNow.AddDays(3).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) },
            "form:has([name=Name])"
        );
        Assert.NotEqual("", refused.ErrorFor("StartedOn"));
        await owner.FillInAsync($"/admin/components/{component.Id}", new { StartedOn = "2026-01-05" }, "form:has([name=Name])");
        Assert.Equal("100 % uptime", (await PageAsync("/components/api")).QuerySelectorAll(".scale span")[1].TextContent);
        Assert.Equal("2026-01-05", (await _api.GetAsync($"components/{component.Id}")).Text("start_date"));
        (await _api.PatchAsync($"components/{component.Id}", new { component = new { start_date = "1066-10-14" } })).ExpectError(
            System.Net.HttpStatusCode.UnprocessableEntity
        );
        (await _api.PatchAsync($"components/{component.Id}", new { component = new { start_date = "soon" } })).ExpectError(
            System.Net.HttpStatusCode.UnprocessableEntity
        );
    }

    private async Task DoAsync(Act act, string component, List<string> incidents)
    {
        var incident = incidents.Count == 0 ? null : incidents[act.Which % incidents.Count];
        var states = new Dictionary<string, string> { [component] = act.Status.Code() };
        switch (act.Verb)
        {
            case Verb.Open:
                incidents.Add(
                    (
                        await _api.OpenIncidentAsync(
                            new
                            {
                                name = "Errors",
                                body = "Errors.",
                                components = states,
                            }
                        )
                    ).Id
                );
                break;
            case Verb.Update when incident is not null:
                await _api.PatchAsync(
                    $"incidents/{incident}",
                    new
                    {
                        incident = new
                        {
                            status = "identified",
                            body = $"More, {act.Which}.",
                            components = states,
                        },
                    }
                );
                break;
            case Verb.Resolve when incident is not null:
                await _api.PatchAsync(
                    $"incidents/{incident}",
                    new
                    {
                        incident = new
                        {
                            status = "resolved",
                            body = "Over.",
                            components = new Dictionary<string, string> { [component] = "operational" },
                        },
                    }
                );
                break;
            case Verb.SetByHand:
                await _api.PatchAsync($"components/{component}", new { component = new { status = act.Status.Code() } });
                break;
            case Verb.WithdrawUpdate when incident is not null:
                await TakeBackAsync(incident, act.Which, whole: false);
                break;
            case Verb.WithdrawAll when incident is not null:
                await TakeBackAsync(incident, act.Which, whole: true);
                break;
            case Verb.Delete when incident is not null:
                await _api.DeleteAsync($"incidents/{incident}");
                break;
            case Verb.Maintain:
                var now = DateTimeOffset.UtcNow;
                await _api.PostAsync(
                    "incidents",
                    new
                    {
                        incident = new
                        {
                            name = "Work",
                            body = "Work.",
                            scheduled_for = now.AddMinutes(act.Which - 1),
                            scheduled_until = now.AddHours(1),
                            component_ids = new[] { component },
                        },
                    }
                );
                break;
        }
    }

    private Task<bool> TakeBackAsync(string id, int which, bool whole) =>
        _app.InScopeAsync(async services =>
        {
            var desk = services.GetRequiredService<IncidentDesk>();
            if (await desk.FindAsync(_api.Page, id, default) is not { } incident)
                return false;
            try
            {
                if (whole)
                    await desk.WithdrawAllAsync(incident, "A mistake.", "ann", null, default);
                else
                    await desk.WithdrawAsync(incident, incident.Updates[which % incident.Updates.Count].Id, "A mistake.", "ann", null, default);
            }
            catch (RuleViolation)
            {
                // It was withdrawn before, or is the only one.
            }
            return true;
        });

    private async Task AssertAgreedAsync(string id, string slug)
    {
        var expected = await _app.StateAsync(ComponentId.Of(id));
        var label = expected.Label().ToLowerInvariant();
        var page = await PageAsync($"/components/{slug}");
        Assert.EndsWith(label, page.QuerySelector("h1")!.TextContent, StringComparison.Ordinal);
        var home = (await PageAsync("/"))
            .QuerySelectorAll(".component")
            .Single(row => row.QuerySelector(".cname")!.GetAttribute("href") == $"/components/{slug}");
        Assert.Contains(expected.Label(), home.TextContent, StringComparison.Ordinal);
        Assert.Equal(label, JsonDocument.Parse(await _app.Http.GetStringAsync($"/badges/{slug}.json")).RootElement.GetProperty("message").GetString());
        Assert.Contains(label, await _app.Http.GetStringAsync($"/badges/{slug}.svg"), StringComparison.Ordinal);
        var v2 = JsonDocument
            .Parse(await _app.Http.GetStringAsync("/api/v2/components.json"))
            .RootElement.GetProperty("components")
            .EnumerateArray()
            .Single(row => row.GetProperty("id").GetString() == id);
        Assert.Equal(expected.Code(), v2.GetProperty("status").GetString());
        Assert.Equal(expected.Code(), (await _api.GetAsync($"components/{id}")).Text("status"));

        // Rounded down to a hundredth on the page and the badge.
        var percent = (await _api.GetAsync($"components/{id}/uptime")).Json.GetProperty("uptime_percentage").GetDouble();
        var shown = percent >= 100 ? "100" : (Math.Floor(percent * 100) / 100).ToString("0.00", CultureInfo.InvariantCulture);
        Assert.Equal($"{shown} % uptime", page.QuerySelectorAll(".scale span")[1].TextContent);
        Assert.Equal($"{shown}%", Percent().Match(await _app.Http.GetStringAsync($"/badges/{slug}/uptime.svg")).Groups[1].Value);
    }

    private async Task<AngleSharp.Html.Dom.IHtmlDocument> PageAsync(string path) => new HtmlParser().ParseDocument(await _app.Http.GetStringAsync(path));

    [GeneratedRegex("uptime: ([0-9.]+%)")]
    private static partial Regex Percent();
}
