using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace StatusPage.Web.Data;

/// <summary>
/// Whoever finds the file locked looks again after a few milliseconds, as SQLite itself does. The driver alone would sleep for 150 ms each time, so that an
/// alert that comes right after another would be answered late.
/// </summary>
internal sealed class SqliteWaits : DbConnectionInterceptor
{
    public static readonly SqliteWaits Instance = new();

    private const string Command = "PRAGMA busy_timeout = 250";

    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
    {
        using var command = connection.CreateCommand();
        command.CommandText = Command;
        command.ExecuteNonQuery();
    }

    public override async Task ConnectionOpenedAsync(
        DbConnection connection,
        ConnectionEndEventData eventData,
        CancellationToken cancellationToken = default
    )
    {
        await using var command = connection.CreateCommand();
        command.CommandText = Command;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
