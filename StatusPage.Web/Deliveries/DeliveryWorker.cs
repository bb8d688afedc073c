using System.Collections.Concurrent;
using System.Threading.Channels;
using StatusPage.Domain.Deliveries;
using StatusPage.Web.Data;
using StatusPage.Web.Hosting;

namespace StatusPage.Web.Deliveries;

/// <summary>Announcements become ledger rows, rows become messages, results become states; as long as there are any.</summary>
public sealed partial class DeliveryWorker(
    Ledger ledger, EmailSender sender, DeliveryBell bell, StoreState store, Settings settings, TimeProvider time, ILogger<DeliveryWorker> logger) : BackgroundService
{
    /// <summary>Rows claimed at a time: few enough to be sent well within a lease, enough to spread the cost of a commit.</summary>
    private const int Batch = 50;

    /// <summary>How often to look when no bell rings, for retries and for what other nodes left behind.</summary>
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await store.Ready.WaitAsync(stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (await DeliverDueAsync(stoppingToken)) continue;
            }
            catch (Exception exception) when (StoreSetup.IsOutage(exception))
            {
                Log.Away(logger);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                Log.Failed(logger, exception);
            }
            await bell.WaitAsync(Poll, stoppingToken);
        }
    }

    /// <returns>True when there may be more to do at once.</returns>
    private async Task<bool> DeliverDueAsync(CancellationToken stopping)
    {
        await ledger.FanOutAsync(stopping);
        var claims = await ledger.ClaimAsync(Batch, settings.DeliveryLease, stopping);
        if (claims.Count == 0) return false;
        var began = time.GetTimestamp();
        var run = await sender.BeginAsync(claims, stopping);
        var left = new ConcurrentBag<Claim>();
        var results = System.Threading.Channels.Channel.CreateUnbounded<(Claim, SendResult)>(new() { SingleReader = true });
        var writing = WriteAsync(results.Reader);
        try
        {
            await Parallel.ForEachAsync(claims, new ParallelOptions { MaxDegreeOfParallelism = settings.DeliveryConnections }, async (claim, _) =>
            {
                // Once asked to stop, what is begun is finished and written, and nothing new is begun; nor is anything sent near the end of its lease.
                if (stopping.IsCancellationRequested || time.GetElapsedTime(began) > settings.DeliveryLease / 2) left.Add(claim);
                else results.Writer.TryWrite((claim, await SendAsync(run, claim)));
            });
        }
        finally
        {
            results.Writer.Complete();
            await writing;
            await ledger.ReleaseAsync(left, CancellationToken.None);
        }
        return true;
    }

    /// <summary>One delivery that nobody foresaw fails by itself, and never takes the others with it.</summary>
    private async Task<SendResult> SendAsync(EmailSender.Run run, Claim claim)
    {
        try
        {
            return await run.SendAsync(claim);
        }
        catch (Exception exception)
        {
            Log.Unforeseen(logger, claim.Id, exception);
            return new SendResult.TryAgain($"The message could not be made or sent ({exception.GetType().Name}).");
        }
    }

    /// <summary>
    /// Writes results as they come: those that gather while one commit runs are the next commit.
    /// So a crash leaves no more unwritten than was on its way in that moment.
    /// </summary>
    private async Task WriteAsync(ChannelReader<(Claim Claim, SendResult Result)> results)
    {
        while (await results.WaitToReadAsync())
        {
            var batch = new List<(Claim Claim, SendResult Result)>();
            while (results.TryRead(out var result)) batch.Add(result);
            await ledger.FinishAsync(batch, CancellationToken.None);
            foreach (var (claim, result) in batch)
                if (result is SendResult.TryAgain or SendResult.GiveUp) Log.NotSent(logger, claim.Id, claim.Attempts, result.GetType().Name);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(200, LogLevel.Warning, "Delivery {Delivery} did not go out at attempt {Attempt}: {Result}. The ledger has the reason.")]
        public static partial void NotSent(ILogger logger, long delivery, int attempt, string result);

        [LoggerMessage(203, LogLevel.Error, "Delivery {Delivery} failed in a way that nobody foresaw.")]
        public static partial void Unforeseen(ILogger logger, long delivery, Exception exception);

        [LoggerMessage(201, LogLevel.Warning, "Deliveries wait, as the database cannot be reached.")]
        public static partial void Away(ILogger logger);

        [LoggerMessage(202, LogLevel.Error, "A round of deliveries failed.")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
