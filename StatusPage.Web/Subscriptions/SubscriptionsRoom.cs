namespace StatusPage.Web.Subscriptions;

public static class SubscriptionsRoom
{
    public static void AddSubscriptions(this IServiceCollection services)
    {
        services.AddScoped<SubscriptionDesk>();
        services.AddSingleton<ConfirmationLimits>();
        services.AddScoped<SubscriberImport>();
        services.AddScoped<UpdateExamples>();
    }
}
