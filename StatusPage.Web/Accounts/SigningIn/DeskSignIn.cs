using System.Globalization;
using System.Security.Claims;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using StatusPage.Domain.Accounts;
using StatusPage.Web.Accounts.People;
using StatusPage.Web.Hosting;

namespace StatusPage.Web.Accounts.SigningIn;

/// <summary>The last step of every way to sign in: it begins a session and records how the person proved who they are.</summary>
public sealed class DeskSignIn(
    UserManager<Account> accounts,
    IHttpContextAccessor http,
    IUserClaimsPrincipalFactory<Account> claims,
    IOptions<IdentityOptions> options,
    ILogger<SignInManager<Account>> logger,
    IAuthenticationSchemeProvider schemes,
    IUserConfirmation<Account> confirmation,
    Sessions sessions,
    Factors factors,
    KnownBrowser browsers,
    Counts counts
) : SignInManager<Account>(accounts, http, claims, options, logger, schemes, confirmation)
{
    public const string SessionClaim = "session";

    /// <summary>Authentication method references (RFC 8176).</summary>
    public const string MethodClaim = "amr";

    /// <summary>
    /// When the person last proved who they are to the provider, in seconds since 1970 (OpenID Connect Core, section 2): its session may be older than
    /// ours.
    /// </summary>
    public const string WhenClaim = "auth_time";

    public const string TwoFactors = "mfa";
    public const string PasswordOnly = "pwd";
    public const string Provider = "fed";

    /// <summary>Scheme of somebody who has done the first step. Identity's own scheme holds the passkey challenge, which may be made in between.</summary>
    public const string Halfway = "Halfway";

    /// <summary>How long somebody may take from one step to the next.</summary>
    public static readonly TimeSpan StepWithin = TimeSpan.FromMinutes(10);

    /// <summary>The account's stamp at the first step: if the password was changed since then, the first step no longer counts.</summary>
    private const string StampClaim = "stamp";

    public override async Task SignInWithClaimsAsync(Account user, AuthenticationProperties? authenticationProperties, IEnumerable<Claim> additionalClaims)
    {
        List<Claim> given = [.. additionalClaims];
        if (!given.Exists(claim => claim.Type == SessionClaim))
        {
            given.Add(new(SessionClaim, await sessions.BeginAsync(user, ProofOf(given), ProvenAt(given), Context)));
            browsers.Remember(Context, user);
        }
        // Each request asks for the role anew; this one is for requests during an outage of the store.
        if (await sessions.RoleOfAsync(user, Context.RequestAborted) is { } role)
            given.Add(new(ClaimTypes.Role, role.Code()));
        await base.SignInWithClaimsAsync(user, authenticationProperties, given);
    }

    /// <summary>Null: now.</summary>
    private static DateTimeOffset? ProvenAt(List<Claim> given) =>
        given.Find(claim => claim.Type == WhenClaim) is not { } when ? null
        : long.TryParse(when.Value, CultureInfo.InvariantCulture, out var seconds) && seconds is >= 0 and < 7_258_118_400
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
        : DateTimeOffset.UnixEpoch;

    private static string ProofOf(List<Claim> given) =>
        given.Find(claim => claim.Type == MethodClaim)?.Value switch
        {
            TwoFactors => "two factors",
            Provider => "identity provider",
            _ => "password",
        };

    /// <summary>Ends the first step: leads to the second one if the account has a second factor.</summary>
    /// <param name="more">Further claims from the first step.</param>
    public async Task<bool> NeedsSecondStepAsync(Account account, string method, params Claim[] more)
    {
        if (!await factors.AnyAsync(account))
        {
            await SignInWithClaimsAsync(account, isPersistent: true, [new(MethodClaim, method), .. more]);
            return false;
        }
        var half = new ClaimsIdentity([new(ClaimTypes.Name, account.Id), new(StampClaim, account.SecurityStamp ?? "")], Halfway);
        await Context.SignInAsync(Halfway, new ClaimsPrincipal(half));
        return true;
    }

    /// <summary>The account that has done the first step in this browser; null when there is none, or it was too long ago.</summary>
    public async Task<Account?> HalfwayAsync()
    {
        var half = await Context.AuthenticateAsync(Halfway);
        return
            half.Principal?.FindFirstValue(ClaimTypes.Name) is { } id
            && await UserManager.FindByIdAsync(id) is { } account
            && half.Principal.FindFirstValue(StampClaim) == account.SecurityStamp
            ? account
            : null;
    }

    public async Task FinishAsync(Account account)
    {
        await Context.SignOutAsync(Halfway);
        await SignInWithClaimsAsync(account, isPersistent: true, [new Claim(MethodClaim, TwoFactors)]);
    }

    /// <summary>The same session with the account's new stamp. It keeps its number of factors: a new factor counts only after a sign-in with it.</summary>
    public Task RefreshAsync(Account account)
    {
        List<Claim> kept = [new(MethodClaim, Context.User.FindFirstValue(MethodClaim) ?? PasswordOnly)];
        if (Context.User.FindFirst(SessionClaim) is { } session)
            kept.Add(session);
        return SignInWithClaimsAsync(account, isPersistent: true, kept);
    }

    /// <summary>
    /// The holder of the passkey that the browser has shown; null when it was not accepted, or when the challenge is missing, too old, or answered before.
    /// </summary>
    public async Task<Account?> HolderAsync(string? credential)
    {
        if (string.IsNullOrEmpty(credential))
            return null;
        PasskeyAssertionResult<Account> result;
        try
        {
            result = await PerformPasskeyAssertionAsync(credential);
        }
        catch (InvalidOperationException)
        {
            return null;
        }
        await Context.SignOutAsync(IdentityConstants.TwoFactorUserIdScheme);
        if (result is not { Succeeded: true, User: { } account } || !await IsFirstAsync(credential))
            return null;
        return (await UserManager.AddOrUpdatePasskeyAsync(account, result.Passkey)).Succeeded ? account : null;
    }

    /// <summary>The challenge lies in a cookie, which can be copied, so an answer counts once, across all nodes.</summary>
    private async Task<bool> IsFirstAsync(string credential)
    {
        using var json = JsonDocument.Parse(credential);
        var signed = json.RootElement.GetProperty("response").GetProperty("clientDataJSON").GetString() ?? "";
        return await counts.AddAsync("passkey", signed, StepWithin, Context.RequestAborted) == 1;
    }
}
