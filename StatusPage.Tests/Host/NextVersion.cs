using System.Data.Common;
using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.DependencyInjection;
using StatusPage.Web.Data;

[assembly: HostingStartup(typeof(StatusPage.Tests.Host.NextVersion))]

namespace StatusPage.Tests.Host;

/// <summary>
/// The program as its next version: the same, with two more migrations (<see cref="NextMigrations"/>). <see cref="Use"/> runs it in this process,
/// <see cref="Environment"/> in a process of its own.
/// </summary>
public sealed class NextVersion : IHostingStartup
{
    public const string Last = "20990102000000_Next2";
    private const string Startups = "ASPNETCORE_HOSTINGSTARTUPASSEMBLIES";
    private const string Dies = "NEXT_VERSION_DIES_AT";
    private const string Hangs = "NEXT_VERSION_HANGS_AT";

    /// <param name="diesAt">It kills itself before this step of its migrations, counted from 1.</param>
    /// <param name="hangsAt">It says so at this step and goes no further until it is asked to stop.</param>
    public static Dictionary<string, string> Environment(int diesAt = 0, int hangsAt = 0) =>
        new()
        {
            [Startups] = typeof(NextVersion).Assembly.GetName().Name!,
            [Dies] = Text(diesAt),
            [Hangs] = Text(hangsAt),
        };

    public const string Hanging = "The next version hangs in its migrations.";

    /// <summary>Arguments that tell a process where to find this assembly beside the program's own.</summary>
    internal static string[] Host(IReadOnlyDictionary<string, string>? environment) =>
        environment?.ContainsKey(Startups) != true
            ? []
            :
            [
                "exec",
                "--depsfile",
                Path.Combine(AppContext.BaseDirectory, "StatusPage.Tests.deps.json"),
                "--runtimeconfig",
                Path.Combine(AppContext.BaseDirectory, "StatusPage.Web.runtimeconfig.json"),
            ];

    public static void Use(WebApplicationBuilder builder) => Use(builder.Services, null);

    public void Configure(IWebHostBuilder builder) =>
        builder.ConfigureServices(services =>
            Use(
                services,
                new Steps(
                    async (step, cancel) =>
                    {
                        if (step == Number(System.Environment.GetEnvironmentVariable(Dies)))
                            Process.GetCurrentProcess().Kill();
                        if (step != Number(System.Environment.GetEnvironmentVariable(Hangs)))
                            return;
                        Console.WriteLine(Hanging);
                        await new TaskCompletionSource().Task.WaitAsync(cancel);
                    }
                )
            )
        );

    /// <summary>Migrates as a node of the next version does at its start.</summary>
    /// <param name="postgres">Null for the SQLite store in the folder.</param>
    /// <param name="at">Called before each step with its number, counted from 1.</param>
    public static async Task MigrateAsync(TempFolder folder, string? postgres, Func<int, Task>? at = null)
    {
        var steps = new Steps((step, _) => at?.Invoke(step) ?? Task.CompletedTask);
        var settings = EmptyStore.SettingsOf(folder, postgres);
        await using StatusDb db = postgres is null
            ? new SqliteStatusDb(
                new DbContextOptionsBuilder<SqliteStatusDb>()
                    .UseSqlite($"Data Source={settings.SqliteFile};Mode=ReadWrite;Pooling=False")
                    .ReplaceService<IMigrationsAssembly, NextMigrations>()
                    .AddInterceptors(steps)
                    .Options
            )
            : new PostgresStatusDb(
                new DbContextOptionsBuilder<PostgresStatusDb>()
                    .UseNpgsql(postgres + ";Pooling=false")
                    .ReplaceService<IMigrationsAssembly, NextMigrations>()
                    .AddInterceptors(steps)
                    .Options
            );
        await db.MigrateAsync(settings, default);
    }

    private static void Use(IServiceCollection services, Steps? steps)
    {
        services.ConfigureDbContext<SqliteStatusDb>(Change);
        services.ConfigureDbContext<PostgresStatusDb>(Change);

        void Change(DbContextOptionsBuilder options)
        {
            options.ReplaceService<IMigrationsAssembly, NextMigrations>();
            if (steps is not null)
                options.AddInterceptors(steps);
        }
    }

    private static int Number(string? text) => int.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number : 0;

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>Counts the migrations' commands to the store, including commits.</summary>
    private sealed class Steps(Func<int, CancellationToken, Task> at) : DbCommandInterceptor, IDbTransactionInterceptor
    {
        private int _step;
        private bool _counts;

        public override async ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
            DbCommand command,
            CommandEventData eventData,
            InterceptionResult<int> result,
            CancellationToken cancellationToken = default
        )
        {
            await StepAsync(command.Connection, cancellationToken);
            return result;
        }

        public override async ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
            DbCommand command,
            CommandEventData eventData,
            InterceptionResult<DbDataReader> result,
            CancellationToken cancellationToken = default
        )
        {
            _counts |= command.CommandText.Contains("pg_try_advisory_xact_lock", StringComparison.Ordinal);
            await StepAsync(command.Connection, cancellationToken);
            return result;
        }

        public async ValueTask<InterceptionResult> TransactionCommittingAsync(
            DbTransaction transaction,
            TransactionEventData eventData,
            InterceptionResult result,
            CancellationToken cancellationToken = default
        )
        {
            await StepAsync(transaction.Connection, cancellationToken);
            return result;
        }

        public async Task TransactionCommittedAsync(
            DbTransaction transaction,
            TransactionEndEventData eventData,
            CancellationToken cancellationToken = default
        )
        {
            await StepAsync(transaction.Connection, cancellationToken);
            _counts = false;
        }

        private async Task StepAsync(DbConnection? connection, CancellationToken cancel)
        {
            if (!_counts && connection?.DataSource.EndsWith(".next", StringComparison.Ordinal) != true)
                return;
            await at(++_step, cancel);
        }
    }
}

/// <summary>The program's migrations, followed by those of the tests.</summary>
public sealed class NextMigrations(ICurrentDbContext current) : IMigrationsAssembly
{
    private readonly Type _context = current.Context.GetType();

    public IReadOnlyDictionary<string, TypeInfo> Migrations =>
        new SortedDictionary<string, TypeInfo>(
            Types<Migration>(typeof(NextVersion).Assembly)
                .Concat(Types<Migration>(Assembly))
                .ToDictionary(type => type.GetCustomAttribute<MigrationAttribute>(inherit: false)!.Id, type => type.GetTypeInfo()),
            StringComparer.Ordinal
        );

    public ModelSnapshot? ModelSnapshot => (ModelSnapshot?)Activator.CreateInstance(Types<ModelSnapshot>(Assembly).Single(), nonPublic: true);

    public Assembly Assembly => _context.Assembly;

    public string? FindMigrationId(string nameOrId) =>
        Migrations.Keys.FirstOrDefault(id => id == nameOrId || id.EndsWith("_" + nameOrId, StringComparison.OrdinalIgnoreCase));

    public Migration CreateMigration(TypeInfo migrationClass, string activeProvider)
    {
        var migration = (Migration)Activator.CreateInstance(migrationClass.AsType())!;
        migration.ActiveProvider = activeProvider;
        return migration;
    }

    private IEnumerable<Type> Types<T>(Assembly assembly) =>
        assembly
            .GetTypes()
            .Where(type => type.IsSubclassOf(typeof(T)) && type.GetCustomAttribute<DbContextAttribute>(inherit: false)?.ContextType == _context);
}

/// <summary>
/// Changes that a version may bring, in several statements each: columns and tables that the version before need not know, rows made from rows, and a
/// table that SQLite has to rebuild.
/// </summary>
file static class Next
{
    public static void Up1(MigrationBuilder up, string text)
    {
        up.AddColumn<string>("NextNote", "Incidents", text, nullable: true);
        up.Sql("""UPDATE "Incidents" SET "NextNote" = "Title" """);
        up.CreateTable(
            "NextThings",
            table => new { Id = table.Column<string>(text, nullable: false), Note = table.Column<string>(text, nullable: true) },
            constraints: table => table.PrimaryKey("PK_NextThings", row => row.Id)
        );
        up.Sql("""INSERT INTO "NextThings" ("Id", "Note") SELECT "Id", "NextNote" FROM "Incidents" """);
        up.CreateIndex("IX_NextThings_Note", "NextThings", "Note");
    }

    public static void Up2(MigrationBuilder up, string text)
    {
        up.AlterColumn<string>("Name", "Templates", text, nullable: false, oldClrType: typeof(string));
        up.AddColumn<string>("More", "NextThings", text, nullable: true);
        up.Sql("""UPDATE "NextThings" SET "More" = "Note" """);
    }
}

[DbContext(typeof(SqliteStatusDb)), Migration("20990101000000_Next1")]
public sealed class SqliteNext1 : Web.Data.Migrations.Sqlite.Initial
{
    protected override void Up(MigrationBuilder migrationBuilder) => Next.Up1(migrationBuilder, "TEXT");
}

[DbContext(typeof(SqliteStatusDb)), Migration(NextVersion.Last)]
public sealed class SqliteNext2 : Web.Data.Migrations.Sqlite.Initial
{
    protected override void Up(MigrationBuilder migrationBuilder) => Next.Up2(migrationBuilder, "TEXT");
}

[DbContext(typeof(PostgresStatusDb)), Migration("20990101000000_Next1")]
public sealed class PostgresNext1 : Web.Data.Migrations.Postgres.Initial
{
    protected override void Up(MigrationBuilder migrationBuilder) => Next.Up1(migrationBuilder, "text");
}

[DbContext(typeof(PostgresStatusDb)), Migration(NextVersion.Last)]
public sealed class PostgresNext2 : Web.Data.Migrations.Postgres.Initial
{
    protected override void Up(MigrationBuilder migrationBuilder) => Next.Up2(migrationBuilder, "text");
}
