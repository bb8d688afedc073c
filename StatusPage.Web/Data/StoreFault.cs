using Microsoft.Data.Sqlite;
using Npgsql;

namespace StatusPage.Web.Data;

/// <summary>A fault of the store itself, as against a wrong request to it.</summary>
/// <param name="Cause">A sentence for the operator.</param>
/// <param name="IsOfPart">Whether other rows of the store may still be writable.</param>
public sealed record StoreFault(string Cause, bool IsOfPart = false)
{
    /// <summary>The store does not answer, or gives no details.</summary>
    public static readonly StoreFault Away = new("The database cannot be reached.");

    private static readonly StoreFault Full = new("The disk of the database is full.");
    private static readonly StoreFault LostTable = new("A table of the database is missing.", IsOfPart: true);
    private const string Damaged = "The file of the database is damaged.";

    /// <returns>Null: the request was wrong, or something other than the store failed.</returns>
    public static StoreFault? Of(Exception exception) =>
        StoreSetup.Refusal(exception) switch
        {
            SqliteException sqlite => OfSqlite(sqlite),
            PostgresException postgres => OfPostgres(postgres),
            NpgsqlException or TimeoutException => Away,
            _ => null,
        };

    /// <summary>By the codes of sqlite.org/rescode.html.</summary>
    private static StoreFault? OfSqlite(SqliteException refused) =>
        refused.SqliteErrorCode switch
        {
            1 when refused.Message.Contains("no such table", StringComparison.Ordinal) => LostTable,
            5 or 6 => new("Another program holds the database."),
            8 => new("The database can only be read: its file or folder is read-only, or belongs to another user."),
            10 => new("The disk of the database reports an error.", IsOfPart: true),
            11 => new(Damaged, IsOfPart: true),
            13 => Full,
            14 => new("The file of the database cannot be opened: it was moved or deleted, or belongs to another user."),
            26 => new(Damaged),
            _ => null,
        };

    /// <summary>
    /// By the codes of PostgreSQL's appendix A. A server that is read-only, or that lets this user do too little, answers but is of no use.
    /// </summary>
    private static StoreFault? OfPostgres(PostgresException refused) =>
        refused.SqlState switch
        {
            "25006" => new("The database can only be read: it is a standby, or set so."),
            "28P01" or "28000" => new("The database refuses the user or the password of this program."),
            "3D000" => new("There is no database of that name."),
            "42501" => new("The database denies this program what it must do.", IsOfPart: true),
            "42P01" => LostTable,
            "53100" => Full,
            "53300" => new("The database has no connection left for this program."),
            "57014" => new("The database takes longer than it may (statement timeout).", IsOfPart: true),
            "57P01" or "57P02" or "57P03" => Away,
            _ => refused.IsTransient ? Away : null,
        };
}
