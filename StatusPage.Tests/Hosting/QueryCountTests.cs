using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using StatusPage.Domain.Accounts;
using StatusPage.Domain.Audiences;
using StatusPage.Domain.Subscriptions;
using StatusPage.Tests.Host;
using StatusPage.Web.Public;
using StatusPage.Web.Snapshot;
using StatusPage.Web.Subscriptions;

namespace StatusPage.Tests.Hosting;

/// <summary>Requests for things that are gone or never existed cost the store nothing, however many there are.</summary>
public abstract class QueryCountTests : IAsyncLifetime
{
    private const int Times = 20;

    private readonly SqlCount _sql = new();
    private AppHost _app = null!;

    protected abstract Task<string[]> NewStoreAsync();

    public async ValueTask InitializeAsync() => _app = await AppHost.StartAsync(null, _sql.Watch, await NewStoreAsync());

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _app.DisposeAsync();
    }

    private async Task CostAsync(int atMost, params string[] paths)
    {
        _sql.Take();
        foreach (var path in paths)
            for (var i = 0; i < Times; i++)
            {
                using var answer = await _app.Http.GetAsync(path);
                Assert.InRange((int)answer.StatusCode, 302, 404);
            }
        var asked = _sql.Take();
        Assert.True(asked.Count <= atMost, string.Join('\n', asked));
    }

    [Fact]
    public async Task A_page_that_is_closed_or_unknown()
    {
        var page = await _app.AddPageAsync("Beside", "beside");
        Assert.True((await _app.Http.GetAsync("/beside/")).IsSuccessStatusCode);
        await _app.InStoreAsync(async db =>
        {
            (await db.Pages.SingleAsync(row => row.Id == page.Id)).Close(DateTimeOffset.UtcNow);
            return await db.SaveChangesAsync();
        });
        _app.Services.GetRequiredService<PublishBell>().Ring();
        await _app.Services.GetRequiredService<PublicSites>().HidesAsync(page.Id, Eventually.Deadline, default);
        foreach (var slug in new[] { "beside", "never-there" })
            await CostAsync(
                0,
                $"/{slug}",
                $"/{slug}/history",
                $"/{slug}/history/2026-11",
                $"/{slug}/incidents/abcdefghij01",
                $"/{slug}/history.rss",
                $"/{slug}/api/v2/summary.json",
                $"/de/{slug}",
                $"/{slug}/audiences/x"
            );
    }

    [Fact]
    public async Task An_incident_that_was_deleted_or_is_unknown()
    {
        using var api = await _app.ApiAsync(Role.Owner);
        var id = (await api.OpenIncidentAsync()).Id;
        (await api.DeleteAsync($"incidents/{id}")).Expect(HttpStatusCode.OK);
        foreach (var gone in new[] { id, "abcdefghij01", "nonsense" })
            await CostAsync(
                0,
                $"/incidents/{gone}",
                $"/de/incidents/{gone}",
                $"/incidents/{gone}.rss",
                $"/incidents/{gone}.atom",
                $"/components/{gone}",
                $"/history/1999-01",
                $"/badges/{gone}.svg?label=x"
            );
    }

    [Fact]
    public async Task An_audience_that_was_closed_or_is_unknown()
    {
        var (slug, member) = await _app.InStoreAsync(async db =>
        {
            var page = await _app.PageAsync();
            var audience = Audience.Create(page.Id, "Yesterday", new HashSet<string>(), DateTimeOffset.UtcNow);
            audience.Close(DateTimeOffset.UtcNow);
            var one = Subscriber.Member(page.Id, audience.Id, "old@acme.example", DateTimeOffset.UtcNow);
            db.AddRange(audience, one);
            await db.SaveChangesAsync();
            return (audience.Slug, one);
        });
        var key = SignedLink.TokenFor(Web.Subscriptions.SignedLinkPurpose.Manage, member.Id, (await _app.PageAsync()).LinkKey);
        foreach (var gone in new[] { slug, "never-there" })
        {
            await CostAsync(0, $"/audiences/{gone}", $"/audiences/{gone}/incidents/abcdefghij01", $"/de/audiences/{gone}");
            // The list of groups is read every two seconds for everybody, and never for a single request.
            var wave = Times / 2;
            await CostAsync(wave, $"/audiences/{gone}?key=nonsense", $"/audiences/{gone}?key={key}");
            using var browser = _app.NewClient();
            browser.DefaultRequestHeaders.Add("Cookie", $"member={key}");
            _sql.Take();
            for (var i = 0; i < Times; i++)
                Assert.Equal(HttpStatusCode.Unauthorized, (await browser.GetAsync($"/audiences/{gone}")).StatusCode);
            Assert.InRange(_sql.Take().Count, 0, wave);
        }
    }
}

public sealed class SqliteQueryCountTests : QueryCountTests
{
    protected override Task<string[]> NewStoreAsync() => Task.FromResult<string[]>([]);
}

public sealed class PostgresQueryCountTests(PostgresServer postgres) : QueryCountTests
{
    protected override async Task<string[]> NewStoreAsync() => ["--ConnectionStrings:Postgres", await postgres.CreateDatabaseAsync()];
}
