using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.RateLimiting;
using StatusPage.Web.Accounts.People;
using StatusPage.Web.Hosting;
using StatusPage.Web.Languages;

namespace StatusPage.Web.Accounts.SigningIn;

/// <summary>
/// Asks for the account's second factor, after the password or the provider. A passkey goes to <see cref="SignInPage"/>, since it needs no first step.
/// </summary>
[AllowAnonymous]
[EnableRateLimiting(Limits.SignIn)]
[ResponseCache(NoStore = true, Location = ResponseCacheLocation.None)]
public sealed class SecondStepPage(DeskSignIn signIn, Factors factors, SignInThrottle throttle, KnownBrowser browsers, Sessions sessions) : PageModel
{
    [BindProperty]
    public string? Code { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? Then { get; set; }

    public bool HasApp { get; private set; }
    public bool HasPasskey { get; private set; }

    public async Task<IActionResult> OnGetAsync() => await FindAsync() is null ? LocalRedirect("~/admin/sign-in") : Page();

    public async Task<IActionResult> OnPostAsync()
    {
        if (await FindAsync() is not { } account)
            return LocalRedirect("~/admin/sign-in");
        var guess = Guess.Of(Guess.Code, account.NormalizedEmail, HttpContext, browsers.Find(HttpContext, account));
        var result = await throttle.JudgeAsync(guess, async counted => counted && await factors.TakeAsync(account, Code), HttpContext.RequestAborted);
        if (result == GuessResult.Right)
        {
            await signIn.FinishAsync(account);
            return LocalRedirect(SignInPage.Inside(Url, Then));
        }
        var wrong = result == GuessResult.Wrong;
        await sessions.RefuseAsync(account, wrong ? "wrong code" : "waiting after wrong codes", HttpContext);
        var say = HttpContext.Words();
        ModelState.AddModelError(
            "",
            wrong
                ? say["That code is wrong or was used. Wait for the next one in your app, or use a recovery code."]
                : say["Too many wrong codes. Wait for five minutes, then sign in again."]
        );
        Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        return Page();
    }

    private async Task<Account?> FindAsync()
    {
        if (await signIn.HalfwayAsync() is not { } account)
            return null;
        (HasApp, HasPasskey) = (account.TwoFactorEnabled, await factors.HasPasskeyAsync(account));
        return account;
    }
}
