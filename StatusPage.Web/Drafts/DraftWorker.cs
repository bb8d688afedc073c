using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Drafts;
using StatusPage.Web.Data;
using StatusPage.Web.Hosting;
using StatusPage.Web.Pages;

namespace StatusPage.Web.Drafts;

/// <summary>Rung when a countdown begins.</summary>
public sealed class CountdownBell(TimeProvider time) : Bell(time);

/// <summary>Posts drafts whose countdown is over, and reminds of those that wait for approval. Every node does it; the draft's version lets one of them.</summary>
public sealed partial class DraftWorker(IServiceScopeFactory scopes, CountdownBell bell, WorkerTools tools, ILogger<DraftWorker> logger)
    : Worker("Drafts", tools, logger)
{
    /// <summary>How much later a post goes out when the node dies that took it.</summary>
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(5);

    protected override Task PauseAsync(TimeSpan length, CancellationToken stopping) => bell.WaitAsync(length, stopping);

    protected override async Task<TimeSpan> RoundAsync(CancellationToken stopping)
    {
        List<Running> running;
        await using (var scope = scopes.CreateAsyncScope())
        {
            var db = scope.ServiceProvider.GetRequiredService<StatusDb>();
            running = await db
                .Drafts.Where(row => row.PostsAt != null && db.Pages.Open().Any(page => page.Id == row.PageId))
                .OrderBy(row => row.PostsAt)
                .Select(row => new Running(row.Id, row.PageId, row.PostsAt!.Value))
                .ToListAsync(stopping);
        }
        var now = Time.GetUtcNow();
        foreach (var due in running.Where(row => row.At <= now))
            await PostAsync(due, stopping);
        await using (var scope = scopes.CreateAsyncScope())
            await scope.ServiceProvider.GetRequiredService<ApprovalWatch>().LookAsync(stopping);
        return Until(running.Where(row => row.At > now).Min(row => (DateTimeOffset?)row.At), Poll);
    }

    private async Task PostAsync(Running due, CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        try
        {
            var db = scope.ServiceProvider.GetRequiredService<StatusDb>();
            var page = await db.Pages.AsNoTracking().SingleAsync(row => row.Id == due.Page, cancel);
            await scope.ServiceProvider.GetRequiredService<Countdowns>().PostAsync(page, due.Id, cancel);
        }
        catch (Exception exception) when (StoreSetup.IsConflict(exception))
        {
            // Another node posted it, or somebody took it back; or the incident changed in this very moment, and the next look says so.
        }
        catch (Exception exception) when (exception is not OperationCanceledException && !StoreSetup.IsOutage(exception))
        {
            // The others are posted nevertheless.
            Log.NotPosted(logger, due.Id.Value, exception);
        }
    }

    private sealed record Running(DraftId Id, PageId Page, DateTimeOffset At);

    private static partial class Log
    {
        [LoggerMessage(640, LogLevel.Error, "Draft {Draft} could not be posted at the end of its countdown; it is tried again in a few seconds.")]
        public static partial void NotPosted(ILogger logger, string draft, Exception exception);
    }
}
