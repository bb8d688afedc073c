using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using StatusPage.Domain.Accounts;
using StatusPage.Web.Accounts.Keys;
using StatusPage.Web.Accounts.SigningIn;
using StatusPage.Web.Languages;

namespace StatusPage.Web.Accounts;

/// <summary>The policies of endpoints: what a person or a key must be trusted with to use them.</summary>
public static class Permissions
{
    /// <summary>Everybody who has signed in, at any page: for what is their own.</summary>
    public const string Own = "own";
    public const string Read = "read";
    public const string Draft = "draft";
    public const string Publish = "publish";
    public const string Manage = "manage";

    /// <summary>Set anew at each request of somebody who signed in with one factor where the page asks for two; see <see cref="AccountsRoom"/>.</summary>
    private const string LacksClaim = "lacks";

    /// <summary>Set anew at each request of somebody who recently proved who they are.</summary>
    private const string ProvenClaim = "proven";

    /// <summary>
    /// Whether a request is for the desk, or for any other endpoint that is not open to everybody. The matched endpoint decides this, not the address: an
    /// address can be written in many ways.
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

    /// <summary>Id of the program's key.</summary>
    public static int ApiKeyId(this ClaimsPrincipal principal) => int.Parse(principal.FindFirstValue(ApiKeyScheme.IdClaim)!, CultureInfo.InvariantCulture);

    public static ApiScopes ApiScopes(this ClaimsPrincipal principal) =>
        Domain.Accounts.ApiScopes.Parse(principal.FindFirstValue(ApiKeyScheme.ScopesClaim));

    /// <summary>Whether they have any role at this page.</summary>
    public static bool MayRead(this ClaimsPrincipal principal) => principal.RoleOf() is not null;

    public static bool MayPublish(this ClaimsPrincipal principal) => principal.May(Roles.MayPublish);

    /// <summary>A manager can make a key that publishes, so managing needs the same factors as publishing.</summary>
    public static bool MayManage(this ClaimsPrincipal principal) => principal.May(Roles.MayManage);

    /// <summary>Whether a rule for roles allows it, for a person or a key.</summary>
    public static bool May(this ClaimsPrincipal principal, Func<Role, bool> rule) =>
        principal.RoleOf() is { } role && rule(role) && !principal.LacksSecondFactor();

    public static bool LacksSecondFactor(this ClaimsPrincipal principal) => principal.HasClaim(LacksClaim, DeskSignIn.TwoFactors);

    public static bool CameByTwoFactors(this ClaimsPrincipal principal) => principal.HasClaim(DeskSignIn.MethodClaim, DeskSignIn.TwoFactors);

    /// <summary>Whether somebody recently proved who they are, as changing the ways of signing in requires.</summary>
    public static bool IsProven(this ClaimsPrincipal principal) => principal.HasClaim(claim => claim.Type == ProvenClaim);

    /// <summary>Gives somebody their rights at the page that the request is for.</summary>
    internal static void Become(this ClaimsPrincipal principal, Seen seen)
    {
        if (principal.Identity is not ClaimsIdentity identity)
            return;
        foreach (
            var before in identity.FindAll(claim => claim.Type is LacksClaim or ProvenClaim or ClaimTypes.Role or SpokenLanguage.ClaimOfDesk).ToList()
        )
            identity.RemoveClaim(before);
        if (seen.Role is { } has)
            identity.AddClaim(new(ClaimTypes.Role, has.Code()));
        if (seen.AsksForTwoFactors && !principal.CameByTwoFactors())
            identity.AddClaim(new(LacksClaim, DeskSignIn.TwoFactors));
        if (seen.IsProven)
            identity.AddClaim(new(ProvenClaim, "true"));
        if (seen.Language is { } language)
            identity.AddClaim(new(SpokenLanguage.ClaimOfDesk, language));
    }
}
