namespace StatusPage.Web.Maintenances;

public static class MaintenancesRoom
{
    public static void AddMaintenances(this IServiceCollection services)
    {
        services.AddScoped<MaintenanceDesk>();
        services.AddSingleton<MaintenanceWatch>();
        services.AddHostedService<MaintenanceWorker>();
    }
}
