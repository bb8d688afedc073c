using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using StatusPage.Web.Hosting;

namespace StatusPage.Web.Accounts.SigningIn;

/// <summary>Leads to the provider.</summary>
[AllowAnonymous]
[ResponseCache(NoStore = true, Location = ResponseCacheLocation.None)]
public sealed partial class ProviderPage(Settings settings, ILogger<ProviderPage> logger) : PageModel
{
    /// <param name="proves">Whether the provider has to authenticate the person anew; see <see cref="ProvePage"/>.</param>
    public async Task<IActionResult> OnGetAsync(string? then, bool proves = false)
    {
        if (settings.Oidc is null)
            return NotFound();
        try
        {
            var challenge = new OpenIdConnectChallengeProperties
            {
                RedirectUri = $"{Request.PathBase}/admin/provider/done?then={Uri.EscapeDataString(SignInPage.Inside(Url, then))}",
            };
            if (proves)
                (challenge.Prompt, challenge.MaxAge) = (OpenIdConnectPrompt.Login, TimeSpan.Zero);
            await HttpContext.ChallengeAsync(Provider.Scheme, challenge);
            return new EmptyResult();
        }
        catch (Exception exception) when (exception is InvalidOperationException or HttpRequestException or IOException or TaskCanceledException)
        {
            Log.Away(logger, exception.GetBaseException().Message);
            Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return Page();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(251, LogLevel.Warning, "The OpenID provider cannot be asked: {Reason}")]
        public static partial void Away(ILogger logger, string reason);
    }
}
