using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using OtpNet;
using StatusPage.Web.Accounts.People;
using StatusPage.Web.Data;

namespace StatusPage.Web.Accounts.SigningIn;

/// <summary>
/// The codes of an authenticator app (TOTP, RFC 6238): of this step, or of the one before or after it, since clocks differ. Each works once (section 5.2):
/// the step of the last code is kept, and codes of that step or an earlier one are refused.
/// </summary>
public sealed class OneTimeCodes(StatusDb db, TimeProvider time) : IUserTwoFactorTokenProvider<Account>
{
    public const int Digits = 6;
    private static readonly VerificationWindow Drift = new(previous: 1, future: 1);

    public async Task<bool> ValidateAsync(string purpose, string token, UserManager<Account> manager, Account user)
    {
        if (token.Length != Digits || !token.All(char.IsAsciiDigit) || await manager.GetAuthenticatorKeyAsync(user) is not { Length: > 0 } key)
            return false;
        if (!new Totp(Base32Encoding.ToBytes(key)).VerifyTotp(time.GetUtcNow().UtcDateTime, token, out var step, Drift))
            return false;
        // The request that moves the step is the one that used the code, across all nodes.
        return await db
                .Users.Where(row => row.Id == user.Id && (row.LastCodeStep == null || row.LastCodeStep < step))
                .ExecuteUpdateAsync(set => set.SetProperty(row => row.LastCodeStep, step)) == 1;
    }

    public Task<string> GenerateAsync(string purpose, UserManager<Account> manager, Account user) =>
        throw new NotSupportedException("The app makes the codes.");

    public async Task<bool> CanGenerateTwoFactorTokenAsync(UserManager<Account> manager, Account user) =>
        await manager.GetAuthenticatorKeyAsync(user) is { Length: > 0 };
}
