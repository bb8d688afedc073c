using System.Globalization;
using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using StatusPage.Domain.Accounts;
using StatusPage.Web.Data;
using StatusPage.Web.Public;
using StatusPage.Web.StatusApi;

namespace StatusPage.Web.Accounts.Keys;

/// <summary>
/// <c>Authorization: OAuth KEY</c>, as in Statuspage's API, <c>Bearer KEY</c> or the bare key, as its clients send it. A key belongs to a page. Every request with the key is for that page,
/// whatever its address says; see <see cref="ManageApi.UsePageOfKey"/>.
/// </summary>
public sealed class ApiKeyScheme(
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory logger,
    UrlEncoder encoder,
    StatusDb db,
    PublicSites sites,
    UnknownKeys unknown
) : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string Name = "ApiKey";
    public const string PageClaim = "page";
    public const string IdClaim = "key";
    public const string ScopesClaim = "scopes";
    private static readonly string[] Words = ["OAuth", "Bearer"];
    private const string Unknown = "Could not authenticate. Send the header 'Authorization: OAuth KEY' with a key made in the admin area.";

    /// <summary>The hash by which a request's key is looked up, so that the comparison reveals nothing about the key; null without a key.</summary>
    public static string? HashOfGiven(HttpRequest request)
    {
        // Statuspage also accepts the key in the address.
        var given = InHeader(request.Headers.Authorization.ToString().Trim()) ?? request.Query["api_key"].ToString().Trim();
        return given.Length == 0 ? null : ApiKey.HashOf(given);
    }

    /// <summary>Null where there is no key, such as with another scheme, which a proxy on the way may have asked for.</summary>
    private static string? InHeader(string header)
    {
        var space = header.IndexOf(' ', StringComparison.Ordinal);
        if (space >= 0)
            return Names(header[..space]) ? header[space..].Trim() : null;
        return header.Length == 0 || Names(header) ? null : header;

        static bool Names(string scheme) => Words.Contains(scheme, StringComparer.OrdinalIgnoreCase);
    }

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (HashOfGiven(Request) is not { } hash)
            return AuthenticateResult.NoResult();
        var found = await db
            .ApiKeys.AsNoTracking()
            .Where(row => row.Hash == hash && row.RevokedAt == null)
            .Join(db.Pages.AsNoTracking(), row => row.PageId, page => page.Id, (row, page) => new { Key = row, Page = page })
            .FirstOrDefaultAsync(Context.RequestAborted);
        if (found is null)
        {
            await unknown.AddAsync(Context);
            return AuthenticateResult.Fail(Unknown);
        }
        unknown.Remember(hash);
        if (found.Page.ClosedAt is not null)
            return AuthenticateResult.Fail("The page of this key is closed, so the key opens nothing. Open the page again, or use another key.");
        Context.Features.Set(sites.At(found.Page.Id, found.Page.Location));
        var key = found.Key;
        var identity = new ClaimsIdentity(
            [
                new(ClaimTypes.Name, $"key {key.Name}"),
                new(ClaimTypes.Role, key.Role.Code()),
                new(PageClaim, key.PageId.Value),
                new(IdClaim, key.Id.ToString(CultureInfo.InvariantCulture)),
                new(ScopesClaim, key.Scopes),
            ],
            Name
        );
        return AuthenticateResult.Success(new(new ClaimsPrincipal(identity), Name));
    }

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties) =>
        await ApiErrors.WriteAsync(Context, StatusCodes.Status401Unauthorized, (await HandleAuthenticateOnceSafeAsync()).Failure?.Message ?? Unknown);

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        ApiErrors.WriteAsync(Context, StatusCodes.Status403Forbidden, "This key may read, but not write. Use a key with the role comms or owner.");
}
