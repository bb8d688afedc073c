namespace StatusPage.Web.Alerts;

/// <summary>From an alert to a draft: doors for monitoring systems, the rules, and the cases that come of it. docs/alerts.md</summary>
public static class AlertsRoom
{
    public static void AddAlerts(this IServiceCollection services)
    {
        services.AddSingleton<AlertSetup>();
        services.AddSingleton<KnownSources>();
        services.AddSingleton<AlertBell>();
        services.AddSingleton<AlertChartPicture>();
        services.AddScoped<AlertIntake>();
        services.AddScoped<AlertWaiting>();
        services.AddScoped<AlertDrafts>();
        services.AddScoped<AlertCalls>();
        services.AddScoped<AlertDesk>();
        services.AddHostedService<AlertWorker>();
    }

    public static void MapAlerts(this WebApplication app) => app.MapAlertHooks();
}
