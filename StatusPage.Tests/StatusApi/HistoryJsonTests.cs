using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using StatusPage.Domain.Accounts;
using StatusPage.Domain.Incidents;
using StatusPage.Domain.Snapshot;
using StatusPage.Tests.Host;
using StatusPage.Web.Hosting;
using StatusPage.Web.Shared;
using StatusPage.Web.StatusApi;

namespace StatusPage.Tests.StatusApi;

/// <summary>Readers of the whole history get every incident once, and none that was taken back.</summary>
public sealed class HistoryJsonTests(PostgresServer postgres)
{
    private static readonly DateTimeOffset LongAgo = DateTimeOffset.UtcNow.AddDays(-200);

    private static async Task<List<string>> CodesAsync(AppHost app)
    {
        var codes = new List<string>();
        for (var page = 1; ; page++)
        {
            Assert.InRange(page, 1, 10);
            using var json = JsonDocument.Parse(await app.Http.GetStringAsync($"/history.json?page={page}"));
            var months = json.RootElement.GetProperty("months").EnumerateArray().ToList();
            if (months.Count == 0)
                return codes;
            Assert.InRange(months.Count, 1, 4);
            foreach (var incident in months.SelectMany(month => month.GetProperty("incidents").EnumerateArray()))
                codes.Add(incident.GetProperty("code").GetString()!);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_pages_hold_every_incident_once_and_each_has_its_document(bool onPostgres)
    {
        await using var app = await AppHost.StartAsync(onPostgres ? ["--ConnectionStrings:Postgres", await postgres.CreateDatabaseAsync()] : []);
        using var api = await app.ApiAsync(Role.Owner);
        var old = await app.InStoreAsync(async db =>
        {
            var row = An.Incident(LongAgo, page: api.Page).Resolved();
            row.Describe("Long ago <zebra>", Severity.Sev2, null, LongAgo.AddHours(1));
            db.Incidents.Add(row);
            await db.SaveChangesAsync();
            return row.Id.Value;
        });
        var backfilled = (
            await api.OpenIncidentAsync(
                new
                {
                    name = "Added later",
                    body = "It was down.",
                    backfilled = true,
                    backfill_date = $"{DateTimeOffset.UtcNow.AddDays(-120):yyyy-MM-dd}",
                }
            )
        ).Id;
        var open = (await api.OpenIncidentAsync()).Id;
        Assert.Equal([open, backfilled, old], await CodesAsync(app));
        using (var json = JsonDocument.Parse(await app.Http.GetStringAsync($"/incidents/{old}.json")))
            Assert.Equal(
                (old, "Long ago <zebra>", "resolved"),
                (
                    json.RootElement.GetProperty("code").GetString(),
                    json.RootElement.GetProperty("name").GetString(),
                    json.RootElement.GetProperty("status").GetString()
                )
            );
        Assert.StartsWith("# Long ago \\<zebra\\>\n", await app.Http.GetStringAsync($"/incidents/{old}.md"), StringComparison.Ordinal);
        foreach (
            var path in new[] { "/history.json", "/history.json?page=3", $"/incidents/{open}.json", $"/incidents/{old}.json", $"/incidents/{old}.md" }
        )
        {
            using var head = await app.Http.SendAsync(new(HttpMethod.Head, path));
            using var again = new HttpRequestMessage(HttpMethod.Get, path);
            again.Headers.IfNoneMatch.Add(head.Headers.ETag!);
            using var unchanged = await app.Http.SendAsync(again);
            Assert.Equal((path, 200, 304), (path, (int)head.StatusCode, (int)unchanged.StatusCode));
            Assert.Equal("*", unchanged.Headers.GetValues("Access-Control-Allow-Origin").Single());
        }
        (await api.DeleteAsync($"incidents/{old}")).Expect(System.Net.HttpStatusCode.OK);
        Assert.Equal([open, backfilled], await CodesAsync(app));
        foreach (var suffix in new[] { ".json", ".md" })
            Assert.Equal(404, (int)(await app.Http.GetAsync($"/incidents/{old}{suffix}")).StatusCode);
    }

    /// <summary>Near the end of a month, its first days lie more than 90 days behind two months later.</summary>
    [Fact]
    public async Task What_is_older_than_the_snapshot_in_a_month_of_the_first_page_begins_the_second()
    {
        await using var app = await AppHost.StartAsync();
        var address = app.Services.GetRequiredService<PublicAddresses>().Of(Domain.Pages.PageLocation.Root);
        var at = new DateTimeOffset(2026, 11, 30, 12, 0, 0, TimeSpan.Zero);
        var older = IncidentView.Of(An.Incident(at.AddDays(-90).AddHours(-5)).Resolved())!;
        var newer = IncidentView.Of(An.Incident(at.AddDays(-80)).Resolved())!;
        var snapshot = new StatusSnapshot
        {
            PageId = An.PageId,
            Name = "Acme",
            TimeZone = "Etc/UTC",
            ShowsSeverity = false,
            Version = 1,
            AsOf = at,
            NextChangeAt = at.AddHours(1),
            CreatedAt = at.AddDays(-100),
            ChangedAt = at,
            Groups = [],
            Components = [],
            Incidents = [newer],
            Maintenances = [],
            Archive = [new(older.Id, older.StartedAt)],
        };
        var clock = ZoneClock.For("Etc/UTC", at);
        DateOnly september = new(2026, 9, 1);
        Assert.Equal([new(2026, 11, 1), new(2026, 10, 1), september], HistoryJson.MonthsOf(snapshot, 1, clock));
        Assert.Equal([september, new(2026, 8, 1)], HistoryJson.MonthsOf(snapshot, 2, clock));
        Assert.Empty(HistoryJson.MonthsOf(snapshot, 3, clock));
        Assert.Equal([newer.Id.Value], Codes(1, []));
        Assert.Equal([older.Id.Value], Codes(2, [older]));

        IEnumerable<string> Codes(int page, IncidentView[] ofStore) =>
            JsonElement
                .Parse(HistoryJson.Of(snapshot, address, page, ofStore))
                .GetProperty("months")
                .EnumerateArray()
                .SelectMany(month => month.GetProperty("incidents").EnumerateArray())
                .Select(incident => incident.GetProperty("code").GetString()!);
    }
}
