using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using StatusPage.Domain.Readers;
using StatusPage.Web.Accounts.SigningIn;
using StatusPage.Web.Hosting;
using StatusPage.Web.Public;

namespace StatusPage.Web.Readers;

/// <summary>The addresses at which somebody becomes a reader of a private page; all of them are open.</summary>
public static class ReaderPaths
{
    public const string SignIn = "/readers";
    public const string Link = "/readers/link/";
    public const string SignOut = "/readers/sign-out";
    public const string Provider = "/readers/provider";
    public const string ProviderDone = "/readers/provider/done";
}

public static partial class ReadersRoom
{
    public static void AddReaders(this IServiceCollection services)
    {
        services.AddSingleton<Doorkeeper>();
        services.AddSingleton<DeskReaders>();
        services.AddSingleton<TokenUses>();
        services.AddHostedService<TokenUseWorker>();
        services.AddSingleton<ReaderLinks>();
        services.AddHostedService<ReaderLinkWorker>();
        services.AddScoped<ReaderSessions>();
    }

    public static void MapReaders(this WebApplication app)
    {
        app.MapPost(
                ReaderPaths.SignOut,
                (HttpContext context, ReaderSessions sessions, PublicSite site) =>
                {
                    sessions.End(context, site);
                    return Results.LocalRedirect($"{context.Request.PathBase}/");
                }
            )
            .AllowAnonymous();
        app.MapGet(ReaderPaths.Provider, AskProviderAsync).AllowAnonymous();
        app.MapGet(ReaderPaths.ProviderDone, HearProviderAsync).AllowAnonymous();
    }

    private static async Task AskProviderAsync(HttpContext context, PublicSite site, Settings settings, ILogger<ReaderSessions> logger, string? then)
    {
        if (settings.Oidc is null || site.Current?.Gate?.Rule is not { ProviderReads: true })
        {
            await Results.NotFound().ExecuteAsync(context);
            return;
        }
        try
        {
            await context.ChallengeAsync(
                Accounts.SigningIn.Provider.Scheme,
                new()
                {
                    RedirectUri =
                        $"{context.Request.PathBase}{ReaderPaths.ProviderDone}?then={Uri.EscapeDataString(ReaderSessions.Inside(context, then))}",
                }
            );
        }
        catch (Exception exception) when (exception is InvalidOperationException or HttpRequestException or IOException or TaskCanceledException)
        {
            Log.Away(logger, exception.GetBaseException().Message);
            await SayAsync(context, ReadersPage.Away, then);
        }
    }

    /// <summary>Whoever the provider vouches for becomes a reader, not an account.</summary>
    private static async Task HearProviderAsync(HttpContext context, PublicSite site, ReaderSessions sessions, string? then, bool failed = false)
    {
        var answer = failed ? null : await context.AuthenticateAsync(IdentityConstants.ExternalScheme);
        await context.SignOutAsync(IdentityConstants.ExternalScheme);
        if (answer is not { Succeeded: true, Principal: { } person } || site.Current?.Gate?.Rule is not { ProviderReads: true } rule)
        {
            await SayAsync(context, ReadersPage.Unconfirmed, then);
            return;
        }
        // An address that the provider has not verified is on no list.
        var email =
            person.FindFirstValue("email_verified") is { } verified && verified.Equals("true", StringComparison.OrdinalIgnoreCase)
                ? person.FindFirstValue("email")
                : null;
        if (rule.ProviderListedOnly && !rule.Covers(email))
        {
            await SayAsync(context, ReadersPage.Unlisted, then);
            return;
        }
        sessions.Begin(context, site, rule, ReaderRoad.Provider, email ?? "");
        await Results.LocalRedirect(ReaderSessions.Inside(context, then)).ExecuteAsync(context);
    }

    private static Task SayAsync(HttpContext context, string problem, string? then) =>
        Results
            .LocalRedirect(
                $"{context.Request.PathBase}{ReaderPaths.SignIn}?problem={problem}&then={Uri.EscapeDataString(ReaderSessions.Inside(context, then))}"
            )
            .ExecuteAsync(context);

    private static partial class Log
    {
        [LoggerMessage(370, LogLevel.Warning, "The OpenID provider cannot be asked for a reader: {Reason}")]
        public static partial void Away(ILogger logger, string reason);
    }
}
