using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain.Subscriptions;
using StatusPage.Web.Accounts.People;
using StatusPage.Web.Hosting;

namespace StatusPage.Web.Accounts.SigningIn;

/// <summary>Gives the same answer for every wrong pair, so that nobody learns which addresses have an account.</summary>
[AllowAnonymous]
[EnableRateLimiting(Limits.SignIn)]
[ResponseCache(NoStore = true, Location = ResponseCacheLocation.None)]
public sealed class SignInPage(
    DeskSignIn signIn,
    UserManager<Account> accounts,
    Passwords passwords,
    SignInThrottle throttle,
    KnownBrowser browsers,
    Refusals refusals
) : PageModel
{
    [BindProperty]
    public string? Email { get; set; }

    [BindProperty]
    public string? Password { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? Then { get; set; }

    /// <summary>Whether nobody can sign in, as the first owner is still to be made.</summary>
    public bool IsNew { get; private set; }

    public async Task<IActionResult> OnGetAsync()
    {
        if (User.Identity?.IsAuthenticated == true)
            return LocalRedirect("~/admin");
        IsNew = !await accounts.Users.AnyAsync(HttpContext.RequestAborted);
        return Page();
    }

    public async Task<IActionResult> OnPostAsync()
    {
        var cancel = HttpContext.RequestAborted;
        var account =
            Email is { Length: <= EmailAddress.MaxLength } && !string.IsNullOrWhiteSpace(Email) ? await accounts.FindByEmailAsync(Email.Trim()) : null;
        var guess = Guess.Of(Guess.Password, accounts.NormalizeEmail(Email), HttpContext, account is null ? null : browsers.Find(HttpContext, account));
        // The password is checked even where the attempt does not count, so that the time taken reveals nothing.
        var result = await throttle.JudgeAsync(guess, _ => passwords.IsRightAsync(account, Password), cancel);
        if (result == GuessResult.Right)
        {
            return await signIn.NeedsSecondStepAsync(account!, DeskSignIn.PasswordOnly)
                ? LocalRedirect($"~/admin/sign-in/second?then={Uri.EscapeDataString(Inside(Url, Then))}")
                : LocalRedirect(Inside(Url, Then));
        }
        refusals.Note(HttpContext, account, result == GuessResult.Wrong ? "wrong password" : "waiting after wrong passwords");
        // The text is the same for attempts that do not count, since another would reveal that there is an account.
        ModelState.AddModelError("", "The email address or the password is wrong. After five wrong passwords, wait for five minutes.");
        Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        return Page();
    }

    /// <summary>The challenge for the browser to sign; it reveals nothing about any account.</summary>
    public async Task<IActionResult> OnPostPasskeyOptionsAsync() => Content(await signIn.MakePasskeyRequestOptionsAsync(null), "application/json");

    public async Task<IActionResult> OnPostPasskeyAsync(string? credential)
    {
        if (await signIn.HolderAsync(credential) is { } account)
        {
            // The device verified its holder, so a passkey counts as two factors.
            await signIn.FinishAsync(account);
            return LocalRedirect(Inside(Url, Then));
        }
        ModelState.AddModelError("", "That passkey was not accepted. Try again, or sign in with your password.");
        Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        return Page();
    }

    /// <summary>Where to go after signing in: never to another site.</summary>
    internal static string Inside(IUrlHelper url, string? then) =>
        url.IsLocalUrl(then) && then.StartsWith(url.Content("~/admin"), StringComparison.Ordinal) ? then : url.Content("~/admin");
}
