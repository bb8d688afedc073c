using Microsoft.Data.Sqlite;
using StatusPage.Tests.Host;

namespace StatusPage.Tests.Data;

/// <summary>A folder or a database that is not the intended one.</summary>
public sealed class WrongFolderTests(PostgresServer postgres)
{
    [Theory]
    [InlineData("apikey", "create", "--name", "ci")]
    [InlineData("account", "reset", "--email", Desk.Email)]
    [InlineData("audit", "verify")]
    [InlineData("audit", "key")]
    public async Task A_command_makes_no_folder_no_store_and_no_schema(params string[] command)
    {
        using var parent = new TempFolder();
        var (code, output) = await AppCommand.RunAsync([.. command, "--DataDirectory", parent.File("nowhere")]);
        Assert.Equal((1, $"There is no folder {parent.File("nowhere")}. Say by --DataDirectory where the program keeps its data."), (code, output.Trim()));
        Assert.Empty(Directory.GetFileSystemEntries(parent.Path));
        if (command[1] == "key")
            return;

        (code, output) = await AppCommand.RunAsync([.. command, "--DataDirectory", parent.Path]);
        Assert.True(code == 1, output);
        Assert.StartsWith($"There is no page in {parent.Path}.", Assert.Single(output.Trim().Split('\n')), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(parent.Path, "status.db*"));

        var database = await postgres.CreateBareDatabaseAsync();
        (code, output) = await AppCommand.RunAsync([.. command, "--DataDirectory", parent.Path, "--ConnectionStrings:Postgres", database]);
        Assert.True(code == 1, output);
        Assert.StartsWith("There is no page in the database", Assert.Single(output.Trim().Split('\n')), StringComparison.Ordinal);
        Assert.Equal("0", await PostgresServer.AskAsync(database, "SELECT COUNT(*) FROM pg_tables WHERE schemaname = 'public'"));
    }

    [Theory]
    [InlineData("gone")]
    [InlineData("empty")]
    [InlineData("no rows")]
    [InlineData("postgres")]
    [InlineData("postgres without rows")]
    public async Task An_empty_store_beside_a_snapshot_is_refused_and_nothing_is_touched(string how)
    {
        using var folder = new TempFolder();
        await using (var app = await AppHost.StartAsync(folder, null))
            await Eventually.TrueAsync("the snapshot is on disk", () => File.Exists(folder.File("snapshot.json")));
        SqliteConnection.ClearAllPools();
        foreach (var file in Directory.GetFiles(folder.Path, "status.db*"))
            File.Delete(file);
        if (how == "empty")
            await File.WriteAllBytesAsync(folder.File("status.db"), []);
        if (how == "no rows")
            await EmptyStore.CopyToAsync(folder.Path);
        var database = how.StartsWith("postgres", StringComparison.Ordinal)
            ? how == "postgres"
                ? await postgres.CreateBareDatabaseAsync()
                : await postgres.CreateDatabaseAsync()
            : null;
        string[] args =
        [
            "--urls",
            "http://127.0.0.1:0",
            "--DataDirectory",
            folder.Path,
            .. database is null ? [] : new[] { "--ConnectionStrings:Postgres", database },
        ];
        var (snapshot, size) = (await File.ReadAllTextAsync(folder.File("snapshot.json")), Size(folder));

        var (code, output) = await AppCommand.RunAsync(args);
        Assert.True(code == 1, output);
        Assert.StartsWith("The database holds no page, but", output.Trim().Split('\n')[^1], StringComparison.Ordinal);
        Assert.Equal(snapshot, await File.ReadAllTextAsync(folder.File("snapshot.json")));
        Assert.Equal(size, Size(folder));
        if (how == "postgres")
            Assert.Equal("0", await PostgresServer.AskAsync(database!, "SELECT COUNT(*) FROM pg_tables WHERE schemaname = 'public'"));

        // The other remedy that the message names.
        File.Delete(folder.File("snapshot.json"));
        await using var anew = await AppHost.StartAsync(folder, null, args[4..]);
        await Eventually.TrueAsync("there is a new page", () => anew.Printed.Contains("Set-up link", StringComparison.Ordinal));
    }

    private static long Size(TempFolder folder) => File.Exists(folder.File("status.db")) ? new FileInfo(folder.File("status.db")).Length : -1;
}
