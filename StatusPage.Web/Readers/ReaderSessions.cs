using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using StatusPage.Domain.Accounts;
using StatusPage.Domain.Readers;
using StatusPage.Web.Accounts.People;
using StatusPage.Web.Accounts.SigningIn;
using StatusPage.Web.Hosting;
using StatusPage.Web.Public;

namespace StatusPage.Web.Readers;

/// <summary>Begins and ends the reading of a private page. A password is checked against the edition, so readers come in while the store is away.</summary>
public sealed class ReaderSessions(SignInThrottle throttle, IPasswordHasher<Account> hasher, Settings settings, TimeProvider time)
{
    private const string Kind = "reader";

    /// <summary>
    /// Wrong guesses are counted for each network alone: counted for all together, strangers could keep every new reader out in the middle of an outage.
    /// </summary>
    public Task<GuessResult> TryAsync(HttpContext context, PublicSite site, AccessRule rule, string? password)
    {
        var network = ClientAddress.Of(context);
        return throttle.JudgeAsync(
            new(Kind, $"{site.PageId} {network}", network, Browser: null),
            counts => Task.FromResult(counts && IsRight(rule, password)),
            context.RequestAborted
        );
    }

    private bool IsRight(AccessRule rule, string? password) =>
        rule.PasswordHash is { } hash
        && password is { Length: > 0 and <= PasswordRule.MaxLength }
        && hasher.VerifyHashedPassword(new Account(), hash, password) != PasswordVerificationResult.Failed;

    public void Begin(HttpContext context, PublicSite site, AccessRule rule, ReaderRoad road, string about)
    {
        if (site.PageId is { } page)
            context.Response.Cookies.Append(
                CookieNames.Reader(settings, page),
                ReaderProof.Of(road, about, time.GetUtcNow()).Sign(rule.Key),
                Options(context, site, ReaderProof.LastsFor)
            );
    }

    public void End(HttpContext context, PublicSite site)
    {
        if (site.PageId is { } page)
            context.Response.Cookies.Delete(CookieNames.Reader(settings, page), Options(context, site, lasts: null));
    }

    private CookieOptions Options(HttpContext context, PublicSite site, TimeSpan? lasts) =>
        new()
        {
            Path = site.Base.HasValue ? site.Base : "/",
            HttpOnly = true,
            // A link in a mail leads to the page; another site's frame or script does not.
            SameSite = SameSiteMode.Lax,
            MaxAge = lasts,
            IsEssential = true,
            Secure = HostingSetup.SecurePolicy(settings) == CookieSecurePolicy.Always || context.Request.IsHttps,
        };

    /// <summary>Where a new reader goes: what they asked for, never another site, and not in a circle.</summary>
    public static string Inside(HttpContext context, string? then)
    {
        var home = $"{context.Request.PathBase}/";
        return RedirectHttpResult.IsLocalUrl(then) && then.StartsWith('/') && !then.Contains(ReaderPaths.SignIn, StringComparison.OrdinalIgnoreCase)
            ? then
            : home;
    }
}
