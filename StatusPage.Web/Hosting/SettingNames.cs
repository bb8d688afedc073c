using Microsoft.Extensions.Configuration.CommandLine;
using Microsoft.Extensions.Configuration.EnvironmentVariables;
using Microsoft.Extensions.Configuration.Json;

namespace StatusPage.Web.Hosting;

/// <summary>
/// The names of all settings. A misspelt name would be ignored silently, so it stops the start. The table in README.md lists the same ones.
/// </summary>
public static class SettingNames
{
    private static readonly string[] Ours =
    [
        "DataDirectory",
        "ConnectionStrings:Postgres",
        "ConnectionStrings:Redis",
        "PublicUrl",
        "TrustedProxies",
        "Email:Smtp",
        "Email:From",
        "Email:ReturnPath",
        "Email:ReportsSecret",
        "Email:PerDomainPerSecond",
        "Email:BounceAlertPercent",
        "Email:Dkim:Domain",
        "Email:Dkim:Selector",
        "Email:Dkim:KeyFile",
        "Admin:Email",
        "Admin:Password",
        "Page:Name",
        "Page:TimeZone",
        "Page:TakeBackSeconds",
        "Demo",
        "Theme",
        "Themes:Directory",
        "Delivery:LeaseSeconds",
        "Delivery:Connections",
        "Delivery:PerHostPerSecond",
        "Delivery:Paused",
        "Retention:DeliveryDays",
        "Retention:DraftDays",
        "Retention:MailFileDays",
        "Outbound:Allow",
        "Push:Services",
        "Chat:Slack",
        "Chat:Teams",
        "Chat:Discord",
        "Secrets:KeyFile",
        "Secrets:CertificateFile",
        "Secrets:CertificatePassword",
        "Secrets:PreviousKeyFiles",
        "Secrets:PreviousCertificateFiles",
        "Secrets:PreviousCertificatePassword",
        "Audit:KeyFile",
        "Audit:PreviousKeyFiles",
        "Audit:Webhook",
        "Hsts:SubDomains",
        "Oidc:Authority",
        "Oidc:ClientId",
        "Oidc:ClientSecret",
        "Oidc:Name",
        "Oidc:RoleClaim",
        "Oidc:DefaultRole",
        "Oidc:TrustHours",
        "Oidc:Roles:owner",
        "Oidc:Roles:comms",
        "Oidc:Roles:responder",
        "Oidc:Roles:auditor",
        "Limits:SignInsPerMinute",
        "Limits:SubscriptionsPerMinute",
        "Limits:ConfirmationsPerHour",
        "Limits:ApiRequestsPerMinute",
        "Limits:UnknownKeysPerMinute",
        "Log:Format",
        "Log:Level",
    ];

    /// <summary>Settings of the host and the web server, and those that ASP.NET Core's templates put into an appsettings.json.</summary>
    private static readonly string[] Theirs =
    [
        "urls",
        "http_ports",
        "https_ports",
        "environment",
        "applicationName",
        "contentRoot",
        "webroot",
        "shutdownTimeoutSeconds",
        "AllowedHosts",
        "preferHostingUrls",
        "detailedErrors",
        "captureStartupErrors",
        "hostingStartupAssemblies",
        "hostingStartupExcludeAssemblies",
        "preventHostingStartup",
        "suppressStatusMessages",
    ];

    /// <summary>Sections whose content other code checks; the roles of each page are named after the page.</summary>
    private static readonly string[] Sections = ["Kestrel", "Logging", "Oidc:Pages"];

    /// <summary>Characters from which a name is too long to be close to one of ours by chance.</summary>
    private const int LongName = 9;

    private static readonly HashSet<string> Known = new([.. Ours, .. Theirs], StringComparer.OrdinalIgnoreCase);

    public static IReadOnlyList<string> All => Ours;

    public static bool AreKnown(string key) =>
        Known.Contains(key) || Sections.Any(section => key.StartsWith(section + ":", StringComparison.OrdinalIgnoreCase));

    /// <param name="others">What a command accepts besides settings.</param>
    /// <exception cref="SettingException">A setting's name does not exist.</exception>
    public static void Check(IConfigurationRoot configuration, IReadOnlyCollection<string> others)
    {
        foreach (var provider in configuration.Providers)
        {
            // The environment is full of other programs' variables; only names that look like ours count.
            Func<string, bool> isMeant = provider switch
            {
                CommandLineConfigurationProvider or JsonConfigurationProvider => _ => true,
                EnvironmentVariablesConfigurationProvider => key =>
                    key.Contains(':', StringComparison.Ordinal) ? IsInOurSection(key) || IsNear(key, Nearest(key)) : IsOursInOneWord(key),
                _ => _ => false,
            };
            foreach (var key in KeysOf(provider, null))
                if (!AreKnown(key) && !others.Contains(key, StringComparer.OrdinalIgnoreCase) && isMeant(key))
                    throw SettingException.Unknown(key, Nearest(key));
        }
    }

    /// <summary>Finds what the configuration would ignore silently: a word without a name, and a name without a value.</summary>
    /// <exception cref="SettingException">There is such an argument.</exception>
    public static void CheckArguments(string[] args)
    {
        for (var i = 0; i < args.Length; i++)
        {
            var (argument, isName) = (args[i], args[i].StartsWith("--", StringComparison.Ordinal) || args[i].StartsWith('/'));
            if (argument.Contains('=', StringComparison.Ordinal))
                continue;
            if (!isName)
                throw SettingException.Impossible($"The argument '{argument}' is not understood. Settings are written --Name value.");
            if (++i == args.Length)
                throw SettingException.Impossible($"The argument '{argument}' has no value. Settings are written --Name value.");
        }
    }

    private static IEnumerable<string> KeysOf(IConfigurationProvider provider, string? parent)
    {
        foreach (var child in provider.GetChildKeys([], parent).Distinct(StringComparer.OrdinalIgnoreCase))
        {
            var key = parent is null ? child : $"{parent}:{child}";
            if (provider.TryGet(key, out _))
                yield return key;
            foreach (var deeper in KeysOf(provider, key))
                yield return deeper;
        }
    }

    private static bool IsInOurSection(string key) =>
        Ours.Any(known =>
            known.Contains(':', StringComparison.Ordinal)
            && key.StartsWith(known[..(known.IndexOf(':', StringComparison.Ordinal) + 1)], StringComparison.OrdinalIgnoreCase)
        );

    /// <summary>Whether the name has one underscore or none where there should be two, or is long and nearly one of ours.</summary>
    private static bool IsOursInOneWord(string key) =>
        Ours.Any(known =>
            Letters(known).Equals(Letters(key), StringComparison.OrdinalIgnoreCase)
            || known.Length >= LongName && !key.Contains('_', StringComparison.Ordinal) && Distance(key, known) <= 2
        );

    private static string Letters(string name) => name.Replace("_", "", StringComparison.Ordinal).Replace(":", "", StringComparison.Ordinal);

    private static string Nearest(string key) => Ours.Concat(Theirs).MinBy(known => Distance(key, known))!;

    private static bool IsNear(string key, string known) => Distance(key, known) <= Math.Max(2, known.Length / 5);

    /// <summary>Characters to insert, delete or replace (Levenshtein), ignoring case.</summary>
    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var (diagonal, left) = (row[0], i);
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var same = char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]);
                left = Math.Min(Math.Min(left, row[j]) + 1, diagonal + (same ? 0 : 1));
                (diagonal, row[j]) = (row[j], left);
            }
        }
        return row[^1];
    }
}
