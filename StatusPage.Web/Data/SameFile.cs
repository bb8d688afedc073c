using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace StatusPage.Web.Data;

/// <summary>
/// Sees to it that nothing is written to a file of SQLite that was deleted or moved. It lives on for whoever has it open, and all that is written there ends with the program;
/// so the open connections are let go of, and the next says that the file is missing.
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
