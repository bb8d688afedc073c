using System.Threading.Channels;
using StatusPage.Domain;
using StatusPage.Domain.Deliveries;
using StatusPage.Web.Data;
using StatusPage.Web.Hosting;

namespace StatusPage.Web.Deliveries;

/// <summary>
/// The deliveries of one channel, from claim to result, so that a channel that hangs keeps no other waiting.
/// One loop claims, some send, one writes results: those that gather while a commit runs are the next commit.
/// </summary>
internal sealed partial class DeliveryLane(IChannelSender sender, Ledger ledger, FanOutPace pace, Settings settings, TimeProvider time, ILogger logger)
{
    /// <summary>Rows claimed at a time for each that can be sent at once: enough to spread the cost of a commit, few enough to be sent well within a lease.</summary>
    private const int ClaimsPerSender = 50;

    /// <summary>While something is in the way.</summary>
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1);

    /// <summary>The worker looks every second what is due and rings; this is in case that fails.</summary>
    private static readonly TimeSpan Unrung = TimeSpan.FromSeconds(30);

    private readonly LaneBell _bell = new(time);

    public Domain.Channels.Channel Channel => sender.Channel;

    public void Ring() => _bell.Ring();

    public async Task RunAsync(CancellationToken stopping)
    {
        var batch = sender.AtOnce * ClaimsPerSender;
        var queue = System.Threading.Channels.Channel.CreateBounded<Work>(batch);
        var results = System.Threading.Channels.Channel.CreateUnbounded<(Claim, SendResult?)>(new() { SingleReader = true });
        var writing = WriteAsync(results.Reader, stopping);
        var sending = Task.WhenAll(Enumerable.Range(0, sender.AtOnce).Select(_ => sender.Blocks
            ? Task.Factory.StartNew(() => Send(queue.Reader, results.Writer, stopping), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)
            : SendAsync(queue.Reader, results.Writer, stopping)));
        try
        {
            await ClaimAsync(batch, queue.Writer, results.Writer, stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // What was claimed and not begun is given back below.
        }
        finally
        {
            queue.Writer.Complete();
            await sending;
            results.Writer.Complete();
            await writing;
        }
    }

    private async Task ClaimAsync(int batch, ChannelWriter<Work> queue, ChannelWriter<(Claim, SendResult?)> results, CancellationToken stopping)
    {
        var mayBeMore = false;
        while (true)
        {
            if (!mayBeMore) await _bell.WaitAsync(Unrung, stopping);
            if (sender.PausedUntil > time.GetUtcNow())
            {
                await _bell.WaitAsync(Poll, stopping);
                mayBeMore = true;
                continue;
            }
            IReadOnlyList<Claim> claims = [];
            try
            {
                await pace.TurnAsync(stopping);
                var claimed = time.GetTimestamp();
                claims = await ledger.ClaimAsync(sender.Channel, batch, settings.DeliveryLease, stopping);
                // On a stop the senders give back whatever they find here.
                foreach (var (claim, run) in claims.Count == 0 ? [] : await BeginAsync(claims, results))
                    await queue.WriteAsync(new(claim, run, claimed), CancellationToken.None);
            }
            catch (Exception exception) when (StoreSetup.IsOutage(exception))
            {
                Log.Away(logger, sender.Channel);
                foreach (var claim in claims) results.TryWrite((claim, null));
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                Log.Failed(logger, sender.Channel, exception);
                foreach (var claim in claims) results.TryWrite((claim, new SendResult.TryAgain($"The message could not be made ({exception.GetType().Name}).")));
            }
            stopping.ThrowIfCancellationRequested();
            mayBeMore = claims.Count == batch;
        }
    }

    /// <summary>Made for all at once; when that fails, for each announcement by itself, so that one of which no message can be made fails alone.</summary>
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
            foreach (var announced in claims.GroupBy(claim => claim.AnnouncementId)) begun.AddRange(await BeginAloneAsync(announced.Key, [.. announced], results));
            return begun;
        }
    }

    private async Task<IReadOnlyList<(Claim, ISending)>> BeginAloneAsync(AnnouncementId announcement, IReadOnlyList<Claim> claims, ChannelWriter<(Claim, SendResult?)> results)
    {
        try
        {
            var run = await sender.BeginAsync(claims, CancellationToken.None);
            return [.. claims.Select(claim => (claim, run))];
        }
        catch (Exception exception) when (!StoreSetup.IsOutage(exception))
        {
            Log.NotMade(logger, announcement.Value, sender.Channel, exception);
            foreach (var claim in claims) results.TryWrite((claim, new SendResult.TryAgain($"The message could not be made ({exception.GetType().Name}).")));
            return [];
        }
    }

    private async Task SendAsync(ChannelReader<Work> queue, ChannelWriter<(Claim, SendResult?)> results, CancellationToken stopping)
    {
        await foreach (var work in queue.ReadAllAsync(CancellationToken.None)) results.TryWrite((work.Claim, IsLate(work, stopping) ? null : await SendAsync(work)));
    }

    /// <summary>The same on a thread that is ours to block.</summary>
    private void Send(ChannelReader<Work> queue, ChannelWriter<(Claim, SendResult?)> results, CancellationToken stopping)
    {
        while (queue.WaitToReadAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult())
            while (queue.TryRead(out var work)) results.TryWrite((work.Claim, IsLate(work, stopping) ? null : SendAsync(work).GetAwaiter().GetResult()));
    }

    /// <summary>Once asked to stop, what is begun is finished and written, and nothing new is begun; nor is anything sent near the end of its lease.</summary>
    private bool IsLate(Work work, CancellationToken stopping) => stopping.IsCancellationRequested || time.GetElapsedTime(work.Claimed) > settings.DeliveryLease / 2;

    /// <summary>One delivery that nobody foresaw fails by itself, and never takes the others with it.</summary>
    private async Task<SendResult> SendAsync(Work work)
    {
        try
        {
            return await work.Run.SendAsync(work.Claim);
        }
        catch (Exception exception)
        {
            Log.Unforeseen(logger, work.Claim.Id, exception);
            return new SendResult.TryAgain($"The message could not be made or sent ({exception.GetType().Name}).");
        }
    }

    /// <summary>Writes results as they come, so that a crash leaves no more unwritten than was on its way in that moment.</summary>
    private async Task WriteAsync(ChannelReader<(Claim Claim, SendResult? Result)> results, CancellationToken stopping)
    {
        while (await results.WaitToReadAsync(CancellationToken.None))
        {
            var done = new List<(Claim Claim, SendResult Result)>();
            var left = new List<Claim>();
            while (results.TryRead(out var result))
            {
                if (result.Result is { } known) done.Add((result.Claim, known));
                else left.Add(result.Claim);
            }
            await KeepAsync(() => ledger.FinishAsync(done, CancellationToken.None), stopping);
            await KeepAsync(() => ledger.ReleaseAsync(left, CancellationToken.None), stopping);
            foreach (var (claim, result) in done)
                if (result is SendResult.TryAgain or SendResult.GiveUp) Log.NotSent(logger, claim.Id, sender.Channel, claim.Attempts, result.GetType().Name);
        }
    }

    /// <summary>A store that is away for a moment costs no result: each would be a message that is sent again.</summary>
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
                if (stopping.IsCancellationRequested) return;
            }
            catch (Exception exception)
            {
                // The rows come back when their lease ends.
                Log.Failed(logger, sender.Channel, exception);
                return;
            }
            await Task.Delay(Poll, time, stopping).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    private sealed record Work(Claim Claim, ISending Run, long Claimed);

    private sealed class LaneBell(TimeProvider time) : Bell(time);

    private static partial class Log
    {
        [LoggerMessage(209, LogLevel.Error, "No message of announcement {Announcement} could be made for {Channel}; the others go on.")]
        public static partial void NotMade(ILogger logger, string announcement, Domain.Channels.Channel channel, Exception exception);

        [LoggerMessage(200, LogLevel.Warning, "Delivery {Delivery} by {Channel} did not go out at attempt {Attempt}: {Result}. The ledger has the reason.")]
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
