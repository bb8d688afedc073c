using StatusPage.Web.Hosting;

namespace StatusPage.Web.Deliveries;

/// <summary>Runs a lane for each channel that can be sent on, and wakes those that have something to do. A lane that died is begun anew.</summary>
public sealed class DeliveryWorker(
    IEnumerable<IChannelSender> senders, Ledger ledger, FanOutPace pace, DeliveryBell bell, Settings settings, WorkerTools tools, ILogger<DeliveryWorker> logger)
    : Worker("Deliveries", tools, logger)
{
    /// <summary>How often to look when no bell rings, for retries and for what other nodes left behind.</summary>
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1);

    private readonly Dictionary<Domain.Channels.Channel, DeliveryLane> _lanes = [];
    private readonly List<Task> _running = [];

    protected override async Task<TimeSpan> RoundAsync(CancellationToken stopping)
    {
        if (_running.Count == 0) Begin(stopping);
        foreach (var channel in await ledger.DueAsync(stopping))
            if (_lanes.TryGetValue(channel, out var lane)) lane.Ring();
        return Poll;
    }

    protected override Task PauseAsync(TimeSpan length, CancellationToken stopping) => bell.WaitAsync(length, stopping);

    protected override Task EndAsync() => Task.WhenAll(_running);

    private void Begin(CancellationToken stopping)
    {
        foreach (var sender in senders)
        {
            var lane = new DeliveryLane(sender, ledger, pace, settings, Time, logger);
            _lanes[lane.Channel] = lane;
            _running.Add(KeepRunningAsync(lane, stopping));
        }
    }

    private Task KeepRunningAsync(DeliveryLane lane, CancellationToken stopping)
    {
        var job = $"Deliveries by {lane.Channel}";
        return KeepOnAsync(job, RunAsync, (wait, token) => Task.Delay(wait, Time, token), stopping);

        async Task<TimeSpan> RunAsync(CancellationToken token)
        {
            await lane.RunAsync(() => Works(job), token);
            return TimeSpan.Zero;
        }
    }
}
