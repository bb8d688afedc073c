namespace StatusPage.Domain.Accounts;

/// <summary>
/// The rules for a password besides being hard to guess: it is long, and no name that everybody knows. Which characters it has does not matter (NIST SP
/// 800-63B, section 3.1.1.2).
/// </summary>
public static class PasswordRule
{
    /// <summary>Characters.</summary>
    public const int MinLength = 12;

    /// <summary>Characters; more would only keep the server busy.</summary>
    public const int MaxLength = 256;

    /// <summary>Shorter parts of names occur in too many words.</summary>
    private const int ShortestName = 3;

    /// <summary>Letters that must remain when the names are taken out of the password.</summary>
    private const int LettersBesideNames = 6;

    /// <param name="names">Names of the pages, and the person's address.</param>
    /// <returns>What is wrong, in a sentence; null when nothing is.</returns>
    public static Sentence? Objection(string? password, IEnumerable<string> names)
    {
        if (password is null || password.Length < MinLength)
            return $"A password has {MinLength} characters or more.";
        if (password.Length > MaxLength)
            return $"A password has {MaxLength} characters at most.";
        if (password.Distinct().Count() < 5)
            return "This password repeats a few characters. Choose several words that do not belong together.";
        var rest = password;
        foreach (var name in PartsOf(names).OrderByDescending(name => name.Length))
            rest = rest.Replace(name, " ", StringComparison.OrdinalIgnoreCase);
        return rest != password && rest.Count(char.IsLetter) < LettersBesideNames
            ? "This password is made of your name or the page's. Choose words that nobody connects with you."
            : null;
    }

    /// <summary>The words in names and addresses.</summary>
    public static IEnumerable<string> PartsOf(IEnumerable<string> names) =>
        names
            .SelectMany(name =>
                name.Split([' ', '.', '@', '-', '_', '+'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                    .Append(name.Replace(" ", "", StringComparison.Ordinal))
            )
            .Where(part => part.Length >= ShortestName)
            .Distinct(StringComparer.OrdinalIgnoreCase);
}
