using StatusPage.Web.Hosting;

namespace StatusPage.Web.Snapshot;

public static class SnapshotRoom
{
    public static void AddSnapshot(this IServiceCollection services, Settings settings)
    {
        services.AddSnapshotExchange(settings);
        services.AddSingleton<PublishBell>();
        services.AddSingleton<PageRenderer>();
        services.AddSingleton<SiteRenderer>();
        services.AddSingleton<SnapshotFile>();
        services.AddHostedService<SnapshotPublisher>();
    }
}
