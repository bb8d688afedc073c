using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using StatusPage.Web.Data;
using StatusPage.Web.Hosting;

namespace StatusPage.Tests.Host;

/// <summary>A store with a schema and no rows, made once for all tests: the migrations would be a sixth of what each start costs.</summary>
public static class EmptyStore
{
    private const string Name = "status.db";
    private static readonly TempFolder Folder = new();
    private static readonly Lazy<Task<string>> Made = new(MakeAsync);

    /// <summary>A store of SQLite. Does nothing where one is already.</summary>
    public static async Task CopyToAsync(string folder)
    {
        var target = Path.Combine(folder, Name);
        if (!File.Exists(target))
            File.Copy(await Made.Value, target);
    }

    /// <param name="postgres">The connection string of an empty database.</param>
    public static async Task MigrateAsync(string postgres)
    {
        using var folder = new TempFolder();
        await using var db = new PostgresStatusDb(new DbContextOptionsBuilder<PostgresStatusDb>().UseNpgsql(postgres).Options);
        await db.MigrateAsync(SettingsOf(folder, postgres), default);
    }

    private static async Task<string> MakeAsync()
    {
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Folder.Dispose();
        var file = Folder.File(Name);
        // Not pooled: the last one to close it leaves one file with everything in it.
        await using var db = new SqliteStatusDb(new DbContextOptionsBuilder<SqliteStatusDb>().UseSqlite($"Data Source={file};Pooling=False").Options);
        await db.MigrateAsync(SettingsOf(Folder, null), default);
        return file;
    }

    internal static Settings SettingsOf(TempFolder folder, string? postgres) =>
        Settings.Read(
            new ConfigurationBuilder()
                .AddInMemoryCollection(new Dictionary<string, string?> { ["DataDirectory"] = folder.Path, ["ConnectionStrings:Postgres"] = postgres })
                .Build()
        );
}
