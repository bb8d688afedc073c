using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Identity;
using StatusPage.Domain.Accounts;
using StatusPage.Web.Accounts.Keys;
using StatusPage.Web.Accounts.People;
using StatusPage.Web.Accounts.SigningIn;
using StatusPage.Web.Data;
using StatusPage.Web.Hosting;
using StatusPage.Web.Languages;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Accounts;

public static class AccountsRoom
{
    public static void AddAccounts(this IServiceCollection services, Settings settings)
    {
        services.AddSingleton<SetUpLink>();
        services.AddScoped<FirstRun>();
        services.AddHostedService<SetUpPrinter>();
        services.AddScoped<Sessions>();
        services.AddScoped<Invitations>();
        services.AddScoped<Resets>();
        services.AddScoped<ProviderAccounts>();
        services.AddScoped<Factors>();
        services.AddScoped<Passwords>();
        services.AddScoped<AccountDesk>();
        services.AddScoped<Refusals>();
        services.AddSingleton<KnownBrowser>();
        services.AddSingleton<SignInThrottle>();
        services.Configure<PasswordHasherOptions>(hasher => hasher.IterationCount = Passwords.Iterations);
        services.AddSingleton<ResetRequests>();
        services.AddHostedService<ResetWorker>();
        services.AddSingleton<Microsoft.AspNetCore.Identity.ILookupNormalizer, LookupNames>();
        services
            .AddIdentityCore<Account>(identity =>
            {
                identity.User.RequireUniqueEmail = true;
                // Names are addresses, and EmailAddress says what those may contain.
                identity.User.AllowedUserNameCharacters = "";
                // PasswordValidator has the rules for passwords, and SignInThrottle limits guessing.
                identity.Password = new()
                {
                    RequiredLength = 1,
                    RequireDigit = false,
                    RequireLowercase = false,
                    RequireUppercase = false,
                    RequireNonAlphanumeric = false,
                };
                identity.Lockout.AllowedForNewUsers = false;
            })
            .AddEntityFrameworkStores<StatusDb>()
            .AddUserStore<AccountStore>()
            .AddPasswordValidator<PasswordValidator>()
            .AddTokenProvider<OneTimeCodes>(TokenOptions.DefaultAuthenticatorProvider)
            .AddSignInManager<DeskSignIn>();
        services.Configure<IdentityPasskeyOptions>(passkeys =>
        {
            // The device, plus what its owner knows or is: two factors in one.
            passkeys.UserVerificationRequirement = "required";
            passkeys.ResidentKeyRequirement = "required";
            if (settings.PublicUrl is not { } url)
                return;
            passkeys.ServerDomain = url.Host;
            passkeys.ValidateOrigin = context => ValueTask.FromResult(!context.CrossOrigin && context.Origin == url.GetLeftPart(UriPartial.Authority));
        });
        var authentication = services
            .AddAuthentication(IdentityConstants.ApplicationScheme)
            .AddCookie(IdentityConstants.ApplicationScheme, cookie => Configure(cookie, settings))
            .AddCookie(DeskSignIn.Halfway, cookie => ConfigureStep(cookie, CookieNames.Half(settings), settings))
            .AddCookie(IdentityConstants.TwoFactorUserIdScheme, cookie => ConfigureStep(cookie, CookieNames.Step(settings), settings))
            .AddCookie(IdentityConstants.ExternalScheme, cookie => ConfigureStep(cookie, CookieNames.Provider(settings), settings))
            .AddScheme<AuthenticationSchemeOptions, ApiKeyScheme>(ApiKeyScheme.Name, null);
        if (settings.Oidc is { } oidc)
            authentication.AddProvider(oidc, settings);
        services
            .AddAuthorizationBuilder()
            // Closed by default: an endpoint without a policy is for people who signed in.
            .SetFallbackPolicy(
                new AuthorizationPolicyBuilder(IdentityConstants.ApplicationScheme).RequireAssertion(context => context.User.MayRead()).Build()
            )
            .AddPolicy(Permissions.Own, policy => policy.RequireAuthenticatedUser())
            .AddPolicy(Permissions.Read, policy => policy.RequireAssertion(context => context.User.MayRead()))
            .AddPolicy(Permissions.Draft, policy => policy.RequireAssertion(context => context.User.RoleOf() is { } role && role.MayDraft()))
            .AddPolicy(Permissions.Publish, policy => policy.RequireAssertion(context => context.User.MayPublish()))
            .AddPolicy(Permissions.Manage, policy => policy.RequireAssertion(context => context.User.MayManage()));
    }

    /// <summary>The cookie that leads somebody from one step of signing in to the next.</summary>
    private static void ConfigureStep(CookieAuthenticationOptions cookie, string name, Settings settings)
    {
        cookie.Cookie.Name = name;
        cookie.Cookie.Path = "/";
        cookie.Cookie.HttpOnly = true;
        cookie.Cookie.SameSite = SameSiteMode.Lax;
        cookie.Cookie.SecurePolicy = HostingSetup.SecurePolicy(settings);
        cookie.ExpireTimeSpan = DeskSignIn.StepWithin;
    }

    private static void Configure(CookieAuthenticationOptions cookie, Settings settings)
    {
        cookie.Cookie.Name = CookieNames.Desk(settings);
        // One sign-in for every page under this host name. Each request checks what may be done there.
        cookie.Cookie.Path = "/";
        cookie.Cookie.HttpOnly = true;
        cookie.Cookie.SameSite = SameSiteMode.Lax;
        cookie.Cookie.SecurePolicy = HostingSetup.SecurePolicy(settings);
        cookie.LoginPath = "/admin/sign-in";
        cookie.AccessDeniedPath = "/admin/denied";
        cookie.ReturnUrlParameter = "then";
        cookie.ExpireTimeSpan = DeskSession.IdleAtMost;
        cookie.SlidingExpiration = true;
        // Relative, so that no Host header gets into an address.
        cookie.Events.OnRedirectToAccessDenied = RedirectAsync;
        cookie.Events.OnRedirectToLogin = context =>
        {
            // A form sent after the session has ended comes back with what was typed.
            if (!HttpMethods.IsPost(context.Request.Method) || !context.Request.HasFormContentType || context.Request.Path == "/admin/sign-out")
                return RedirectAsync(context);
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            var say = context.HttpContext.Words();
            return context
                .HttpContext.RequestServices.GetRequiredService<UnavailablePage>()
                .WriteAsync(context.HttpContext, say["Your session has ended, so nothing was saved. Sign in in another tab, then send this again."]);
        };
        cookie.Events.OnValidatePrincipal = async context =>
        {
            // Endpoints outside of the desk do not ask who is there, so nobody is signed in for them.
            if (!context.HttpContext.AsksWhoIsThere())
            {
                context.RejectPrincipal();
                return;
            }
            try
            {
                var services = context.HttpContext.RequestServices;
                if (
                    await services.GetRequiredService<SignInManager<Account>>().ValidateSecurityStampAsync(context.Principal) is not null
                    && await services
                        .GetRequiredService<Sessions>()
                        .SeeAsync(context.Principal?.FindFirstValue(DeskSignIn.SessionClaim), context.HttpContext.RequestAborted)
                        is { } seen
                )
                {
                    context.Principal!.Become(seen);
                    return;
                }
                // The account is gone, its password has changed, or the session was ended from elsewhere: it ends now.
                context.RejectPrincipal();
                await context.HttpContext.SignOutAsync(IdentityConstants.ApplicationScheme);
            }
            catch (Exception exception) when (StoreSetup.IsOutage(exception))
            {
                // An outage of the store signs nobody out and changes nobody's rights; the action itself will report the outage.
            }
        };
    }

    private static Task RedirectAsync(RedirectContext<CookieAuthenticationOptions> context)
    {
        context.Response.Redirect(new Uri(context.RedirectUri).PathAndQuery);
        return Task.CompletedTask;
    }

    public static void MapAccounts(this WebApplication app) => app.MapPasswords();
}
