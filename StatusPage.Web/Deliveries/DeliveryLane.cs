using System.Collections.Concurrent;
using System.Threading.Channels;
using StatusPage.Domain;
using StatusPage.Domain.Deliveries;
using StatusPage.Web.Data;
using StatusPage.Web.Hosting;

namespace StatusPage.Web.Deliveries;

/// <summary>
/// The deliveries of one channel, from claim to result, so that a channel that hangs does not delay the others. One loop claims, several send, one writes
/// results: those that arrive during a commit go into the next commit. Only a little is claimed at a time, under a short lease that is renewed, so that
/// not much waits for long when the node dies.
/// </summary>
internal sealed partial class DeliveryLane(
    IChannelSender sender,
    Ledger ledger,
    FanOutPace pace,
    DeliveryBell again,
    Settings settings,
    TimeProvider time,
    ILogger logger
)
{
    /// <summary>The most rows claimed for each sender that runs at once: enough to spread the cost of a commit.</summary>
    private const int ClaimsPerSender = 50;

    /// <summary>How long it may take to send one batch of claims. Up to two batches are held.</summary>
    private static readonly TimeSpan ClaimedWork = TimeSpan.FromSeconds(1);

    /// <summary>The assumed time for a delivery, until it is measured.</summary>
    private static readonly TimeSpan FirstGuess = TimeSpan.FromSeconds(0.5);

    /// <summary>The weight of the latest delivery in the average time.</summary>
    private const double Weight = 0.05;

    /// <summary>The interval for looking again while something is in the way.</summary>
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1);

    /// <summary>The worker watches for due rows and rings; this is in case that fails.</summary>
    private static readonly TimeSpan Unrung = TimeSpan.FromSeconds(30);

    private readonly LaneBell _bell = new(time),
        _room = new(time);

    /// <summary>The ids of the claimed rows, and when each was last claimed or renewed.</summary>
    private readonly ConcurrentDictionary<long, long> _held = new();
    private double _secondsEach = FirstGuess.TotalSeconds;

    public Domain.Channels.Channel Channel => sender.Channel;

    public void Ring() => _bell.Ring();

    private int Most => sender.AtOnce * ClaimsPerSender;

    private int Batch => (int)Math.Clamp(ClaimedWork.TotalSeconds * sender.AtOnce / _secondsEach, sender.AtOnce, Most);

    /// <summary>Runs until it is asked to stop. An exception means that the lane has died, and nothing of it is still running.</summary>
    /// <param name="begun">Called when the lane is at work.</param>
    public async Task RunAsync(Action begun, CancellationToken stopping)
    {
        await ledger.TakeBackAsync(sender.Channel, stopping);
        _held.Clear();
        begun();
        using var broken = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        using var over = new CancellationTokenSource();
        var queue = System.Threading.Channels.Channel.CreateUnbounded<Work>();
        var results = System.Threading.Channels.Channel.CreateUnbounded<(Claim, SendResult?)>(new() { SingleReader = true });
        var writing = GuardAsync(WriteAsync(results.Reader, stopping));
        var sending = Task.WhenAll(
            Enumerable
                .Range(0, sender.AtOnce)
                .Select(_ =>
                    GuardAsync(
                        sender.Blocks
                            ? Task.Factory.StartNew(
                                () => Send(queue.Reader, results.Writer, stopping),
                                CancellationToken.None,
                                TaskCreationOptions.LongRunning,
                                TaskScheduler.Default
                            )
                            : SendAsync(queue.Reader, results.Writer, stopping)
                    )
                )
        );
        var renewing = RenewAsync(over.Token);
        try
        {
            await ClaimAsync(queue.Writer, results.Writer, broken.Token);
        }
        catch (OperationCanceledException) when (broken.IsCancellationRequested)
        {
            // Claims that were not begun are given back below.
        }
        finally
        {
            queue.Writer.Complete();
            try
            {
                await sending;
            }
            finally
            {
                results.Writer.Complete();
                await writing;
                await over.CancelAsync();
                await renewing;
            }
        }

        // When a sender dies, the lane claims nothing more.
        async Task GuardAsync(Task part)
        {
            try
            {
                await part;
            }
            catch
            {
                await broken.CancelAsync();
                throw;
            }
        }
    }

    private async Task ClaimAsync(ChannelWriter<Work> queue, ChannelWriter<(Claim, SendResult?)> results, CancellationToken stopping)
    {
        // Rows that were taken back are due, and nobody rings for them.
        var mayBeMore = true;
        while (true)
        {
            if (!mayBeMore)
                await _bell.WaitAsync(Unrung, stopping);
            if (sender.PausedUntil is not null)
            {
                await _bell.WaitAsync(Poll, stopping);
                mayBeMore = true;
                continue;
            }
            var batch = Batch;
            if (_held.Count >= batch)
            {
                await _room.WaitAsync(Poll, stopping);
                mayBeMore = true;
                continue;
            }
            IReadOnlyList<Claim> claims = [];
            try
            {
                await pace.TurnAsync(stopping);
                var claimed = time.GetTimestamp();
                claims = await ledger.ClaimAsync(sender.Channel, batch, settings.DeliveryLease, stopping);
                foreach (var claim in claims)
                    _held[claim.Id] = claimed;
                // On a stop the senders give back whatever they find here.
                foreach (var (claim, run) in claims.Count == 0 ? [] : await BeginAsync(claims, results))
                    queue.TryWrite(new(claim, run));
            }
            catch (Exception exception) when (StoreSetup.IsOutage(exception))
            {
                Log.Away(logger, sender.Channel);
                foreach (var claim in claims)
                    results.TryWrite((claim, null));
                await _bell.WaitAsync(Poll, stopping);
            }
            catch (Exception exception) when (!stopping.IsCancellationRequested)
            {
                Log.Failed(logger, sender.Channel, exception);
                foreach (var claim in claims)
                    results.TryWrite((claim, new SendResult.OurFault($"The message could not be made ({exception.GetType().Name}).")));
                await _bell.WaitAsync(Poll, stopping);
            }
            stopping.ThrowIfCancellationRequested();
            mayBeMore = claims.Count == batch;
        }
    }

    /// <summary>Renews the leases, so that a living node keeps what it holds.</summary>
    private async Task RenewAsync(CancellationToken over)
    {
        while (true)
        {
            await Task.Delay(settings.DeliveryLease / 4, time, over)
                .ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            if (over.IsCancellationRequested)
                return;
            try
            {
                var began = time.GetTimestamp();
                // Rows that went to another node while this one stood still keep their old time, and are not sent.
                foreach (var id in await ledger.RenewAsync([.. _held.Keys], settings.DeliveryLease, over))
                    if (_held.TryGetValue(id, out var since))
                        _held.TryUpdate(id, began, since);
            }
            catch (Exception exception)
            {
                // Rows that are not sent by half of their lease are given back; rows that are being sent may be sent by another node, too.
                if (!over.IsCancellationRequested)
                    Log.NotRenewed(logger, sender.Channel, exception.GetBaseException().GetType().Name);
            }
        }
    }

    /// <summary>Prepares all messages at once; when that fails, each announcement separately, so that only the broken one fails.</summary>
    private async Task<IReadOnlyList<(Claim, ISending)>> BeginAsync(IReadOnlyList<Claim> claims, ChannelWriter<(Claim, SendResult?)> results)
    {
        try
        {
            var run = await sender.BeginAsync(claims, CancellationToken.None);
            return [.. claims.Select(claim => (claim, run))];
        }
        catch (Exception exception) when (!StoreSetup.IsOutage(exception) && claims.Any(claim => claim.AnnouncementId != claims[0].AnnouncementId))
        {
            var begun = new List<(Claim, ISending)>();
            foreach (var announced in claims.GroupBy(claim => claim.AnnouncementId))
                begun.AddRange(await BeginAloneAsync(announced.Key, [.. announced], results));
            return begun;
        }
    }

    private async Task<IReadOnlyList<(Claim, ISending)>> BeginAloneAsync(
        AnnouncementId announcement,
        IReadOnlyList<Claim> claims,
        ChannelWriter<(Claim, SendResult?)> results
    )
    {
        try
        {
            var run = await sender.BeginAsync(claims, CancellationToken.None);
            return [.. claims.Select(claim => (claim, run))];
        }
        catch (Exception exception) when (!StoreSetup.IsOutage(exception))
        {
            Log.NotMade(logger, announcement.Value, sender.Channel, exception);
            foreach (var claim in claims)
                results.TryWrite((claim, new SendResult.OurFault($"The message could not be made ({exception.GetType().Name}).")));
            return [];
        }
    }

    private async Task SendAsync(ChannelReader<Work> queue, ChannelWriter<(Claim, SendResult?)> results, CancellationToken stopping)
    {
        await foreach (var work in queue.ReadAllAsync(CancellationToken.None))
            results.TryWrite((work.Claim, IsLate(work, stopping) ? null : await SendAsync(work)));
    }

    /// <summary>The same on a thread of our own that may block.</summary>
    private void Send(ChannelReader<Work> queue, ChannelWriter<(Claim, SendResult?)> results, CancellationToken stopping)
    {
        while (queue.WaitToReadAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult())
        while (queue.TryRead(out var work))
            results.TryWrite((work.Claim, IsLate(work, stopping) ? null : SendAsync(work).GetAwaiter().GetResult()));
    }

    /// <summary>
    /// After a stop was requested, deliveries that have begun are finished and written, and no new ones begin. Near the end of its lease nothing is sent
    /// either.
    /// </summary>
    private bool IsLate(Work work, CancellationToken stopping) =>
        stopping.IsCancellationRequested || !_held.TryGetValue(work.Claim.Id, out var since) || time.GetElapsedTime(since) > settings.DeliveryLease / 2;

    /// <summary>An unforeseen exception fails one delivery alone, and never the others.</summary>
    private async Task<SendResult> SendAsync(Work work)
    {
        var began = time.GetTimestamp();
        try
        {
            var result = await work.Run.SendAsync(work.Claim);
            // Several senders write it at once; a lost sample does not matter.
            if (result is not SendResult.Postpone)
                _secondsEach += Weight * (time.GetElapsedTime(began).TotalSeconds - _secondsEach);
            return result;
        }
        catch (Exception exception)
        {
            Log.Unforeseen(logger, work.Claim.Id, exception);
            return new SendResult.OurFault($"The message could not be made or sent ({exception.GetType().Name}).");
        }
    }

    /// <summary>Writes results as they arrive, so that a crash leaves no more unwritten than was being sent at that moment.</summary>
    private async Task WriteAsync(ChannelReader<(Claim Claim, SendResult? Result)> results, CancellationToken stopping)
    {
        while (await results.WaitToReadAsync(CancellationToken.None))
        {
            var done = new List<(Claim Claim, SendResult Result)>();
            var left = new List<Claim>();
            while (results.TryRead(out var result))
            {
                if (result.Result is { } known)
                    done.Add((result.Claim, known));
                else
                    left.Add(result.Claim);
            }
            await KeepAsync(() => ledger.FinishAsync(done, CancellationToken.None), stopping);
            await KeepAsync(() => ledger.ReleaseAsync(left, CancellationToken.None), stopping);
            foreach (var (claim, _) in done)
                _held.TryRemove(claim.Id, out _);
            foreach (var claim in left)
                _held.TryRemove(claim.Id, out _);
            _room.Ring();
            // Some rows fall due again, perhaps before the worker's next look.
            if (left.Count > 0 || done.Exists(one => one.Result is not (SendResult.Sent or SendResult.GiveUp or SendResult.Suppress)))
                again.Ring();
            foreach (var (claim, result) in done)
                if (result is SendResult.TryAgain or SendResult.OurFault or SendResult.GiveUp)
                    Log.NotSent(logger, claim.Id, sender.Channel, claim.Attempts, result.GetType().Name);
        }
    }

    /// <summary>A store that is away for a moment costs no result: each lost result would be a message that is sent again.</summary>
    private async Task KeepAsync(Func<Task> write, CancellationToken stopping)
    {
        while (true)
        {
            try
            {
                await write();
                return;
            }
            catch (Exception exception) when (StoreSetup.IsOutage(exception))
            {
                Log.Kept(logger, sender.Channel);
                if (stopping.IsCancellationRequested)
                    return;
            }
            catch (Exception exception)
            {
                // The rows come back when their lease ends.
                Log.Failed(logger, sender.Channel, exception);
                return;
            }
            await Task.Delay(Poll, time, stopping)
                .ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    private sealed record Work(Claim Claim, ISending Run);

    private sealed class LaneBell(TimeProvider time) : Bell(time);

    private static partial class Log
    {
        [LoggerMessage(209, LogLevel.Error, "No message of announcement {Announcement} could be made for {Channel}; the others go on.")]
        public static partial void NotMade(ILogger logger, string announcement, Domain.Channels.Channel channel, Exception exception);

        [LoggerMessage(217, LogLevel.Warning, "What is held of {Channel} could not be renewed ({Reason}).")]
        public static partial void NotRenewed(ILogger logger, Domain.Channels.Channel channel, string reason);

        [LoggerMessage(
            200,
            LogLevel.Warning,
            "Delivery {Delivery} by {Channel} did not go out at attempt {Attempt}: {Result}. The ledger has the reason."
        )]
        public static partial void NotSent(ILogger logger, long delivery, Domain.Channels.Channel channel, int attempt, string result);

        [LoggerMessage(203, LogLevel.Error, "Delivery {Delivery} failed in a way that nobody foresaw.")]
        public static partial void Unforeseen(ILogger logger, long delivery, Exception exception);

        [LoggerMessage(201, LogLevel.Warning, "Deliveries by {Channel} wait, as the database cannot be reached.")]
        public static partial void Away(ILogger logger, Domain.Channels.Channel channel);

        [LoggerMessage(204, LogLevel.Warning, "Results of deliveries by {Channel} are kept until the database can be reached.")]
        public static partial void Kept(ILogger logger, Domain.Channels.Channel channel);

        [LoggerMessage(202, LogLevel.Error, "A round of deliveries by {Channel} failed.")]
        public static partial void Failed(ILogger logger, Domain.Channels.Channel channel, Exception exception);
    }
}
