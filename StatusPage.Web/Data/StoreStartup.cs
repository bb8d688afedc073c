using System.Data.Common;
using StatusPage.Web.Accounts.SigningIn;
using StatusPage.Web.Hosting;
using StatusPage.Web.Public;
using StatusPage.Web.Secrets;
using StatusPage.Web.Snapshot;

namespace StatusPage.Web.Data;

/// <summary>
/// Brings the store up: schema, the page, the first owner or a link to create one, sample data. A store that is away does not keep the program from
/// starting; it is tried again until it answers.
/// </summary>
public sealed partial class StoreStartup(
    IServiceScopeFactory scopes,
    StoreState state,
    StoreHealth health,
    SnapshotFile file,
    PublicSites sites,
    Settings settings,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    ILogger<StoreStartup> logger
) : BackgroundService
{
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);

    /// <summary>The pause after an attempt, as a multiple of the time that it took.</summary>
    private const int Rest = 2;

    /// <summary>
    /// How long opening the store waits for the page to be shown from disk. Doing both at once would take as long as one after the other.
    /// </summary>
    private static readonly TimeSpan PageFirst = TimeSpan.FromSeconds(2);

    private string? _said;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        // A page that can be shown from disk is not delayed.
        if (!file.StandsIn)
            await EndIfRefusedAsync(() => TryAsync(cancellationToken), cancellationToken);
        if (state.Refused is { } refused)
            throw refused;
        await base.StartAsync(cancellationToken);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => EndIfRefusedAsync(() => GoOnAsync(stoppingToken), stoppingToken);

    private async Task GoOnAsync(CancellationToken stoppingToken)
    {
        if (!state.Asked.IsCompleted)
        {
            await Task.WhenAny(sites.First.First, Task.Delay(PageFirst, time, stoppingToken));
            await TryAsync(stoppingToken);
        }
        var took = TimeSpan.Zero;
        while (!state.IsReady)
        {
            // A copy of a large file that does not fit on the disk is not made every second.
            await Task.Delay(Retry + took * Rest, time, stoppingToken);
            var began = time.GetTimestamp();
            if (await TryAsync(stoppingToken))
                Log.Ready(logger);
            took = time.GetElapsedTime(began);
        }
    }

    /// <summary>An error that cannot mend itself ends the program, with one line and code 1. A requested stop is not such an error.</summary>
    private async Task EndIfRefusedAsync(Func<Task> act, CancellationToken stopping)
    {
        try
        {
            await act();
        }
        catch (ObjectDisposedException)
        {
            // The host has ended without being asked to: it could not listen, and reports that itself.
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !stopping.IsCancellationRequested)
        {
            if (exception is SettingException or StoreRefusedException)
                state.Refused = exception;
            else
            {
                Log.Failed(logger, exception);
                state.Refused = new StoreRefusedException(
                    $"The program cannot start with this database: {exception.GetBaseException().Message} The log says where.",
                    exception
                );
            }
            lifetime.StopApplication();
        }
    }

    /// <summary>Any error of the store or the disk may pass, so it is tried again, and the page goes on meanwhile.</summary>
    private async Task<bool> TryAsync(CancellationToken cancel)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            await PrepareAsync(scope.ServiceProvider, settings, cancel);
            state.MarkReady();
            health.Healed();
            return true;
        }
        catch (Exception exception)
            when (StoreSetup.Refusal(exception) is not null || exception.GetBaseException() is DbException or IOException or UnauthorizedAccessException)
        {
            // Logged once, and again when the reason changes.
            var reason = exception.GetBaseException().Message;
            if (reason != _said)
                Log.Away(logger, reason);
            health.Failed(exception, isLogged: true);
            _said = reason;
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
        await StoreSchema.MayServeAsync(db, settings, cancel);
        await db.MigrateAsync(settings, cancel);
        await services.PrepareSecretsAsync(cancel);
        await services.GetRequiredService<FirstRun>().PrepareAsync(cancel);
    }

    private static partial class Log
    {
        [LoggerMessage(122, LogLevel.Critical, "The start failed in a way that nobody foresaw.")]
        public static partial void Failed(ILogger logger, Exception exception);

        [LoggerMessage(120, LogLevel.Warning, "The database cannot be used yet: {Reason}")]
        public static partial void Away(ILogger logger, string reason);

        [LoggerMessage(121, LogLevel.Information, "The database answers; posting is possible.")]
        public static partial void Ready(ILogger logger);
    }
}
