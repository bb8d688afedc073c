using Microsoft.EntityFrameworkCore;
using Npgsql;
using StatusPage.Web.Data;
using StatusPage.Web.Hosting;

namespace StatusPage.Web.Deliveries;

/// <summary>Says on this node and, by NOTIFY of PostgreSQL, on all others that the ledger has new rows.</summary>
public sealed class DeliverySignal(DeliveryBell bell, Settings settings, IServiceScopeFactory scopes)
{
    internal const string Name = "statuspage_deliveries";

    public async Task SendAsync(CancellationToken cancel)
    {
        bell.Ring();
        if (settings.Postgres is null) return;
        await using var scope = scopes.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<StatusDb>().Database.ExecuteSqlRawAsync($"NOTIFY {Name}", cancel);
    }
}

/// <summary>Hears what other nodes say. When it hears nothing, for lack of a connection, the worker looks every second by itself.</summary>
public sealed class DeliveryListener(DeliveryBell bell, Settings settings, WorkerTools tools, ILogger<DeliveryListener> logger) : Worker("Other nodes", tools, logger)
{
    /// <summary>Seconds of silence after which the connection is tried.</summary>
    private const int KeepAlive = 30;

    protected override async Task<TimeSpan> RoundAsync(CancellationToken stopping)
    {
        if (settings.Postgres is null) return Timeout.InfiniteTimeSpan;
        var address = new NpgsqlConnectionStringBuilder(settings.Postgres) { KeepAlive = KeepAlive, Pooling = false }.ConnectionString;
        await using var connection = new NpgsqlConnection(address);
        connection.Notification += (_, _) => bell.Ring();
        await connection.OpenAsync(stopping);
        await using (var listen = new NpgsqlCommand($"LISTEN {DeliverySignal.Name}", connection)) await listen.ExecuteNonQueryAsync(stopping);
        Works();
        while (true) await connection.WaitAsync(stopping);
    }
}
