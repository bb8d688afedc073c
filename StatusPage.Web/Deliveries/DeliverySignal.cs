using Microsoft.EntityFrameworkCore;
using Npgsql;
using StatusPage.Web.Data;
using StatusPage.Web.Hosting;

namespace StatusPage.Web.Deliveries;

/// <summary>Signals, on this node and by PostgreSQL's NOTIFY on all others, that the ledger has new rows.</summary>
public sealed class DeliverySignal(DeliveryBell bell, Settings settings, IServiceScopeFactory scopes)
{
    internal const string Name = "statuspage_deliveries";

    public async Task SendAsync(CancellationToken cancel)
    {
        bell.Ring();
        if (settings.Postgres is null)
            return;
        await using var scope = scopes.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<StatusDb>().Database.ExecuteSqlRawAsync($"NOTIFY {Name}", cancel);
    }
}

/// <summary>How long the workers sleep at most when nothing wakes them.</summary>
public sealed class Vigil(Settings settings)
{
    /// <summary>
    /// While this node hears of all new rows. Only the rows of a node that died remain to be found, within half a minute of its last sign of life.
    /// </summary>
    private static readonly TimeSpan Hearing = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Deaf = TimeSpan.FromSeconds(1);

    private volatile bool _hears = settings.Postgres is null;

    public TimeSpan Pause => _hears ? Hearing : Deaf;

    internal void Hears(bool hears) => _hears = hears;
}

/// <summary>
/// Listens to other nodes. While it hears nothing, because it has no connection or a pooler in between lets nothing through, the workers look every second
/// by themselves.
/// </summary>
public sealed partial class DeliveryListener(
    DeliveryBell bell,
    DeliverySignal signal,
    Vigil vigil,
    Settings settings,
    WorkerTools tools,
    ILogger<DeliveryListener> logger
) : Worker("Other nodes", tools, logger)
{
    /// <summary>Seconds of silence after which the connection is tried.</summary>
    private const int KeepAlive = 30;

    /// <summary>How long its own notification may take to come back.</summary>
    private static readonly TimeSpan Echo = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan AfterSilence = TimeSpan.FromMinutes(5);

    private bool _saidDeaf;

    protected override async Task<TimeSpan> RoundAsync(CancellationToken stopping)
    {
        if (settings.Postgres is null)
            return Timeout.InfiniteTimeSpan;
        var address = new NpgsqlConnectionStringBuilder(settings.Postgres) { KeepAlive = KeepAlive, Pooling = false }.ConnectionString;
        await using var connection = new NpgsqlConnection(address);
        var heard = false;
        connection.Notification += (_, _) =>
        {
            heard = true;
            bell.Ring();
        };
        await connection.OpenAsync(stopping);
        await using (var listen = new NpgsqlCommand($"LISTEN {DeliverySignal.Name}", connection))
            await listen.ExecuteNonQueryAsync(stopping);
        // This also signals rows that were announced before it listened.
        await signal.SendAsync(stopping);
        if (!await HearsAsync(connection, () => heard, stopping))
        {
            if (!_saidDeaf)
                Log.Deaf(logger);
            _saidDeaf = true;
            return AfterSilence;
        }
        Works();
        vigil.Hears(true);
        try
        {
            while (true)
                await connection.WaitAsync(stopping);
        }
        finally
        {
            vigil.Hears(false);
        }
    }

    /// <summary>LISTEN also succeeds where a pooler gives the connection to somebody else right after it.</summary>
    private static async Task<bool> HearsAsync(NpgsqlConnection connection, Func<bool> heard, CancellationToken stopping)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        patience.CancelAfter(Echo);
        try
        {
            while (!heard())
                await connection.WaitAsync(patience.Token);
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            return false;
        }
        return true;
    }

    private static partial class Log
    {
        [LoggerMessage(
            220,
            LogLevel.Warning,
            "This node does not hear the others through the database, as behind a pooler in transaction mode; it looks every second instead."
        )]
        public static partial void Deaf(ILogger logger);
    }
}
