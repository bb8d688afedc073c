using Microsoft.EntityFrameworkCore;
using StatusPage.Domain.Metrics;
using StatusPage.Web.Data;
using StatusPage.Web.Hosting;

namespace StatusPage.Web.Metrics;

/// <summary>
/// Queries each Prometheus once a minute, whatever the number of nodes: the node that sets the time of the query sends it. Also deletes old points.
/// </summary>
public sealed partial class MetricWatch(IServiceScopeFactory scopes, WorkerTools tools, ILogger<MetricWatch> logger) : Worker("Metrics", tools, logger)
{
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    /// <summary>Looking more often than querying lets another node step in soon.</summary>
    private static readonly TimeSpan Looks = TimeSpan.FromSeconds(15);

    protected override async Task<TimeSpan> RoundAsync(CancellationToken stopping)
    {
        await LookAsync(stopping);
        return Looks;
    }

    public async Task LookAsync(CancellationToken cancel)
    {
        var now = Time.GetUtcNow();
        var before = now - Every;
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<StatusDb>();
        var prometheus = scope.ServiceProvider.GetRequiredService<Prometheus>();
        var due = await db
            .Metrics.AsNoTracking()
            .Where(row =>
                row.Address != null
                && (row.AskedAt == null || row.AskedAt <= before)
                && db.Pages.Any(page => page.Id == row.PageId && page.ClosedAt == null)
            )
            .ToListAsync(cancel);
        foreach (var metric in due)
        {
            // Only one of several nodes succeeds in updating the row.
            if (
                await db
                    .Metrics.Where(row => row.Id == metric.Id && (row.AskedAt == null || row.AskedAt <= before))
                    .ExecuteUpdateAsync(set => set.SetProperty(row => row.AskedAt, now), cancel) == 0
            )
                continue;
            try
            {
                await AskAsync(db, prometheus, metric, now, cancel);
            }
            catch (Exception exception) when (!cancel.IsCancellationRequested && !StoreSetup.IsOutage(exception))
            {
                Log.OneFailed(logger, metric.Id.Value, exception);
            }
        }
    }

    private static async Task AskAsync(StatusDb db, Prometheus prometheus, Metric metric, DateTimeOffset now, CancellationToken cancel)
    {
        var answer = await prometheus.AskAsync(metric.Address!, metric.Query!, now);
        if (answer.Value is { } value)
            await db.AddValuesAsync(metric.Id, [(now, value)], cancel);
        var trouble = answer.Trouble is { } words ? Domain.Text.Cut(words.ToString(), 500) : null;
        await db.Metrics.Where(row => row.Id == metric.Id).ExecuteUpdateAsync(set => set.SetProperty(row => row.LastError, trouble), cancel);
    }

    private static partial class Log
    {
        [LoggerMessage(611, LogLevel.Error, "Metric {Metric} could not be asked for; the others are, and it is again in a minute.")]
        public static partial void OneFailed(ILogger logger, string metric, Exception exception);
    }
}
