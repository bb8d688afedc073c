using System.Globalization;
using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using StatusPage.Domain.Accounts;
using StatusPage.Web.Data;
using StatusPage.Web.StatusApi;

namespace StatusPage.Web.Accounts;

/// <summary><c>Authorization: OAuth KEY</c>, as Statuspage's API has it.</summary>
public sealed class ApiKeyScheme(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, StatusDb db)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string Name = "ApiKey";
    public const string PageClaim = "page";
    public const string IdClaim = "key";
    public const string ScopesClaim = "scopes";
    private const string Prefix = "OAuth ";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers.Authorization.ToString();
        // Statuspage takes the key in the address, too.
        var given = header.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) ? header[Prefix.Length..] : Request.Query["api_key"].ToString();
        if (given.Length == 0) return AuthenticateResult.NoResult();
        // The key is looked up by its hash, so the comparison tells nothing about the key.
        var hash = ApiKey.HashOf(given.Trim());
        var key = await db.ApiKeys.AsNoTracking().FirstOrDefaultAsync(row => row.Hash == hash && row.RevokedAt == null, Context.RequestAborted);
        if (key is null) return AuthenticateResult.Fail("Unknown key.");
        var identity = new ClaimsIdentity(
            [new(ClaimTypes.Name, $"key {key.Name}"), new(ClaimTypes.Role, key.Role.Code()), new(PageClaim, key.PageId.Value), new(IdClaim, key.Id.ToString(CultureInfo.InvariantCulture)),
                new(ScopesClaim, key.Scopes)], Name);
        return AuthenticateResult.Success(new(new ClaimsPrincipal(identity), Name));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties) => ApiErrors.WriteAsync(Context, StatusCodes.Status401Unauthorized,
        "Could not authenticate. Send the header 'Authorization: OAuth KEY' with a key made in the admin area.");

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) => ApiErrors.WriteAsync(Context, StatusCodes.Status403Forbidden,
        "This key may read, but not write. Use a key with the role comms or owner.");
}
