using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using StatusPage.Web.Hosting;
using StatusPage.Web.Readers;

namespace StatusPage.Web.Accounts.SigningIn;

/// <summary>The OpenID provider in ASP.NET Core's terms. Its metadata is loaded when somebody first signs in by it, not at the start.</summary>
internal static class Provider
{
    public const string Scheme = "oidc";
    public const string CallbackPath = "/admin/provider/callback";

    public static void AddProvider(this AuthenticationBuilder authentication, OidcSettings oidc, Settings settings) =>
        authentication.AddOpenIdConnect(
            Scheme,
            oidc.Name,
            options =>
            {
                options.Authority = oidc.Authority.ToString().TrimEnd('/');
                options.ClientId = oidc.ClientId;
                options.ClientSecret = oidc.ClientSecret;
                options.SignInScheme = IdentityConstants.ExternalScheme;
                options.CallbackPath = CallbackPath;
                options.ResponseType = OpenIdConnectResponseType.Code;
                // The answer comes by GET, so that cookies that are not sent with other sites' posts come along.
                options.ResponseMode = OpenIdConnectResponseMode.Query;
                options.UsePkce = true;
                options.MapInboundClaims = false;
                options.GetClaimsFromUserInfoEndpoint = true;
                options.SaveTokens = false;
                // The settings check it: https, or this machine.
                options.RequireHttpsMetadata = oidc.Authority.Scheme == Uri.UriSchemeHttps;
                options.Scope.Add("email");
                options.ClaimActions.Remove(DeskSignIn.MethodClaim);
                options.ClaimActions.Remove(DeskSignIn.WhenClaim);
                options.ClaimActions.MapJsonKey("email_verified", "email_verified");
                options.ClaimActions.MapJsonKey(oidc.RoleClaim, oidc.RoleClaim);
                options.CorrelationCookie.Name = CookieNames.Correlation(settings);
                options.NonceCookie.Name = CookieNames.Nonce(settings);
                foreach (var cookie in new[] { options.CorrelationCookie, options.NonceCookie })
                {
                    cookie.SameSite = SameSiteMode.Lax;
                    cookie.SecurePolicy = HostingSetup.SecurePolicy(settings);
                }
                options.Events.OnRemoteFailure = context =>
                {
                    context.HandleResponse();
                    var isReader = context.Properties?.RedirectUri?.Contains(ReaderPaths.ProviderDone, StringComparison.Ordinal) == true;
                    context.Response.Redirect($"{context.Request.PathBase}{(isReader ? ReaderPaths.ProviderDone : "/admin/provider/done")}?failed=true");
                    return Task.CompletedTask;
                };
                // Uses the configured address, whatever a request claims.
                if (settings.PublicUrl is not null)
                {
                    options.Events.OnRedirectToIdentityProvider = context =>
                    {
                        context.ProtocolMessage.RedirectUri = context.HttpContext.RequestServices.GetRequiredService<PublicAddress>().Of(CallbackPath);
                        return Task.CompletedTask;
                    };
                }
            }
        );
}
