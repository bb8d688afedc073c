using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using StatusPage.Domain.Accounts;
using StatusPage.Domain.Pages;

namespace StatusPage.Web.Hosting;

/// <summary>Signing in by an OpenID provider, and how its roles map to ours.</summary>
/// <param name="Roles">Roles at the first page.</param>
/// <param name="OtherRoles">Roles at other pages, by slug or host name.</param>
/// <param name="TrustFor">How long a statement of the provider about somebody is valid, unless they sign in by it again.</param>
public sealed record OidcSettings(
    Uri Authority,
    string ClientId,
    string? ClientSecret,
    string Name,
    string RoleClaim,
    ProviderRoles Roles,
    IReadOnlyDictionary<string, ProviderRoles> OtherRoles,
    TimeSpan TrustFor
)
{
    private static readonly TimeSpan TrustByDefault = TimeSpan.FromHours(24);

    /// <summary>Identifies the memberships and logins of this provider.</summary>
    public string Key => $"oidc:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Authority.ToString())).AsSpan(0, 8))}";

    public static OidcSettings? Read(IConfiguration configuration)
    {
        string? Text(string key) => configuration[$"Oidc:{key}"] is { } value && !string.IsNullOrWhiteSpace(value) ? value.Trim() : null;
        var (authority, client) = (Text("Authority"), Text("ClientId"));
        if (authority is null && client is null && Text("ClientSecret") is null)
            return null;
        if (
            !Uri.TryCreate(authority, UriKind.Absolute, out var url)
            || !(url.Scheme == Uri.UriSchemeHttps || url.Scheme == Uri.UriSchemeHttp && IsLoopback(url))
        )
            throw new SettingException(
                "Oidc:Authority",
                authority ?? "",
                "the https address of the provider, such as https://login.example.com/realms/acme"
            );
        if (client is null)
            throw new SettingException("Oidc:ClientId", "", "the name under which the provider knows this program, where Oidc:Authority is set");
        var roles = ProviderRoles.Read(configuration.GetSection("Oidc"));
        if (roles.IsEmpty)
            throw new SettingException(
                "Oidc:Roles",
                "",
                "at least one of Oidc:Roles:owner, comms, responder and auditor, or Oidc:DefaultRole; nobody could sign in otherwise"
            );
        return new(
            url,
            client,
            Text("ClientSecret"),
            Text("Name") ?? "OpenID Connect",
            Text("RoleClaim") ?? "roles",
            roles,
            configuration.GetSection("Oidc:Pages").GetChildren().ToDictionary(page => page.Key, ProviderRoles.Read, StringComparer.OrdinalIgnoreCase),
            ReadTrust(Text("TrustHours"))
        );
    }

    private static TimeSpan ReadTrust(string? value) =>
        value is null ? TrustByDefault
        : int.TryParse(value, CultureInfo.InvariantCulture, out var hours) && hours is >= 1 and <= 720 ? TimeSpan.FromHours(hours)
        : throw new SettingException("Oidc:TrustHours", value, "a whole number from 1 to 720");

    /// <summary>The role that the provider gives somebody at a page; null: none.</summary>
    public Role? RoleFor(IReadOnlyCollection<string> values, PageLocation location) =>
        location == PageLocation.Root ? Roles.For(values) : OtherRoles.GetValueOrDefault(location.Slug ?? location.HostName ?? "")?.For(values);

    /// <summary>Keeps the secret out of printed settings.</summary>
    public override string ToString() => $"OpenID provider {Authority}";

    private static bool IsLoopback(Uri url) => url.IsLoopback || IPAddress.TryParse(url.Host, out var address) && IPAddress.IsLoopback(address);
}

/// <summary>Which value of the provider's claim gives which role at a page.</summary>
/// <param name="Values">If several values match, the highest role counts.</param>
/// <param name="Otherwise">The role when no value matches; null: none.</param>
public sealed record ProviderRoles(IReadOnlyDictionary<Role, string> Values, Role? Otherwise)
{
    public bool IsEmpty => Values.Count == 0 && Otherwise is null;

    public static ProviderRoles Read(IConfigurationSection section)
    {
        var values = new Dictionary<Role, string>();
        foreach (var role in Roles.All)
            if (section[$"Roles:{role.Code()}"] is { } value && !string.IsNullOrWhiteSpace(value))
                values[role] = value.Trim();
        var otherwise = section["DefaultRole"]?.Trim() is { Length: > 0 } text ? text : null;
        if (otherwise is not null && Roles.Parse(otherwise) is null)
            throw new SettingException($"{section.Path}:DefaultRole", otherwise, "owner, comms, responder or auditor");
        return new(values, Roles.Parse(otherwise));
    }

    public Role? For(IReadOnlyCollection<string> values)
    {
        Role? best = null;
        foreach (var (role, value) in Values)
            if (values.Contains(value) && (best is null || role > best))
                best = role;
        return best ?? Otherwise;
    }
}
