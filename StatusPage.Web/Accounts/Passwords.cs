using Microsoft.AspNetCore.Identity;
using StatusPage.Domain;

namespace StatusPage.Web.Accounts;

internal static class Passwords
{
    public static string InWords(this IdentityResult result) => string.Join(" ", result.Errors.Select(error => error.Description).Distinct());

    /// <exception cref="RuleViolation">The password is not good enough.</exception>
    public static async Task CheckAsync(this UserManager<Account> accounts, Account account, string? password)
    {
        foreach (var validator in accounts.PasswordValidators)
        {
            var valid = await validator.ValidateAsync(accounts, account, password);
            if (!valid.Succeeded) throw new RuleViolation(valid.InWords(), "Password");
        }
    }
}
