using StatusPage.Web.Hosting;

namespace StatusPage.Web.Data;

/// <summary>
/// Notices when a newer node upgrades the schema while this node runs. This node goes on, as migrations keep working with the previous version
/// (docs/deploy.md), and says in the log, in readiness and at the desk that it is to be renewed. A SQLite file is upgraded only while no other process has
/// it open.
/// </summary>
public sealed partial class SchemaWatch(IServiceScopeFactory scopes, Settings settings, StoreState state, WorkerTools tools, ILogger<SchemaWatch> logger)
    : Worker("The schema", tools, logger)
{
    private static readonly TimeSpan Looks = TimeSpan.FromSeconds(10);

    protected override async Task<TimeSpan> RoundAsync(CancellationToken stopping)
    {
        if (settings.Postgres is null)
            return Timeout.InfiniteTimeSpan;
        await using var scope = scopes.CreateAsyncScope();
        var newer = (await StoreSchema.ReadAsync(scope.ServiceProvider.GetRequiredService<StatusDb>(), stopping)).Unknown;
        if (newer.Count > 0 && state.NewerSchema != newer[^1])
            Log.Newer(logger, newer[^1]);
        state.NewerSchema = newer.Count > 0 ? newer[^1] : null;
        return Looks;
    }

    private static partial class Log
    {
        [LoggerMessage(
            123,
            LogLevel.Warning,
            "A newer version of the program has brought the database up to date ({Migration}). "
                + "This node goes on; renew it soon. Once it ends, it starts no more."
        )]
        public static partial void Newer(ILogger logger, string migration);
    }
}
