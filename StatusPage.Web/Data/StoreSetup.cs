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

    /// <summary>What is set that does not go with what is stored; the program ends then. Null: nothing.</summary>
    public SettingException? Refused { get; internal set; }

    internal void MarkAsked() => _asked.TrySetResult();

    internal void MarkReady() => _ready.TrySetResult();
}

public static class StoreSetup
{
    /// <summary>Any number; every node asks for the same lock.</summary>
    private const long MigrationLock = 7_245_310_186;

    public static void AddStore(this IServiceCollection services, Settings settings)
    {
        services.AddSingleton<StoreState>();
        services.AddSingleton(_ => AuditKeys.Read(settings));
        services.AddHostedService<StoreStartup>();
        services.AddSingleton<Retention>();
        if (settings.Postgres is { } connection)
        {
            services.AddDbContextPool<StatusDb, PostgresStatusDb>(options => options.UseNpgsql(connection).AddInterceptors(LinkKeysOnTheWay.Instance, BellsAfterCommit.Instance));
        }
        else
        {
            var file = Path.Combine(settings.DataDirectory, "status.db");
            services.AddDbContextPool<StatusDb, SqliteStatusDb>(options => options.UseSqlite(new SqliteConnectionStringBuilder { DataSource = file }.ToString()).AddInterceptors(LinkKeysOnTheWay.Instance, BellsAfterCommit.Instance));
        }
    }

    /// <summary>Brings the schema up to date. Two nodes that start at once do it one after the other.</summary>
    public static async Task MigrateAsync(this StatusDb db, Settings settings, CancellationToken cancel)
    {
        // The usual start has nothing to do here, and it is cheaper to find that out than to have EF migrate to where the store is.
        if (!(await db.Database.GetPendingMigrationsAsync(cancel)).Any()) return;
        if (db is PostgresStatusDb)
        {
            await using var connection = new NpgsqlConnection(settings.Postgres);
            await connection.OpenAsync(cancel);
            // Held by the session: a node that dies lets go of it.
            await using (var take = new NpgsqlCommand($"SELECT pg_advisory_lock({MigrationLock})", connection)) await take.ExecuteNonQueryAsync(cancel);
            await db.Database.MigrateAsync(cancel);
            await using var release = new NpgsqlCommand($"SELECT pg_advisory_unlock({MigrationLock})", connection);
            await release.ExecuteNonQueryAsync(cancel);
        }
        else
        {
            // Made here, so that nobody else may read it; SQLite gives the files beside it the same rights.
            await DataFolder.Open(Path.Combine(settings.DataDirectory, "status.db"), FileMode.OpenOrCreate, share: FileShare.ReadWrite | FileShare.Delete).DisposeAsync();
            await using var fileLock = await TakeFileLockAsync(Path.Combine(settings.DataDirectory, "status.db.migrating"), cancel);
            // EF does this to a file that it makes itself, but asking for the lock below makes it first. Without it a reader makes a writer's commit fail as "locked".
            await db.Database.ExecuteSqlAsync($"PRAGMA journal_mode = 'wal'", cancel);
            await ForgetAbandonedLockAsync(db, cancel);
            await db.Database.MigrateAsync(cancel);
        }
    }

    /// <summary>Whether an exception says that the store is away or overloaded, rather than that we asked for something wrong.</summary>
    public static bool IsOutage(Exception exception) => Refusal(exception) switch
    {
        PostgresException postgres => postgres.IsTransient || postgres.SqlState is "57P01" or "57P02" or "57P03" or "3D000" or "28P01",
        SqliteException sqlite => sqlite.SqliteErrorCode is 5 or 6 or 10 or 13 or 14 or 26,
        NpgsqlException or TimeoutException => true,
        _ => false,
    };

    /// <summary>Whether the store undid all of a transaction because of another at the same moment: tried again as it was, it goes through.</summary>
    public static bool IsContention(Exception exception) => Refusal(exception) switch
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
    public static Exception? Refusal(Exception exception) => exception switch
    {
        DbException or TimeoutException => exception,
        DbUpdateException or InvalidOperationException when exception.InnerException is { } inner => Refusal(inner),
        _ => null,
    };

    /// <summary>Whether somebody else wrote a row with the same key before. Nothing else that a store refuses is a race.</summary>
    public static bool IsDuplicate(Exception exception) => exception switch
    {
        PostgresException postgres => postgres.SqlState == PostgresErrorCodes.UniqueViolation,
        // SQLITE_CONSTRAINT_PRIMARYKEY and SQLITE_CONSTRAINT_UNIQUE.
        SqliteException sqlite => sqlite.SqliteExtendedErrorCode is 1555 or 2067,
        { InnerException: { } inner } => IsDuplicate(inner),
        _ => false,
    };

    /// <summary>Whether somebody else wrote the same, stood in the way, or changed or deleted what this stands on, at the same moment.</summary>
    public static bool IsConflict(Exception exception) => exception is DbUpdateConcurrencyException || IsDuplicate(exception) || IsContention(exception) || exception.GetBaseException() switch
    {
        PostgresException postgres => postgres.SqlState == PostgresErrorCodes.ForeignKeyViolation,
        // SQLITE_CONSTRAINT_FOREIGNKEY
        SqliteException sqlite => sqlite.SqliteExtendedErrorCode == 787,
        _ => false,
    };

    private static async Task<FileStream> TakeFileLockAsync(string path, CancellationToken cancel)
    {
        while (true)
        {
            try
            {
                return DataFolder.Open(path, FileMode.OpenOrCreate, FileOptions.DeleteOnClose);
            }
            catch (IOException) when (!cancel.IsCancellationRequested)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), cancel);
            }
        }
    }

    /// <summary>EF's own lock on SQLite is a row, which a process that dies leaves behind; we hold the file's lock, so it is nobody's.</summary>
    private static async Task ForgetAbandonedLockAsync(StatusDb db, CancellationToken cancel)
    {
        var locks = await db.Database.SqlQuery<int>($"SELECT COUNT(*) AS \"Value\" FROM sqlite_master WHERE name = '__EFMigrationsLock'").SingleAsync(cancel);
        if (locks > 0) await db.Database.ExecuteSqlAsync($"DELETE FROM \"__EFMigrationsLock\"", cancel);
    }
}
