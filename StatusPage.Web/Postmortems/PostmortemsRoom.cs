using StatusPage.Web.Destinations;

namespace StatusPage.Web.Postmortems;

/// <summary>From an incident to what was learned: the postmortem, its public version, and the action items. docs/postmortems.md</summary>
public static class PostmortemsRoom
{
    public static void AddPostmortems(this IServiceCollection services)
    {
        services.AddScoped<PostmortemSources>();
        services.AddScoped<PostmortemDesk>();
        services.AddScoped<IDestinationSource, PostmortemDocuments>();
        services.AddScoped<ActionDesk>();
        services.AddSingleton<ActionWatch>();
        services.AddHostedService<ActionWorker>();
    }
}
