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
public sealed partial class DeliveryListener(DeliveryBell bell, StoreState store, Settings settings, TimeProvider time, ILogger<DeliveryListener> logger) : BackgroundService
{
    private static readonly TimeSpan Reconnect = TimeSpan.FromSeconds(5);

    /// <summary>Seconds of silence after which the connection is tried.</summary>
    private const int KeepAlive = 30;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (settings.Postgres is null) return;
        await store.Ready.WaitAsync(stoppingToken);
        var address = new NpgsqlConnectionStringBuilder(settings.Postgres) { KeepAlive = KeepAlive, Pooling = false }.ConnectionString;
        while (true)
        {
            try
            {
                await using var connection = new NpgsqlConnection(address);
                connection.Notification += (_, _) => bell.Ring();
                await connection.OpenAsync(stoppingToken);
                await using (var listen = new NpgsqlCommand($"LISTEN {DeliverySignal.Name}", connection)) await listen.ExecuteNonQueryAsync(stoppingToken);
                while (true) await connection.WaitAsync(stoppingToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                Log.Lost(logger, exception.GetType().Name);
            }
            await Task.Delay(Reconnect, time, stoppingToken);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(208, LogLevel.Warning, "Other nodes are not heard ({Reason}); the ledger is looked at every second.")]
        public static partial void Lost(ILogger logger, string reason);
    }
}
