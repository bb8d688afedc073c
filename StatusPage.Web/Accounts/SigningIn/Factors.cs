using Microsoft.AspNetCore.Identity;
using StatusPage.Web.Accounts.People;
using StatusPage.Web.Data;

namespace StatusPage.Web.Accounts.SigningIn;

/// <summary>An account's factors besides the password: an app, passkeys, and recovery codes for when those are lost.</summary>
public sealed class Factors(UserManager<Account> accounts, StatusDb db)
{
    public const int CodesAtOnce = 10;

    /// <summary>Whether the account signs in with a second factor. An account that has one must show one.</summary>
    public async Task<bool> AnyAsync(Account account) => account.TwoFactorEnabled || await HasPasskeyAsync(account);

    public async Task<bool> HasPasskeyAsync(Account account) => (await accounts.GetPasskeysAsync(account)).Count > 0;

    /// <summary>Whether this is a code of the app, or a recovery code. Either can be used once.</summary>
    public async Task<bool> TakeAsync(Account account, string? code)
    {
        var plain = (code ?? "").Replace(" ", "", StringComparison.Ordinal);
        if (plain.Length == 0 || !await AnyAsync(account))
            return false;
        if (plain.Length == OneTimeCodes.Digits && plain.All(char.IsAsciiDigit))
            return account.TwoFactorEnabled && await accounts.VerifyTwoFactorTokenAsync(account, TokenOptions.DefaultAuthenticatorProvider, plain);
        if ((await accounts.RedeemTwoFactorRecoveryCodeAsync(account, plain.ToUpperInvariant())).Succeeded)
            return true;
        // Another request used one at the same moment; what could not be written must not get in the way of the audit.
        db.ChangeTracker.Clear();
        return false;
    }

    /// <summary>Makes new recovery codes; the previous ones stop working.</summary>
    public async Task<IReadOnlyList<string>> NewCodesAsync(Account account) =>
        [.. await accounts.GenerateNewTwoFactorRecoveryCodesAsync(account, CodesAtOnce) ?? []];

    /// <summary>Removes the app, every passkey and the recovery codes: the account signs in with its password alone.</summary>
    public async Task RemoveAllAsync(Account account)
    {
        await accounts.SetTwoFactorEnabledAsync(account, false);
        await accounts.ResetAuthenticatorKeyAsync(account);
        foreach (var passkey in await accounts.GetPasskeysAsync(account))
            await accounts.RemovePasskeyAsync(account, passkey.CredentialId);
        await ForgetCodesAsync(account);
    }

    /// <summary>Deletes the recovery codes with the last factor: they would be useless, and would come back with the next factor.</summary>
    public async Task ForgetCodesAsync(Account account)
    {
        if (!await AnyAsync(account))
            await accounts.GenerateNewTwoFactorRecoveryCodesAsync(account, 0);
    }
}
