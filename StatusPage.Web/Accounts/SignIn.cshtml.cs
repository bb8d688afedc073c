using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.RateLimiting;
using StatusPage.Web.Hosting;

namespace StatusPage.Web.Accounts;

/// <summary>One answer for every wrong pair, so that nobody learns which addresses have an account.</summary>
[AllowAnonymous]
[EnableRateLimiting(Limits.SignIn)]
[ResponseCache(NoStore = true, Location = ResponseCacheLocation.None)]
public sealed class SignInPage(SignInManager<Account> signIn, UserManager<Account> accounts) : PageModel
{
    [BindProperty]
    public string? Email { get; set; }

    [BindProperty]
    public string? Password { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? Then { get; set; }

    public IActionResult OnGet() => User.Identity?.IsAuthenticated == true ? LocalRedirect("/admin") : Page();

    public async Task<IActionResult> OnPostAsync()
    {
        var account = string.IsNullOrWhiteSpace(Email) ? null : await accounts.FindByEmailAsync(Email.Trim());
        // Without an account a hash is made all the same, so that the time taken tells nothing.
        if (account is null) accounts.PasswordHasher.HashPassword(new Account(), Password ?? "");
        var result = account is null ? Microsoft.AspNetCore.Identity.SignInResult.Failed
            : await signIn.PasswordSignInAsync(account, Password ?? "", isPersistent: true, lockoutOnFailure: true);
        if (result.Succeeded) return LocalRedirect(Url.IsLocalUrl(Then) && Then.StartsWith("/admin", StringComparison.Ordinal) ? Then : "/admin");
        // The same words when the account is locked: they would tell that there is one.
        ModelState.AddModelError("", "The email address or the password is wrong. After five wrong passwords an account waits for five minutes.");
        Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        return Page();
    }
}
