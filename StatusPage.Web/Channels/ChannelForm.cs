using StatusPage.Domain;
using StatusPage.Domain.Channels;

namespace StatusPage.Web.Channels;

/// <param name="Name">The key under which it is stored among the secrets.</param>
public sealed record SecretField(string Name, Sentence Label, Sentence? Hint = null, bool IsAddress = false);

/// <summary>What an account of a service needs before anything can be posted, in the words of the service's own pages.</summary>
/// <param name="DefaultAddress">The address of its API; null where the address is among the secrets; empty where each account has its own.</param>
/// <param name="Handle">The label of the account's public name; null where there is none.</param>
public sealed record ChannelForm(
    Channel Channel,
    Sentence What,
    string? DefaultAddress,
    Sentence? Handle,
    bool NeedsHandle,
    IReadOnlyList<SecretField> Secrets
)
{
    private const int MaxAddress = 500;
    private const int MaxHandle = 200;
    private const int MaxSecret = 1000;

    private static readonly ChannelForm[] All =
    [
        new(
            Channel.Slack,
            "A message in one channel of a Slack workspace.",
            null,
            null,
            false,
            [new(Chat.Address, "Webhook URL", "From your Slack app, under Incoming Webhooks: https://hooks.slack.com/services/…", IsAddress: true)]
        ),
        new(
            Channel.Teams,
            "A card in one channel of Microsoft Teams.",
            null,
            null,
            false,
            [new(Chat.Address, "Webhook URL", "From the channel's workflow \"Post to a channel when a webhook request is received\".", IsAddress: true)]
        ),
        new(
            Channel.Discord,
            "A message in one channel of a Discord server.",
            null,
            null,
            false,
            [new(Chat.Address, "Webhook URL", "From the channel's settings, under Integrations: https://discord.com/api/webhooks/…", IsAddress: true)]
        ),
        new(
            Channel.X,
            "A public post for each update; later ones answer the first.",
            XService.DefaultAddress,
            "Account on X",
            false,
            [
                new(XService.ConsumerKey, "API key", "From the developer console, with permission to read and write."),
                new(XService.ConsumerSecret, "API key secret"),
                new(XService.AccessToken, "Access token", "Made after the permission was set."),
                new(XService.AccessTokenSecret, "Access token secret"),
            ]
        ),
        new(
            Channel.Mastodon,
            "A public post for each update; later ones answer the first.",
            "",
            null,
            false,
            [new(Mastodon.Token, "Access token", "From Preferences, Development, New application, with the scope write:statuses.")]
        ),
        new(
            Channel.Bluesky,
            "A public post for each update; later ones answer the first.",
            Bluesky.DefaultAddress,
            "Handle",
            true,
            [new(Bluesky.Password, "App password", "From Settings, Privacy and security, App passwords. Not the account's own password.")]
        ),
    ];

    public static ChannelForm? For(Channel? channel) => Array.Find(All, form => form.Channel == channel);

    public bool HasAddress => DefaultAddress is not null;

    /// <exception cref="RuleViolation">It is not the address of an API.</exception>
    public string? CheckedAddress(string? typed)
    {
        if (DefaultAddress is null)
            return null;
        var line = Text.OptionalLine(typed, "BaseAddress", "the address", MaxAddress) ?? DefaultAddress;
        if (line.Length == 0)
            throw new RuleViolation("Enter the address of your server, such as https://mastodon.social.", "BaseAddress");
        return Url(line) is { Query.Length: 0 } url
            ? url.AbsoluteUri.TrimEnd('/')
            : throw new RuleViolation($"'{line}' is no address of a server. Enter one like https://mastodon.social.", "BaseAddress");
    }

    public string? CheckedHandle(string? typed)
    {
        if (Handle is null)
            return null;
        var line = Text.OptionalLine(typed, "Handle", "the name", MaxHandle)?.TrimStart('@');
        return line is null && NeedsHandle ? throw new RuleViolation("Enter the account's name there, such as status.example.com.", "Handle") : line;
    }

    /// <summary>The secrets to store: what was typed now, else what was stored before.</summary>
    public Dictionary<string, string> CheckedSecrets(IReadOnlyDictionary<string, string> before, IReadOnlyDictionary<string, string?> typed)
    {
        var checks = new Checks();
        var secrets = Secrets.ToDictionary(field => field.Name, field => checks.Try(() => CheckedSecret(field, before, typed)), StringComparer.Ordinal);
        checks.Enforce();
        return secrets;
    }

    private static string CheckedSecret(SecretField field, IReadOnlyDictionary<string, string> before, IReadOnlyDictionary<string, string?> typed)
    {
        var key = $"Secrets[{field.Name}]";
        var value =
            Text.OptionalLine(typed.GetValueOrDefault(field.Name), key, "this", MaxSecret)
            ?? before.GetValueOrDefault(field.Name)
            ?? throw new RuleViolation($"Enter this: {field.Label}.", key);
        // Never repeated in the message: it is a secret.
        return !field.IsAddress || Url(value) is not null
            ? value
            : throw new RuleViolation("This is no web address. Copy it whole, beginning with https://.", key);
    }

    private static Uri? Url(string value) =>
        Uri.TryCreate(value, UriKind.Absolute, out var url)
        && url.Scheme is "https" or "http"
        && url.UserInfo.Length == 0
        && url.Host.Length > 0
        && url.Fragment.Length == 0
            ? url
            : null;
}
