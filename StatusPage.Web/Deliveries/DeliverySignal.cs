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

/// <summary>How long those who work off the store sleep at most when nothing wakes them.</summary>
public sealed class Vigil(Settings settings)
{
    /// <summary>Where this node hears of all that is new. What is left to find is what a node that died has left behind, within half a minute of its last sign of life.</summary>
    private static readonly TimeSpan Hearing = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Deaf = TimeSpan.FromSeconds(1);

    private volatile bool _hears = settings.Postgres is null;

    public TimeSpan Pause => _hears ? Hearing : Deaf;

    internal void Hears(bool hears) => _hears = hears;
}

/// <summary>Hears what other nodes say. While it hears nothing, for lack of a connection, the workers look every second by themselves.</summary>
public sealed class DeliveryListener(DeliveryBell bell, Vigil vigil, Settings settings, WorkerTools tools, ILogger<DeliveryListener> logger) : Worker("Other nodes", tools, logger)
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
        vigil.Hears(true);
        // What was said before it listened.
        bell.Ring();
        try
        {
            while (true) await connection.WaitAsync(stopping);
        }
        finally
        {
            vigil.Hears(false);
        }
    }
}
