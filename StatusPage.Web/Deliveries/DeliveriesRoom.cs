using StatusPage.Web.Hosting;

namespace StatusPage.Web.Deliveries;

/// <summary>Rung when there may be something to deliver.</summary>
public sealed class DeliveryBell(TimeProvider time) : Bell(time);

public static class DeliveriesRoom
{
    public static void AddDeliveries(this IServiceCollection services)
    {
        services.AddSingleton<DeliveryBell>();
        services.AddSingleton<Ledger>();
        services.AddSingleton<MailWriter>();
        services.AddSingleton<MailTransport>();
        services.AddSingleton<EmailSender>();
        services.AddSingleton<DeliveryWorker>();
        services.AddHostedService(provider => provider.GetRequiredService<DeliveryWorker>());
    }
}
