namespace StatusPage.Web.Data;

/// <summary>What writes to the store and what takes out of it again. The store itself is added before all rooms, by <see cref="StoreSetup"/>.</summary>
public static class ChangesRoom
{
    public static void AddChanges(this IServiceCollection services)
    {
        services.AddScoped<ChangeWriter>();
        services.AddScoped<DemoData>();
        services.AddHostedService<RetentionWorker>();
    }
}
