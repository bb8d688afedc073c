using System.Text;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;
using QRCoder;
using StatusPage.Web.Accounts.People;
using StatusPage.Web.Data;
using StatusPage.Web.Hosting;

namespace StatusPage.Web.Accounts.SigningIn;

/// <summary>Sets up an app that makes codes (TOTP, RFC 6238). The app counts once one of its codes was right.</summary>
[EnableRateLimiting(Limits.SignIn)]
public sealed class AppPage(ChangeWriter writer, UserManager<Account> accounts, DeskSignIn signIn, Sessions sessions, Factors factors, AccountDesk changes)
    : OwnAccountPage(writer, accounts)
{
    private const int KeyGroup = 4;
    private const string KeyProvider = "StatusPage";
    private const string ShownTo = "AppKeyShownTo";
    private readonly UserManager<Account> _accounts = accounts;

    [BindProperty]
    public string? Code { get; set; }

    /// <summary>The key in groups, for typing.</summary>
    public string Key { get; private set; } = "";

    /// <summary>The dark modules of the QR code as one SVG path, and its side.</summary>
    public string Squares { get; private set; } = "";
    public int Size { get; private set; }
    public IReadOnlyList<string> Codes { get; private set; } = [];

    public async Task<IActionResult> OnGetAsync()
    {
        var account = await MeAsync();
        if (account.TwoFactorEnabled)
            return LocalRedirect("~" + Address);
        if (!IsProven)
            return Prove("/admin/account/app");
        await HasOwnKeyAsync(account);
        await DrawAsync(account);
        return Page();
    }

    /// <summary>Answers with the page itself, since the codes are in this answer and nowhere else.</summary>
    public async Task<IActionResult> OnPostAsync()
    {
        var account = await MeAsync();
        if (account.TwoFactorEnabled)
            return LocalRedirect("~" + Address);
        if (!IsProven)
            return Prove("/admin/account/app");
        var code = (Code ?? "").Replace(" ", "", StringComparison.Ordinal);
        if (!await HasOwnKeyAsync(account) || !await _accounts.VerifyTwoFactorTokenAsync(account, TokenOptions.DefaultAuthenticatorProvider, code))
        {
            ModelState.AddModelError(
                nameof(Code),
                Say["That code does not fit. Check that the clock of your phone is right, then type the code that the app shows now."]
            );
            Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
            await DrawAsync(account);
            return Page();
        }
        await changes.ChangeAsync(
            StatusPage.Id,
            account,
            Actor,
            "account.app-added",
            "An authenticator app was added",
            async () =>
            {
                await _accounts.SetTwoFactorEnabledAsync(account, true);
                Codes = await factors.NewCodesAsync(account);
                await sessions.EndAllAsync(account.Id, Session, Cancel);
            },
            Cancel
        );
        await signIn.RefreshAsync(account);
        return Page();
    }

    /// <summary>
    /// A key belongs to the session that was shown it. Otherwise somebody who saw an earlier key, with a password that worked at that time, would have the
    /// factor, too.
    /// </summary>
    /// <returns>Whether this session was shown the key already; if not, there is a new one.</returns>
    private async Task<bool> HasOwnKeyAsync(Account account)
    {
        if (
            await _accounts.GetAuthenticationTokenAsync(account, KeyProvider, ShownTo) == Session
            && await _accounts.GetAuthenticatorKeyAsync(account) is not null
        )
            return true;
        await _accounts.ResetAuthenticatorKeyAsync(account);
        await _accounts.SetAuthenticationTokenAsync(account, KeyProvider, ShownTo, Session);
        // The new key changes the stamp.
        await signIn.RefreshAsync(account);
        return false;
    }

    private async Task DrawAsync(Account account)
    {
        var key = await _accounts.GetAuthenticatorKeyAsync(account) ?? "";
        Key = string.Join(' ', key.Chunk(KeyGroup).Select(group => new string(group)));
        var issuer = Uri.EscapeDataString(StatusPage.Name);
        using var generator = new QRCodeGenerator();
        using var code = generator.CreateQrCode(
            $"otpauth://totp/{issuer}:{Uri.EscapeDataString(account.Email ?? "")}?secret={key}&issuer={issuer}&digits=6",
            QRCodeGenerator.ECCLevel.M
        );
        var path = new StringBuilder();
        for (var y = 0; y < code.ModuleMatrix.Count; y++)
        for (var x = 0; x < code.ModuleMatrix[y].Length; x++)
            if (code.ModuleMatrix[y][x])
                path.Append(System.Globalization.CultureInfo.InvariantCulture, $"M{x} {y}h1v1h-1z");
        (Squares, Size) = (path.ToString(), code.ModuleMatrix.Count);
    }
}
