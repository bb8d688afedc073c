using System.Buffers.Text;
using System.Security.Claims;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;
using StatusPage.Domain;
using StatusPage.Domain.Accounts;
using StatusPage.Web.Data;
using StatusPage.Web.Hosting;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Accounts;

[EnableRateLimiting(Limits.SignIn)]
public sealed class YourAccountPage(Desk desk, UserManager<Account> accounts, DeskSignIn signIn, Sessions sessions) : AdminPage(desk)
{
    private const string Address = "/admin/account";
    private const int MostPasskeys = 20;
    private const int MaxName = 60;

    [BindProperty]
    public string? OldPassword { get; set; }

    [BindProperty]
    public string? NewPassword { get; set; }

    /// <summary>Of a new passkey.</summary>
    [BindProperty]
    public string? Name { get; set; }

    public bool HasApp { get; private set; }
    public bool HasPassword { get; private set; }
    public int CodesLeft { get; private set; }
    public IReadOnlyList<UserPasskeyInfo> Passkeys { get; private set; } = [];
    public IReadOnlyList<DeskSession> Open { get; private set; } = [];
    public string? Here => User.FindFirstValue(DeskSignIn.SessionClaim);

    public string IdOf(UserPasskeyInfo passkey) => Base64Url.EncodeToString(passkey.CredentialId);

    public Task OnGetAsync() => LoadAsync();

    public Task<IActionResult> OnPostPasswordAsync() => TryAsync("account.password-changed", async account =>
    {
        var changed = await accounts.ChangePasswordAsync(account, OldPassword ?? "", NewPassword ?? "");
        if (!changed.Succeeded)
        {
            var wrong = changed.Errors.Any(error => error.Code == nameof(IdentityErrorDescriber.PasswordMismatch));
            throw new RuleViolation(changed.InWords(), wrong ? nameof(OldPassword) : nameof(NewPassword));
        }
        await EndOthersAsync(account);
        Done = "Your password is changed. Other sessions are signed out.";
    });

    public Task<IActionResult> OnPostAppOffAsync() => TryAsync("account.app-removed", async account =>
    {
        await accounts.SetTwoFactorEnabledAsync(account, false);
        await accounts.ResetAuthenticatorKeyAsync(account);
        await EndOthersAsync(account);
        Done = "The app is removed. Other sessions are signed out.";
    });

    public async Task<IActionResult> OnPostPasskeyOptionsAsync()
    {
        var account = await MeAsync();
        return Content(await signIn.MakePasskeyCreationOptionsAsync(new() { Id = account.Id, Name = account.Email ?? "", DisplayName = account.Email ?? "" }), "application/json");
    }

    public Task<IActionResult> OnPostAddPasskeyAsync(string? credential) => TryAsync("account.passkey-added", async account =>
    {
        var name = Domain.Text.Line(Name, nameof(Name), "a name for the passkey", MaxName);
        if ((await accounts.GetPasskeysAsync(account)).Count >= MostPasskeys) throw new RuleViolation($"An account has {MostPasskeys} passkeys at most. Remove one first.");
        var made = await AttestAsync(credential ?? "");
        if (made is not { Succeeded: true } || made.UserEntity.Id != account.Id) throw new RuleViolation("The browser's passkey was not accepted. Try again.", nameof(Name));
        made.Passkey.Name = name;
        var added = await accounts.AddOrUpdatePasskeyAsync(account, made.Passkey);
        if (!added.Succeeded) throw new RuleViolation(added.InWords());
        await signIn.RefreshAsync(account, withTwoFactors: true);
        Done = $"The passkey '{name}' is added.";
    });

    public Task<IActionResult> OnPostRemovePasskeyAsync(string? id) => TryAsync("account.passkey-removed", async account =>
    {
        if (!Base64Url.IsValid(id)) throw new RuleViolation("There is no such passkey any more.");
        await accounts.RemovePasskeyAsync(account, Base64Url.DecodeFromChars(id));
        Done = "The passkey is removed. Remove it on the device as well.";
    });

    public Task<IActionResult> OnPostEndAsync(string? id) => TryAsync("session.ended", async account =>
    {
        await sessions.EndAsync(account.Id, id, Cancel);
        Done = "That session is signed out.";
    });

    public Task<IActionResult> OnPostEndOthersAsync() => TryAsync("session.ended-others", async account =>
    {
        await sessions.EndAllAsync(account.Id, Here, Cancel);
        Done = "Every other session is signed out.";
    });

    private Task<IActionResult> TryAsync(string action, Func<Account, Task> act) => AttemptAsync(allowed: true, async () =>
    {
        var account = await MeAsync();
        await act(account);
        await Desk.SaveAsync(StatusPage.Id, new(Actor, action, account.Email ?? ""), Cancel);
        return Address;
    }, LoadAsync);

    private async Task EndOthersAsync(Account account)
    {
        await sessions.EndAllAsync(account.Id, Here, Cancel);
        await signIn.RefreshAsync(account);
    }

    private async Task<PasskeyAttestationResult?> AttestAsync(string credential)
    {
        try
        {
            return await signIn.PerformPasskeyAttestationAsync(credential);
        }
        catch (InvalidOperationException)
        {
            // Nothing was asked of this browser, or too long ago.
            return null;
        }
    }

    private async Task<Account> MeAsync() => await accounts.GetUserAsync(User) ?? throw new RuleViolation("Your account is gone. Ask an owner.");

    private async Task LoadAsync()
    {
        var account = await MeAsync();
        HasApp = account.TwoFactorEnabled;
        HasPassword = account.PasswordHash is not null;
        CodesLeft = HasApp ? await accounts.CountRecoveryCodesAsync(account) : 0;
        Passkeys = [.. (await accounts.GetPasskeysAsync(account)).OrderBy(passkey => passkey.CreatedAt)];
        Open = await sessions.OfAsync(account.Id, Cancel);
    }
}
