using System.Net;
using System.Text.Json;
using AngleSharp.Dom;
using Microsoft.Extensions.DependencyInjection;
using StatusPage.Domain.Accounts;
using StatusPage.Domain.Components;
using StatusPage.Tests.Host;
using StatusPage.Web.Public;
using StatusPage.Web.Shared;

namespace StatusPage.Tests.Public;

/// <summary>The band on top says nothing that the rest of the page contradicts.</summary>
public sealed class BandTests : IAsyncLifetime
{
    private AppHost _app = null!;
    private ApiClient _api = null!;
    private BrowserSession _visitor = null!;

    public async ValueTask InitializeAsync()
    {
        _app = await AppHost.StartAsync("--Page:Name", "Acme");
        _api = await _app.ApiAsync(Role.Owner);
        _visitor = _app.NewBrowser();
    }

    public async ValueTask DisposeAsync()
    {
        _visitor.Dispose();
        _api.Dispose();
        await _app.DisposeAsync();
    }

    private async Task<IElement> BandAsync(string path = "/") => (await _visitor.GetAsync(path)).QuerySelector(".band")!;

    /// <summary>When the state last changed, according to the band, and when anything last changed.</summary>
    private async Task<(DateTimeOffset State, DateTimeOffset Any)> ChangesAsync()
    {
        var snapshot = _app.Services.GetRequiredService<PublicSites>().First.Current!.Snapshot;
        Assert.Equal(ZoneClock.Machine(snapshot.StateChangedAt!.Value), (await BandAsync()).QuerySelector("time")!.GetAttribute("datetime"));
        return (snapshot.StateChangedAt.Value, snapshot.ChangedAt);
    }

    [Fact]
    public async Task Of_three_incidents_the_worst_comes_first_and_the_others_are_counted_in_every_language()
    {
        await _app.ComponentAsync("API");
        foreach (
            var (name, severity, impact) in new[] { ("Slow search", "SEV3", "minor"), ("No logins", "SEV1", "critical"), ("Odd colours", "SEV4", "none") }
        )
            await _api.OpenIncidentAsync(
                new
                {
                    name,
                    severity,
                    impact_override = impact,
                    body = "We look.",
                }
            );
        var home = await _visitor.GetAsync("/");
        Assert.Equal("No logins and 2 more incidents", home.QuerySelector(".band h1")!.TextContent);
        Assert.Contains("major_outage", home.QuerySelector(".band")!.ClassList);
        Assert.Equal(["No logins", "Slow search", "Odd colours"], home.QuerySelectorAll("article.incident h2").Select(title => title.TextContent.Trim()));
        Assert.DoesNotContain("No incidents", home.QuerySelector(".past")!.TextContent, StringComparison.Ordinal);
        Assert.Equal("No logins und 2 weitere Vorfälle", (await BandAsync("/de/")).QuerySelector("h1")!.TextContent);
        foreach (var language in new[] { "fr", "es", "pt", "ja", "zh", "ar" })
            Assert.Matches("No logins.*2", (await BandAsync($"/{language}/")).QuerySelector("h1")!.TextContent);
        // The state is the same everywhere; lists for programs stay in the order that their readers know.
        Assert.Contains("\"indicator\":\"critical\"", await _app.Http.GetStringAsync("/api/v2/status.json"), StringComparison.Ordinal);
        Assert.Contains("major outage", await _app.Http.GetStringAsync("/badges/overall.svg"), StringComparison.Ordinal);
        Assert.Equal(StateIcons.Favicon(ComponentStatus.MajorOutage), await _app.Http.GetByteArrayAsync("/favicon.svg"));
        Assert.Contains("major_outage", (await _visitor.GetAsync("/embed")).QuerySelector(".state")!.ClassList);
        using var unresolved = JsonDocument.Parse(await _app.Http.GetStringAsync("/api/v2/incidents/unresolved.json"));
        Assert.Equal(
            ["Odd colours", "No logins", "Slow search"],
            unresolved.RootElement.GetProperty("incidents").EnumerateArray().Select(incident => incident.GetProperty("name").GetString()!)
        );
    }

    [Fact]
    public async Task Beside_a_component_that_is_down_the_other_incidents_are_counted()
    {
        var component = await _app.ComponentAsync("API");
        await _api.OpenIncidentAsync(
            new
            {
                name = "The API is gone",
                severity = "SEV1",
                body = "We look.",
                components = new Dictionary<string, string> { [component.Id.Value] = "major_outage" },
            }
        );
        await _api.OpenIncidentAsync(
            new
            {
                name = "Slow search",
                severity = "SEV3",
                body = "We look.",
            }
        );
        Assert.Equal("API is down, and 1 more incident", (await BandAsync()).QuerySelector("h1")!.TextContent);
        Assert.Equal("API ist ausgefallen, dazu 1 weiterer Vorfall", (await BandAsync("/de/")).QuerySelector("h1")!.TextContent);
    }

    [Fact]
    public async Task The_last_change_is_that_of_the_state()
    {
        var component = await _app.ComponentAsync("API");
        var (state, any) = await ChangesAsync();
        var from = DateTimeOffset.UtcNow.AddDays(1);
        (
            await _api.PostAsync(
                "incidents",
                new
                {
                    incident = new
                    {
                        name = "Upgrade",
                        body = "We upgrade.",
                        scheduled_for = from,
                        scheduled_until = from.AddHours(1),
                        component_ids = new[] { component.Id.Value },
                    },
                }
            )
        ).Expect(HttpStatusCode.Created);
        (await _api.PatchAsync($"/v1/pages/{_api.Page}", new { page = new { name = "Acme Cloud" } })).Expect(HttpStatusCode.OK);
        Assert.Contains("Acme Cloud", (await _visitor.GetAsync("/")).Title!, StringComparison.Ordinal);
        var (still, later) = await ChangesAsync();
        Assert.Equal(state, still);
        Assert.True(any < later);
        (await _api.PatchAsync($"components/{component.Id}", new { component = new { status = "major_outage" } })).Expect(HttpStatusCode.OK);
        Assert.True(state < (await ChangesAsync()).State);
    }
}
