using System.Net;
using StatusPage.Tests.Host;

namespace StatusPage.Tests.Public.Search;

/// <summary>The search of the desk and of the API, which asks the store.</summary>
public sealed class StoredSearchTests(PostgresServer server)
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Case_and_width_make_no_difference_in_either_store(bool onPostgres)
    {
        await using var app = await AppHost.StartAsync(
            onPostgres ? [.. Desk.Owner, "--ConnectionStrings:Postgres", await server.CreateDatabaseAsync()] : Desk.Owner
        );
        using var api = await app.ApiAsync();
        foreach (var name in new[] { "СбОЙ сервера", "ＡＰＩ障害", "ΣΦΑΛΜΑΤΟΣ", "İstanbul", "Daten\u00adbank", "100% \\ a_b", "Plain words", "Straße" })
            await api.OpenIncidentAsync(new { name, body = "x" });
        (
            await api.PostAsync(
                "incidents",
                new
                {
                    incident = new
                    {
                        name = "ÄNDERUNG",
                        body = "x",
                        scheduled_for = DateTimeOffset.UtcNow.AddDays(1),
                        scheduled_until = DateTimeOffset.UtcNow.AddDays(2),
                    },
                }
            )
        ).Expect(HttpStatusCode.Created);
        foreach (
            var (sought, found) in new[]
            {
                ("сбой", "СбОЙ сервера"),
                ("api障", "ＡＰＩ障害"),
                ("ｐｌａｉｎ", "Plain words"),
                ("σφαλματος", "ΣΦΑΛΜΑΤΟΣ"),
                ("istanbul", "İstanbul"),
                ("STRASSE", "Straße"),
                ("datenbank", "Daten\u00adbank"),
                ("daten\u00adbank", "Daten\u00adbank"),
                ("0% \\ A_", "100% \\ a_b"),
                ("änderung", "ÄNDERUNG"),
            }
        )
        {
            var list = (await api.GetAsync($"incidents?q={Uri.EscapeDataString(sought)}")).Expect(HttpStatusCode.OK).Json;
            Assert.Equal([found], list.EnumerateArray().Select(row => row.GetProperty("name").GetString()));
        }
    }
}
