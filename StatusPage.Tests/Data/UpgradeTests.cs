using System.Net;
using Microsoft.Data.Sqlite;
using StatusPage.Tests.Host;

namespace StatusPage.Tests.Data;

/// <summary>
/// An upgrade is done whole or not at all, whatever ends the program meanwhile. The process is really killed before each step and started again.
/// </summary>
public sealed class UpgradeTests(PostgresServer postgres)
{
    /// <summary>The next version's migrations send a store at least this many commands.</summary>
    private const int FewestSteps = 10;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Killed_the_store_is_as_it_was_and_the_next_start_upgrades_it(bool onPostgres)
    {
        using var folder = new TempFolder();
        var database = onPostgres ? await postgres.CreateDatabaseAsync() : null;
        var args = await FilledAsync(folder, database);
        var before = await MigrationsAsync(folder, database);
        foreach (var step in new[] { 2, 9 })
        {
            await using var next = AppProcess.Begin(folder, args, NextVersion.Environment(diesAt: step));
            Assert.Equal(137, await next.EndAsync());
            Assert.Equal(before, await MigrationsAsync(folder, database));
            await WholeAsync(folder, database);
        }
        await using var app = await AppHost.StartAsync(folder, NextVersion.Use, args);
        await ShownAsync(app);
        await UpgradedAsync(folder, database);
    }

    /// <summary>A kill leaves in the folder what is there at that instant.</summary>
    [Fact]
    public async Task Whatever_a_kill_leaves_of_a_file_at_any_step_is_a_store_and_the_next_start_upgrades_it()
    {
        using var folder = new TempFolder();
        await FilledAsync(folder, null);
        var before = await MigrationsAsync(folder, null);
        var left = new List<TempFolder>();
        try
        {
            await NextVersion.MigrateAsync(
                folder,
                null,
                _ =>
                {
                    var copy = new TempFolder();
                    left.Add(copy);
                    // All files but the lock, which is empty.
                    foreach (
                        var file in Directory.GetFiles(folder.Path, "status.db*").Where(file => !file.EndsWith(".migrating", StringComparison.Ordinal))
                    )
                        File.Copy(file, copy.File(Path.GetFileName(file)));
                    return Task.CompletedTask;
                }
            );
            await UpgradedAsync(folder, null);
            Assert.True(left.Count >= FewestSteps, $"{left.Count} steps");
            foreach (var copy in left)
            {
                Assert.Equal(before, await MigrationsAsync(copy, null));
                await WholeAsync(copy, null);
                await NextVersion.MigrateAsync(copy, null);
                await UpgradedAsync(copy, null);
            }
        }
        finally
        {
            foreach (var copy in left)
                copy.Dispose();
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Failed_at_any_step_the_store_is_as_it_was(bool onPostgres)
    {
        using var folder = new TempFolder();
        var database = onPostgres ? await postgres.CreateDatabaseAsync() : null;
        await FilledAsync(folder, database);
        var before = await MigrationsAsync(folder, database);
        var steps = 0;
        // On PostgreSQL the last step comes after the commit.
        while ((await MigrationsAsync(folder, database)) == before)
        {
            var fails = ++steps;
            var failure = await Record.ExceptionAsync(() =>
                NextVersion.MigrateAsync(folder, database, step => step == fails ? throw new IOException("The cable was pulled.") : Task.CompletedTask)
            );
            Assert.True(failure is null or IOException, failure?.ToString());
            await WholeAsync(folder, database);
        }
        Assert.True(steps > FewestSteps, $"{steps} steps");
        await NextVersion.MigrateAsync(folder, database);
        await UpgradedAsync(folder, database);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Asked_to_stop_within_an_upgrade_it_ends_as_always_and_the_next_start_upgrades(bool onPostgres)
    {
        using var folder = new TempFolder();
        var database = onPostgres ? await postgres.CreateDatabaseAsync() : null;
        var args = await FilledAsync(folder, database);
        var before = await MigrationsAsync(folder, database);
        await using (var next = AppProcess.Begin(folder, args, NextVersion.Environment(hangsAt: 8)))
        {
            await Eventually.TrueAsync("it is in the middle of it", () => next.Output.Contains(NextVersion.Hanging, StringComparison.Ordinal));
            Assert.True(await next.StopAsync() == 0, next.Output);
        }
        Assert.Equal(before, await MigrationsAsync(folder, database));
        await using var app = await AppHost.StartAsync(folder, NextVersion.Use, args);
        await Eventually.TrueAsync(
            "it is brought up to date",
            async () => (await MigrationsAsync(folder, database)).EndsWith(NextVersion.Last, StringComparison.Ordinal)
        );
        await UpgradedAsync(folder, database);
    }

    [Fact]
    public async Task The_file_from_before_is_kept_and_is_a_whole_store_to_go_back_to()
    {
        using var folder = new TempFolder();
        await FilledAsync(folder, null);
        await using (var next = await AppHost.StartAsync(folder, NextVersion.Use))
        {
            await ShownAsync(next);
            Assert.Equal("wal", await AskAsync(folder, null, "PRAGMA journal_mode"));
        }
        SqliteConnection.ClearAllPools();
        File.Delete(folder.File("status.db-wal"));
        File.Move(folder.File("status.db.before-20990101000000_Next1"), folder.File("status.db"), overwrite: true);
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite,
            OperatingSystem.IsWindows() ? default : File.GetUnixFileMode(folder.File("status.db"))
        );
        await using var again = await AppHost.StartAsync(folder, null);
        await ShownAsync(again);
        using var api = await again.ApiAsync();
        Assert.Equal(HttpStatusCode.Created, (await api.OpenIncidentAsync()).Status);
    }

    [Fact]
    public async Task While_the_program_of_before_still_runs_its_file_is_left_alone_and_the_upgrade_waits()
    {
        using var folder = new TempFolder();
        await FilledAsync(folder, null);
        var before = await MigrationsAsync(folder, null);
        await using var old = await AppHost.StartAsync(folder, null);
        await old.InStoreAsync(db => Task.FromResult(db.Pages.Count()));
        await using var next = await AppProcess.StartAsync(folder, [], NextVersion.Environment());
        await Eventually.TrueAsync("it says what it waits for", () => next.Output.Contains("database is locked", StringComparison.Ordinal));
        using var http = new HttpClient { BaseAddress = next.BaseAddress };
        Assert.Contains("API", await http.GetStringAsync("/"), StringComparison.Ordinal);
        Assert.Equal(before, await MigrationsAsync(folder, null));
        await old.DisposeAsync();
        SqliteConnection.ClearAllPools();
        await Eventually.TrueAsync("it goes on", async () => (await MigrationsAsync(folder, null)).EndsWith(NextVersion.Last, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_file_with_tables_of_somebody_else_is_refused_and_left_alone()
    {
        using var folder = new TempFolder();
        await AskAsync(folder, null, "CREATE TABLE \"Theirs\" (\"Id\" INTEGER)");
        var bytes = await File.ReadAllBytesAsync(folder.File("status.db"));
        var (code, output) = await AppCommand.RunAsync("--urls", "http://127.0.0.1:0", "--DataDirectory", folder.Path);
        Assert.Equal((1, 1), (code, output.Trim().Split('\n').Length));
        Assert.Contains("none of this program's", output, StringComparison.Ordinal);
        Assert.Equal(bytes, await File.ReadAllBytesAsync(folder.File("status.db")));
    }

    /// <summary>A store of this version with some of everything in it.</summary>
    private static async Task<string[]> FilledAsync(TempFolder folder, string? database)
    {
        string[] args = [.. database is null ? [] : new[] { "--ConnectionStrings:Postgres", database }, "--PublicUrl", "http://status.acme.example"];
        await using (var app = await AppHost.StartAsync(folder, null, [.. args, "--Demo", "true"]))
            await ShownAsync(app);
        SqliteConnection.ClearAllPools();
        return args;
    }

    private static async Task ShownAsync(AppHost app)
    {
        await Eventually.TrueAsync(
            "posting is possible",
            async () => (await app.Http.GetStringAsync("/healthz/ready")).Contains("\"posts\":\"ok\"", StringComparison.Ordinal)
        );
        Assert.Contains("API", await app.Http.GetStringAsync("/"), StringComparison.Ordinal);
    }

    private static async Task UpgradedAsync(TempFolder folder, string? database)
    {
        Assert.EndsWith(NextVersion.Last, await MigrationsAsync(folder, database), StringComparison.Ordinal);
        Assert.NotEqual("0", await AskAsync(folder, database, """SELECT COUNT(*) FROM "NextThings" WHERE "More" IS NOT NULL"""));
        await WholeAsync(folder, database);
        if (database is not null)
            return;
        Assert.Equal(["status.db.before-20990101000000_Next1"], Directory.GetFiles(folder.Path, "status.db.before-*").Select(Path.GetFileName));
        Assert.Empty(Directory.GetFiles(folder.Path, "status.db.next*"));
    }

    private static async Task<string> MigrationsAsync(TempFolder folder, string? database) =>
        await AskAsync(
            folder,
            database,
            database is null
                ? "SELECT group_concat(\"MigrationId\", ' ') FROM (SELECT \"MigrationId\" FROM \"__EFMigrationsHistory\" ORDER BY 1)"
                : "SELECT string_agg(\"MigrationId\", ' ' ORDER BY \"MigrationId\") FROM \"__EFMigrationsHistory\""
        ) ?? "";

    private static async Task WholeAsync(TempFolder folder, string? database)
    {
        Assert.NotEqual("0", await AskAsync(folder, database, """SELECT COUNT(*) FROM "Incidents" """));
        if (database is null)
            Assert.Equal("ok", await AskAsync(folder, null, "PRAGMA integrity_check"));
    }

    private static async Task<string?> AskAsync(TempFolder folder, string? database, string sql)
    {
        if (database is not null)
            return await PostgresServer.AskAsync(database, sql);
        await using var connection = new SqliteConnection($"Data Source={folder.File("status.db")};Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToString(await command.ExecuteScalarAsync(), System.Globalization.CultureInfo.InvariantCulture);
    }
}
