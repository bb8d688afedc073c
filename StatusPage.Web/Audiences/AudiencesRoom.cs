using Microsoft.Extensions.Caching.Memory;
using ZiggyCreatures.Caching.Fusion;

namespace StatusPage.Web.Audiences;

public static class AudiencesRoom
{
    public static void AddAudiences(this IServiceCollection services)
    {
        services.AddSingleton<AudienceSite>();
        services.AddSingleton<LinkRequests>();
        services.AddHostedService<LinkWorker>();
        services
            .AddFusionCache(AudienceSite.Cache)
            .WithMemoryCache(new MemoryCache(new MemoryCacheOptions { SizeLimit = AudienceSite.Most }))
            .WithDefaultEntryOptions(entry =>
                entry.SetDuration(AudienceSite.Fresh).SetFailSafe(true, AudienceSite.Stale, TimeSpan.FromSeconds(5)).SetSize(1)
            );
    }
}
