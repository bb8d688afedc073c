namespace StatusPage.Web.Promises;

public static class PromisesRoom
{
    public static void AddPromises(this IServiceCollection services)
    {
        services.AddSingleton<PromiseWatch>();
        services.AddHostedService<PromiseWorker>();
    }
}
