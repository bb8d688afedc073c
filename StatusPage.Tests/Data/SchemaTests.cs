using System.Net;
using Microsoft.Data.Sqlite;
using StatusPage.Tests.Host;

namespace StatusPage.Tests.Data;

/// <summary>This version meets a store that a newer version has upgraded.</summary>
public sealed class SchemaTests(PostgresServer postgres)
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_schema_newer_than_the_program_is_refused_in_one_line_and_not_touched(bool onPostgres)
    {
        using var folder = new TempFolder();
        var database = onPostgres ? await postgres.CreateDatabaseAsync() : null;
        string[] args = [.. Desk.Owner, .. database is null ? [] : new[] { "--ConnectionStrings:Postgres", database }];
        await using (var app = await AppHost.StartAsync(folder, null, args))
            await app.Http.GetStringAsync("/");
        SqliteConnection.ClearAllPools();
        await NextVersion.MigrateAsync(folder, database);
        var before = await ContentAsync(folder, database);

        await RefusedAsync(await AppCommand.RunAsync(["--urls", "http://127.0.0.1:0", "--DataDirectory", folder.Path, .. args]));
        foreach (var command in new[] { new[] { "apikey", "create", "--name", "ci" }, ["account", "reset", "--email", Desk.Email], ["audit", "verify"] })
            await RefusedAsync(await AppCommand.RunAsync([.. command, "--DataDirectory", folder.Path, .. args]));
        Assert.Equal(before, await ContentAsync(folder, database));
    }

    [Fact]
    public async Task A_store_that_comes_back_newer_ends_the_node_that_served_the_snapshot_meanwhile()
    {
        using var folder = new TempFolder();
        await using var own = new PostgresServer();
        var database = await own.CreateDatabaseAsync();
        string[] args = ["--ConnectionStrings:Postgres", database];
        await using (var app = await AppHost.StartAsync(folder, null, args))
            await Eventually.TrueAsync("the snapshot is on disk", () => File.Exists(folder.File("snapshot.json")));
        await NextVersion.MigrateAsync(folder, database);
        await own.StopAsync();
        await using var node = await AppProcess.StartAsync(folder, args);
        using var http = new HttpClient { BaseAddress = node.BaseAddress };
        await Eventually.TrueAsync("the snapshot is served", async () => (await http.GetAsync("/")).StatusCode == HttpStatusCode.OK);
        await own.StartAsync();
        Assert.Equal(1, await node.EndAsync());
        Assert.Contains(NextVersion.Last, node.Output.Trim().Split('\n')[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_running_node_goes_on_beside_a_newer_one_and_says_that_it_is_to_be_renewed()
    {
        using var folder = new TempFolder();
        var database = await postgres.CreateDatabaseAsync();
        string[] args = [.. Desk.Owner, "--ConnectionStrings:Postgres", database, "--PublicUrl", "http://status.acme.example"];
        await using var old = await AppHost.StartAsync(args);
        using var api = await old.ApiAsync();
        await using var node = await AppHost.StartAsync(folder, NextVersion.Use, args);
        await Eventually.TrueAsync(
            "readiness tells",
            async () => (await old.Http.GetStringAsync("/healthz/ready")).Contains($"\"newerSchema\":\"{NextVersion.Last}\"", StringComparison.Ordinal)
        );
        Assert.Contains("\"newerSchema\":null", await node.Http.GetStringAsync("/healthz/ready"), StringComparison.Ordinal);
        using var owner = await old.SignInAsync();
        Assert.Contains("newer version", (await owner.GetAsync("/admin")).Body!.TextContent, StringComparison.Ordinal);

        // Side by side: the new one shows what the old one posts.
        await old.SubscriberAsync("ann@example.com");
        Assert.Equal(HttpStatusCode.Created, (await api.OpenIncidentAsync()).Status);
        await Eventually.TrueAsync(
            "the other node shows it",
            async () => (await node.Http.GetStringAsync("/")).Contains("Elevated error rates", StringComparison.Ordinal)
        );
    }

    private static Task RefusedAsync((int Code, string Output) ended)
    {
        Assert.True(ended.Code == 1, ended.Output);
        var lines = ended
            .Output.Trim()
            .Split('\n')
            .Where(line => !line.StartsWith("Status page:", StringComparison.Ordinal) && !line.StartsWith("Mail:", StringComparison.Ordinal));
        Assert.Contains($"newer version of this program ({NextVersion.Last}", Assert.Single(lines), StringComparison.Ordinal);
        return Task.CompletedTask;
    }

    /// <summary>Everything that a start or a command could leave behind.</summary>
    private static async Task<string> ContentAsync(TempFolder folder, string? database)
    {
        if (database is null)
            return Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(await File.ReadAllBytesAsync(folder.File("status.db"))));
        return await PostgresServer.AskAsync(
                database,
                """
                SELECT (SELECT string_agg("MigrationId", ' ') FROM "__EFMigrationsHistory")
                  || (SELECT COUNT(*) FROM "Audit") || ' ' || (SELECT COUNT(*) FROM "ApiKeys") || ' '
                  || (SELECT COUNT(*) FROM "Pages") || ' ' || (SELECT COUNT(*) FROM "SetUpTokens") || ' ' || (SELECT COUNT(*) FROM "DataProtectionKeys")
                """
            ) ?? "";
    }
}
