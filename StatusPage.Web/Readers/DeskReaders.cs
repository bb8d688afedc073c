using System.Collections.Concurrent;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using StatusPage.Domain;
using StatusPage.Web.Accounts.People;
using StatusPage.Web.Accounts.SigningIn;
using StatusPage.Web.Data;
using StatusPage.Web.Hosting;

namespace StatusPage.Web.Readers;

/// <summary>
/// Whoever has a role at the desk of a private page reads it, in the browser in which they are signed in. The store is asked once a minute, so that a role or
/// a session that ended counts soon; while it is away, what it said last holds.
/// </summary>
public sealed class DeskReaders(IOptionsMonitor<CookieAuthenticationOptions> cookies, StoreState store, Settings settings, TimeProvider time)
{
    private const int MostKnown = 1_000;
    private static readonly TimeSpan HoldsFor = TimeSpan.FromMinutes(1);

    /// <summary>Until when somebody is known to have a role. Only they are kept, so strangers fill nothing.</summary>
    private readonly ConcurrentDictionary<string, DateTimeOffset> _known = new(StringComparer.Ordinal);

    public async Task<bool> KnowsAsync(HttpContext context, PageId page)
    {
        var options = cookies.Get(IdentityConstants.ApplicationScheme);
        if (!store.IsReady || options.CookieManager.GetRequestCookie(context, CookieNames.Desk(settings)) is not { Length: > 0 } cookie)
            return false;
        var key = $"{page} {Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(cookie)))}";
        var now = time.GetUtcNow();
        if (_known.TryGetValue(key, out var until) && now < until)
            return true;
        bool? hasRole;
        try
        {
            hasRole = await HasRoleAsync(context, options, cookie, now);
        }
        catch (Exception exception) when (StoreSetup.IsOutage(exception))
        {
            hasRole = _known.ContainsKey(key) ? true : null;
        }
        if (hasRole != true)
        {
            _known.TryRemove(key, out _);
            return false;
        }
        if (_known.Count >= MostKnown)
            _known.Clear();
        _known[key] = now + HoldsFor;
        return true;
    }

    /// <summary>As the desk itself asks, but without signing anybody in: the pages that are read know no accounts.</summary>
    private static async Task<bool> HasRoleAsync(HttpContext context, CookieAuthenticationOptions options, string cookie, DateTimeOffset now)
    {
        var services = context.RequestServices;
        return options.TicketDataFormat.Unprotect(cookie) is { } ticket
            && now < ticket.Properties.ExpiresUtc
            && await services.GetRequiredService<SignInManager<Account>>().ValidateSecurityStampAsync(ticket.Principal) is not null
            && await services.GetRequiredService<Sessions>().SeeAsync(ticket.Principal.FindFirstValue(DeskSignIn.SessionClaim), context.RequestAborted)
                is { Role: not null };
    }
}
