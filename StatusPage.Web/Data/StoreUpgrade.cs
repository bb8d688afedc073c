using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using StatusPage.Web.Hosting;

namespace StatusPage.Web.Data;

/// <summary>
/// Upgrades a schema so that it is either the old or the new one at every instant, even if the program is killed: PostgreSQL does it in one transaction;
/// SQLite does it on a copy that replaces the file once it is complete. Two nodes that start at once do it one after the other.
/// </summary>
public static class StoreUpgrade
{
    /// <summary>An arbitrary number; every node takes the same lock.</summary>
    private const long MigrationLock = 7_245_310_186;

    /// <summary>Seconds to wait for other processes that have the file open, before it is taken exclusively.</summary>
    private const int AloneWithin = 5;

    /// <summary>How long a start waits for another process that upgrades. After that it shows what it has and asks again.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    /// <exception cref="StoreRefusedException">
    /// A newer program has upgraded the store; or the upgrade failed its checks. The store is unchanged.
    /// </exception>
    public static async Task MigrateAsync(this StatusDb db, Settings settings, CancellationToken cancel)
    {
        // The usual start has nothing to do here, and this check is cheaper than having EF migrate.
        var schema = await StoreSchema.ReadAsync(db, cancel);
        schema.MustBeKnown();
        if (db is SqliteStatusDb sqlite)
        {
            if (schema.Pending.Count > 0)
                await MigrateAsync(sqlite, settings.SqliteFile, cancel);
            // Without WAL, a reader makes a writer's commit fail as "locked". An interrupted upgrade may have turned it off.
            await db.Database.ExecuteSqlAsync($"PRAGMA journal_mode = 'wal'", cancel);
        }
        else if (schema.Pending.Count > 0)
            await MigrateAsync((PostgresStatusDb)db, cancel);
    }

    /// <summary>
    /// One transaction holds everything, including the lock: it ends with its holder and needs no session, which a pooler in between may not give.
    /// </summary>
    private static async Task MigrateAsync(PostgresStatusDb db, CancellationToken cancel)
    {
        var options = new DbContextOptionsBuilder<PostgresStatusDb>((DbContextOptions<PostgresStatusDb>)db.GetService<IDbContextOptions>());
        options.ConfigureWarnings(warnings => warnings.Ignore(RelationalEventId.MigrationsUserTransactionWarning));
        await using var own = new PostgresStatusDb(options.Options);
        // An index on a table with years of data takes as long as it takes.
        own.Database.SetCommandTimeout(TimeSpan.Zero);
        await using var transaction = await own.Database.BeginTransactionAsync(cancel);
        for (var began = Environment.TickCount64; ; )
        {
            if (await own.Database.SqlQuery<bool>($"""SELECT pg_try_advisory_xact_lock({MigrationLock}) AS "Value" """).SingleAsync(cancel))
                break;
            if (Environment.TickCount64 - began > Patience.TotalMilliseconds)
                throw new TimeoutException("Another node is bringing the database up to date.");
            await Task.Delay(Poll, cancel);
        }
        // A query on a missing table would end the transaction.
        await own.GetService<IHistoryRepository>().CreateIfNotExistsAsync(cancel);
        (await StoreSchema.ReadAsync(own, cancel)).MustBeKnown();
        await own.Database.MigrateAsync(cancel);
        await transaction.CommitAsync(cancel);
    }

    private static async Task MigrateAsync(SqliteStatusDb db, string file, CancellationToken cancel)
    {
        // Pooled read connections must not prevent exclusive access to the file.
        SqliteConnection.ClearPool((SqliteConnection)db.Database.GetDbConnection());
        await using var turn = await TakeTurnAsync(file + ".migrating", cancel);
        var schema = await StoreSchema.ReadAsync(db, cancel);
        SqliteConnection.ClearPool((SqliteConnection)db.Database.GetDbConnection());
        schema.MustBeKnown();
        if (schema.Pending.Count == 0)
            return;
        var next = file + ".next";
        Discard(next);
        try
        {
            // Created here, so that no other user may read it; SQLite gives the files beside it the same rights.
            await DataFolder.Open(next, FileMode.CreateNew).DisposeAsync();
            await using var alone = File.Exists(file) && new FileInfo(file).Length > 0 ? await HaveAloneAsync(file, cancel) : null;
            if (alone is not null)
            {
                if (
                    schema.IsEmpty
                    && await alone.AskAsync("SELECT COUNT(*) FROM sqlite_master WHERE name NOT LIKE '\\_\\_EF%' ESCAPE '\\'", cancel) is not "0"
                )
                    throw new StoreRefusedException(
                        $"{file} holds tables that are none of this program's, so nothing was done. Move it away, or restore the backup."
                    );
                await alone.AskAsync(CopyTo(next), cancel);
            }
            await MigrateCopyAsync(db, next, cancel);
            Flush(next);
            cancel.ThrowIfCancellationRequested();
            // On other systems the lock on the replaced file is held until it is replaced.
            if (OperatingSystem.IsWindows() && alone is not null)
                await alone.DisposeAsync();
            if (schema.IsEmpty)
                File.Move(next, file, overwrite: true);
            else
                File.Replace(next, file, $"{file}.before-{schema.Pending[0]}");
        }
        finally
        {
            Discard(next);
        }
    }

    /// <summary>Puts a backup in place where there is no store, upgraded and changed as given.</summary>
    /// <exception cref="StoreRefusedException">There is a store already; or the backup is of a newer version, or damaged.</exception>
    internal static async Task PutInPlaceAsync(this SqliteStatusDb db, string backup, string file, Func<StatusDb, Task> change, CancellationToken cancel)
    {
        await using var turn = await TakeTurnAsync(file + ".migrating", cancel);
        foreach (var there in new[] { file, file + "-wal", file + "-journal" })
            if (File.Exists(there) && new FileInfo(there).Length > 0)
                throw new StoreRefusedException($"{there} is there already, so nothing was done. Stop the program and move it away.");
        var next = file + ".next";
        Discard(next);
        try
        {
            foreach (var part in new[] { "", "-wal" })
            {
                if (!File.Exists(backup + part))
                    continue;
                await using var from = File.OpenRead(backup + part);
                await using var to = DataFolder.Open(next + part, FileMode.CreateNew);
                await from.CopyToAsync(to, cancel);
            }
            await MigrateCopyAsync(db, next, cancel, change);
            Flush(next);
            File.Move(next, file, overwrite: true);
        }
        finally
        {
            Discard(next);
        }
    }

    /// <summary>A complete copy, of one moment.</summary>
    internal static string CopyTo(string file) => $"VACUUM INTO '{file.Replace("'", "''", StringComparison.Ordinal)}'";

    /// <summary>
    /// From here on no other process has the file open, and everything is in the one file; later writes to it would be lost when it is replaced.
    /// </summary>
    /// <exception cref="SqliteException">Busy: another process has it open.</exception>
    private static async Task<SqliteConnection> HaveAloneAsync(string file, CancellationToken cancel)
    {
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder
            {
                DataSource = file,
                Mode = SqliteOpenMode.ReadWrite,
                Pooling = false,
                DefaultTimeout = AloneWithin,
            }.ToString()
        );
        try
        {
            await connection.OpenAsync(cancel);
            foreach (var step in new[] { "PRAGMA locking_mode = EXCLUSIVE", "PRAGMA journal_mode = DELETE", "BEGIN EXCLUSIVE", "COMMIT" })
                await connection.AskAsync(step, cancel);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private static async Task MigrateCopyAsync(SqliteStatusDb db, string file, CancellationToken cancel, Func<StatusDb, Task>? change = null)
    {
        var options = new DbContextOptionsBuilder<SqliteStatusDb>((DbContextOptions<SqliteStatusDb>)db.GetService<IDbContextOptions>());
        options.UseSqlite(
            new SqliteConnectionStringBuilder
            {
                DataSource = file,
                Mode = SqliteOpenMode.ReadWrite,
                Pooling = false,
            }.ToString()
        );
        await using var copy = new SqliteStatusDb(options.Options);
        await copy.Database.OpenConnectionAsync(cancel);
        var connection = (SqliteConnection)copy.Database.GetDbConnection();
        // The copy of an interrupted start is thrown away, so it need not survive a crash.
        await connection.AskAsync("PRAGMA synchronous = OFF", cancel);
        await connection.AskAsync("PRAGMA journal_mode = MEMORY", cancel);
        var dangling = await DanglingAsync(connection, cancel);
        // EF's own lock is a row, which stays behind when a program is killed at the wrong moment.
        await connection.AskAsync("DROP TABLE IF EXISTS \"__EFMigrationsLock\"", cancel);
        (await StoreSchema.ReadAsync(copy, cancel)).MustBeKnown();
        await copy.Database.MigrateAsync(cancel);
        if (change is not null)
            await change(copy);
        var trouble = await connection.AskAsync("PRAGMA integrity_check", cancel) is var answer && answer != "ok" ? answer : null;
        if (await DanglingAsync(connection, cancel) is var left && left > dangling)
            trouble ??= string.Create(CultureInfo.InvariantCulture, $"{left - dangling} rows point to others that are not there");
        if (trouble is not null)
            throw new StoreRefusedException(
                $"The database does not come out whole of the upgrade ({trouble}), so it was left as it was. Start the version before."
            );
        await connection.AskAsync("PRAGMA journal_mode = WAL", cancel);
    }

    private static async Task<long> DanglingAsync(SqliteConnection connection, CancellationToken cancel) =>
        long.Parse((await connection.AskAsync("SELECT COUNT(*) FROM pragma_foreign_key_check", cancel))!, CultureInfo.InvariantCulture);

    /// <returns>The first field of the first row; null when there is none.</returns>
    internal static async Task<string?> AskAsync(this SqliteConnection connection, string sql, CancellationToken cancel)
    {
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // All of it is ours; a path in it is quoted.
        command.CommandText = sql;
#pragma warning restore CA2100
        return await command.ExecuteScalarAsync(cancel) is { } value and not DBNull ? Convert.ToString(value, CultureInfo.InvariantCulture) : null;
    }

    /// <summary>Held until the process that took it ends. The file stays: deleting it would let two processes have the lock.</summary>
    private static async Task<FileStream> TakeTurnAsync(string path, CancellationToken cancel)
    {
        for (var began = Environment.TickCount64; ; )
        {
            try
            {
                return DataFolder.Open(path, FileMode.OpenOrCreate);
            }
            catch (IOException) when (File.Exists(path) && Environment.TickCount64 - began < Patience.TotalMilliseconds)
            {
                await Task.Delay(Poll, cancel);
            }
        }
    }

    internal static void Flush(string file)
    {
        using var handle = File.OpenHandle(file, FileMode.Open, FileAccess.ReadWrite);
        RandomAccess.FlushToDisk(handle);
    }

    private static void Discard(string file)
    {
        foreach (var part in new[] { "", "-journal", "-wal", "-shm" })
            File.Delete(file + part);
    }
}
