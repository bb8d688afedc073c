using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.RateLimiting;
using StatusPage.Domain;
using StatusPage.Domain.Accounts;
using StatusPage.Web.Hosting;
using StatusPage.Web.Languages;

namespace StatusPage.Web.Accounts.SigningIn;

/// <summary>The target of the mailed link. It signs nobody in, so it is no way past the second factor.</summary>
[AllowAnonymous]
[EnableRateLimiting(Limits.SignIn)]
[ResponseCache(NoStore = true, Location = ResponseCacheLocation.None)]
public sealed class ResetPage(Resets resets, KnownBrowser browsers) : PageModel
{
    [BindProperty]
    public string? Password { get; set; }

    public OneTimeLink? Link { get; private set; }
    public bool IsDone { get; private set; }

    public async Task OnGetAsync(string token) => Link = await resets.OpenAsync(token, HttpContext.RequestAborted);

    public async Task<IActionResult> OnPostAsync(string token)
    {
        Link = await resets.OpenAsync(token, HttpContext.RequestAborted);
        if (Link is null)
            return Page();
        try
        {
            if (await resets.FinishAsync(Link, Password, HttpContext.RequestAborted) is { } account)
            {
                // Somebody who reads the account's mail is no stranger to it.
                browsers.Remember(HttpContext, account);
                IsDone = true;
            }
            else
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
