using StatusPage.Web.Data;

namespace StatusPage.Web.Hosting;

/// <summary>What every worker needs from the program.</summary>
public sealed record WorkerTools(StoreState Store, StoreHealth StoreHealth, WorkerHealth Health, TimeProvider Time);

/// <summary>
/// A loop beside the requests. It ends only with the program: a round that fails is logged and tried again, each time a little later.
/// </summary>
/// <param name="name">Name of the job in the log and in readiness.</param>
public abstract partial class Worker(string name, WorkerTools tools, ILogger logger) : BackgroundService
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan AfterOutage = TimeSpan.FromSeconds(1);

    protected TimeProvider Time => tools.Time;

    /// <summary>Whether its first round waits until the store is ready.</summary>
    protected virtual bool NeedsStore => true;

    /// <summary>What else its first round waits for.</summary>
    protected virtual Task BeginAsync(CancellationToken stopping) => Task.CompletedTask;

    /// <returns>How long to wait before the next round.</returns>
    protected abstract Task<TimeSpan> RoundAsync(CancellationToken stopping);

    /// <summary>Waits between two rounds; a worker with a bell listens to it.</summary>
    protected virtual Task PauseAsync(TimeSpan length, CancellationToken stopping) => Task.Delay(length, Time, stopping);

    /// <summary>The work that is left at the end, when no more rounds begin.</summary>
    protected virtual Task EndAsync() => Task.CompletedTask;

    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (NeedsStore)
            await tools.Store.Ready.WaitAsync(stoppingToken);
        await BeginAsync(stoppingToken);
        await KeepOnAsync(name, RoundAsync, PauseAsync, stoppingToken);
        await EndAsync();
    }

    /// <summary>Reports success during a long round.</summary>
    protected void Works(string? job = null) => tools.Health.Worked(job ?? name);

    /// <summary>The wait until something is due, at most the usual one.</summary>
    protected TimeSpan Until(DateTimeOffset? due, TimeSpan poll) => Until(due, Time.GetUtcNow(), poll);

    protected static TimeSpan Until(DateTimeOffset? due, DateTimeOffset now, TimeSpan poll)
    {
        if (due is not { } at || at - now is var left && left >= poll)
            return poll;
        return left > TimeSpan.Zero ? left + TimeSpan.FromMilliseconds(1) : TimeSpan.FromMilliseconds(1);
    }

    /// <summary>The loop itself, also for a part of a worker that runs separately. It returns when it is asked to stop.</summary>
    protected async Task KeepOnAsync(
        string job,
        Func<CancellationToken, Task<TimeSpan>> round,
        Func<TimeSpan, CancellationToken, Task> pause,
        CancellationToken stopping
    )
    {
        var failures = 0;
        var isAway = false;
        while (!stopping.IsCancellationRequested)
        {
            TimeSpan wait;
            try
            {
                wait = await round(stopping);
                if (isAway)
                    Log.Back(logger, job);
                (failures, isAway) = (0, false);
                tools.Health.Worked(job);
            }
            catch (Exception exception)
            {
                if (stopping.IsCancellationRequested && exception is OperationCanceledException)
                    return;
                tools.Health.Failed(job, exception);
                if (!StoreSetup.IsOutage(exception))
                {
                    Log.Failed(logger, job, exception);
                    wait = TimeSpan.FromSeconds(Math.Min(Math.Pow(2, Math.Min(failures++, 10)), LongestPause.TotalSeconds));
                }
                else
                {
                    tools.StoreHealth.Failed(exception);
                    if (!isAway)
                        Log.Away(logger, job);
                    isAway = true;
                    // What waits for the store is late already.
                    wait = AfterOutage;
                }
            }
            try
            {
                await pause(wait, stopping);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(160, LogLevel.Warning, "{Worker} waits, as the database cannot be used; what falls due is made up for.")]
        public static partial void Away(ILogger logger, string worker);

        [LoggerMessage(161, LogLevel.Information, "{Worker} goes on.")]
        public static partial void Back(ILogger logger, string worker);

        [LoggerMessage(162, LogLevel.Error, "{Worker} failed and is tried again by itself.")]
        public static partial void Failed(ILogger logger, string worker, Exception exception);
    }
}
