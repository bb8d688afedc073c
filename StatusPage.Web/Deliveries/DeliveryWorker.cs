using StatusPage.Web.Data;
using StatusPage.Web.Hosting;

namespace StatusPage.Web.Deliveries;

/// <summary>Runs a lane for each channel that has a sender, and wakes those that have something to do. A lane that died is started again.</summary>
public sealed partial class DeliveryWorker(
    IEnumerable<IChannelSender> senders,
    IServiceScopeFactory scopes,
    Pauses pauses,
    Ledger ledger,
    FanOutPace pace,
    DeliveryBell bell,
    Vigil vigil,
    Settings settings,
    WorkerTools tools,
    ILogger<DeliveryWorker> logger
) : Worker("Deliveries", tools, logger)
{
    private static readonly TimeSpan AfterDue = TimeSpan.FromSeconds(0.5);

    private readonly Dictionary<Domain.Channels.Channel, DeliveryLane> _lanes = [];
    private readonly List<Task> _running = [];
    private Paused? _paused;

    protected override async Task<TimeSpan> RoundAsync(CancellationToken stopping)
    {
        if (_running.Count == 0)
            Begin(stopping);
        await SayIfPausedAsync(stopping);
        var next = await ledger.NextAsync(stopping);
        var now = Time.GetUtcNow();
        foreach (var (channel, at) in next)
            if (at <= now && _lanes.TryGetValue(channel, out var lane))
                lane.Ring();
        return WaitAfter(next.Select(one => one.At), now, vigil.Pause);
    }

    /// <summary>
    /// The time until the next row falls due. Behind a row that is due, others may follow within a moment: only the first of each channel is known.
    /// </summary>
    public static TimeSpan WaitAfter(IEnumerable<DateTimeOffset> next, DateTimeOffset now, TimeSpan pause)
    {
        var first = next.Select(at => (DateTimeOffset?)at).Min();
        return first <= now ? AfterDue : Until(first, now, pause);
    }

    protected override Task PauseAsync(TimeSpan length, CancellationToken stopping) => bell.WaitAsync(length, stopping);

    protected override Task EndAsync() => Task.WhenAll(_running);

    private async Task SayIfPausedAsync(CancellationToken stopping)
    {
        await using var scope = scopes.CreateAsyncScope();
        var paused = await pauses.FindAsync(scope.ServiceProvider.GetRequiredService<StatusDb>(), stopping);
        if (paused is not null && _paused is null)
            Log.Paused(logger, paused.Why.ToString());
        if (paused is null && _paused is not null)
            Log.GoesOn(logger);
        _paused = paused;
    }

    private void Begin(CancellationToken stopping)
    {
        foreach (var sender in senders)
        {
            var lane = new DeliveryLane(sender, ledger, pace, bell, settings, Time, logger);
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

    private static partial class Log
    {
        [LoggerMessage(221, LogLevel.Warning, "Nothing is sent, as {Why}; what is posted waits.")]
        public static partial void Paused(ILogger logger, string why);

        [LoggerMessage(222, LogLevel.Information, "What waited is sent now.")]
        public static partial void GoesOn(ILogger logger);
    }
}
