namespace StatusPage.Web.Metrics;

public static class MetricsRoom
{
    public static void AddSystemMetrics(this IServiceCollection services)
    {
        services.AddSingleton<Prometheus>();
        services.AddSingleton<MetricWatch>();
        services.AddHostedService(provider => provider.GetRequiredService<MetricWatch>());
    }
}
