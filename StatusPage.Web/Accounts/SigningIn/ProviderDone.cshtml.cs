using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using StatusPage.Domain;
using StatusPage.Web.Hosting;

namespace StatusPage.Web.Accounts.SigningIn;

/// <summary>Handles the return from the provider: finds out who the person is here, and with which role.</summary>
[AllowAnonymous]
[ResponseCache(NoStore = true, Location = ResponseCacheLocation.None)]
public sealed class ProviderDonePage(Settings settings, ProviderAccounts people, DeskSignIn signIn) : PageModel
{
    public Sentence Why { get; private set; } = "";

    public async Task<IActionResult> OnGetAsync(string? then, bool failed = false)
    {
        if (settings.Oidc is not { } oidc)
            return NotFound();
        var answer = failed ? null : await HttpContext.AuthenticateAsync(IdentityConstants.ExternalScheme);
        await HttpContext.SignOutAsync(IdentityConstants.ExternalScheme);
        if (answer is not { Succeeded: true, Principal: { } person })
        {
            Why = $"{oidc.Name} did not confirm who you are, or it took too long. Try again.";
            return Page();
        }
        try
        {
            var account = await people.AccountOfAsync(person, HttpContext.RequestAborted);
            var inside = SignInPage.Inside(Url, then);
            // Several values come as several claims.
            var when = new Claim(DeskSignIn.WhenClaim, person.FindFirstValue(DeskSignIn.WhenClaim) ?? "0");
            if (person.HasClaim(DeskSignIn.MethodClaim, DeskSignIn.TwoFactors))
            {
                await signIn.SignInWithClaimsAsync(account, isPersistent: true, [new Claim(DeskSignIn.MethodClaim, DeskSignIn.TwoFactors), when]);
                return LocalRedirect(inside);
            }
            // A second factor that was set up here is also asked for here.
            return LocalRedirect(
                await signIn.NeedsSecondStepAsync(account, DeskSignIn.Provider, when)
                    ? $"~/admin/sign-in/second?then={Uri.EscapeDataString(inside)}"
                    : inside
            );
        }
        catch (RuleViolation violation)
        {
            Why = violation.Sentence;
            return Page();
        }
    }
}
