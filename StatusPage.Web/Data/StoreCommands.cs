using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain.Audit;
using StatusPage.Domain.Deliveries;
using StatusPage.Web.Hosting;
using StatusPage.Web.Pages;

namespace StatusPage.Web.Data;

/// <summary>
/// <c>backup FILE</c> writes a complete copy of the SQLite store while the program runs. <c>restore FILE</c> puts one in place; for PostgreSQL,
/// <c>restore</c> follows pg_restore. A restored store sends nothing until a person says so, because its queued messages may have been sent since the
/// backup.
/// </summary>
public static class StoreCommands
{
    public const string Usage = "backup FILE, restore [FILE]";

    private const string Paused = "It sends nothing until an owner says so at the desk (/admin/paused).";

    /// <param name="args">The arguments after <c>backup</c>.</param>
    public static async Task<int> BackupAsync(string[] args)
    {
        if (FileIn(args, out var rest) is not { } file)
            return await Commands.RefuseAsync($"Say where to write it. Usage: {Usage}", Commands.NotUnderstood);
        await using var app = Commands.Build(rest);
        await using var scope = app.Services.CreateAsyncScope();
        var (db, settings) = (scope.ServiceProvider.GetRequiredService<StatusDb>(), app.Services.GetRequiredService<Settings>());
        if (settings.Postgres is not null)
            return await Commands.RefuseAsync("PostgreSQL is backed up by pg_dump; docs/deploy.md says how.", Commands.Refused);
        return await TryAsync(async () =>
        {
            await StoreSchema.MustHavePageAsync(db, settings, CancellationToken.None);
            if (File.Exists(file))
                throw new StoreRefusedException($"{file} is there already, so nothing was done. Name one that is not.");
            try
            {
                await DataFolder.Open(file, FileMode.CreateNew).DisposeAsync();
                await db.Database.OpenConnectionAsync();
                await ((SqliteConnection)db.Database.GetDbConnection()).AskAsync(StoreUpgrade.CopyTo(file), CancellationToken.None);
                StoreUpgrade.Flush(file);
            }
            catch
            {
                File.Delete(file);
                throw;
            }
            return $"{file} holds the database as it is now. It holds addresses and keys: keep it accordingly.";
        });
    }

    /// <param name="args">The arguments after <c>restore</c>.</param>
    public static async Task<int> RestoreAsync(string[] args)
    {
        var file = FileIn(args, out var rest);
        await using var app = Commands.Build(rest);
        await using var scope = app.Services.CreateAsyncScope();
        var (db, settings) = (scope.ServiceProvider.GetRequiredService<StatusDb>(), app.Services.GetRequiredService<Settings>());
        if (settings.Postgres is null == file is null)
        {
            return await Commands.RefuseAsync(
                settings.Postgres is null
                    ? $"Say which backup. Usage: {Usage}"
                    : "The backup of PostgreSQL is put in place by pg_restore. Then run this command without a file.",
                Commands.NotUnderstood
            );
        }
        return await TryAsync(async () =>
        {
            if (db is SqliteStatusDb sqlite)
            {
                if (!File.Exists(file))
                    throw new StoreRefusedException($"There is no file {file}.");
                await sqlite.PutInPlaceAsync(file, settings.SqliteFile, copy => PauseAsync(copy, file), CancellationToken.None);
                return $"{settings.SqliteFile} is what {file} holds. {Paused}";
            }
            await MustHavePageAsync(db);
            await db.MigrateAsync(settings, CancellationToken.None);
            await PauseAsync(db, "PostgreSQL");
            return $"The database is marked as restored. {Paused}";
        });
    }

    private static async Task PauseAsync(StatusDb db, string from)
    {
        await MustHavePageAsync(db);
        var now = TimeProvider.System.GetUtcNow();
        if (!await db.DeliveryPauses.AnyAsync())
            db.DeliveryPauses.Add(new DeliveryPause { Since = now });
        db.Audit.Add(
            new AuditEntry(await db.Pages.AtRoot().Select(page => page.Id).SingleAsync(), "command line", "store.restored", Path.GetFileName(from), now)
        );
        await db.SaveChangesAsync();
    }

    private static async Task MustHavePageAsync(StatusDb db)
    {
        var schema = await StoreSchema.ReadAsync(db, CancellationToken.None);
        schema.MustBeKnown();
        if (!await StoreSchema.HasPageAsync(db, schema, CancellationToken.None))
            throw new StoreRefusedException("There is no page in what was restored, so nothing was done.");
    }

    private static async Task<int> TryAsync(Func<Task<string>> act)
    {
        try
        {
            await Console.Out.WriteLineAsync(await act());
            return Commands.Done;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or SqliteException || StoreSetup.IsOutage(exception))
        {
            return await Commands.RefuseAsync($"Nothing was done: {exception.GetBaseException().Message}", Commands.Refused);
        }
    }

    private static string? FileIn(string[] args, out string[] rest)
    {
        var names = args is [{ Length: > 0 } first, ..] && first[0] != '-';
        rest = names ? args[1..] : args;
        return names ? Path.GetFullPath(args[0]) : null;
    }
}
