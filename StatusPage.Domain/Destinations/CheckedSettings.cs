namespace StatusPage.Domain.Destinations;

/// <summary>What somebody entered for a destination, found to be in order.</summary>
/// <param name="Secrets">In clear, to be encrypted.</param>
public sealed record CheckedSettings(string BaseUrl, IReadOnlyList<DestinationSetting> Settings, IReadOnlyDictionary<string, string> Secrets)
{
    public const string GitHubCom = "https://api.github.com";
    public const string NotionCom = "https://api.notion.com";

    /// <param name="values">By the names of <see cref="DestinationField"/>.</param>
    /// <param name="known">Secrets that are stored and stay where none is entered.</param>
    /// <exception cref="RuleViolation">Something is missing, too long, unknown, or not what it must be.</exception>
    public static CheckedSettings Of(
        DestinationKind kind,
        string? url,
        IReadOnlyDictionary<string, string?> values,
        IReadOnlyDictionary<string, string> known
    )
    {
        var fields = DestinationField.Of(kind);
        if (values.Keys.FirstOrDefault(name => fields.All(field => field.Name != name)) is { } unknown)
            throw new RuleViolation(
                $"{(Sentence)kind.Label()} has no setting '{unknown}'. There are: {string.Join(", ", fields.Select(field => field.Name))}."
            );
        var settings = new List<DestinationSetting>();
        var secrets = new Dictionary<string, string>(StringComparer.Ordinal);
        var checks = new Checks();
        var address = checks.Try(() => BaseOf(kind, url));
        foreach (var field in fields)
            if (checks.Try(() => Value(kind, field, values, known)) is not { } value)
                continue;
            else if (field.IsSecret)
                secrets[field.Name] = value;
            else
                settings.Add(new(field.Name, value));
        checks.Enforce();
        return new(address, settings, secrets);
    }

    private static string? Value(
        DestinationKind kind,
        DestinationField field,
        IReadOnlyDictionary<string, string?> values,
        IReadOnlyDictionary<string, string> known
    )
    {
        var value = Text.OptionalLine(values.GetValueOrDefault(field.Name), field.Name, field.What, field.MaxLength);
        if (field.IsSecret)
            value ??= known.GetValueOrDefault(field.Name);
        if (value is null && field.IsRequired)
            throw new RuleViolation($"Enter {field.What}.", field.Name);
        return value is null ? null : Checked(kind, field, value);
    }

    private static string Checked(DestinationKind kind, DestinationField field, string value)
    {
        switch (field.Name)
        {
            case DestinationField.Repository:
                var parts = value.Trim('/').Split('/');
                if (parts.Length != 2 || !Array.TrueForAll(parts, IsName))
                    throw new RuleViolation("Enter the repository as owner/name, such as acme/api.", field.Name);
                return string.Join('/', parts);
            case DestinationField.Parent when kind is not DestinationKind.Notion && !value.All(char.IsAsciiDigit):
                throw new RuleViolation("Enter the number that stands in the address of the page.", field.Name);
            case DestinationField.Parent when kind is DestinationKind.Notion && NotionPlace.Read(value) is null:
                throw new RuleViolation("Enter the link of the page or database, or its id of 32 characters.", field.Name);
            case DestinationField.Secret when kind is DestinationKind.Webhook && !WebhookKey.IsOne(value):
                throw new RuleViolation("Enter a secret that begins with whsec_, followed by 24 to 64 bytes in base64; or leave it empty.", field.Name);
            case DestinationField.Types
                when value.Split(',', StringSplitOptions.TrimEntries).FirstOrDefault(type => !DestinationEvents.All.Contains(type)) is { } unknown:
                throw new RuleViolation($"There is no event '{unknown}'. There are: {string.Join(", ", DestinationEvents.All)}.", field.Name);
            default:
                return value;
        }
    }

    private static bool IsName(string part) =>
        part.Length > 0 && part is not ("." or "..") && part.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');

    /// <exception cref="RuleViolation">It is no address of the web.</exception>
    private static string BaseOf(DestinationKind kind, string? url)
    {
        var entered = Text.OptionalLine(url, nameof(BaseUrl), "the address", Destination.MaxUrlLength);
        var whole =
            entered
            ?? kind switch
            {
                DestinationKind.GitHub => GitHubCom,
                DestinationKind.Notion => NotionCom,
                _ => throw new RuleViolation("Enter the address.", nameof(BaseUrl)),
            };
        if (!Uri.TryCreate(whole, UriKind.Absolute, out var address) || address.Scheme is not ("https" or "http") || address.UserInfo.Length > 0)
            throw new RuleViolation("Enter an address that begins with https://, without a name or password in it.", nameof(BaseUrl));
        if (kind == DestinationKind.Webhook)
            return whole;
        if (address.Query.Length > 0 || address.Fragment.Length > 0)
            throw new RuleViolation("Enter the address without what follows ? or #.", nameof(BaseUrl));
        var plain = whole.TrimEnd('/');
        return kind switch
        {
            DestinationKind.GitHub when address.Host is "github.com" or "www.github.com" => GitHubCom,
            // The paths of the API bring it along.
            DestinationKind.Confluence when plain.EndsWith("/wiki", StringComparison.Ordinal) => plain[..^"/wiki".Length],
            _ => plain,
        };
    }
}

/// <summary>What a webhook tells.</summary>
public static class DestinationEvents
{
    public const string Published = "postmortem.published";
    public const string Revised = "postmortem.revised";
    public const string ItemChanged = "action_item.changed";

    public static IReadOnlyList<string> All { get; } = [Published, Revised, ItemChanged];
}

/// <summary>Where in Notion something is made, as somebody entered it.</summary>
/// <param name="Id">With hyphens.</param>
/// <param name="Kind">"page", "database" or "data_source" where it was written in front; null: to be found out.</param>
public sealed record NotionPlace(string Id, string? Kind)
{
    private static readonly string[] Kinds = ["page", "database", "data_source"];

    /// <summary>Null when there is no id in it.</summary>
    public static NotionPlace? Read(string text)
    {
        var kind = Array.Find(Kinds, kind => text.StartsWith(kind + ":", StringComparison.Ordinal));
        var rest = kind is null ? text : text[(kind.Length + 1)..];
        // A link ends with the id, before the view and what follows it.
        var end = rest.IndexOfAny(['?', '#']);
        rest = (end < 0 ? rest : rest[..end]).TrimEnd('/');
        var last = rest[(rest.LastIndexOf('/') + 1)..];
        var hex = last.Replace("-", "", StringComparison.Ordinal);
        return hex.Length >= 32 && Guid.TryParseExact(hex[^32..], "N", out var id) ? new(id.ToString("D"), kind) : null;
    }
}

/// <summary>A secret of Standard Webhooks: <c>whsec_</c> and 24 to 64 bytes in base64.</summary>
public static class WebhookKey
{
    public const string Prefix = "whsec_";
    private const int Least = 24;
    private const int Most = 64;

    public static bool IsOne(string secret) => BytesOf(secret) is not null;

    /// <summary>Null when it is none.</summary>
    public static byte[]? BytesOf(string secret)
    {
        if (!secret.StartsWith(Prefix, StringComparison.Ordinal))
            return null;
        var bytes = new byte[secret.Length];
        return Convert.TryFromBase64String(secret[Prefix.Length..], bytes, out var length) && length is >= Least and <= Most ? bytes[..length] : null;
    }
}
