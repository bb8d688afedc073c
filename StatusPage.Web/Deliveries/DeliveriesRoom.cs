using StatusPage.Web.Hosting;

namespace StatusPage.Web.Deliveries;

/// <summary>Rung when there may be something to announce.</summary>
public sealed class FanOutBell(TimeProvider time) : Bell(time);

/// <summary>Rung when there may be something to deliver.</summary>
public sealed class DeliveryBell(TimeProvider time) : Bell(time);

public static class DeliveriesRoom
{
    public static void AddDeliveries(this IServiceCollection services)
    {
        services.AddSingleton<FanOutBell>();
        services.AddSingleton<DeliveryBell>();
        services.AddSingleton<Vigil>();
        services.AddSingleton<DeliverySignal>();
        services.AddSingleton<FanOut>();
        services.AddSingleton<FanOutPace>();
        services.AddSingleton<Pauses>();
        services.AddSingleton<Ledger>();
        services.AddSingleton<DeliveryReports>();
        services.AddSingleton<DeliveryTrouble>();
        services.AddSingleton<Throttle>();
        services.AddSingleton<MailRoutes>();
        services.AddSingleton<MailWriter>();
        services.AddSingleton<MailTransport>();
        services.AddSingleton<IChannelSender, EmailSender>();
        services.AddHostedService<FanOutWorker>();
        services.AddHostedService<DeliveryWorker>();
        services.AddHostedService<DeliveryListener>();
        services.AddHostedService<MailWatch>();
        services.AddHostedService<ClockWatch>();
    }

    public static void MapDeliveries(this WebApplication app) => app.MapMailReports();
}
