using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using StatusPage.Domain.Accounts;

namespace StatusPage.Web.Accounts;

/// <summary>Every way in ends here: it begins a session and says how the person proved who they are.</summary>
public sealed class DeskSignIn(
    UserManager<Account> accounts, IHttpContextAccessor http, IUserClaimsPrincipalFactory<Account> claims, IOptions<IdentityOptions> options,
    ILogger<SignInManager<Account>> logger, IAuthenticationSchemeProvider schemes, IUserConfirmation<Account> confirmation, Sessions sessions)
    : SignInManager<Account>(accounts, http, claims, options, logger, schemes, confirmation)
{
    public const string SessionClaim = "session";

    /// <summary>Authentication method references (RFC 8176).</summary>
    public const string MethodClaim = "amr";
    public const string TwoFactors = "mfa";
    public const string PasswordOnly = "pwd";
    public const string Provider = "fed";

    public override async Task SignInWithClaimsAsync(Account user, AuthenticationProperties? authenticationProperties, IEnumerable<Claim> additionalClaims)
    {
        List<Claim> given = [.. additionalClaims];
        if (!given.Exists(claim => claim.Type == SessionClaim)) given.Add(new(SessionClaim, await sessions.BeginAsync(user, ProofOf(given), Context)));
        // Asked anew at each request; this is for those that come while the store is away.
        if (await sessions.RoleOfAsync(user, Context.RequestAborted) is { } role) given.Add(new(ClaimTypes.Role, role.Code()));
        await base.SignInWithClaimsAsync(user, authenticationProperties, given);
    }

    public Task RefuseAsync(Account account, string proof) => sessions.RefuseAsync(account, proof, Context);

    private static string ProofOf(List<Claim> given) => given.Find(claim => claim.Type == MethodClaim)?.Value switch
    {
        TwoFactors => "two factors",
        Provider => "identity provider",
        _ => "password",
    };

    /// <summary>After the password: leads to the second step where the account has one.</summary>
    public async Task<bool> NeedsSecondStepAsync(Account account, string method)
    {
        if (!account.TwoFactorEnabled)
        {
            await SignInWithClaimsAsync(account, isPersistent: true, [new(MethodClaim, method)]);
            return false;
        }
        var half = new ClaimsIdentity(IdentityConstants.TwoFactorUserIdScheme);
        half.AddClaim(new(ClaimTypes.Name, account.Id));
        await Context.SignInAsync(IdentityConstants.TwoFactorUserIdScheme, new ClaimsPrincipal(half));
        return true;
    }

    /// <summary>The same session with a new stamp or role; with one factor more where one was just proven.</summary>
    public Task RefreshAsync(Account account, bool withTwoFactors = false)
    {
        var method = withTwoFactors ? TwoFactors : Context.User.FindFirstValue(MethodClaim) ?? PasswordOnly;
        List<Claim> kept = [new(MethodClaim, method)];
        if (Context.User.FindFirst(SessionClaim) is { } session) kept.Add(session);
        return SignInWithClaimsAsync(account, isPersistent: true, kept);
    }
}
