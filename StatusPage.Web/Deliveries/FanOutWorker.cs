using StatusPage.Web.Data;
using StatusPage.Web.Hosting;

namespace StatusPage.Web.Deliveries;

/// <summary>Announcements become rows of the ledger, as long as there are any; each stretch wakes those who send.</summary>
public sealed partial class FanOutWorker(
    FanOut fanOut, FanOutPace pace, FanOutBell bell, DeliverySignal signal, StoreState store, Settings settings, TimeProvider time, ILogger<FanOutWorker> logger) : BackgroundService
{
    private const int ThreadsMeanwhile = 6;

    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await store.Ready.WaitAsync(stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var began = time.GetTimestamp();
                if (await StretchAsync(stoppingToken))
                {
                    SpareThreads(ThreadsMeanwhile);
                    await signal.SendAsync(stoppingToken);
                    // SQLite has one writer at a time: a post gets its turn between two stretches.
                    if (settings.Postgres is null) await Task.Delay(time.GetElapsedTime(began), time, stoppingToken);
                    continue;
                }
            }
            catch (Exception exception) when (StoreSetup.IsOutage(exception))
            {
                Log.Away(logger);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                Log.Failed(logger, exception);
            }
            SpareThreads(1);
            await bell.WaitAsync(Poll, stoppingToken);
        }
    }

    /// <summary>
    /// SQLite blocks the thread that asks it: with as few threads as cores, a page would wait for what the ledger does.
    /// Only meanwhile, as more threads than cores serve a page a little slower.
    /// </summary>
    private void SpareThreads(int forEachCore)
    {
        if (settings.Postgres is null) ThreadPool.SetMinThreads(Environment.ProcessorCount * forEachCore, Environment.ProcessorCount);
    }

    private async Task<bool> StretchAsync(CancellationToken stopping)
    {
        pace.Begin();
        try
        {
            return await fanOut.NextAsync(stopping);
        }
        finally
        {
            pace.End();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(206, LogLevel.Warning, "Announcements wait, as the database cannot be reached.")]
        public static partial void Away(ILogger logger);

        [LoggerMessage(207, LogLevel.Error, "An announcement could not be turned into deliveries.")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
