using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using StatusPage.Domain.Accounts;
using StatusPage.Web.Accounts.Keys;
using StatusPage.Web.Accounts.SigningIn;

namespace StatusPage.Web.Accounts;

/// <summary>What a person or a key must be trusted with to pass a door.</summary>
public static class Permissions
{
    /// <summary>Whoever has signed in, at whichever page: to what is their own.</summary>
    public const string Own = "own";
    public const string Read = "read";
    public const string Draft = "draft";
    public const string Publish = "publish";
    public const string Manage = "manage";

    /// <summary>Set anew at each request of somebody who came in by one factor where the page asks for two; see <see cref="AccountsRoom"/>.</summary>
    private const string LacksClaim = "lacks";

    /// <summary>Set anew at each request of somebody who proved lately who they are.</summary>
    private const string ProvenClaim = "proven";

    /// <summary>
    /// Whether a request is for a room of the desk, or for any other door that is not open to everybody. It is the door that was found which says so, and not the address:
    /// an address can be written in many ways.
    /// </summary>
    public static bool AsksWhoIsThere(this HttpContext context) =>
        context.GetEndpoint() switch
        {
            null => true,
            RouteEndpoint { RoutePattern.RawText: { } pattern }
                when pattern.TrimStart('/') is "admin" || pattern.TrimStart('/').StartsWith("admin/", StringComparison.OrdinalIgnoreCase) => true,
            { Metadata: var metadata } => metadata.GetMetadata<IAllowAnonymous>() is null,
        };

    public static Role? RoleOf(this ClaimsPrincipal principal) => Roles.Parse(principal.FindFirstValue(ClaimTypes.Role));

    /// <summary>Of the key that a program came with.</summary>
    public static int ApiKeyId(this ClaimsPrincipal principal) => int.Parse(principal.FindFirstValue(ApiKeyScheme.IdClaim)!, CultureInfo.InvariantCulture);

    public static ApiScopes ApiScopes(this ClaimsPrincipal principal) =>
        Domain.Accounts.ApiScopes.Parse(principal.FindFirstValue(ApiKeyScheme.ScopesClaim));

    /// <summary>Every role of this page may.</summary>
    public static bool MayRead(this ClaimsPrincipal principal) => principal.RoleOf() is not null;

    public static bool MayPublish(this ClaimsPrincipal principal) => principal.May(Roles.MayPublish);

    /// <summary>Whoever manages can make a key that publishes, so it takes the same.</summary>
    public static bool MayManage(this ClaimsPrincipal principal) => principal.May(Roles.MayManage);

    /// <summary>By a rule of roles, for a person as for a key.</summary>
    public static bool May(this ClaimsPrincipal principal, Func<Role, bool> rule) =>
        principal.RoleOf() is { } role && rule(role) && !principal.LacksSecondFactor();

    public static bool LacksSecondFactor(this ClaimsPrincipal principal) => principal.HasClaim(LacksClaim, DeskSignIn.TwoFactors);

    public static bool CameByTwoFactors(this ClaimsPrincipal principal) => principal.HasClaim(DeskSignIn.MethodClaim, DeskSignIn.TwoFactors);

    /// <summary>Whether somebody proved lately who they are, which changes of how one signs in ask for.</summary>
    public static bool IsProven(this ClaimsPrincipal principal) => principal.HasClaim(claim => claim.Type == ProvenClaim);

    /// <summary>Makes somebody what they are at the page that the request is for.</summary>
    internal static void Become(this ClaimsPrincipal principal, Seen seen)
    {
        if (principal.Identity is not ClaimsIdentity identity)
            return;
        foreach (var before in identity.FindAll(claim => claim.Type is LacksClaim or ProvenClaim or ClaimTypes.Role).ToList())
            identity.RemoveClaim(before);
        if (seen.Role is { } has)
            identity.AddClaim(new(ClaimTypes.Role, has.Code()));
        if (seen.AsksForTwoFactors && !principal.CameByTwoFactors())
            identity.AddClaim(new(LacksClaim, DeskSignIn.TwoFactors));
        if (seen.IsProven)
            identity.AddClaim(new(ProvenClaim, "true"));
    }
}
