using System.Net;
using StatusPage.Domain.Accounts;
using StatusPage.Domain.Incidents;
using StatusPage.Tests.Host;

namespace StatusPage.Tests.Public;

/// <summary>Older incidents and months are kept for one version of the page.</summary>
public sealed class ArchiveTests(PostgresServer postgres)
{
    private static readonly DateTimeOffset LongAgo = DateTimeOffset.UtcNow.AddDays(-200);
    private static readonly string Month = $"/history/{LongAgo:yyyy-MM}";

    private static async Task<Incident> OldAsync(AppHost app, string title)
    {
        var incident = await app.InStoreAsync(async db =>
        {
            var row = An.Incident(LongAgo, page: (await app.PageAsync()).Id).Resolved();
            row.Describe(title, Severity.Sev2, null, LongAgo.AddHours(1));
            db.Incidents.Add(row);
            await db.SaveChangesAsync();
            return row;
        });
        await PostAsync(app);
        return incident;
    }

    /// <summary>Posts something, which makes the next version.</summary>
    private static async Task PostAsync(AppHost app)
    {
        using var api = await app.ApiAsync();
        await api.OpenIncidentAsync(new { name = "Something new", body = "x" });
    }

    private static async Task<string> ReadAsync(AppHost app, string path)
    {
        using var answer = await app.Http.GetAsync(path);
        return answer.IsSuccessStatusCode ? await answer.Content.ReadAsStringAsync() : $"{(int)answer.StatusCode}";
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_is_deleted_is_gone_at_once_from_its_month_and_its_own_page(bool onPostgres)
    {
        await using var app = await AppHost.StartAsync(onPostgres ? ["--ConnectionStrings:Postgres", await postgres.CreateDatabaseAsync()] : []);
        var (gone, stays) = (await OldAsync(app, "Taken back zebra"), await OldAsync(app, "Told as it was"));
        foreach (var prefix in new[] { "", "/de" })
        {
            Assert.Contains("zebra", await ReadAsync(app, prefix + Month), StringComparison.Ordinal);
            Assert.Contains("zebra", await ReadAsync(app, $"{prefix}/incidents/{gone.Id}"), StringComparison.Ordinal);
        }
        using var api = await app.ApiAsync(Role.Owner);
        (await api.DeleteAsync($"incidents/{gone.Id}")).Expect(HttpStatusCode.OK);
        foreach (var prefix in new[] { "", "/de" })
        {
            Assert.DoesNotContain("zebra", await ReadAsync(app, prefix + Month), StringComparison.Ordinal);
            Assert.Contains("Told as it was", await ReadAsync(app, prefix + Month), StringComparison.Ordinal);
            Assert.Equal("404", await ReadAsync(app, $"{prefix}/incidents/{gone.Id}"));
            Assert.Contains("Told as it was", await ReadAsync(app, $"{prefix}/incidents/{stays.Id}"), StringComparison.Ordinal);
        }
    }

    [Fact]
    [Logs(124)]
    public async Task While_the_store_is_away_what_was_read_of_this_version_is_shown_and_nothing_that_was_taken_back()
    {
        await using var server = new PostgresServer();
        await using var app = await AppHost.StartAsync("--ConnectionStrings:Postgres", $"{await server.CreateDatabaseAsync()};Timeout=2");
        var gone = await OldAsync(app, "Taken back zebra");
        await OldAsync(app, "Told as it was");
        Assert.Contains("zebra", await ReadAsync(app, Month), StringComparison.Ordinal);
        Assert.Contains("zebra", await ReadAsync(app, "/de" + Month), StringComparison.Ordinal);
        using (var api = await app.ApiAsync(Role.Owner))
            await api.DeleteAsync($"incidents/{gone.Id}");
        Assert.Contains("Told as it was", await ReadAsync(app, Month), StringComparison.Ordinal);
        await server.StopAsync();
        var shown = await ReadAsync(app, Month);
        Assert.Contains("Told as it was", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("zebra", shown, StringComparison.Ordinal);
        // This was read for the previous version but not for this one, so the store would have to be asked.
        Assert.Equal("503", await ReadAsync(app, "/de" + Month));
    }
}
