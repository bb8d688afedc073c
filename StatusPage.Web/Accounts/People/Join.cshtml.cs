using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.RateLimiting;
using StatusPage.Domain;
using StatusPage.Domain.Accounts;
using StatusPage.Web.Accounts.SigningIn;
using StatusPage.Web.Hosting;
using StatusPage.Web.Languages;

namespace StatusPage.Web.Accounts.People;

/// <summary>Where an invitation leads: a password makes the account.</summary>
[AllowAnonymous]
[EnableRateLimiting(Limits.SignIn)]
[ResponseCache(NoStore = true, Location = ResponseCacheLocation.None)]
public sealed class JoinPage(Invitations invitations, DeskSignIn signIn) : PageModel
{
    [BindProperty]
    public string? Password { get; set; }

    public OneTimeLink? Link { get; private set; }

    public async Task OnGetAsync(string token) => Link = await invitations.OpenAsync(token, HttpContext.RequestAborted);

    public async Task<IActionResult> OnPostAsync(string token)
    {
        Link = await invitations.OpenAsync(token, HttpContext.RequestAborted);
        if (Link is null)
            return Page();
        try
        {
            if (await invitations.AcceptAsync(Link, Password, HttpContext.RequestAborted) is { } account)
            {
                await signIn.NeedsSecondStepAsync(account, DeskSignIn.PasswordOnly);
                return LocalRedirect("~/admin");
            }
            Link = null;
        }
        catch (RuleViolation violation)
        {
            this.Refuse(violation);
            Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        }
        return Page();
    }
}
