using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using StatusPage.Web.Audit;
using StatusPage.Web.Hosting;
using StatusPage.Web.Secrets;

namespace StatusPage.Web.Data;

/// <summary>Whether the store can be used, and if not, why.</summary>
public sealed class StoreState
{
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes after the first attempt to reach the store, whatever its result.</summary>
    public Task Asked => _asked.Task;

    /// <summary>Completes when the schema is in place; never, while the store has not been reached since the start.</summary>
    public Task Ready => _ready.Task;
    public bool IsReady => _ready.Task.IsCompletedSuccessfully;

    /// <summary>Why the program ends: the settings do not fit the stored data, or the program may not use the store. Null: nothing.</summary>
    public Exception? Refused { get; internal set; }

    /// <summary>The last migration of a newer program that was found in the store while this one ran; null: none.</summary>
    public string? NewerSchema { get; internal set; }

    internal void MarkAsked() => _asked.TrySetResult();

    internal void MarkReady() => _ready.TrySetResult();
}

public static class StoreSetup
{
    public static void AddStore(this IServiceCollection services, Settings settings)
    {
        services.AddSingleton<StoreState>();
        services.AddSingleton(StorePatience.Default);
        services.AddSingleton<StoreHealth>();
        services.AddHostedService<StoreWatch>();
        services.AddSingleton(_ => AuditKeys.Read(settings));
        services.AddHostedService<StoreStartup>();
        services.AddHostedService<SchemaWatch>();
        services.AddSingleton<Retention>();
        if (settings.Postgres is { } connection)
        {
            services.AddDbContextPool<StatusDb, PostgresStatusDb>(options =>
                options.UseNpgsql(connection).AddInterceptors(LinkKeysOnTheWay.Instance, BellsAfterCommit.Instance, WrittenSoFar.Instance)
            );
        }
        else
        {
            // Only the start creates a missing file; queries do not.
            var file = new SqliteConnectionStringBuilder { DataSource = settings.SqliteFile, Mode = SqliteOpenMode.ReadWrite }.ToString();
            var sameFile = new SameFile(settings.SqliteFile);
            services.AddDbContextPool<StatusDb, SqliteStatusDb>(options =>
                options
                    .UseSqlite(file)
                    .AddInterceptors(
                        LinkKeysOnTheWay.Instance,
                        BellsAfterCommit.Instance,
                        WrittenSoFar.Instance,
                        SqliteSearch.Instance,
                        SqliteWaits.Instance,
                        sameFile
                    )
            );
        }
    }

    /// <summary>Whether an exception says that the store is away or overloaded, as against a wrong request.</summary>
    public static bool IsOutage(Exception exception) => StoreFault.Of(exception) is not null;

    /// <summary>Whether the store rolled back a whole transaction because of a concurrent one; tried again unchanged, it succeeds.</summary>
    public static bool IsContention(Exception exception) =>
        Refusal(exception) switch
        {
            PostgresException postgres => postgres.SqlState is PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure,
            // SQLITE_BUSY_SNAPSHOT: what was read before is no longer the newest.
            SqliteException sqlite => sqlite.SqliteExtendedErrorCode == 517,
            _ => false,
        };

    /// <summary>The store's own exception. EF wraps it in one about saving, and a transient one again in its advice to switch on retries.</summary>
    /// <returns>Null when it was not the store that refused.</returns>
    public static Exception? Refusal(Exception exception) =>
        exception switch
        {
            DbException or TimeoutException => exception,
            // In other wrappers, the timeout may come from anywhere.
            { InnerException: { } inner }
                when Refusal(inner) is { } refusal && (refusal is DbException || exception is DbUpdateException or InvalidOperationException) => refusal,
            _ => null,
        };

    /// <summary>Whether a row with the same key was written before. No other refusal of a store is a race.</summary>
    public static bool IsDuplicate(Exception exception) =>
        exception switch
        {
            PostgresException postgres => postgres.SqlState == PostgresErrorCodes.UniqueViolation,
            // SQLITE_CONSTRAINT_PRIMARYKEY and SQLITE_CONSTRAINT_UNIQUE.
            SqliteException sqlite => sqlite.SqliteExtendedErrorCode is 1555 or 2067,
            { InnerException: { } inner } => IsDuplicate(inner),
            _ => false,
        };

    /// <summary>Whether a concurrent change wrote the same row, conflicted, or changed or deleted what this one depends on.</summary>
    public static bool IsConflict(Exception exception) =>
        exception is DbUpdateConcurrencyException
        || IsDuplicate(exception)
        || IsContention(exception)
        || exception.GetBaseException() switch
        {
            PostgresException postgres => postgres.SqlState == PostgresErrorCodes.ForeignKeyViolation,
            // SQLITE_CONSTRAINT_FOREIGNKEY
            SqliteException sqlite => sqlite.SqliteExtendedErrorCode == 787,
            _ => false,
        };
}
