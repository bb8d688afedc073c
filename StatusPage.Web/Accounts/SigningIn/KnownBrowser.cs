using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using StatusPage.Domain;
using StatusPage.Web.Accounts.People;
using StatusPage.Web.Hosting;

namespace StatusPage.Web.Accounts.SigningIn;

/// <summary>
/// Distinguishes a browser in which an account has signed in before from a stranger's, so that strangers' wrong passwords do not lock the owner out
/// (OWASP, "Slow Down Online Guessing Attacks with Device Cookies"). It lets nobody in by itself.
/// </summary>
public sealed class KnownBrowser(IDataProtectionProvider protection, Settings settings)
{
    /// <summary>Accounts of one browser.</summary>
    private const int MostAccounts = 5;

    private static readonly TimeSpan Remembered = TimeSpan.FromDays(180);
    private readonly ITimeLimitedDataProtector _cookies = protection.CreateProtector("StatusPage.Accounts.KnownBrowser").ToTimeLimitedDataProtector();

    /// <summary>The browser's id, if the account has signed in there before; null otherwise.</summary>
    public string? Find(HttpContext http, Account account) => Read(http) is { } known && known.Accounts.Contains(account.Id) ? known.Id : null;

    public void Remember(HttpContext http, Account account)
    {
        var known = Read(http) ?? new(PublicId.NewValue() + PublicId.NewValue(), []);
        var now = known with { Accounts = [account.Id, .. known.Accounts.Where(id => id != account.Id).Take(MostAccounts - 1)] };
        http.Response.Cookies.Append(
            CookieNames.Known(settings),
            _cookies.Protect(JsonSerializer.Serialize(now), Remembered),
            new()
            {
                Path = "/",
                HttpOnly = true,
                SameSite = SameSiteMode.Lax,
                MaxAge = Remembered,
                IsEssential = true,
                Secure = HostingSetup.SecurePolicy(settings) == CookieSecurePolicy.Always || http.Request.IsHttps,
            }
        );
    }

    private Known? Read(HttpContext http)
    {
        try
        {
            return http.Request.Cookies[CookieNames.Known(settings)] is { Length: > 0 } cookie
                ? JsonSerializer.Deserialize<Known>(_cookies.Unprotect(cookie))
                : null;
        }
        catch (CryptographicException)
        {
            // Forged, too old, or made with keys that are gone: the browser is not known.
            return null;
        }
    }

    private sealed record Known(string Id, string[] Accounts);
}
