using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Accounts;
using StatusPage.Web.Accounts.People;
using StatusPage.Web.Data;

namespace StatusPage.Web.Accounts.SigningIn;

/// <param name="Score">0 to 4, as zxcvbn has it.</param>
/// <param name="Objection">Why it is not taken; null: it is.</param>
public sealed record PasswordStrength(int Score, string? Objection);

/// <summary>Whether a password is taken, and whether it is the right one.</summary>
public sealed class Passwords(StatusDb db, UserManager<Account> accounts)
{
    /// <summary>OWASP's password storage cheat sheet, PBKDF2 with HMAC-SHA512.</summary>
    public const int Iterations = 210_000;

    /// <summary>Below it a password is on a list of common ones, or nearly: zxcvbn's "guessable" within hours at the speed of a script.</summary>
    private const int LeastScore = 2;
    private static readonly Zxcvbn.Zxcvbn Estimator = new();

    /// <summary>Characters that are looked at; the time to look grows faster than they do.</summary>
    private const int LookedAt = 64;

    /// <summary>Pages whose names are no passwords.</summary>
    private const int MostPages = 100;

    /// <param name="email">Of the person.</param>
    public async Task<PasswordStrength> StrengthAsync(string? password, string? email, CancellationToken cancel)
    {
        var names = await db.Pages.AsNoTracking().OrderBy(page => page.CreatedAt).Select(page => page.Name).Take(MostPages).ToListAsync(cancel);
        if (!string.IsNullOrWhiteSpace(email))
            names.Add(email);
        return StrengthOf(password, names);
    }

    /// <param name="names">Of the pages, and the person's address.</param>
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

    /// <summary>A hash is made in every case, so that the time taken does not tell whether there is an account or a password.</summary>
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
            // Same password, so sessions go on: the stamp stays.
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

/// <summary>Every road to a password passes here: <see cref="UserManager{TUser}"/> asks it.</summary>
public sealed class PasswordValidator(IServiceProvider services) : IPasswordValidator<Account>
{
    public async Task<IdentityResult> ValidateAsync(UserManager<Account> manager, Account user, string? password) =>
        (await services.GetRequiredService<Passwords>().StrengthAsync(password, user.Email, CancellationToken.None)).Objection is { } objection
            ? IdentityResult.Failed(new IdentityError { Code = "Password", Description = objection })
            : IdentityResult.Success;
}
