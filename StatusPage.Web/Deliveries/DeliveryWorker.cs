using StatusPage.Web.Data;
using StatusPage.Web.Hosting;

namespace StatusPage.Web.Deliveries;

/// <summary>Runs a lane for each channel that can be sent on, and wakes those that have something to do.</summary>
public sealed partial class DeliveryWorker(
    IEnumerable<IChannelSender> senders, Ledger ledger, FanOutPace pace, DeliveryBell bell, StoreState store, Settings settings, TimeProvider time, ILogger<DeliveryWorker> logger) : BackgroundService
{
    /// <summary>How often to look when no bell rings, for retries and for what other nodes left behind.</summary>
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await store.Ready.WaitAsync(stoppingToken);
        var lanes = senders.Select(sender => new DeliveryLane(sender, ledger, pace, settings, time, logger)).ToDictionary(lane => lane.Channel);
        var running = Task.WhenAll(lanes.Values.Select(lane => lane.RunAsync(stoppingToken)));
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                foreach (var channel in await ledger.DueAsync(stoppingToken))
                    if (lanes.TryGetValue(channel, out var lane)) lane.Ring();
                await bell.WaitAsync(Poll, stoppingToken);
            }
            catch (Exception exception) when (StoreSetup.IsOutage(exception))
            {
                Log.Away(logger);
                await bell.WaitAsync(Poll, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (Exception exception)
            {
                Log.Failed(logger, exception);
                await Task.WhenAny(Task.Delay(Poll, time, stoppingToken));
            }
        }
        await running;
    }

    private static partial class Log
    {
        [LoggerMessage(205, LogLevel.Warning, "Deliveries wait, as the database cannot be reached.")]
        public static partial void Away(ILogger logger);

        [LoggerMessage(213, LogLevel.Error, "What is due could not be looked for; the next look tries again.")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
