using StatusPage.Domain.Channels;
using StatusPage.Web.Deliveries;

namespace StatusPage.Web.Channels;

public static class ChannelsRoom
{
    public static void AddChannels(this IServiceCollection services)
    {
        OutboundHttp.Add(services);
        services.AddSingleton<ChannelSecrets>();
        services.AddSingleton<BrowserPush>();
        services.AddSingleton<PushServices>();
        services.AddSingleton<WebhookChallenge>();
        services.AddSingleton<ChatServices>();
        services.AddSingleton<ChatPosts>();
        services.AddSingleton<IChannelSender, WebhookSender>();
        services.AddSingleton<IChannelSender, PushSender>();
        services.AddAccount<Slack>(Channel.Slack);
        services.AddAccount<Teams>(Channel.Teams);
        services.AddAccount<Discord>(Channel.Discord);
        services.AddAccount<XService>(Channel.X);
        services.AddAccount<Mastodon>(Channel.Mastodon);
        services.AddAccount<Bluesky>(Channel.Bluesky);
    }

    public static void MapChannels(this WebApplication app) => app.MapBrowsers();

    /// <summary>Adds a service with the sender of its lane; the test button asks for the same sender by its channel.</summary>
    private static void AddAccount<TService>(this IServiceCollection services, Channel channel)
        where TService : class, IAccountService
    {
        services.AddSingleton<TService>();
        services.AddKeyedSingleton(
            channel,
            (provider, _) => ActivatorUtilities.CreateInstance<AccountSender>(provider, provider.GetRequiredService<TService>())
        );
        services.AddSingleton<IChannelSender>(provider => provider.GetRequiredKeyedService<AccountSender>(channel));
    }
}
