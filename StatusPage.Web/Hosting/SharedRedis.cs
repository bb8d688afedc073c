using StackExchange.Redis;

namespace StatusPage.Web.Hosting;

/// <summary>The only connection to Redis, for everything that the nodes share; without the setting there is none.</summary>
public sealed partial class SharedRedis : IAsyncDisposable
{
    /// <summary>How long a command may take.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly Lazy<Task<IConnectionMultiplexer>>? _connection;

    public SharedRedis(Settings settings, ILogger<SharedRedis> logger)
    {
        if (settings.Redis is not { } redis)
            return;
        // It connects at first use, and reconnects by itself; while Redis is away, commands fail at once instead of waiting.
        _connection = new(async () =>
        {
            var options = ConfigurationOptions.Parse(redis);
            options.AbortOnConnectFail = false;
            options.ConnectTimeout = options.AsyncTimeout = options.SyncTimeout = (int)Patience.TotalMilliseconds;
            options.BacklogPolicy = BacklogPolicy.FailFast;
            var connection = await ConnectionMultiplexer.ConnectAsync(options);
            var isAway = 0;
            connection.ConnectionFailed += (_, _) => Told(away: true);
            connection.ConnectionRestored += (_, _) => Told(away: false);
            Told(away: !connection.IsConnected);
            return connection;

            // There are two connections, for commands and for subscriptions; both come and go at once.
            void Told(bool away)
            {
                if (Interlocked.Exchange(ref isAway, away ? 1 : 0) == (away ? 1 : 0))
                    return;
                if (away)
                    Log.Away(logger);
                else
                    Log.Back(logger);
            }
        });
    }

    public bool IsConfigured => _connection is not null;

    /// <exception cref="InvalidOperationException">There is no Redis; see <see cref="IsConfigured"/>.</exception>
    public Task<IConnectionMultiplexer> ConnectAsync() => _connection?.Value ?? throw new InvalidOperationException("There is no Redis.");

    public async ValueTask DisposeAsync()
    {
        if (_connection is { IsValueCreated: true })
            await (await _connection.Value).DisposeAsync();
    }

    private static partial class Log
    {
        [LoggerMessage(
            133,
            LogLevel.Warning,
            "Redis cannot be reached. The nodes hear of each other's posts by the database, within two seconds, and count for their limits each by itself."
        )]
        public static partial void Away(ILogger logger);

        [LoggerMessage(134, LogLevel.Information, "Redis answers again.")]
        public static partial void Back(ILogger logger);
    }
}
