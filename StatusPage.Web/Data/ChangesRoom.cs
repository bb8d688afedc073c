using StatusPage.Web.Data.Demo;

namespace StatusPage.Web.Data;

/// <summary>Services that write to the store and those that delete from it. <see cref="StoreSetup"/> adds the store itself before all rooms.</summary>
public static class ChangesRoom
{
    public static void AddChanges(this IServiceCollection services)
    {
        services.AddScoped<ChangeWriter>();
        services.AddScoped<DemoData>();
        services.AddHostedService<RetentionWorker>();
    }
}
