using System.Net;
using StatusPage.Domain.Accounts;

namespace StatusPage.Web.Hosting;

/// <summary>Signing in by an OpenID provider, and which of its roles is which here.</summary>
/// <param name="Roles">Value of the claim by role; the highest that fits counts.</param>
/// <param name="DefaultRole">For whom no value fits; null: refused.</param>
public sealed record OidcSettings(
    Uri Authority, string ClientId, string? ClientSecret, string Name, string RoleClaim, IReadOnlyDictionary<Role, string> Roles, Role? DefaultRole)
{
    public static OidcSettings? Read(IConfiguration configuration)
    {
        string? Text(string key) => configuration[$"Oidc:{key}"] is { } value && !string.IsNullOrWhiteSpace(value) ? value.Trim() : null;
        var (authority, client) = (Text("Authority"), Text("ClientId"));
        if (authority is null && client is null && Text("ClientSecret") is null) return null;
        if (!Uri.TryCreate(authority, UriKind.Absolute, out var url) || !(url.Scheme == Uri.UriSchemeHttps || url.Scheme == Uri.UriSchemeHttp && IsLoopback(url)))
            throw new SettingException("Oidc:Authority", authority ?? "", "the https address of the provider, such as https://login.example.com/realms/acme");
        if (client is null) throw new SettingException("Oidc:ClientId", "", "the name under which the provider knows this program, where Oidc:Authority is set");
        var roles = new Dictionary<Role, string>();
        foreach (var role in Domain.Accounts.Roles.All)
            if (Text($"Roles:{role.Code()}") is { } value) roles[role] = value;
        var otherwise = Text("DefaultRole");
        if (otherwise is not null && Domain.Accounts.Roles.Parse(otherwise) is null) throw new SettingException("Oidc:DefaultRole", otherwise, "owner, comms, responder or auditor");
        if (roles.Count == 0 && otherwise is null) throw new SettingException("Oidc:Roles", "", "at least one of Oidc:Roles:owner, comms, responder and auditor, or Oidc:DefaultRole; nobody could sign in otherwise");
        return new(url, client, Text("ClientSecret"), Text("Name") ?? "OpenID Connect", Text("RoleClaim") ?? "roles", roles, Domain.Accounts.Roles.Parse(otherwise));
    }

    public Role? RoleFor(IReadOnlyCollection<string> values)
    {
        Role? best = null;
        foreach (var (role, value) in Roles)
            if (values.Contains(value) && (best is null || role > best)) best = role;
        return best ?? DefaultRole;
    }

    /// <summary>Keeps the secret out of whatever prints settings.</summary>
    public override string ToString() => $"OpenID provider {Authority}";

    private static bool IsLoopback(Uri url) => url.IsLoopback || IPAddress.TryParse(url.Host, out var address) && IPAddress.IsLoopback(address);
}
