using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using StatusPage.Domain.Accounts;
using StatusPage.Web.Data;
using StatusPage.Web.Hosting;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Accounts;

/// <summary>What a person or a key must be trusted with to pass a door.</summary>
public static class Doors
{
    public const string Read = "read";
    public const string Publish = "publish";
    public const string Manage = "manage";

    public static Role? RoleOf(this ClaimsPrincipal principal) => Roles.Parse(principal.FindFirstValue(ClaimTypes.Role));

    public static bool MayPublish(this ClaimsPrincipal principal) => principal.RoleOf()?.MayPublish() == true;

    public static bool MayManage(this ClaimsPrincipal principal) => principal.RoleOf()?.MayManage() == true;
}

public static class AccountsRoom
{
    private const int WrongPasswordsBeforeLockOut = 5;
    private static readonly TimeSpan LockOut = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan SignedInFor = TimeSpan.FromDays(14);

    public static void AddAccounts(this IServiceCollection services, Settings settings)
    {
        services.AddSingleton<SetUpLink>();
        services.AddScoped<FirstRun>();
        services.AddHostedService<SetUpPrinter>();
        services.AddIdentityCore<Account>(identity =>
            {
                identity.User.RequireUniqueEmail = true;
                // Length is what counts (NIST SP 800-63B, section 3.1.1.2).
                identity.Password = new() { RequiredLength = 10, RequireDigit = false, RequireLowercase = false, RequireUppercase = false, RequireNonAlphanumeric = false };
                identity.Lockout.MaxFailedAccessAttempts = WrongPasswordsBeforeLockOut;
                identity.Lockout.DefaultLockoutTimeSpan = LockOut;
            })
            .AddEntityFrameworkStores<StatusDb>()
            .AddSignInManager()
            .AddClaimsPrincipalFactory<RoleClaims>();
        services.AddAuthentication(IdentityConstants.ApplicationScheme)
            .AddCookie(IdentityConstants.ApplicationScheme, cookie => Configure(cookie, settings))
            .AddScheme<AuthenticationSchemeOptions, ApiKeyScheme>(ApiKeyScheme.Name, null);
        services.AddAuthorizationBuilder()
            // Closed by default: a door that says nothing about itself is for those who signed in.
            .SetFallbackPolicy(new AuthorizationPolicyBuilder(IdentityConstants.ApplicationScheme).RequireAuthenticatedUser().Build())
            .AddPolicy(Doors.Read, policy => policy.RequireAuthenticatedUser())
            .AddPolicy(Doors.Publish, policy => policy.RequireAssertion(context => context.User.MayPublish()))
            .AddPolicy(Doors.Manage, policy => policy.RequireAssertion(context => context.User.MayManage()));
    }

    private static void Configure(CookieAuthenticationOptions cookie, Settings settings)
    {
        cookie.Cookie.Name = "desk";
        // Never sent with a request for the public page.
        cookie.Cookie.Path = "/admin";
        cookie.Cookie.HttpOnly = true;
        cookie.Cookie.SameSite = SameSiteMode.Lax;
        cookie.Cookie.SecurePolicy = HostingSetup.SecurePolicy(settings);
        cookie.LoginPath = "/admin/sign-in";
        cookie.AccessDeniedPath = "/admin/denied";
        cookie.ReturnUrlParameter = "then";
        cookie.ExpireTimeSpan = SignedInFor;
        cookie.SlidingExpiration = true;
        // Relative, so that no Host header finds its way into an address.
        cookie.Events.OnRedirectToAccessDenied = RedirectAsync;
        cookie.Events.OnRedirectToLogin = context =>
        {
            // A form that was sent after the session had ended comes back with what was typed.
            if (!HttpMethods.IsPost(context.Request.Method) || !context.Request.HasFormContentType || context.Request.Path == "/admin/sign-out") return RedirectAsync(context);
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return context.HttpContext.RequestServices.GetRequiredService<UnavailablePage>()
                .WriteAsync(context.HttpContext, "Your session has ended, so nothing was saved. Sign in in another tab, then send this again.");
        };
        cookie.Events.OnValidatePrincipal = async context =>
        {
            try
            {
                var signIn = context.HttpContext.RequestServices.GetRequiredService<SignInManager<Account>>();
                if (await signIn.ValidateSecurityStampAsync(context.Principal) is not null) return;
                // The account is gone, or its password or role is another: this session ends now.
                context.RejectPrincipal();
                await context.HttpContext.SignOutAsync(IdentityConstants.ApplicationScheme);
            }
            catch (Exception exception) when (StoreSetup.IsOutage(exception))
            {
                // Nobody is signed out because the store is away; what they want to do will say so itself.
            }
        };
    }

    private static Task RedirectAsync(RedirectContext<CookieAuthenticationOptions> context)
    {
        context.Response.Redirect(new Uri(context.RedirectUri).PathAndQuery);
        return Task.CompletedTask;
    }

    private sealed class RoleClaims(UserManager<Account> accounts, IOptions<IdentityOptions> options)
        : UserClaimsPrincipalFactory<Account>(accounts, options)
    {
        protected override async Task<ClaimsIdentity> GenerateClaimsAsync(Account user)
        {
            var identity = await base.GenerateClaimsAsync(user);
            identity.AddClaim(new Claim(ClaimTypes.Role, user.Role.Code()));
            return identity;
        }
    }
}
