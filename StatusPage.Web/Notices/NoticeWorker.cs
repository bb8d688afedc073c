using StatusPage.Domain.Deliveries;
using StatusPage.Domain.Notices;
using StatusPage.Web.Data;
using StatusPage.Web.Hosting;

namespace StatusPage.Web.Notices;

/// <summary>Rung when there may be something to tell the team.</summary>
public sealed class NoticeBell(TimeProvider time) : Bell(time);

/// <summary>Tells the team what is in the box: on every node, each notice from one of them.</summary>
public sealed partial class NoticeWorker(NoticeClaims claims, NoticePost post, NoticeBell bell, StoreState store, TimeProvider time, ILogger<NoticeWorker> logger) : BackgroundService
{
    /// <summary>Under way at once: one that hangs for its thirty seconds keeps nobody else waiting.</summary>
    private const int AtOnce = 16;

    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan TidyEvery = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await store.Ready.WaitAsync(stoppingToken);
        var running = new List<Task>();
        var tidied = DateTimeOffset.MinValue;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                running.RemoveAll(task => task.IsCompleted);
                if (running.Count < AtOnce)
                    foreach (var notice in await claims.ClaimAsync(AtOnce - running.Count, stoppingToken)) running.Add(Task.Run(() => SendAsync(notice), CancellationToken.None));
                if (time.GetUtcNow() - tidied > TidyEvery)
                {
                    await claims.TidyAsync(stoppingToken);
                    tidied = time.GetUtcNow();
                }
                await bell.WaitAsync(Poll, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (Exception exception)
            {
                if (StoreSetup.IsOutage(exception)) Log.Away(logger);
                else Log.Failed(logger, exception);
                await Task.WhenAny(Task.Delay(Poll, time, stoppingToken));
            }
        }
        // What is begun is finished and written.
        await Task.WhenAll(running);
    }

    private async Task SendAsync(Notice notice)
    {
        try
        {
            SendResult result;
            try
            {
                result = await claims.ObstacleAsync(notice, CancellationToken.None) ?? await post.SendAsync(notice, CancellationToken.None);
            }
            catch (Exception exception) when (!StoreSetup.IsOutage(exception))
            {
                Log.Unforeseen(logger, notice.Id, exception);
                result = new SendResult.TryAgain($"The notice could not be made or sent ({exception.GetType().Name}).");
            }
            await claims.FinishAsync(notice, result, CancellationToken.None);
            if (notice.State == DeliveryState.Failed) Log.GivenUp(logger, notice.Id, notice.Channel, notice.LastError);
            bell.Ring();
        }
        catch (Exception exception)
        {
            // The lease ends by itself, and then it is sent again.
            Log.NotWritten(logger, notice.Id, exception.GetType().Name);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(230, LogLevel.Warning, "Notices to the team wait, as the database cannot be reached.")]
        public static partial void Away(ILogger logger);

        [LoggerMessage(231, LogLevel.Error, "Notices to the team could not be looked for.")]
        public static partial void Failed(ILogger logger, Exception exception);

        [LoggerMessage(232, LogLevel.Error, "Notice {Notice} could not be made or sent.")]
        public static partial void Unforeseen(ILogger logger, long notice, Exception exception);

        [LoggerMessage(233, LogLevel.Warning, "Notice {Notice} by {Channel} was given up: {Reason}")]
        public static partial void GivenUp(ILogger logger, long notice, NoticeChannel channel, string? reason);

        [LoggerMessage(234, LogLevel.Warning, "What became of notice {Notice} could not be written ({Reason}).")]
        public static partial void NotWritten(ILogger logger, long notice, string reason);
    }
}
