using Microsoft.EntityFrameworkCore;
using StatusPage.Web.Hosting;
using StatusPage.Web.Snapshot;

namespace StatusPage.Web.Data;

/// <summary>The schema of a store compared with what this program knows: the names of migrations, oldest first.</summary>
/// <param name="Pending">Known here, not applied there.</param>
/// <param name="Unknown">Applied there by a newer program, not known here.</param>
public sealed record StoreSchema(IReadOnlyList<string> Applied, IReadOnlyList<string> Pending, IReadOnlyList<string> Unknown)
{
    public bool IsEmpty => Applied.Count == 0;

    public static async Task<StoreSchema> ReadAsync(StatusDb db, CancellationToken cancel)
    {
        // EF reports a store that it cannot open as missing. Only a file that does not exist is missing.
        var opens = db is PostgresStatusDb || File.Exists(db.Database.GetDbConnection().DataSource);
        if (opens)
            await db.Database.OpenConnectionAsync(cancel);
        try
        {
            var known = db.Database.GetMigrations().ToList();
            var applied = (await db.Database.GetAppliedMigrationsAsync(cancel)).ToList();
            return new(applied, [.. known.Except(applied)], [.. applied.Except(known)]);
        }
        finally
        {
            if (opens)
                await db.Database.CloseConnectionAsync();
        }
    }

    /// <exception cref="StoreRefusedException">A newer version has upgraded the store.</exception>
    public void MustBeKnown()
    {
        if (Unknown.Count == 0)
            return;
        throw new StoreRefusedException(
            $"The database was brought up to date by a newer version of this program ({Unknown[^1]} is not known here), so nothing was done. "
                + "Start that version, or restore the backup from before."
        );
    }

    /// <summary>Checks that a start may go on with this store.</summary>
    /// <exception cref="StoreRefusedException">
    /// It is newer than the program; or it is empty although a page was served before, which is hardly intended.
    /// </exception>
    public static async Task MayServeAsync(StatusDb db, Settings settings, CancellationToken cancel)
    {
        var schema = await ReadAsync(db, cancel);
        schema.MustBeKnown();
        if (SnapshotFile.LiesIn(settings) && !await HasPageAsync(db, schema, cancel))
        {
            throw new StoreRefusedException(
                $"The database holds no page, but {settings.DataDirectory} holds the snapshot of one, so nothing was done. "
                    + $"Restore the database; or, if a new page is wanted, remove {SnapshotFile.First} there."
            );
        }
    }

    /// <summary>Checks that a command may go on with this store. Creates nothing: no folder, no store, no schema.</summary>
    /// <exception cref="StoreRefusedException">There is no page, or it is not of this version of the program.</exception>
    public static async Task MustHavePageAsync(StatusDb db, Settings settings, CancellationToken cancel)
    {
        var schema = await ReadAsync(db, cancel);
        schema.MustBeKnown();
        if (!await HasPageAsync(db, schema, cancel))
        {
            throw new StoreRefusedException(
                settings.Postgres is null
                    ? $"There is no page in {settings.DataDirectory}. Say by --DataDirectory where the program keeps its data, or start it there once."
                    : "There is no page in the database that ConnectionStrings:Postgres names. "
                        + "Give the same settings as the program has, or start it once."
            );
        }
        if (schema.Pending.Count > 0)
            throw new StoreRefusedException("The database is that of an older version. Start the program once: it brings the database up to date.");
    }

    /// <summary>In plain SQL, because the other columns may be those of another version.</summary>
    internal static async Task<bool> HasPageAsync(StatusDb db, StoreSchema schema, CancellationToken cancel) =>
        !schema.IsEmpty && await db.Database.SqlQuery<int>($"""SELECT CAST(COUNT(*) AS INTEGER) AS "Value" FROM "Pages" """).SingleAsync(cancel) > 0;
}
