namespace StatusPage.Domain.Channels;

/// <summary>A way by which news travels. The numbers lie in the ledger.</summary>
public enum Channel
{
    Email = 0,
    Webhook = 1,

    /// <summary>Notifications of a browser (RFC 8030).</summary>
    WebPush = 2,
    Slack = 3,
    Teams = 4,
    Discord = 5,
    X = 6,
    Mastodon = 7,
    Bluesky = 8,
}

public static class ChannelKinds
{
    public static IReadOnlyList<Channel> All { get; } = Enum.GetValues<Channel>();

    /// <summary>The channels on which an account of the page's own posts. The others lead to subscribers.</summary>
    public static IReadOnlyList<Channel> OfAccounts { get; } =
    [Channel.Slack, Channel.Teams, Channel.Discord, Channel.X, Channel.Mastodon, Channel.Bluesky];

    public static bool IsPersonal(this Channel channel) => channel is Channel.Email or Channel.Webhook or Channel.WebPush;

    /// <summary>Whether everybody can read there, and a later update replies to the first one.</summary>
    public static bool IsSocial(this Channel channel) => channel is Channel.X or Channel.Mastodon or Channel.Bluesky;

    public static string Code(this Channel channel) => channel.ToString().ToLowerInvariant();

    public static Channel? Parse(string? code)
    {
        foreach (var channel in All)
            if (string.Equals(channel.Code(), code, StringComparison.Ordinal))
                return channel;
        return null;
    }

    public static string Label(this Channel channel) =>
        channel switch
        {
            Channel.Email => "Email",
            Channel.Webhook => "Webhook",
            Channel.WebPush => "Browser",
            Channel.Teams => "Microsoft Teams",
            _ => channel.ToString(),
        };
}
