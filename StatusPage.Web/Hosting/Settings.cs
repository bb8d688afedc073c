using System.Globalization;
using System.Net;
using MailKit.Security;
using MimeKit;
using MimeKit.Cryptography;
using Npgsql;
using StackExchange.Redis;
using StatusPage.Domain;
using StatusPage.Domain.Channels;
using StatusPage.Domain.Subscriptions;
using StatusPage.Web.Accounts.SigningIn;
using StatusPage.Web.Channels;
using StatusPage.Web.Secrets;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Hosting;

/// <summary>A setting that stops the start: one line that names the key, the value and what is allowed.</summary>
public sealed class SettingException : Exception
{
    public SettingException(string key, string value, string allowed)
        : base($"Setting {key} is '{value}'. Allowed: {allowed}.") { }

    private SettingException(string message)
        : base(message) { }

    /// <summary>No setting has that name. Its value is not repeated, since it may be a secret.</summary>
    internal static SettingException Unknown(string key, string nearest) =>
        new($"Setting {key} does not exist. Is {nearest} meant? The README has a table of all settings.");

    /// <summary>The setting was understood, but cannot be carried out.</summary>
    internal static SettingException Impossible(string sentence) => new(sentence.ReplaceLineEndings(" "));
}

/// <summary>Everything that can be configured, read and checked once at the start. The table in README.md lists the same keys.</summary>
public sealed record Settings
{
    /// <summary>A page that is called so was not named yet.</summary>
    public const string DefaultPageName = "Status";
    public const string DefaultUrl = "http://127.0.0.1:8080";

    /// <summary>Prepared statements on each connection to PostgreSQL.</summary>
    private const int PreparedStatements = 40;

    /// <summary>Minimum length, in characters, of a secret that is typed into the configuration.</summary>
    private const int MinSecret = 20;

    /// <summary>The folder for everything that the program writes.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>The store, if there is no PostgreSQL.</summary>
    public string SqliteFile => Path.Combine(DataDirectory, "status.db");
    public string? Postgres { get; init; }
    public string? Redis { get; init; }

    /// <summary>The address under which customers reach the page, without a slash at the end; null: the one it listens on.</summary>
    public Uri? PublicUrl { get; init; }
    public SmtpSettings? Smtp { get; init; }

    /// <summary>Whether the operator says how mails leave, by a server or into files; otherwise the desk may.</summary>
    public bool SmtpIsSet { get; init; }
    public bool MailFromIsSet { get; init; }
    public required MailboxAddress MailFrom { get; init; }
    public string? AdminEmail { get; init; }
    public string? AdminPassword { get; init; }
    public DemoSize Demo { get; init; }
    public required string PageName { get; init; }
    public required string PageTimeZone { get; init; }
    public required TimeSpan PageTakeBack { get; init; }
    public required string Theme { get; init; }

    /// <summary>The folder for themes besides those that come with the program.</summary>
    public required string ThemesDirectory { get; init; }
    public IReadOnlyList<IPNetwork> TrustedProxies { get; init; } = [];

    /// <summary>How long a worker that does not renew it may hold a delivery before another takes it over.</summary>
    public TimeSpan DeliveryLease { get; init; }

    /// <summary>Nothing is sent, and posts wait. For a copy of the store beside the real one.</summary>
    public bool DeliveryPaused { get; init; }

    /// <summary>How long single deliveries are kept; after that, only an announcement's totals are.</summary>
    public TimeSpan DeliveriesKept { get; init; }

    /// <summary>How long drafts are kept after the last change, or after they were posted or discarded.</summary>
    public TimeSpan DraftsKept { get; init; }

    /// <summary>How long mails are kept that are written to files because there is no mail server.</summary>
    public TimeSpan MailFilesKept { get; init; }

    /// <summary>SMTP connections kept open at most.</summary>
    public int DeliveryConnections { get; init; }

    /// <summary>Mails to one domain; 0: no limit.</summary>
    public int MailsPerDomainPerSecond { get; init; }

    /// <summary>Webhooks and other requests to one host; 0: no limit.</summary>
    public int RequestsPerHostPerSecond { get; init; }

    /// <summary>Where bounces go; each message's return path also says who it was for. Null: to the sender.</summary>
    public MailboxAddress? MailReturnPath { get; init; }

    /// <summary>The secret that signs reports of bounces and complaints; null: none are accepted.</summary>
    public string? MailReportsSecret { get; init; }

    /// <summary>The share of addresses, in per cent, that may bounce or complain in a day before the desk warns.</summary>
    public int BounceAlertPercent { get; init; }
    public DkimSettings? Dkim { get; init; }

    /// <summary>Null: people sign in only by password and passkey.</summary>
    public OidcSettings? Oidc { get; init; }

    /// <summary>Non-public networks that messages may be sent to nevertheless, even without TLS.</summary>
    public IReadOnlyList<IPNetwork> OutboundAllowed { get; init; } = [];

    /// <summary>The key that signs the end of the audit; null: one that the program makes in its data folder.</summary>
    public string? AuditKeyFile { get; init; }
    public IReadOnlyList<string> AuditPreviousKeyFiles { get; init; } = [];

    /// <summary>Receives the end of the audit each day; null: nobody does.</summary>
    public Uri? AuditWebhook { get; init; }

    /// <summary>What encrypts the keys in the store.</summary>
    public SecretSettings Secrets { get; init; } = SecretSettings.None;

    /// <summary>Whether browsers must use https for every name below the page's, too.</summary>
    public bool HstsSubDomains { get; init; }

    /// <summary>Whether visitors come by https.</summary>
    public bool IsHttps => PublicUrl?.Scheme == Uri.UriSchemeHttps;

    public int SignInsPerMinute { get; init; }
    public int SubscriptionsPerMinute { get; init; }

    /// <summary>Requests to the manage API, for each key.</summary>
    public int ApiRequestsPerMinute { get; init; }

    /// <summary>Confirmation requests that one page sends in an hour.</summary>
    public int ConfirmationsPerHour { get; init; }

    /// <summary>Hosts, *.hosts and their ports that browser notifications may be sent to; see <see cref="Channels.PushServices"/>.</summary>
    public IReadOnlyList<string> PushServices { get; init; } = [];

    /// <summary>Hosts of the chat services at which visitors' own channels may be; see <see cref="Channels.ChatServices"/>.</summary>
    public IReadOnlyDictionary<Channel, IReadOnlyList<string>> ChatHosts { get; init; } = new Dictionary<Channel, IReadOnlyList<string>>();

    /// <summary>Requests with unknown API keys, from one address.</summary>
    public int UnknownKeysPerMinute { get; init; }

    public static Settings Read(IConfiguration configuration)
    {
        Listening.Check(configuration);
        CheckAdmin(configuration);
        var from = Text(configuration, "Email:From") ?? "StatusPage <status@localhost>";
        return new()
        {
            DataDirectory = Path.GetFullPath(Text(configuration, "DataDirectory") ?? "data"),
            Postgres = ReadPostgres(configuration),
            Redis = ReadRedis(configuration),
            PublicUrl = ReadPublicUrl(configuration),
            Smtp = SmtpSettings.Read(Text(configuration, "Email:Smtp")),
            SmtpIsSet = Text(configuration, "Email:Smtp") is not null,
            MailFromIsSet = Text(configuration, "Email:From") is not null,
            MailFrom =
                MailboxAddress.TryParse(from, out var mailbox) && mailbox.Address.Contains('@', StringComparison.Ordinal)
                    ? mailbox
                    : throw new SettingException("Email:From", from, "an address such as status@example.com or Acme <status@example.com>"),
            AdminEmail = Text(configuration, "Admin:Email"),
            AdminPassword = Text(configuration, "Admin:Password"),
            Demo = ReadDemo(configuration),
            PageName = Text(configuration, "Page:Name") ?? DefaultPageName,
            PageTimeZone = ReadTimeZone(configuration),
            PageTakeBack = TimeSpan.FromSeconds(
                Number(
                    configuration,
                    "Page:TakeBackSeconds",
                    (int)Domain.Pages.Page.DefaultTakeBack.TotalSeconds,
                    0,
                    (int)Domain.Pages.Page.LongestTakeBack.TotalSeconds
                )
            ),
            Theme = Text(configuration, "Theme") ?? "default",
            ThemesDirectory = Path.GetFullPath(
                Text(configuration, "Themes:Directory") ?? Path.Combine(Text(configuration, "DataDirectory") ?? "data", "themes")
            ),
            TrustedProxies = ReadNetworks(configuration, "TrustedProxies"),
            DeliveryLease = TimeSpan.FromSeconds(Number(configuration, "Delivery:LeaseSeconds", 15, 2, 3600)),
            DeliveryPaused = Flag(configuration, "Delivery:Paused"),
            DeliveriesKept = TimeSpan.FromDays(Number(configuration, "Retention:DeliveryDays", 90, 7, 3650)),
            DraftsKept = TimeSpan.FromDays(Number(configuration, "Retention:DraftDays", 90, 7, 3650)),
            MailFilesKept = TimeSpan.FromDays(Number(configuration, "Retention:MailFileDays", 30, 1, 3650)),
            SignInsPerMinute = Number(configuration, "Limits:SignInsPerMinute", 10, 1, 100_000),
            SubscriptionsPerMinute = Number(configuration, "Limits:SubscriptionsPerMinute", 10, 1, 100_000),
            ApiRequestsPerMinute = Number(configuration, "Limits:ApiRequestsPerMinute", 300, 1, 1_000_000),
            ConfirmationsPerHour = Number(configuration, "Limits:ConfirmationsPerHour", 1_000, 1, 1_000_000),
            PushServices = ReadHosts(configuration, "Push:Services", Channels.PushServices.Default),
            ChatHosts = new Dictionary<Channel, IReadOnlyList<string>>
            {
                [Channel.Slack] = ReadHosts(configuration, "Chat:Slack", ChatServices.DefaultSlack),
                [Channel.Teams] = ReadHosts(configuration, "Chat:Teams", ChatServices.DefaultTeams),
                [Channel.Discord] = ReadHosts(configuration, "Chat:Discord", ChatServices.DefaultDiscord),
            },
            UnknownKeysPerMinute = Number(configuration, "Limits:UnknownKeysPerMinute", 30, 1, 1_000_000),
            DeliveryConnections = Number(configuration, "Delivery:Connections", 8, 1, 64),
            MailsPerDomainPerSecond = Number(configuration, "Email:PerDomainPerSecond", 0, 0, 100_000),
            RequestsPerHostPerSecond = Number(configuration, "Delivery:PerHostPerSecond", 10, 0, 100_000),
            MailReturnPath = ReadReturnPath(configuration),
            MailReportsSecret = ReadSecret(configuration, "Email:ReportsSecret"),
            BounceAlertPercent = Number(configuration, "Email:BounceAlertPercent", 5, 1, 100),
            Dkim = DkimSettings.Read(
                Text(configuration, "Email:Dkim:Domain"),
                Text(configuration, "Email:Dkim:Selector"),
                Text(configuration, "Email:Dkim:KeyFile")
            ),
            Oidc = OidcSettings.Read(configuration),
            OutboundAllowed = ReadNetworks(configuration, "Outbound:Allow"),
            AuditKeyFile = Text(configuration, "Audit:KeyFile") is { } keyFile ? Path.GetFullPath(keyFile) : null,
            AuditPreviousKeyFiles = Files(configuration, "Audit:PreviousKeyFiles"),
            AuditWebhook = ReadAuditWebhook(configuration),
            Secrets = SecretSettings.Read(configuration),
            HstsSubDomains = Flag(configuration, "Hsts:SubDomains"),
        };
    }

    internal static string? Text(IConfiguration configuration, string key) =>
        configuration[key] is { } value && !string.IsNullOrWhiteSpace(value) ? value.Trim() : null;

    /// <summary>Paths, separated by commas.</summary>
    internal static List<string> Files(IConfiguration configuration, string key) =>
        [.. (Text(configuration, key) ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(Path.GetFullPath)];

    private static Uri? ReadAuditWebhook(IConfiguration configuration)
    {
        const string key = "Audit:Webhook";
        if (Text(configuration, key) is not { } value)
            return null;
        // It may hold a token, so it is never repeated.
        return Uri.TryCreate(value, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.UserInfo.Length == 0
            ? url
            : throw new SettingException(key, "(hidden)", "an http or https address without a user name");
    }

    private static DemoSize ReadDemo(IConfiguration configuration) =>
        Text(configuration, "Demo")?.ToUpperInvariant() switch
        {
            null or "FALSE" or "EMPTY" => DemoSize.Empty,
            "TRUE" or "SMALL" => DemoSize.Small,
            "LARGE" => DemoSize.Large,
            _ => throw new SettingException("Demo", configuration["Demo"]!, "empty, small or large"),
        };

    private static bool Flag(IConfiguration configuration, string key) =>
        Text(configuration, key) switch
        {
            null => false,
            var value when bool.TryParse(value, out var flag) => flag,
            var value => throw new SettingException(key, value, "true or false"),
        };

    private static int Number(IConfiguration configuration, string key, int otherwise, int min, int max) =>
        Text(configuration, key) switch
        {
            null => otherwise,
            var value when int.TryParse(value, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max => number,
            var value => throw new SettingException(key, value, $"a whole number from {min} to {max}"),
        };

    /// <summary>
    /// Kerberos encryption has to be asked for. Npgsql 10 tries it on every connection, which fails and costs memory if its library is missing, as in the
    /// runtime's images (github.com/npgsql/npgsql/issues/6524).
    /// </summary>
    private static string? ReadPostgres(IConfiguration configuration)
    {
        const string key = "ConnectionStrings:Postgres";
        // An empty value, as from a variable that is not set, would silently lead to another store.
        if (configuration[key] is { } given && string.IsNullOrWhiteSpace(given))
            throw new SettingException(key, given, "left out, or such as Host=db;Username=statuspage;Database=statuspage");
        if (Text(configuration, key) is not { } value)
            return null;
        try
        {
            var connection = new NpgsqlConnectionStringBuilder(value);
            if (connection.Port is < 1 or > ushort.MaxValue)
                throw new FormatException("The port is none.");
            if (!connection.ShouldSerialize("GSS Encryption Mode"))
                connection.GssEncryptionMode = GssEncryptionMode.Disable;
            // The ledger runs the same few statements over and over; preparing them saves the server much work.
            if (!connection.ShouldSerialize("Max Auto Prepare"))
                connection.MaxAutoPrepare = PreparedStatements;
            return connection.ConnectionString;
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException)
        {
            // It may hold a password, so it is never repeated.
            throw new SettingException(key, "(hidden)", "such as Host=db;Username=statuspage;Password=secret;Database=statuspage");
        }
    }

    private static string? ReadRedis(IConfiguration configuration)
    {
        const string key = "ConnectionStrings:Redis";
        if (Text(configuration, key) is not { } value)
            return null;
        try
        {
            var servers = ConfigurationOptions.Parse(value).EndPoints;
            return servers.Count > 0 && servers.All(server => server is not DnsEndPoint named || Uri.CheckHostName(named.Host) != UriHostNameType.Unknown)
                ? value
                : throw new FormatException("A server is not named by its host and port.");
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException)
        {
            // It may hold a password, so it is never repeated.
            throw new SettingException(key, "(hidden)", "such as redis:6379,password=secret");
        }
    }

    private static void CheckAdmin(IConfiguration configuration)
    {
        switch (Text(configuration, "Admin:Email"), Text(configuration, "Admin:Password"))
        {
            case (null, null):
                return;
            case (null, _):
                throw new SettingException("Admin:Email", "", "the owner's address, where Admin:Password is set");
            case (_, null):
                throw new SettingException("Admin:Password", "", "the owner's password, where Admin:Email is set");
            case ({ } email, { } password):
                try
                {
                    EmailAddress.Checked(email);
                }
                catch (RuleViolation violation)
                {
                    throw new SettingException("Admin:Email", email, $"an address such as ann@example.com. {violation.Message.TrimEnd('.')}");
                }
                if (Passwords.StrengthOf(password, [Text(configuration, "Page:Name") ?? "", email]).Objection is { } objection)
                    throw new SettingException("Admin:Password", "(hidden)", $"a password that is hard to guess. {objection.TrimEnd('.')}");
                return;
        }
    }

    private static Uri? ReadPublicUrl(IConfiguration configuration)
    {
        const string key = "PublicUrl";
        if (Text(configuration, key) is not { } value)
            return null;
        return Uri.TryCreate(value, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.AbsolutePath == "/" && url.Query.Length == 0
            ? url
            : throw new SettingException(key, value, "an http or https address without a path, such as https://status.example.com");
    }

    private static string ReadTimeZone(IConfiguration configuration)
    {
        const string key = "Page:TimeZone";
        var value = Text(configuration, key) ?? "Etc/UTC";
        return Zones.Find(value) is not null ? value : throw new SettingException(key, value, "an IANA time zone such as America/Los_Angeles");
    }

    private static MailboxAddress? ReadReturnPath(IConfiguration configuration)
    {
        const string key = "Email:ReturnPath";
        if (Text(configuration, key) is not { } value)
            return null;
        return MailboxAddress.TryParse(value, out var mailbox) && mailbox.Address == value && value.Contains('@', StringComparison.Ordinal)
            ? mailbox
            : throw new SettingException(key, value, "a bare address such as bounces@example.com");
    }

    private static string? ReadSecret(IConfiguration configuration, string key) =>
        Text(configuration, key) switch
        {
            null => null,
            { Length: >= MinSecret } secret => secret,
            _ => throw new SettingException(key, "(hidden)", $"at least {MinSecret} characters, such as what 'openssl rand -hex 24' prints"),
        };

    private static List<string> ReadHosts(IConfiguration configuration, string key, string otherwise)
    {
        var hosts = (Text(configuration, key) ?? otherwise).Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).ToList();
        foreach (var host in hosts)
        {
            var name = host.StartsWith("*.", StringComparison.Ordinal) ? host[2..] : host;
            if (
                !Uri.TryCreate($"https://{name}", UriKind.Absolute, out var address)
                || address.Authority.Length == 0
                || address.PathAndQuery != "/"
                || address.UserInfo.Length > 0
                || name.Contains('*', StringComparison.Ordinal)
                || (name.Length < host.Length && !address.Host.Contains('.', StringComparison.Ordinal))
            )
                throw new SettingException(
                    key,
                    host,
                    "host names with commas between, *. before those whose subdomains are meant, such as fcm.googleapis.com, *.push.apple.com"
                );
        }
        return hosts;
    }

    private static List<IPNetwork> ReadNetworks(IConfiguration configuration, string key)
    {
        var networks = new List<IPNetwork>();
        foreach (var part in (Text(configuration, key) ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (IPNetwork.TryParse(part, out var network))
                networks.Add(network);
            else if (IPAddress.TryParse(part, out var address))
                networks.Add(new(address, address.GetAddressBytes().Length * 8));
            else
                throw new SettingException(key, part, "addresses or networks with commas between, such as 10.0.0.0/8,127.0.0.1");
        }
        return networks;
    }
}

/// <summary>An SMTP relay, from <c>smtp://user:pass@host:587</c>.</summary>
/// <param name="Tls">By default, a password is never sent in clear, and whatever the server offers is accepted.</param>
public sealed record SmtpSettings(string Host, int Port, SecureSocketOptions Tls, string? User, string? Password)
{
    /// <summary>Entered at the desk, so it is sent to at public addresses only.</summary>
    public bool IsGuarded { get; init; }

    private const string Allowed =
        "smtp://host:port, smtp://user:password@host:587 or smtps://user:password@host:465, "
        + "with ?starttls=always or ?starttls=never behind smtp if need be; "
        + "or 'files', to write mails to files";

    /// <summary>The value that says that there is deliberately no mail server.</summary>
    private const string Files = "files";

    public static SmtpSettings? Read(string? value)
    {
        if (value is null or Files)
            return null;
        // The value may hold a password, so it is never repeated.
        if (!Uri.TryCreate(value, UriKind.Absolute, out var url) || url.Scheme is not ("smtp" or "smtps") || url.Host.Length == 0)
            throw new SettingException("Email:Smtp", "(hidden)", Allowed);
        var secure = url.Scheme == "smtps";
        var credentials = url.UserInfo.Split(':', 2);
        var user = credentials[0].Length > 0 ? Uri.UnescapeDataString(credentials[0]) : null;
        var password = credentials.Length == 2 ? Uri.UnescapeDataString(credentials[1]) : null;
        var tls = (secure, url.Query) switch
        {
            (true, "") => SecureSocketOptions.SslOnConnect,
            (false, "?starttls=never") => SecureSocketOptions.None,
            (false, "?starttls=always") => SecureSocketOptions.StartTls,
            (false, "") => user is null ? SecureSocketOptions.StartTlsWhenAvailable : SecureSocketOptions.StartTls,
            _ => throw new SettingException("Email:Smtp", "(hidden)", Allowed),
        };
        return new(
            url.Host,
            url.Port > 0 ? url.Port
                : secure ? 465
                : 587,
            tls,
            user,
            password
        );
    }
}

/// <summary>How outgoing mail is signed (RFC 6376).</summary>
/// <param name="KeyFile">A private key in PEM: RSA, or Ed25519 (RFC 8463).</param>
public sealed record DkimSettings(string Domain, string Selector, string KeyFile)
{
    public static DkimSettings? Read(string? domain, string? selector, string? keyFile)
    {
        if ((domain, selector, keyFile) is (null, null, null))
            return null;
        if (domain is null)
            throw new SettingException("Email:Dkim:Domain", "", "the domain that signs, such as example.com, where Email:Dkim is used");
        foreach (var (key, name) in new[] { ("Email:Dkim:Domain", domain), ("Email:Dkim:Selector", selector) })
            if (name is not null && Uri.CheckHostName(name) != UriHostNameType.Dns)
                throw new SettingException(key, name, "a name of DNS, such as example.com or status");
        if (selector is null)
            throw new SettingException("Email:Dkim:Selector", "", "the name under _domainkey at which the public key lies, such as status");
        try
        {
            // Only signing shows whether a key can sign.
            using var trial = new MimeMessage { From = { new MailboxAddress("", "status@example.com") }, Body = new TextPart() };
            trial.Prepare(EncodingConstraint.SevenBit);
            if (keyFile is not null)
                new DkimSigner(keyFile, domain, selector).Sign(trial, [HeaderId.From]);
        }
        catch (Exception exception)
            when (exception
                    is IOException
                        or UnauthorizedAccessException
                        or FormatException
                        or NotSupportedException
                        or Org.BouncyCastle.Security.GeneralSecurityException
            )
        {
            throw new SettingException(
                "Email:Dkim:KeyFile",
                keyFile!,
                $"a file with a private key in PEM, RSA or Ed25519. {exception.Message.TrimEnd('.').ReplaceLineEndings(" ")}"
            );
        }
        return new(
            domain,
            selector,
            keyFile ?? throw new SettingException("Email:Dkim:KeyFile", "", "a file with a private key in PEM, where Email:Dkim is used")
        );
    }
}
