using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace StatusPage.Web.Data;

/// <summary>
/// Prevents writes to a SQLite file that was deleted or moved. Such a file lives on for the processes that have it open, and everything written to it is
/// lost when they end. So the open connections are closed, and the next one says that the file is missing.
/// </summary>
internal sealed class SameFile(string path) : DbConnectionInterceptor
{
    public override InterceptionResult ConnectionOpening(DbConnection connection, ConnectionEventData eventData, InterceptionResult result)
    {
        Look(connection);
        return result;
    }

    public override ValueTask<InterceptionResult> ConnectionOpeningAsync(
        DbConnection connection,
        ConnectionEventData eventData,
        InterceptionResult result,
        CancellationToken cancellationToken = default
    )
    {
        Look(connection);
        return ValueTask.FromResult(result);
    }

    private void Look(DbConnection connection)
    {
        if (!File.Exists(path))
            SqliteConnection.ClearPool((SqliteConnection)connection);
    }
}
