using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Migrations.Operations;
using StatusPage.Tests.Host;
using StatusPage.Web.Data;

namespace StatusPage.Tests.Data;

/// <summary>
/// The promises of docs/deploy.md on upgrades: nodes of two consecutive versions work side by side, and every known store can be upgraded.
/// </summary>
public sealed class MigrationRuleTests(PostgresServer postgres)
{
    public static TheoryData<bool> Stores => [false, true];

    [Theory]
    [MemberData(nameof(Stores))]
    public void Each_migration_leaves_room_for_the_version_before(bool onPostgres)
    {
        using var db = Open(onPostgres, next: false);
        var migrations = db.GetService<IMigrationsAssembly>();
        // The first migration makes the store; there was no version before it.
        foreach (var (id, type) in migrations.Migrations.Skip(1))
            Assert.Empty(Breaks(migrations.CreateMigration(type, db.Database.ProviderName!)).Select(what => $"{id}: {what}"));
    }

    [Fact]
    public void The_rule_knows_what_the_version_before_cannot_bear()
    {
        Assert.Empty(Breaks(new Kind(up => up.AddColumn<string>("More", "Incidents", "text", nullable: true))));
        Assert.Empty(Breaks(new Kind(up => up.AddColumn<int>("More", "Incidents", "integer", defaultValue: 1))));
        Action<MigrationBuilder>[] breaking =
        [
            up => up.AddColumn<string>("More", "Incidents", "text", nullable: false),
            up => up.DropColumn("Title", "Incidents"),
            up => up.DropTable("Incidents"),
            up => up.RenameColumn("Title", "Incidents", "Name"),
            up => up.CreateIndex("IX", "Incidents", "Title", unique: true),
            up => up.AlterColumn<string>("Title", "Incidents", "text", nullable: false, oldClrType: typeof(string), oldNullable: true),
            up => up.Sql("VACUUM", suppressTransaction: true),
        ];
        foreach (var up in breaking)
            Assert.Single(Breaks(new Kind(up)));
    }

    /// <summary>
    /// When a migration follows a released one, a store of that release is kept as Data/Released/{migration}.{Sqlite|Postgres}.sql, in the form that
    /// .dump and pg_dump --inserts write. The store of the last known schema is made here.
    /// </summary>
    [Theory]
    [MemberData(nameof(Stores))]
    public async Task A_filled_store_of_each_known_schema_is_brought_to_the_newest(bool onPostgres)
    {
        using var current = Open(onPostgres, next: false);
        foreach (var id in current.Database.GetMigrations())
        {
            using var folder = new TempFolder();
            var database = onPostgres ? await postgres.CreateBareDatabaseAsync() : null;
            string[] args = database is null ? [] : ["--ConnectionStrings:Postgres", database];
            if (id == current.Database.GetMigrations().Last())
            {
                await using var app = await AppHost.StartAsync(folder, null, [.. args, "--Demo", "true"]);
            }
            else
                await LoadAsync(
                    folder,
                    database,
                    await File.ReadAllTextAsync(
                        Path.Combine(Source.Root, "StatusPage.Tests", "Data", "Released", $"{id}.{(onPostgres ? "Postgres" : "Sqlite")}.sql")
                    )
                );
            SqliteConnection.ClearAllPools();
            await using var newest = await AppHost.StartAsync(folder, NextVersion.Use, args);
            await Eventually.TrueAsync(
                "posting is possible",
                async () => (await newest.Http.GetStringAsync("/healthz/ready")).Contains("\"posts\":\"ok\"", StringComparison.Ordinal)
            );
            Assert.Equal(NextVersion.Last, (await newest.InStoreAsync(db => db.Database.GetAppliedMigrationsAsync())).Last());
            Assert.NotEqual(0, await newest.InStoreAsync(db => db.Incidents.CountAsync()));
        }
    }

    private static async Task LoadAsync(TempFolder folder, string? database, string sql)
    {
        if (database is not null)
        {
            await PostgresServer.AskAsync(database, sql);
            return;
        }
        await using var connection = new SqliteConnection($"Data Source={folder.File("status.db")};Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }

    private static StatusDb Open(bool onPostgres, bool next)
    {
        DbContextOptionsBuilder options = onPostgres
            ? new DbContextOptionsBuilder<PostgresStatusDb>().UseNpgsql("Host=127.0.0.1")
            : new DbContextOptionsBuilder<SqliteStatusDb>().UseSqlite("Data Source=:memory:");
        if (next)
            options.ReplaceService<IMigrationsAssembly, NextMigrations>();
        return onPostgres
            ? new PostgresStatusDb((DbContextOptions<PostgresStatusDb>)options.Options)
            : new SqliteStatusDb((DbContextOptions<SqliteStatusDb>)options.Options);
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public void The_next_version_that_the_tests_upgrade_to_keeps_the_rule(bool onPostgres)
    {
        using var db = Open(onPostgres, next: true);
        var migrations = db.GetService<IMigrationsAssembly>();
        Assert.Equal(3, migrations.Migrations.Count);
        foreach (var (_, type) in migrations.Migrations.Skip(1))
            Assert.Empty(Breaks(migrations.CreateMigration(type, db.Database.ProviderName!)));
    }

    /// <summary>The operations of a migration that break a program which does not know it, or that cannot be undone as a whole.</summary>
    private static IEnumerable<string> Breaks(Migration migration)
    {
        var made = migration.UpOperations.OfType<CreateTableOperation>().Select(table => table.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var operation in migration.UpOperations)
        {
            var bears = operation switch
            {
                CreateTableOperation or DropIndexOperation or InsertDataOperation => true,
                AddColumnOperation column => made.Contains(column.Table)
                    || column.IsNullable
                    || column.DefaultValue is not null
                    || column.DefaultValueSql is not null
                    || column.ComputedColumnSql is not null,
                CreateIndexOperation index => !index.IsUnique || made.Contains(index.Table),
                AlterColumnOperation column => column.IsNullable || !column.OldColumn.IsNullable,
                AddForeignKeyOperation key => made.Contains(key.Table),
                SqlOperation sql => !sql.SuppressTransaction,
                _ => false,
            };
            if (!bears)
                yield return operation.GetType().Name;
        }
    }

    private sealed class Kind(Action<MigrationBuilder> up) : Migration
    {
        protected override void Up(MigrationBuilder migrationBuilder) => up(migrationBuilder);
    }
}
