using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.RateLimiting;
using StatusPage.Domain;
using StatusPage.Domain.Subscriptions;
using StatusPage.Web.Hosting;
using StatusPage.Web.Languages;

namespace StatusPage.Web.Accounts.SigningIn;

/// <summary>Gives the same answer for every address.</summary>
[AllowAnonymous]
[EnableRateLimiting(Limits.SignIn)]
[ResponseCache(NoStore = true, Location = ResponseCacheLocation.None)]
public sealed class ForgotPage(ResetRequests requests) : PageModel
{
    [BindProperty]
    public string? Email { get; set; }

    public bool IsAsked { get; private set; }

    public void OnGet() { }

    public IActionResult OnPost()
    {
        try
        {
            requests.Ask(EmailAddress.Checked(Email));
            IsAsked = true;
        }
        catch (RuleViolation violation)
        {
            this.Refuse(violation);
            Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        }
        return Page();
    }
}
