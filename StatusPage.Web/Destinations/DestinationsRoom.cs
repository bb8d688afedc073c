using StatusPage.Web.Destinations.Clients;

namespace StatusPage.Web.Destinations;

/// <summary>Postmortems and action items in other systems: what stands where, the way there, and what comes back. docs/destinations.md</summary>
public static class DestinationsRoom
{
    public static void AddDestinations(this IServiceCollection services)
    {
        services.AddSingleton<DestinationSecrets>();
        services.AddSingleton<DestinationBell>();
        services.AddSingleton<KnownDestinations>();
        services.AddSingleton<DestinationClaims>();
        services.AddSingleton<DestinationWork>();
        services.AddSingleton<ItemStates>();
        services.AddSingleton<VendorHttp>();
        services.AddSingleton<GitHub>();
        services.AddSingleton<IDestinationClient>(provider => provider.GetRequiredService<GitHub>());
        services.AddSingleton<IDestinationClient, ConfluenceCloud>();
        services.AddSingleton<IDestinationClient, ConfluenceDataCenter>();
        services.AddSingleton<IDestinationClient, Notion>();
        services.AddSingleton<IDestinationClient, SignedWebhook>();
        services.AddScoped<DestinationDesk>();
        services.AddScoped<DestinationNotices>();
        services.AddHostedService<DestinationWorker>();
    }

    public static void MapDestinations(this WebApplication app) => app.MapGitHubHook();
}
