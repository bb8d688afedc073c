using System.Net;
using Microsoft.Data.Sqlite;
using Npgsql;
using StatusPage.Tests.Host;

namespace StatusPage.Tests.Hosting;

/// <summary>A store that answers wrongly: the page is shown all the same, and the obstacle is reported once.</summary>
public sealed class OddStoreTests
{
    [Theory]
    [InlineData("standby", "during recovery", true)]
    [InlineData("standby", "read-only transaction", false)]
    [InlineData("rights", "permission denied", true)]
    [InlineData("login", "not permitted to log in", true)]
    [Logs(48)]
    public async Task Started_while_it_was_down_it_shows_the_snapshot_to_whatever_the_database_answers_then(string what, string says, bool hasSnapshot)
    {
        using var folder = new TempFolder();
        await using var postgres = new PostgresServer();
        var admin = await postgres.CreateDatabaseAsync();
        await PostgresServer.AskAsync(
            admin,
            "CREATE ROLE status LOGIN; GRANT ALL ON ALL TABLES IN SCHEMA public TO status; "
                + "GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO status; GRANT ALL ON SCHEMA public TO status"
        );
        string[] args = ["--ConnectionStrings:Postgres", new NpgsqlConnectionStringBuilder(admin) { Username = "status" }.ConnectionString];
        if (hasSnapshot)
            await ServedAsync(folder, args);
        if (what == "rights")
            await PostgresServer.AskAsync(admin, "REVOKE ALL ON ALL TABLES IN SCHEMA public FROM status");
        if (what == "login")
            await PostgresServer.AskAsync(admin, "ALTER ROLE status NOLOGIN");
        NpgsqlConnection.ClearAllPools();
        await postgres.StopAsync();
        string[] told = [.. args, "--Log:Level", "Warning"];
        await using var node = hasSnapshot ? await AppHost.StartAsync(folder, null, told) : await AppHost.StartWithoutPageAsync(folder, null, told);
        if (what == "standby")
            await postgres.StandByAsync();
        await postgres.StartAsync();

        await Eventually.TrueAsync("it says what is in the way", () => node.Logged.Any(line => line.Contains(says, StringComparison.Ordinal)));
        // After a few rounds it has said so once, and it shows the page.
        var http = node.Http;
        for (var i = 0; i < 3; i++)
            Assert.Equal(hasSnapshot ? HttpStatusCode.OK : HttpStatusCode.ServiceUnavailable, (await http.GetAsync("/")).StatusCode);
        Assert.Contains("\"posts\":\"unavailable\"", await (await http.GetAsync("/healthz/ready")).Content.ReadAsStringAsync(), StringComparison.Ordinal);
        if (what == "standby")
            await postgres.PromoteAsync();
        if (what == "rights")
            await PostgresServer.AskAsync(admin, "GRANT ALL ON ALL TABLES IN SCHEMA public TO status");
        if (what == "login")
            await PostgresServer.AskAsync(admin, "ALTER ROLE status LOGIN");
        await Eventually.TrueAsync(
            "posting is possible",
            async () => (await (await http.GetAsync("/healthz/ready")).Content.ReadAsStringAsync()).Contains("\"posts\":\"ok\"", StringComparison.Ordinal)
        );
        Assert.Single(node.Logged, line => line.Contains("cannot be used yet", StringComparison.Ordinal) && line.Contains(says, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(8_192)]
    [InlineData(100)]
    [InlineData(50_000)]
    public async Task A_truncated_file_leaves_the_page_as_it_was_and_is_said_once(int bytes)
    {
        using var folder = new TempFolder();
        await ServedAsync(folder, []);
        SqliteConnection.ClearAllPools();
        await using (var file = File.Open(folder.File("status.db"), FileMode.Open))
            file.SetLength(bytes);
        var snapshot = await File.ReadAllTextAsync(folder.File("snapshot.json"));

        var node = await AppHost.StartAsync(folder, null, "--Log:Level", "Warning");
        await Eventually.TrueAsync(
            "it says what is in the way",
            () => node.Logged.Any(line => line.Contains("cannot be used yet", StringComparison.Ordinal))
        );
        var http = node.Http;
        await Eventually.TrueAsync(
            "the page says as of when it speaks",
            async () => (await http.GetStringAsync("/")).Contains("as of", StringComparison.Ordinal)
        );
        Assert.Contains("Elevated error rates", await http.GetStringAsync("/"), StringComparison.Ordinal);
        await node.DisposeAsync();
        Assert.Equal(snapshot, await File.ReadAllTextAsync(folder.File("snapshot.json")));
        Assert.Single(node.Logged, line => line.Contains("cannot be used yet", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_nobody_foresaw_at_the_start_ends_it_with_a_line_and_a_code()
    {
        using var folder = new TempFolder();
        await ServedAsync(folder, []);
        await using (var connection = new SqliteConnection($"Data Source={folder.File("status.db")};Pooling=False"))
        {
            await connection.OpenAsync();
            await using var command = connection.CreateCommand();
            command.CommandText = "UPDATE \"DataProtectionKeys\" SET \"Xml\" = 'no xml'";
            await command.ExecuteNonQueryAsync();
        }
        var (code, output) = await AppCommand.RunAsync("--urls", "http://127.0.0.1:0", "--DataDirectory", folder.Path);
        Assert.True(code == 1, output);
        Assert.StartsWith("The program cannot start with this database:", output.Trim().Split('\n')[^1], StringComparison.Ordinal);
    }

    /// <summary>Serves a page with an incident on it from the folder, and ends.</summary>
    private static async Task ServedAsync(TempFolder folder, string[] args)
    {
        await using var app = await AppHost.StartAsync(folder, null, args);
        using var api = await app.ApiAsync();
        await api.OpenIncidentAsync();
        await Eventually.TrueAsync(
            "the snapshot is on disk",
            () =>
                File.Exists(folder.File("snapshot.json"))
                && File.ReadAllText(folder.File("snapshot.json")).Contains("Elevated error rates", StringComparison.Ordinal)
        );
    }
}
