using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using StatusPage.Domain.Components;
using StatusPage.Domain.Incidents;
using StatusPage.Tests.Host;
using StatusPage.Web.Public;

namespace StatusPage.Tests.Snapshot;

/// <summary>Hundreds of open incidents at once: the page stays readable, and nothing is rendered ahead for each of them.</summary>
public sealed class StormTests(PostgresServer postgres)
{
    private const int Alerts = 300;

    private static Edition Edition(AppHost app) => app.Services.GetRequiredService<PublicSites>().First.Current!;

    private async Task<AppHost> StartAsync(bool onPostgres)
    {
        var app = await AppHost.StartAsync(onPostgres ? ["--ConnectionStrings:Postgres", await postgres.CreateDatabaseAsync()] : []);
        var component = await app.ComponentAsync();
        await app.InStoreAsync(async db =>
        {
            var page = (await app.PageAsync()).Id;
            var states = ComponentStates.Of(component);
            for (var i = 0; i < Alerts; i++)
            {
                var at = DateTimeOffset.UtcNow.AddMinutes(i - Alerts);
                db.Incidents.Add(
                    Incident.Open(
                        page,
                        $"Alert {i:D3}.",
                        i % 100 == 0 ? Severity.Sev1 : Severity.Sev3,
                        null,
                        An.Update(components: (component, ComponentStatus.DegradedPerformance)),
                        states,
                        "ann",
                        at
                    )
                );
            }
            return await db.SaveChangesAsync();
        });
        return app;
    }

    private static Task ShowsAsync(AppHost app, string id) =>
        Eventually.TrueAsync("it is shown", () => Edition(app).Snapshot.Incidents.Any(incident => incident.Id.Value == id));

    private static int Count(string text, string part) => text.Split(part).Length - 1;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_worst_and_newest_stand_in_full_and_the_rest_as_a_list(bool onPostgres)
    {
        await using var app = await StartAsync(onPostgres);
        using var api = await app.ApiAsync();
        var id = (
            await api.OpenIncidentAsync(
                new
                {
                    name = "The newest of the worst",
                    body = "x",
                    severity = "SEV1",
                }
            )
        ).Id;
        await ShowsAsync(app, id);
        foreach (var path in new[] { "/", "/components/api" })
        {
            var page = await app.Http.GetStringAsync(path);
            var open = page[..page.IndexOf(path == "/" ? "class=\"components\"" : "Last 90 days", StringComparison.Ordinal)];
            Assert.Equal(OpenIncidents.InFull, Count(open, "<article class=\"incident"));
            Assert.Equal(OpenIncidents.InALine, Count(open, "<li><strong>"));
            foreach (var worst in new[] { "Alert 000.", "Alert 100.", "Alert 200.", "Alert 299." })
                Assert.Contains(worst, open, StringComparison.Ordinal);
            Assert.DoesNotContain("Alert 001.", open, StringComparison.Ordinal);
            Assert.InRange(page.Length, 1, 400_000);
        }
        var home = await app.Http.GetStringAsync("/");
        Assert.Contains("81 more incidents", home, StringComparison.Ordinal);
        Assert.True(
            home.IndexOf("The newest of the worst", home.IndexOf("<article", StringComparison.Ordinal), StringComparison.Ordinal)
                < home.IndexOf("Alert 200.", StringComparison.Ordinal)
        );

        // Documents for other programs are complete.
        var unresolved = JsonDocument.Parse(await app.Http.GetStringAsync("/api/v2/incidents/unresolved.json")).RootElement.GetProperty("incidents");
        var summary = JsonDocument.Parse(await app.Http.GetStringAsync("/api/v2/summary.json")).RootElement.GetProperty("incidents");
        Assert.Equal((Alerts + 1, Alerts + 1), (unresolved.GetArrayLength(), summary.GetArrayLength()));
        Assert.Equal(Alerts + 1, Count(await app.Http.GetStringAsync("/history.ics"), "BEGIN:VEVENT"));

        // Each still has its own page and feeds, in every language, with a stable ETag.
        foreach (var path in new[] { $"/incidents/{id}", $"/de/incidents/{id}", $"/incidents/{id}.rss", $"/incidents/{id}.atom" })
        {
            using var answer = await app.Http.GetAsync(path);
            Assert.Contains("The newest of the worst", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
            using var again = new HttpRequestMessage(HttpMethod.Get, path);
            again.Headers.IfNoneMatch.Add(answer.Headers.ETag!);
            Assert.Equal(HttpStatusCode.NotModified, (await app.Http.SendAsync(again)).StatusCode);
        }
        Assert.DoesNotContain(Edition(app).Made.Keys, path => path.StartsWith("/incidents/", StringComparison.Ordinal));
        Assert.InRange(Edition(app).Made.Values.Sum(made => made.Document.Size), 1, 4_000_000);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_next_edition_reads_what_changed_and_shares_the_rest(bool onPostgres)
    {
        await using var app = await StartAsync(onPostgres);
        using var api = await app.ApiAsync();
        var id = (await api.OpenIncidentAsync()).Id;
        await ShowsAsync(app, id);
        var before = Edition(app).Snapshot.Incidents.ToDictionary(incident => incident.Id);
        (await api.PatchAsync($"incidents/{id}", new { incident = new { body = "We have found it.", status = "identified" } })).Expect(HttpStatusCode.OK);
        await Eventually.TrueAsync("it is shown", () => Edition(app).Snapshot.Incidents.Any(incident => incident.Updates.Count == 2));
        var after = Edition(app).Snapshot.Incidents;
        Assert.Equal(Alerts + 1, after.Count);
        foreach (var incident in after)
        {
            if (incident.Id.Value != id)
                Assert.Same(before[incident.Id], incident);
            else
                Assert.Equal(2, incident.Updates.Count);
        }
        Assert.Contains("We have found it.", await app.Http.GetStringAsync($"/incidents/{id}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_edition_that_was_replaced_is_let_go()
    {
        await using var app = await AppHost.StartAsync();
        using var api = await app.ApiAsync();
        var editions = new List<WeakReference>();
        for (var i = 0; i < 5; i++)
        {
            var id = (await api.OpenIncidentAsync(new { name = $"Post {i}", body = "x" })).Id;
            await ShowsAsync(app, id);
            // Documents made on demand outlive the edition, and must not hold on to it.
            foreach (var path in new[] { $"/incidents/{id}", $"/de/incidents/{id}", "/de/" })
                await app.Http.GetStringAsync(path);
            Note(app, editions);
        }
        await Eventually.TrueAsync(
            "the first ones are gone",
            () =>
            {
                GC.Collect();
                return editions.Take(3).All(edition => !edition.IsAlive);
            }
        );
    }

    /// <summary>A method of its own, so that the caller's frame does not hold the edition.</summary>
    private static void Note(AppHost app, List<WeakReference> editions) => editions.Add(new(Edition(app)));
}
