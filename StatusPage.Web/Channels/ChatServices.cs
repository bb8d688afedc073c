using StatusPage.Domain;
using StatusPage.Domain.Channels;
using StatusPage.Domain.Subscriptions;
using StatusPage.Web.Hosting;

namespace StatusPage.Web.Channels;

/// <summary>
/// The chat services at which a visitor's own channel may be. Anybody can enter an address, so only the hosts of these services are posted to, both when
/// somebody subscribes and when something is sent.
/// </summary>
public sealed class ChatServices(Settings settings, OutboundGuard guard)
{
    /// <summary>docs.slack.dev/messaging/sending-messages-using-incoming-webhooks, read November 2026.</summary>
    public const string DefaultSlack = "hooks.slack.com, hooks.slack-gov.com";

    /// <summary>Of workflows, now and before they moved, and of the connectors that they replace (learn.microsoft.com, read November 2026).</summary>
    public const string DefaultTeams = "*.api.powerplatform.com, *.logic.azure.com, *.webhook.office.com";

    /// <summary>docs.discord.com/developers/resources/webhook, read November 2026.</summary>
    public const string DefaultDiscord = "discord.com, *.discord.com, discordapp.com";

    public const string Field = "Chat";

    /// <summary>The service of an address, and the address as it is sent to.</summary>
    /// <exception cref="RuleViolation">It is the address of none of them. The message does not repeat it, as it is a secret.</exception>
    public (Channel Service, string Address) Checked(string? typed)
    {
        var line = Text.Line(typed, Field, "the address of the incoming webhook", Subscriber.MaxEndpointLength);
        if (!Uri.TryCreate(line, UriKind.Absolute, out var address) || address.UserInfo.Length > 0 || address.Fragment.Length > 0)
            throw new RuleViolation("This is no web address. Copy it whole, beginning with https://.", Field);
        if (ServiceOf(address) is not { } service)
            throw new RuleViolation("Enter the address of an incoming webhook of Slack, Microsoft Teams or Discord.", Field);
        return guard.Objection(address) is { } objection ? throw new RuleViolation(objection, Field) : (service, address.AbsoluteUri);
    }

    /// <summary>Why an address that was accepted once is not sent to any more, with no more of it than its host; null: it is.</summary>
    public Sentence? Objection(Uri address) =>
        ServiceOf(address) is null ? (Sentence)$"{address.IdnHost} is no chat service that this page posts to." : guard.Objection(address);

    private Channel? ServiceOf(Uri address)
    {
        foreach (var (service, hosts) in settings.ChatHosts)
            if (hosts.Any(host => PushServices.Matches(host, address)))
                // Discord has its whole API at this host.
                return
                    service != Channel.Discord
                    || address.AbsolutePath.StartsWith("/api/", StringComparison.Ordinal)
                        && address.AbsolutePath.Contains("/webhooks/", StringComparison.Ordinal)
                    ? service
                    : null;
        return null;
    }
}
