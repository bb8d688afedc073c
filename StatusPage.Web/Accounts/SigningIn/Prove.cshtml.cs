using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.RateLimiting;
using StatusPage.Web.Accounts.People;
using StatusPage.Web.Data;
using StatusPage.Web.Hosting;

namespace StatusPage.Web.Accounts.SigningIn;

/// <summary>
/// Asks people for proof before they change how they sign in. It takes all that a sign-in takes, so that an open session, or a password alone, is not
/// enough.
/// </summary>
[EnableRateLimiting(Limits.SignIn)]
public sealed class ProvePage(
    ChangeWriter writer,
    UserManager<Account> accounts,
    DeskSignIn signIn,
    Sessions sessions,
    Passwords passwords,
    Factors factors,
    SignInThrottle throttle
) : OwnAccountPage(writer, accounts)
{
    [BindProperty]
    public string? Password { get; set; }

    [BindProperty]
    public string? Code { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? Then { get; set; }

    public bool HasPassword { get; private set; }
    public bool HasApp { get; private set; }
    public bool HasPasskey { get; private set; }
    public bool HasFactor => HasApp || HasPasskey;

    public static string PathFor(string then) => $"~/admin/account/prove?then={Uri.EscapeDataString(then)}";

    public async Task<IActionResult> OnGetAsync()
    {
        await LoadAsync(await MeAsync());
        return Page();
    }

    public async Task<IActionResult> OnPostAsync()
    {
        var account = await MeAsync();
        await LoadAsync(account);
        var guess = new Guess(Guess.Proof, account.Id, ClientAddress.Of(HttpContext), Session);
        // The code is used up only if the password was right.
        var result = await throttle.JudgeAsync(
            guess,
            async counted => counted && await passwords.IsRightAsync(account, Password) && (!HasFactor || await factors.TakeAsync(account, Code)),
            Cancel
        );
        if (result == GuessResult.Right)
            return await ProvenAsync(account);
        var wrong = result == GuessResult.Wrong;
        await sessions.RefuseAsync(account, wrong ? "wrong proof" : "waiting after wrong proofs", HttpContext);
        return Refused(
            !wrong ? Say["Too many tries. Wait for five minutes."]
            : HasFactor ? Say["The password or the code is wrong, or the code was used. Wait for the next one in your app."]
            : Say["The password is wrong."]
        );
    }

    public async Task<IActionResult> OnPostPasskeyOptionsAsync() =>
        Content(await signIn.MakePasskeyRequestOptionsAsync(await MeAsync()), "application/json");

    public async Task<IActionResult> OnPostPasskeyAsync(string? credential)
    {
        var account = await MeAsync();
        if (await signIn.HolderAsync(credential) is { } holder && holder.Id == account.Id)
            return await ProvenAsync(account);
        await LoadAsync(account);
        return Refused(Say["That passkey was not accepted. Try again."]);
    }

    private async Task<IActionResult> ProvenAsync(Account account)
    {
        await sessions.ProveAsync(account.Id, Session, Cancel);
        return LocalRedirect(SignInPage.Inside(Url, string.IsNullOrEmpty(Then) ? Url.Content("~/admin/account") : Then));
    }

    private PageResult Refused(string why)
    {
        ModelState.AddModelError("", why);
        Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        return Page();
    }

    private async Task LoadAsync(Account account) =>
        (HasPassword, HasApp, HasPasskey) = (account.PasswordHash is not null, account.TwoFactorEnabled, await factors.HasPasskeyAsync(account));
}
