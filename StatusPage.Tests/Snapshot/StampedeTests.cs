using System.Net;
using Microsoft.Extensions.DependencyInjection;
using StatusPage.Tests.Host;
using StatusPage.Web.Public;

namespace StatusPage.Tests.Snapshot;

public sealed class StampedeTests
{
    private const int Clients = 2000;

    [Fact]
    public async Task Two_thousand_clients_at_the_moment_of_a_post_cause_one_rebuild_and_none_is_kept_waiting_for_it()
    {
        await using var app = await AppHost.StartAsync();
        var site = app.Services.GetRequiredService<PublicSites>().First;
        await site.Complete;
        using var api = await app.ApiAsync();
        using var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 256 }) { BaseAddress = app.BaseAddress };
        await http.GetStringAsync("/");
        var before = site.Shown;

        var seen = new int[2];
        var posting = Task.Run(() => api.OpenIncidentAsync(new { name = "Stampede", body = "x" }));
        await Parallel.ForAsync(
            0,
            Clients,
            new ParallelOptions { MaxDegreeOfParallelism = 256 },
            async (_, cancel) =>
            {
                using var answer = await http.GetAsync("/", cancel);
                Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
                var isNew = (await answer.Content.ReadAsStringAsync(cancel)).Contains("Stampede", StringComparison.Ordinal);
                Interlocked.Increment(ref seen[isNew ? 1 : 0]);
            }
        );
        await posting;
        Assert.Contains("Stampede", await http.GetStringAsync("/"), StringComparison.Ordinal);
        Assert.Equal(Clients, seen.Sum());
        Assert.Equal(1, site.Shown - before);
    }
}
