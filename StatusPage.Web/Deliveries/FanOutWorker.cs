using StatusPage.Web.Hosting;

namespace StatusPage.Web.Deliveries;

/// <summary>Turns announcements into rows of the ledger while there are any; each stretch wakes the lanes.</summary>
public sealed class FanOutWorker(
    FanOut fanOut,
    FanOutPace pace,
    FanOutBell bell,
    DeliverySignal signal,
    Vigil vigil,
    Settings settings,
    WorkerTools tools,
    ILogger<FanOutWorker> logger
) : Worker("Announcements", tools, logger)
{
    private const int ThreadsMeanwhile = 6;

    protected override async Task<TimeSpan> RoundAsync(CancellationToken stopping)
    {
        try
        {
            while (true)
            {
                var began = Time.GetTimestamp();
                if (!await fanOut.HasWorkAsync(stopping) || !await StretchAsync(stopping))
                    return vigil.Pause;
                SpareThreads(ThreadsMeanwhile);
                await signal.SendAsync(stopping);
                // SQLite has one writer at a time: a post gets its turn between two stretches.
                if (settings.Postgres is null)
                    await Task.Delay(Time.GetElapsedTime(began), Time, stopping);
            }
        }
        finally
        {
            SpareThreads(1);
        }
    }

    protected override Task PauseAsync(TimeSpan length, CancellationToken stopping) => bell.WaitAsync(length, stopping);

    /// <summary>
    /// SQLite blocks the calling thread: with only as many threads as cores, a page would wait for the ledger's work. The spare threads exist only
    /// meanwhile, because with more threads than cores a page is served a little slower.
    /// </summary>
    private void SpareThreads(int forEachCore)
    {
        if (settings.Postgres is null)
            ThreadPool.SetMinThreads(Environment.ProcessorCount * forEachCore, Environment.ProcessorCount);
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
}
