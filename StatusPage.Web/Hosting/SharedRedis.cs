using StackExchange.Redis;

namespace StatusPage.Web.Hosting;

/// <summary>The one connection to Redis, for everything that the nodes share; without the setting there is none.</summary>
public sealed class SharedRedis : IAsyncDisposable
{
    /// <summary>How long a command may take.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly Lazy<Task<IConnectionMultiplexer>>? _connection;

    public SharedRedis(Settings settings)
    {
        if (settings.Redis is not { } redis) return;
        // Connects when first used, and again by itself; a command while it is away fails at once instead of waiting for it.
        _connection = new(async () =>
        {
            var options = ConfigurationOptions.Parse(redis);
            options.AbortOnConnectFail = false;
            options.ConnectTimeout = options.AsyncTimeout = options.SyncTimeout = (int)Patience.TotalMilliseconds;
            options.BacklogPolicy = BacklogPolicy.FailFast;
            return await ConnectionMultiplexer.ConnectAsync(options);
        });
    }

    public bool IsConfigured => _connection is not null;

    /// <exception cref="InvalidOperationException">There is no Redis; see <see cref="IsConfigured"/>.</exception>
    public Task<IConnectionMultiplexer> ConnectAsync() => _connection?.Value ?? throw new InvalidOperationException("There is no Redis.");

    public async ValueTask DisposeAsync()
    {
        if (_connection is { IsValueCreated: true }) await (await _connection.Value).DisposeAsync();
    }
}
