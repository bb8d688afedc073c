using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Accounts;
using StatusPage.Web.Accounts.People;
using StatusPage.Web.Data;

namespace StatusPage.Web.Accounts.SigningIn;

/// <param name="Score">0 to 4, as in zxcvbn.</param>
/// <param name="Objection">Why it is not accepted; null: it is.</param>
public sealed record PasswordStrength(int Score, Sentence? Objection);

/// <summary>Whether a password is accepted as a new one, and whether it is the right one.</summary>
public sealed class Passwords(StatusDb db, UserManager<Account> accounts)
{
    /// <summary>OWASP's password storage cheat sheet, PBKDF2 with HMAC-SHA512.</summary>
    public const int Iterations = 210_000;

    /// <summary>A password below this is on a list of common ones, or nearly: zxcvbn's "guessable" within hours at the speed of a script.</summary>
    private const int LeastScore = 2;
    private static readonly Zxcvbn.Zxcvbn Estimator = new();

    /// <summary>Characters that are rated; the time for rating grows faster than the length.</summary>
    private const int LookedAt = 64;

    /// <summary>Pages whose names are refused as passwords.</summary>
    private const int MostPages = 100;

    /// <param name="email">Address of the person.</param>
    public async Task<PasswordStrength> StrengthAsync(string? password, string? email, CancellationToken cancel)
    {
        var names = await db.Pages.AsNoTracking().OrderBy(page => page.CreatedAt).Select(page => page.Name).Take(MostPages).ToListAsync(cancel);
        if (!string.IsNullOrWhiteSpace(email))
            names.Add(email);
        return StrengthOf(password, names);
    }

    /// <param name="names">Names of the pages, and the person's address.</param>
    public static PasswordStrength StrengthOf(string? password, IReadOnlyCollection<string> names)
    {
        if (string.IsNullOrEmpty(password))
            return new(0, PasswordRule.Objection(password, names));
        var score = Estimator.EvaluatePassword(password.Length > LookedAt ? password[..LookedAt] : password, PasswordRule.PartsOf(names)).Score;
        if (PasswordRule.Objection(password, names) is { } objection)
            return new(Math.Min(score, LeastScore - 1), objection);
        return new(
            score,
            score >= LeastScore ? null : "This password is among those that are guessed first. Choose several words that do not belong together."
        );
    }

    /// <exception cref="RuleViolation">The password is not good enough.</exception>
    public async Task CheckAsync(string? password, string? email, CancellationToken cancel)
    {
        if ((await StrengthAsync(password, email, cancel)).Objection is { } objection)
            throw new RuleViolation(objection, "Password");
    }

    /// <summary>Computes a hash in every case, so that the time taken does not reveal whether there is an account or a password.</summary>
    public async Task<bool> IsRightAsync(Account? account, string? password)
    {
        if (account?.PasswordHash is not { } hash || password is null or { Length: > PasswordRule.MaxLength })
        {
            accounts.PasswordHasher.HashPassword(new Account(), "");
            return false;
        }
        var result = accounts.PasswordHasher.VerifyHashedPassword(account, hash, password);
        if (result == PasswordVerificationResult.SuccessRehashNeeded)
        {
            // The password is the same, so sessions go on and the stamp stays.
            account.PasswordHash = accounts.PasswordHasher.HashPassword(account, password);
            await accounts.UpdateAsync(account);
        }
        return result != PasswordVerificationResult.Failed;
    }
}

internal static class IdentityWords
{
    public static string InWords(this IdentityResult result) => string.Join(" ", result.Errors.Select(error => error.Description).Distinct());
}

/// <summary>Every way to set a password passes here: <see cref="UserManager{TUser}"/> calls it.</summary>
public sealed class PasswordValidator(IServiceProvider services) : IPasswordValidator<Account>
{
    public async Task<IdentityResult> ValidateAsync(UserManager<Account> manager, Account user, string? password) =>
        (await services.GetRequiredService<Passwords>().StrengthAsync(password, user.Email, CancellationToken.None)).Objection is { } objection
            ? IdentityResult.Failed(new IdentityError { Code = "Password", Description = objection.ToString() })
            : IdentityResult.Success;
}
