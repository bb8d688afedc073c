using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using StatusPage.Web.Audit;
using StatusPage.Web.Hosting;
using StatusPage.Web.Secrets;

namespace StatusPage.Web.Data;

/// <summary>Whether the store can be used, and if not, why; the last good and the last bad news side by side.</summary>
public sealed class StoreState
{
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the store was asked for the first time, whatever came of it.</summary>
    public Task Asked => _asked.Task;

    /// <summary>Completes when the schema is in place; never, while the store has not been reached since the start.</summary>
    public Task Ready => _ready.Task;
    public bool IsReady => _ready.Task.IsCompletedSuccessfully;

    /// <summary>Why the program ends: what is set does not go with what is stored, or the store is none for this program. Null: nothing.</summary>
    public Exception? Refused { get; internal set; }

    /// <summary>The last migration of a newer program that this one found in the store while it ran; null: none.</summary>
    public string? NewerSchema { get; internal set; }

    internal void MarkAsked() => _asked.TrySetResult();

    internal void MarkReady() => _ready.TrySetResult();
}

public static class StoreSetup
{
    public static void AddStore(this IServiceCollection services, Settings settings)
    {
        services.AddSingleton<StoreState>();
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
            // A file that is not there is made by the start alone, and by nobody who only asks something of it.
            var file = new SqliteConnectionStringBuilder { DataSource = settings.SqliteFile, Mode = SqliteOpenMode.ReadWrite }.ToString();
            var sameFile = new SameFile(settings.SqliteFile);
            services.AddDbContextPool<StatusDb, SqliteStatusDb>(options =>
                options.UseSqlite(file).AddInterceptors(LinkKeysOnTheWay.Instance, BellsAfterCommit.Instance, WrittenSoFar.Instance, sameFile)
            );
        }
    }

    /// <summary>Whether an exception says that the store is away or overloaded, rather than that we asked for something wrong.</summary>
    public static bool IsOutage(Exception exception) => StoreFault.Of(exception) is not null;

    /// <summary>Whether the store undid all of a transaction because of another at the same moment: tried again as it was, it goes through.</summary>
    public static bool IsContention(Exception exception) =>
        Refusal(exception) switch
        {
            PostgresException postgres => postgres.SqlState is PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure,
            // SQLITE_BUSY_SNAPSHOT: what was read before is not the newest any more.
            SqliteException sqlite => sqlite.SqliteExtendedErrorCode == 517,
            _ => false,
        };

    /// <summary>
    /// What the store itself said. EF wraps it as what could not be saved, and what is transient once more, around its advice to switch on retries.
    /// </summary>
    /// <returns>Null when it was not the store that refused.</returns>
    public static Exception? Refusal(Exception exception) =>
        exception switch
        {
            DbException or TimeoutException => exception,
            // Of others, what timed out inside may be anything.
            { InnerException: { } inner }
                when Refusal(inner) is { } refusal && (refusal is DbException || exception is DbUpdateException or InvalidOperationException) => refusal,
            _ => null,
        };

    /// <summary>Whether somebody else wrote a row with the same key before. Nothing else that a store refuses is a race.</summary>
    public static bool IsDuplicate(Exception exception) =>
        exception switch
        {
            PostgresException postgres => postgres.SqlState == PostgresErrorCodes.UniqueViolation,
            // SQLITE_CONSTRAINT_PRIMARYKEY and SQLITE_CONSTRAINT_UNIQUE.
            SqliteException sqlite => sqlite.SqliteExtendedErrorCode is 1555 or 2067,
            { InnerException: { } inner } => IsDuplicate(inner),
            _ => false,
        };

    /// <summary>Whether somebody else wrote the same, stood in the way, or changed or deleted what this stands on, at the same moment.</summary>
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
