using System.Net;
using StatusPage.Tests.Host;

namespace StatusPage.Tests.Hosting;

/// <summary>A database that goes away while the program runs, and comes back.</summary>
[Logs(124)]
public sealed class OutageTests
{
    [Fact]
    public async Task Without_its_database_the_page_is_served_and_a_post_is_refused_until_it_is_back()
    {
        await using var postgres = new PostgresServer();
        await using var app = await AppHost.StartAsync("--ConnectionStrings:Postgres", await postgres.CreateDatabaseAsync());
        using var api = await app.ApiAsync();
        await api.OpenIncidentAsync();
        var page = await app.Http.GetStringAsync("/");

        await postgres.StopAsync();
        Assert.Equal(page, await app.Http.GetStringAsync("/"));
        Assert.Contains("Elevated error rates", await app.Http.GetStringAsync("/api/v2/summary.json"));
        var refused = await api.PostAsync("incidents", new { incident = new { name = "x", body = "x" } });
        refused.ExpectError(HttpStatusCode.ServiceUnavailable);
        Assert.NotNull(refused.Response.Headers.RetryAfter);
        var ready = await app.Http.GetAsync("/healthz/ready");
        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
        Assert.Contains("\"posts\":\"unavailable\"", await ready.Content.ReadAsStringAsync());

        await postgres.StartAsync();
        await Eventually.TrueAsync(
            "a post is taken again",
            async () => (await api.PostAsync("incidents", new { incident = new { name = "Back again", body = "x" } })).Status == HttpStatusCode.Created
        );
        Assert.Contains("Back again", await app.Http.GetStringAsync("/"));
    }

    [Fact]
    public async Task Started_without_its_database_it_shows_what_lies_on_disk_and_says_as_of_when()
    {
        using var folder = new TempFolder();
        await using var postgres = new PostgresServer();
        string[] args = ["--ConnectionStrings:Postgres", await postgres.CreateDatabaseAsync()];
        await using (var first = await AppHost.StartAsync(folder, null, args))
        {
            using var api = await first.ApiAsync();
            await api.OpenIncidentAsync();
            await Eventually.TrueAsync(
                "the snapshot is on disk",
                () =>
                    File.Exists(folder.File("snapshot.json"))
                    && File.ReadAllText(folder.File("snapshot.json")).Contains("Elevated error rates", StringComparison.Ordinal)
            );
        }
        await postgres.StopAsync();

        await using var app = await AppHost.StartAsync(folder, null, args);
        var page = await app.Http.GetStringAsync("/");
        Assert.Contains("Elevated error rates", page);
        Assert.Contains("This is what we knew as of", page);

        await postgres.StartAsync();
        await Eventually.TrueAsync(
            "the page speaks of now again",
            async () => !(await app.Http.GetStringAsync("/")).Contains("as of", StringComparison.Ordinal)
        );
        Assert.Contains("Elevated error rates", await app.Http.GetStringAsync("/"));
    }

    [Fact]
    public async Task Two_nodes_of_one_database_show_what_either_posts()
    {
        await using var postgres = new PostgresServer();
        var database = await postgres.CreateBareDatabaseAsync();
        var nodes = await Task.WhenAll(
            Enumerable.Range(0, 2).Select(_ => AppHost.StartAsync("--ConnectionStrings:Postgres", database, "--PublicUrl", "https://status.acme.example"))
        );
        await using var first = nodes[0];
        await using var second = nodes[1];
        using var api = await first.ApiAsync();
        await api.OpenIncidentAsync();
        await Eventually.TrueAsync(
            "the other node shows it",
            async () => (await second.Http.GetStringAsync("/")).Contains("Elevated error rates", StringComparison.Ordinal)
        );
        Assert.Equal(await first.Http.GetStringAsync("/"), await second.Http.GetStringAsync("/"));
        Assert.Equal((await first.Http.GetAsync("/history.atom")).Headers.ETag, (await second.Http.GetAsync("/history.atom")).Headers.ETag);
    }
}
