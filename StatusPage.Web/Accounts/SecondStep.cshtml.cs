using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.RateLimiting;
using StatusPage.Web.Hosting;

namespace StatusPage.Web.Accounts;

[AllowAnonymous]
[EnableRateLimiting(Limits.SignIn)]
[ResponseCache(NoStore = true, Location = ResponseCacheLocation.None)]
public sealed class SecondStepPage(DeskSignIn signIn) : PageModel
{
    private const int DigitsOfAnApp = 6;

    [BindProperty]
    public string? Code { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? Then { get; set; }

    public async Task<IActionResult> OnGetAsync() => await signIn.GetTwoFactorAuthenticationUserAsync() is null ? LocalRedirect("~/admin/sign-in") : Page();

    public async Task<IActionResult> OnPostAsync()
    {
        if (await signIn.GetTwoFactorAuthenticationUserAsync() is not { } account) return LocalRedirect("~/admin/sign-in");
        var code = (Code ?? "").Replace(" ", "", StringComparison.Ordinal).Trim();
        var result = code.Length == DigitsOfAnApp && code.All(char.IsAsciiDigit)
            ? await signIn.TwoFactorAuthenticatorSignInAsync(code, isPersistent: true, rememberClient: false)
            : await signIn.TwoFactorRecoveryCodeSignInAsync(code.ToUpperInvariant());
        if (result.Succeeded) return LocalRedirect(SignInPage.Inside(Url, Then));
        await signIn.RefuseAsync(account, result.IsLockedOut ? "waiting after wrong codes" : "wrong code");
        ModelState.AddModelError("", result.IsLockedOut ? "Too many wrong codes. Wait for five minutes, then sign in again."
            : "That code is wrong or was used. Wait for the next one in your app, or use a recovery code.");
        Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        return Page();
    }
}
