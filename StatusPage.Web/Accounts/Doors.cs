using System.Security.Claims;
using StatusPage.Domain.Accounts;

namespace StatusPage.Web.Accounts;

/// <summary>What a person or a key must be trusted with to pass a door.</summary>
public static class Doors
{
    public const string Read = "read";
    public const string Publish = "publish";
    public const string Manage = "manage";

    /// <summary>Set anew at each request of somebody who came in by one factor where the page asks for two; see <see cref="AccountsRoom"/>.</summary>
    private const string LacksClaim = "lacks";

    public static Role? RoleOf(this ClaimsPrincipal principal) => Roles.Parse(principal.FindFirstValue(ClaimTypes.Role));

    public static bool MayPublish(this ClaimsPrincipal principal) => principal.RoleOf()?.MayPublish() == true && !principal.LacksSecondFactor();

    /// <summary>Whoever manages can make a key that publishes, so it takes the same.</summary>
    public static bool MayManage(this ClaimsPrincipal principal) => principal.RoleOf()?.MayManage() == true && !principal.LacksSecondFactor();

    public static bool LacksSecondFactor(this ClaimsPrincipal principal) => principal.HasClaim(LacksClaim, DeskSignIn.TwoFactors);

    public static bool CameByTwoFactors(this ClaimsPrincipal principal) => principal.HasClaim(DeskSignIn.MethodClaim, DeskSignIn.TwoFactors);

    /// <summary>Brings what the page asks for into what the person may do.</summary>
    internal static void Ask(this ClaimsPrincipal principal, bool forTwoFactors)
    {
        if (principal.Identity is not ClaimsIdentity identity) return;
        if (identity.FindFirst(LacksClaim) is { } before) identity.RemoveClaim(before);
        if (forTwoFactors && !principal.CameByTwoFactors()) identity.AddClaim(new(LacksClaim, DeskSignIn.TwoFactors));
    }
}
