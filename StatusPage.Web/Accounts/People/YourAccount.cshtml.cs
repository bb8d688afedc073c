using System.Buffers.Text;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;
using StatusPage.Domain;
using StatusPage.Domain.Accounts;
using StatusPage.Web.Accounts.SigningIn;
using StatusPage.Web.Data;
using StatusPage.Web.Hosting;

namespace StatusPage.Web.Accounts.People;

[EnableRateLimiting(Limits.SignIn)]
public sealed class YourAccountPage(
    ChangeWriter writer,
    UserManager<Account> accounts,
    DeskSignIn signIn,
    Sessions sessions,
    Passwords passwords,
    Factors factors,
    AccountDesk changes,
    Settings settings
) : OwnAccountPage(writer, accounts)
{
    private const int MostPasskeys = 20;
    private const int MaxName = 60;
    private readonly UserManager<Account> _accounts = accounts;

    [BindProperty]
    public string? OldPassword { get; set; }

    [BindProperty]
    public string? NewPassword { get; set; }

    /// <summary>Name of a new passkey.</summary>
    [BindProperty]
    public string? Name { get; set; }

    /// <summary>Code of the language of the desk; empty: as the browser asks.</summary>
    [BindProperty]
    public string? Language { get; set; }

    public string Email { get; private set; } = "";
    public bool HasApp { get; private set; }
    public bool HasPassword { get; private set; }
    public bool HasFactor => HasApp || Passkeys.Count > 0;

    /// <summary>Whether the account has a second factor that this session did not sign in with.</summary>
    public bool IsWorthLess => HasFactor && !User.CameByTwoFactors();
    public int CodesLeft { get; private set; }
    public IReadOnlyList<UserPasskeyInfo> Passkeys { get; private set; } = [];
    public IReadOnlyList<DeskSession> Open { get; private set; } = [];

    /// <summary>New recovery codes, in this answer and nowhere else.</summary>
    public IReadOnlyList<string> Codes { get; private set; } = [];
    public string? Provider => settings.Oidc?.Name;

    public string IdOf(UserPasskeyInfo passkey) => Base64Url.EncodeToString(passkey.CredentialId);

    public Task OnGetAsync() => LoadAsync();

    public Task<IActionResult> OnPostLanguageAsync() =>
        AttemptAsync(
            true,
            async () =>
            {
                var account = await MeAsync();
                account.Language = string.IsNullOrEmpty(Language) ? null : Domain.Languages.Language.Checked(Language, nameof(Language)).Code;
                await _accounts.UpdateAsync(account);
                return Address;
            },
            LoadAsync
        );

    public Task<IActionResult> OnPostPasswordAsync() =>
        ChangeAsync(
            "account.password-changed",
            "The password was changed",
            async account =>
            {
                if (!await passwords.IsRightAsync(account, OldPassword))
                    throw new RuleViolation("This is not the password that you have.", nameof(OldPassword));
                if ((await passwords.StrengthAsync(NewPassword, account.Email, Cancel)).Objection is { } objection)
                    throw new RuleViolation(objection, nameof(NewPassword));
                var changed = await _accounts.ChangePasswordAsync(account, OldPassword!, NewPassword!);
                if (!changed.Succeeded)
                    throw new RuleViolation(changed.InWords(), nameof(NewPassword));
                Done = Say["Your password is changed. Other sessions are signed out."];
            }
        );

    public Task<IActionResult> OnPostAppOffAsync() =>
        ChangeAsync(
            "account.app-removed",
            "The authenticator app was removed",
            async account =>
            {
                if (!account.TwoFactorEnabled)
                    throw new RuleViolation("There is no app to remove.");
                await _accounts.SetTwoFactorEnabledAsync(account, false);
                await _accounts.ResetAuthenticatorKeyAsync(account);
                await factors.ForgetCodesAsync(account);
                Done = Say["The app is removed. Other sessions are signed out."];
            }
        );

    public async Task<IActionResult> OnPostPasskeyOptionsAsync()
    {
        if (!IsProven)
            return StatusCode(StatusCodes.Status403Forbidden);
        var account = await MeAsync();
        return Content(
            await signIn.MakePasskeyCreationOptionsAsync(
                new()
                {
                    Id = account.Id,
                    Name = account.Email ?? "",
                    DisplayName = account.Email ?? "",
                }
            ),
            "application/json"
        );
    }

    public async Task<IActionResult> OnPostAddPasskeyAsync(string? credential)
    {
        var answer = await ChangeAsync(
            "account.passkey-added",
            "A passkey was added",
            async account =>
            {
                var name = Text.Line(Name, nameof(Name), "a name for the passkey", MaxName);
                if ((await _accounts.GetPasskeysAsync(account)).Count >= MostPasskeys)
                    throw new RuleViolation($"An account has {MostPasskeys} passkeys at most. Remove one first.");
                var made = await AttestAsync(credential ?? "");
                if (made is not { Succeeded: true } || made.UserEntity.Id != account.Id)
                    throw new RuleViolation("The browser's passkey was not accepted. Try again.", nameof(Name));
                made.Passkey.Name = name;
                // The first factor comes with recovery codes for the day it is lost.
                var isFirst = !await factors.AnyAsync(account);
                var added = await _accounts.AddOrUpdatePasskeyAsync(account, made.Passkey);
                if (!added.Succeeded)
                    throw new RuleViolation(added.InWords());
                if (isFirst)
                    Codes = await factors.NewCodesAsync(account);
                else
                    Done = Say["The passkey '{0}' is added. Other sessions are signed out.", name];
            }
        );
        if (Codes.Count == 0)
            return answer;
        await LoadAsync();
        return Page();
    }

    public Task<IActionResult> OnPostRemovePasskeyAsync(string? id) =>
        ChangeAsync(
            "account.passkey-removed",
            "A passkey was removed",
            async account =>
            {
                var credential = Base64Url.IsValid(id) ? Base64Url.DecodeFromChars(id) : [];
                if (await _accounts.GetPasskeyAsync(account, credential) is null)
                    throw new RuleViolation("There is no such passkey any more.");
                await _accounts.RemovePasskeyAsync(account, credential);
                await factors.ForgetCodesAsync(account);
                Done = Say["The passkey is removed. Remove it on the device as well."];
            }
        );

    public Task<IActionResult> OnPostEndAsync(string? id) =>
        EndAsync("session.ended", Say["That session is signed out."], account => sessions.EndAsync(account.Id, id, Cancel));

    public Task<IActionResult> OnPostEndOthersAsync() =>
        EndAsync("session.ended-others", Say["Every other session is signed out."], account => sessions.EndAllAsync(account.Id, Session, Cancel));

    private Task<IActionResult> EndAsync(string action, string done, Func<Account, Task> end) =>
        AttemptAsync(
            allowed: true,
            async () =>
            {
                var account = await MeAsync();
                await end(account);
                await Writer.SaveAsync(StatusPage.Id, new(Actor, action, account.Email ?? ""), Cancel);
                Done = done;
                return Address;
            },
            LoadAsync
        );

    /// <summary>Changes how somebody signs in: it takes a fresh proof, is told by mail, and ends every other session.</summary>
    private async Task<IActionResult> ChangeAsync(string action, Sentence what, Func<Account, Task> act)
    {
        if (!IsProven)
            return Prove();
        return await AttemptAsync(
            allowed: true,
            async () =>
            {
                var account = await MeAsync();
                await changes.ChangeAsync(
                    StatusPage.Id,
                    account,
                    Actor,
                    action,
                    what,
                    async () =>
                    {
                        await act(account);
                        await sessions.EndAllAsync(account.Id, Session, Cancel);
                    },
                    Cancel
                );
                await signIn.RefreshAsync(account);
                return Address;
            },
            LoadAsync
        );
    }

    private async Task<PasskeyAttestationResult?> AttestAsync(string? credential)
    {
        if (string.IsNullOrEmpty(credential))
            return null;
        try
        {
            return await signIn.PerformPasskeyAttestationAsync(credential);
        }
        catch (InvalidOperationException)
        {
            // This browser was asked nothing, or too long ago.
            return null;
        }
    }

    private async Task LoadAsync()
    {
        var account = await MeAsync();
        Email = account.Email ?? "";
        Language ??= account.Language;
        HasApp = account.TwoFactorEnabled;
        HasPassword = account.PasswordHash is not null;
        Passkeys = [.. (await _accounts.GetPasskeysAsync(account)).OrderBy(passkey => passkey.CreatedAt)];
        CodesLeft = HasFactor ? await _accounts.CountRecoveryCodesAsync(account) : 0;
        Open = await sessions.OfAsync(account.Id, Cancel);
    }
}
