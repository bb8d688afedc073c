using StatusPage.Domain;
using StatusPage.Domain.Notices;
using StatusPage.Web.Channels;
using StatusPage.Web.Notices;

namespace StatusPage.Web.Promises;

/// <summary>The fields of a contact, by its channel.</summary>
/// <param name="Service">The address of an API and its secrets, as channels have them; null where the address is a person's own.</param>
public sealed record ContactForm(NoticeChannel Channel, Sentence Label, Sentence What, ChannelForm? Service)
{
    public static readonly ContactForm[] All =
    [
        new(NoticeChannel.Email, "Email", "A mail to one address.", null),
        new(
            NoticeChannel.Slack,
            "Slack",
            "A message in one channel of your team's Slack.",
            new(
                Domain.Channels.Channel.Slack,
                "",
                null,
                null,
                false,
                [new(Chat.Address, "Webhook URL", "From your Slack app, under Incoming Webhooks: https://hooks.slack.com/services/…", IsAddress: true)]
            )
        ),
        new(
            NoticeChannel.PagerDuty,
            "PagerDuty",
            "An alert on one service, resolved by itself when the update comes.",
            new(
                Domain.Channels.Channel.Webhook,
                "",
                PagerDutyNotice.DefaultAddress,
                null,
                false,
                [new(Alert.Key, "Integration key", "From the service, under Integrations, Events API v2.")]
            )
        ),
        new(
            NoticeChannel.Opsgenie,
            "Opsgenie",
            "An alert for one team, closed by itself when the update comes.",
            new(
                Domain.Channels.Channel.Webhook,
                "",
                OpsgenieNotice.DefaultAddress,
                null,
                false,
                [new(Alert.Key, "API key", "From the team, under Integrations, API; it must be allowed to create and update.")]
            )
        ),
        new(NoticeChannel.Browser, "Browser", "The browsers in which somebody of the team asked for notifications.", null),
    ];

    public static ContactForm? For(NoticeChannel? channel) => Array.Find(All, form => form.Channel == channel);

    public static ContactForm? Parse(string? code) =>
        Array.Find(All, form => string.Equals(form.Channel.ToString(), code, StringComparison.OrdinalIgnoreCase));
}
