using System.Globalization;
using System.Text;

namespace StatusPage.Domain;

/// <summary>What every text field has in common: trimmed, one line or many, bounded.</summary>
public static class Text
{
    /// <summary>A required single line.</summary>
    /// <exception cref="RuleViolation">Empty, too long (in UTF-16 units, as the form counts), or with control characters.</exception>
    public static string Line(string? value, string field, string what, int max) =>
        OptionalLine(value, field, what, max) ?? throw new RuleViolation($"Enter {what}.", field);

    public static string? OptionalLine(string? value, string field, string what, int max)
    {
        var line = value?.Trim();
        if (string.IsNullOrEmpty(line)) return null;
        if (line.Length > max) throw TooLong(what, max, line.Length, field);
        if (line.Any(char.IsControl)) throw new RuleViolation($"{Capital(what)} must be one line of plain text.", field);
        return line;
    }

    public static string? OptionalBlock(string? value, string field, string what, int max)
    {
        var block = value?.ReplaceLineEndings("\n").Trim();
        if (string.IsNullOrEmpty(block)) return null;
        if (block.Length > max) throw TooLong(what, max, block.Length, field);
        if (block.Any(c => char.IsControl(c) && c is not ('\n' or '\t')))
            throw new RuleViolation($"{Capital(what)} holds a character that cannot be shown. Remove it and try again.", field);
        return block;
    }

    public static string Block(string? value, string field, string what, int max) =>
        OptionalBlock(value, field, what, max) ?? throw new RuleViolation($"Enter {what}.", field);

    /// <summary>A name made fit for an address: lower-case ASCII letters, digits and single hyphens, at most 60.</summary>
    public static string Slug(string name)
    {
        var slug = new StringBuilder();
        foreach (var c in name.Normalize(NormalizationForm.FormD))
        {
            if (CharUnicodeInfo.GetUnicodeCategory(c) == UnicodeCategory.NonSpacingMark) continue;
            if (char.IsAsciiLetterOrDigit(c)) slug.Append(char.ToLowerInvariant(c));
            else if (slug.Length > 0 && slug[^1] != '-') slug.Append('-');
            if (slug.Length == 60) break;
        }
        return slug.ToString().Trim('-');
    }

    private static RuleViolation TooLong(string what, int max, int length, string field) =>
        new($"{Capital(what)} is {length:N0} characters long; at most {max:N0} fit.", field);

    private static string Capital(string what) => char.ToUpperInvariant(what[0]) + what[1..];
}
