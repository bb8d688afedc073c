using StatusPage.Web.Accounts;
using StatusPage.Web.Hosting;
using StatusPage.Web.Secrets;
using StatusPage.Web.Snapshot;

namespace StatusPage.Web.Data;

/// <summary>
/// Brings the store up: schema, the page, the first owner or a link to make one, sample data.
/// A store that is away does not keep the program from starting; it is tried again until it answers.
/// </summary>
public sealed partial class StoreStartup(
    IServiceScopeFactory scopes, StoreState state, SnapshotFile file, PublicSites sites, Settings settings, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<StoreStartup> logger) : BackgroundService
{
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);

    /// <summary>How long the page may take to be shown from disk before the store is opened. Both at once would take as long as one after the other.</summary>
    private static readonly TimeSpan PageFirst = TimeSpan.FromSeconds(2);

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        // A page that can be shown meanwhile is not kept waiting.
        if (!file.StandsIn) await TryAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await GoOnAsync(stoppingToken);
        }
        catch (SettingException refused)
        {
            state.Refused = refused;
            lifetime.StopApplication();
        }
    }

    private async Task GoOnAsync(CancellationToken stoppingToken)
    {
        if (!state.Asked.IsCompleted)
        {
            await Task.WhenAny(sites.First.First, Task.Delay(PageFirst, time, stoppingToken));
            await TryAsync(stoppingToken);
        }
        while (!state.IsReady)
        {
            await Task.Delay(Retry, time, stoppingToken);
            if (await TryAsync(stoppingToken)) Log.Ready(logger);
        }
    }

    private async Task<bool> TryAsync(CancellationToken cancel)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            await PrepareAsync(scope.ServiceProvider, settings, cancel);
            state.MarkReady();
            return true;
        }
        catch (Exception exception) when (StoreSetup.IsOutage(exception))
        {
            Log.Away(logger, exception.GetBaseException().Message);
            return false;
        }
        finally
        {
            state.MarkAsked();
        }
    }

    public static async Task PrepareAsync(IServiceProvider services, Settings settings, CancellationToken cancel)
    {
        DataFolder.Prepare(settings.DataDirectory);
        var db = services.GetRequiredService<StatusDb>();
        await db.MigrateAsync(settings, cancel);
        await services.PrepareSecretsAsync(cancel);
        await services.GetRequiredService<FirstRun>().PrepareAsync(cancel);
    }

    private static partial class Log
    {
        [LoggerMessage(120, LogLevel.Warning, "The database cannot be used yet: {Reason}")]
        public static partial void Away(ILogger logger, string reason);

        [LoggerMessage(121, LogLevel.Information, "The database answers; posting is possible.")]
        public static partial void Ready(ILogger logger);
    }
}
