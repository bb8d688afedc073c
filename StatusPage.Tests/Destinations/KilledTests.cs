using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain.Accounts;
using StatusPage.Domain.Destinations;
using StatusPage.Domain.Pages;
using StatusPage.Tests.Host;
using StatusPage.Web.Data;

namespace StatusPage.Tests.Destinations;

/// <summary>The real program, killed while another system does what it was asked for.</summary>
public sealed class KilledTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private SqliteStatusDb Open() => new(new DbContextOptionsBuilder<SqliteStatusDb>().UseSqlite($"Data Source={_folder.File("status.db")}").Options);

    [Fact]
    public async Task Killed_between_a_create_and_its_answer_it_makes_nothing_twice()
    {
        await using var wiki = await ConfluenceServer.StartAsync();
        await using var issues = await GitHubServer.StartAsync();
        string incident;
        string key;
        Page page;
        await using (var host = await AppHost.StartAsync(_folder, null, DestinationApp.Args))
        {
            using var api = await host.ApiAsync();
            incident = await api.LearnedAsync();
            await host.ItemAsync(incident, "Add alert for X");
            await host.ConfluenceAsync(wiki);
            await host.GitHubAsync(issues);
            page = await host.PageAsync();
            (var row, key) = ApiKey.Create(page.Id, "killed", Role.Comms, DateTimeOffset.UtcNow);
            await host.InStoreAsync(db =>
            {
                db.Add(row);
                return db.SaveChangesAsync();
            });
        }
        wiki.Fail("POST", "/wiki/api/v2/pages", SinkAnswer.Silence, isDone: true);
        issues.Fail("POST", "/issues", SinkAnswer.Silence, isDone: true);
        await using (var app = await AppProcess.StartAsync(_folder, DestinationApp.Args))
        {
            await SendAsync(app, "postmortem", "Confluence");
            await SendAsync(app, "action_items", "GitHub");
            await Eventually.TrueAsync("both arrived", () => wiki.Made == 1 && issues.Made == 1);
            await app.KillAsync();
        }
        await using (var db = Open())
            Assert.All(await db.DestinationLinks.AsNoTracking().ToListAsync(), link => Assert.Equal(LinkState.Creating, link.State));
        await using var again = await AppProcess.StartAsync(_folder, DestinationApp.Args);
        await Eventually.TrueAsync(
            "both are linked",
            async () =>
            {
                await using var db = Open();
                return await db.DestinationLinks.CountAsync(link => link.State == LinkState.Linked && link.NextAttemptAt == null) == 2;
            }
        );
        Assert.Equal((1, 1), (wiki.Made, issues.Made));
        Assert.Equal("postmortem", Assert.Single(wiki.Pages[0].Labels));
        Assert.Empty(wiki.Wrong);
        Assert.Empty(issues.Wrong);

        async Task SendAsync(AppProcess app, string what, string destination)
        {
            using var http = new HttpClient { BaseAddress = app.BaseAddress };
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("OAuth", key);
            using var sent = await http.PostAsJsonAsync($"/v1/pages/{page.Id}/incidents/{incident}/{what}/send", new { destination });
            Assert.Equal(HttpStatusCode.Accepted, sent.StatusCode);
        }
    }
}
