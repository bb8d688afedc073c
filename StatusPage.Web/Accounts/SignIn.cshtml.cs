using System.Security.Claims;
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
public sealed class SignInPage(DeskSignIn signIn, UserManager<Account> accounts) : PageModel
{
    [BindProperty]
    public string? Email { get; set; }

    [BindProperty]
    public string? Password { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? Then { get; set; }

    public IActionResult OnGet() => User.Identity?.IsAuthenticated == true ? LocalRedirect("~/admin") : Page();

    public async Task<IActionResult> OnPostAsync()
    {
        var account = string.IsNullOrWhiteSpace(Email) ? null : await accounts.FindByEmailAsync(Email.Trim());
        // Without an account, or one that has no password, a hash is made all the same, so that the time taken tells nothing.
        if (account?.PasswordHash is null) accounts.PasswordHasher.HashPassword(new Account(), Password ?? "");
        var result = account is null ? Microsoft.AspNetCore.Identity.SignInResult.Failed
            : await signIn.CheckPasswordSignInAsync(account, Password ?? "", lockoutOnFailure: true);
        if (result.Succeeded)
        {
            return await signIn.NeedsSecondStepAsync(account!, DeskSignIn.PasswordOnly)
                ? LocalRedirect($"~/admin/sign-in/second?then={Uri.EscapeDataString(Inside(Url, Then))}") : LocalRedirect(Inside(Url, Then));
        }
        if (account is not null) await signIn.RefuseAsync(account, result.IsLockedOut ? "waiting after wrong passwords" : "wrong password");
        // The same words when the account is locked: they would tell that there is one.
        ModelState.AddModelError("", "The email address or the password is wrong. After five wrong passwords an account waits for five minutes.");
        Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        return Page();
    }

    /// <summary>What the browser is to sign; it says nothing about any account.</summary>
    public async Task<IActionResult> OnPostPasskeyOptionsAsync() => Content(await signIn.MakePasskeyRequestOptionsAsync(null), "application/json");

    public async Task<IActionResult> OnPostPasskeyAsync(string? credential)
    {
        var result = string.IsNullOrEmpty(credential) ? null : await AssertAsync(credential);
        if (result is { Succeeded: true, User: { } account } && (await accounts.AddOrUpdatePasskeyAsync(account, result.Passkey)).Succeeded)
        {
            // The device made sure who holds it, so a passkey is two factors.
            await signIn.SignInWithClaimsAsync(account, isPersistent: true, [new Claim(DeskSignIn.MethodClaim, DeskSignIn.TwoFactors)]);
            return LocalRedirect(Inside(Url, Then));
        }
        if (result?.User is { } holder) await signIn.RefuseAsync(holder, "passkey not accepted");
        ModelState.AddModelError("", "That passkey was not accepted. Try again, or sign in with your password.");
        Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        return Page();
    }

    private async Task<PasskeyAssertionResult<Account>?> AssertAsync(string credential)
    {
        try
        {
            return await signIn.PerformPasskeyAssertionAsync(credential);
        }
        catch (InvalidOperationException)
        {
            // Nothing was asked of this browser, or too long ago.
            return null;
        }
    }

    /// <summary>Where to go after signing in: never to another site.</summary>
    internal static string Inside(IUrlHelper url, string? then) => url.IsLocalUrl(then) && then.StartsWith(url.Content("~/admin"), StringComparison.Ordinal) ? then : url.Content("~/admin");
}
