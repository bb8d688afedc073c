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

/// <summary>Every way in ends here: it begins a session and says how the person proved who they are.</summary>
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

    /// <summary>When the person showed the provider who they are, in seconds since 1970 (OpenID Connect Core, section 2): its own session may be older than ours.</summary>
    public const string WhenClaim = "auth_time";

    public const string TwoFactors = "mfa";
    public const string PasswordOnly = "pwd";
    public const string Provider = "fed";

    /// <summary>Who has done the first step. Identity's own scheme holds what a passkey is asked for, which may happen in between.</summary>
    public const string Halfway = "Halfway";

    /// <summary>For how long somebody may take from one step to the next.</summary>
    public static readonly TimeSpan StepWithin = TimeSpan.FromMinutes(10);

    /// <summary>Of the account when the first step was done: a password that was changed since then opens nothing.</summary>
    private const string StampClaim = "stamp";

    public override async Task SignInWithClaimsAsync(Account user, AuthenticationProperties? authenticationProperties, IEnumerable<Claim> additionalClaims)
    {
        List<Claim> given = [.. additionalClaims];
        if (!given.Exists(claim => claim.Type == SessionClaim))
        {
            given.Add(new(SessionClaim, await sessions.BeginAsync(user, ProofOf(given), ProvenAt(given), Context)));
            browsers.Remember(Context, user);
        }
        // Asked anew at each request; this is for those that come while the store is away.
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

    /// <summary>After the first step: leads to the second one where the account has a second factor.</summary>
    /// <param name="more">What else is known of the first step.</param>
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

    /// <summary>Who has done the first step in this browser; null when nobody has, or too long ago.</summary>
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

    /// <summary>The same session with the account's new stamp. It is worth what it was: who has set up a factor signs in with it before it counts.</summary>
    public Task RefreshAsync(Account account)
    {
        List<Claim> kept = [new(MethodClaim, Context.User.FindFirstValue(MethodClaim) ?? PasswordOnly)];
        if (Context.User.FindFirst(SessionClaim) is { } session)
            kept.Add(session);
        return SignInWithClaimsAsync(account, isPersistent: true, kept);
    }

    /// <summary>Whose passkey the browser has shown; null when it was not accepted, when nothing was asked of this browser, too long ago, or answered before.</summary>
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

    /// <summary>What was asked lies in a cookie, which can be copied: an answer counts once, on whichever node.</summary>
    private async Task<bool> IsFirstAsync(string credential)
    {
        using var json = JsonDocument.Parse(credential);
        var signed = json.RootElement.GetProperty("response").GetProperty("clientDataJSON").GetString() ?? "";
        return await counts.AddAsync("passkey", signed, StepWithin, Context.RequestAborted) == 1;
    }
}
