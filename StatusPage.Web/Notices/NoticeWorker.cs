using StatusPage.Domain.Deliveries;
using StatusPage.Domain.Notices;
using StatusPage.Web.Data;
using StatusPage.Web.Deliveries;
using StatusPage.Web.Hosting;

namespace StatusPage.Web.Notices;

/// <summary>Rung when there may be something to tell the team.</summary>
public sealed class NoticeBell(TimeProvider time) : Bell(time);

/// <summary>Sends notices to the team. It runs on every node, and each notice is sent by one of them.</summary>
public sealed partial class NoticeWorker(
    NoticeClaims claims,
    NoticePost post,
    NoticeBell bell,
    Vigil vigil,
    WorkerTools tools,
    ILogger<NoticeWorker> logger
) : Worker("Notices to the team", tools, logger)
{
    /// <summary>Notices sent at once: one that hangs for its thirty seconds does not delay the others.</summary>
    private const int AtOnce = 16;

    private readonly List<Task> _running = [];
    private bool _hasTakenBack;

    protected override async Task<TimeSpan> RoundAsync(CancellationToken stopping)
    {
        if (!_hasTakenBack)
        {
            await claims.TakeBackAsync(stopping);
            _hasTakenBack = true;
        }
        _running.RemoveAll(task => task.IsCompleted);
        // A send that ends rings the bell.
        if (_running.Count >= AtOnce)
            return vigil.Pause;
        var next = await claims.NextAsync(stopping);
        if (next > Time.GetUtcNow() || next is null)
            return Until(next, vigil.Pause);
        foreach (var notice in await claims.ClaimAsync(AtOnce - _running.Count, stopping))
            _running.Add(Task.Run(() => SendAsync(notice), CancellationToken.None));
        return TimeSpan.Zero;
    }

    protected override Task PauseAsync(TimeSpan length, CancellationToken stopping) => bell.WaitAsync(length, stopping);

    /// <summary>Sends that have begun are finished and written.</summary>
    protected override Task EndAsync() => Task.WhenAll(_running);

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
                result = new SendResult.OurFault($"The notice could not be made or sent ({exception.GetType().Name}).");
            }
            await claims.FinishAsync(notice, result, CancellationToken.None);
            if (notice.State == DeliveryState.Failed)
                Log.GivenUp(logger, notice.Id, notice.Channel, notice.LastError);
            bell.Ring();
        }
        catch (Exception exception)
        {
            // The lease ends by itself, and then the notice is sent again.
            Log.NotWritten(logger, notice.Id, exception.GetType().Name);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(232, LogLevel.Error, "Notice {Notice} could not be made or sent.")]
        public static partial void Unforeseen(ILogger logger, long notice, Exception exception);

        [LoggerMessage(233, LogLevel.Warning, "Notice {Notice} by {Channel} was given up: {Reason}")]
        public static partial void GivenUp(ILogger logger, long notice, NoticeChannel channel, string? reason);

        [LoggerMessage(234, LogLevel.Warning, "What became of notice {Notice} could not be written ({Reason}).")]
        public static partial void NotWritten(ILogger logger, long notice, string reason);
    }
}
