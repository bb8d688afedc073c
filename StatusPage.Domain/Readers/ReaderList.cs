using StatusPage.Domain.Subscriptions;

namespace StatusPage.Domain.Readers;

/// <summary>The addresses, and the domains of all whose addresses, that may read a private page.</summary>
public static class ReaderList
{
    /// <summary>Entries; the list travels with the page's snapshot.</summary>
    public const int Most = 2_000;

    /// <param name="typed">name@example.com, or example.com for every address there; separated by lines, commas or spaces.</param>
    public static IReadOnlyList<string> Parse(string? typed, string field)
    {
        var entries = (typed ?? "")
            .Split([' ', ',', ';', '\n', '\r', '\t'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(entry => Entry(entry, field))
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal)
            .ToList();
        return entries.Count <= Most
            ? entries
            : throw new RuleViolation($"The list has {entries.Count} entries, and {Most} are taken. Name domains instead of single addresses.", field);
    }

    /// <summary>Whether an address, or the whole of its domain, is among the entries. A domain does not stand for those below it.</summary>
    public static bool Covers(IReadOnlySet<string> entries, string? email)
    {
        if (string.IsNullOrWhiteSpace(email) || email.Length > EmailAddress.MaxLength)
            return false;
        var key = EmailAddress.KeyOf(email);
        return key.LastIndexOf('@') is > 0 and var at && (entries.Contains(key) || entries.Contains(key[(at + 1)..]));
    }

    /// <summary>Null: no mail can be sent there.</summary>
    public static string? Address(string typed)
    {
        try
        {
            return EmailAddress.Checked(typed);
        }
        catch (RuleViolation)
        {
            return null;
        }
    }

    private static string Entry(string typed, string field)
    {
        var isDomain = typed.LastIndexOf('@') <= 0;
        try
        {
            var key = EmailAddress.Key(EmailAddress.Checked(isDomain ? $"x@{typed.TrimStart('@')}" : typed, field));
            return isDomain ? key[2..] : key;
        }
        catch (RuleViolation)
        {
            throw new RuleViolation($"'{Text.Cut(typed, 60)}' is neither an address like name@example.com nor a domain like example.com.", field);
        }
    }
}
