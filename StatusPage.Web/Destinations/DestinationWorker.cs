using StatusPage.Domain;
using StatusPage.Web.Data;
using StatusPage.Web.Hosting;

namespace StatusPage.Web.Destinations;

/// <summary>Rung when somebody asked for something to be sent to a destination.</summary>
public sealed class DestinationBell(TimeProvider time) : Bell(time);

/// <summary>Brings what is due to the destinations, several at a time and each in its own order, and reads the states of issues. Every node does it.</summary>
public sealed partial class DestinationWorker(
    DestinationClaims claims,
    DestinationWork work,
    ItemStates states,
    DestinationBell bell,
    WorkerTools tools,
    ILogger<DestinationWorker> logger
) : Worker("Destinations", tools, logger)
{
    /// <summary>Destinations at a time; one that hangs keeps the others waiting for its place only.</summary>
    private const int AtOnce = 4;

    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(10);

    /// <summary>What is due and cannot be claimed is another node's at the moment.</summary>
    private static readonly TimeSpan LeastPause = TimeSpan.FromSeconds(1);

    /// <summary>How often the ends of tokens are looked at.</summary>
    private static readonly TimeSpan Warns = TimeSpan.FromHours(1);

    private DateTimeOffset _warnedAt;

    protected override Task BeginAsync(CancellationToken stopping) => claims.TakeBackAsync(stopping);

    protected override Task PauseAsync(TimeSpan length, CancellationToken stopping) => bell.WaitAsync(length, stopping);

    protected override async Task<TimeSpan> RoundAsync(CancellationToken stopping)
    {
        // Where there is no destination, a look costs one small query.
        if (!await claims.HasDestinationsAsync(stopping))
            return Poll;
        await claims.TellChangesAsync(stopping);
        if (Time.GetUtcNow() - _warnedAt >= Warns)
        {
            await work.WarnAsync(stopping);
            _warnedAt = Time.GetUtcNow();
        }
        var (due, _) = await claims.LookAsync(stopping);
        await Parallel.ForEachAsync(due, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = stopping }, DoAsync);
        var check = await states.ReadDueAsync(stopping);
        Works();
        var (left, next) = await claims.LookAsync(stopping);
        if (left.Count > 0)
            return LeastPause;
        var soonest = new[] { next, check }.Min();
        var wait = Until(soonest, Poll);
        return wait < LeastPause && soonest == check ? LeastPause : wait;
    }

    private async ValueTask DoAsync(DestinationId destination, CancellationToken stopping)
    {
        try
        {
            while (!stopping.IsCancellationRequested && await work.DoNextAsync(destination, stopping))
                Works();
        }
        catch (Exception exception) when (exception is not OperationCanceledException && !StoreSetup.IsOutage(exception))
        {
            // The others are worked on nevertheless. The row is due again when its claim ends.
            Log.DestinationFailed(logger, destination.Value, exception);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(760, LogLevel.Error, "Destination {Destination} could not be worked on; it is tried again, and the others go on.")]
        public static partial void DestinationFailed(ILogger logger, string destination, Exception exception);
    }
}
