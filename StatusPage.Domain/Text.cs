using System.Globalization;
using System.Text;

namespace StatusPage.Domain;

/// <summary>What every text field has in common: trimmed, one line or many, bounded.</summary>
public static class Text
{
    /// <summary>A required single line.</summary>
    /// <exception cref="RuleViolation">Empty, too long (in UTF-16 units, as the form counts), or with control characters.</exception>
    public static string Line(string? value, string field, Sentence what, int max) =>
        OptionalLine(value, field, what, max) ?? throw new RuleViolation($"Enter {what}.", field);

    public static string? OptionalLine(string? value, string field, Sentence what, int max)
    {
        var line = value?.Trim();
        if (string.IsNullOrEmpty(line))
            return null;
        if (line.Length > max)
            throw TooLong(what, max, line.Length, field);
        Check(line, field, what, allowed: "");
        return line;
    }

    public static string? OptionalBlock(string? value, string field, Sentence what, int max)
    {
        var block = value?.ReplaceLineEndings("\n").Trim();
        if (string.IsNullOrEmpty(block))
            return null;
        if (block.Length > max)
            throw TooLong(what, max, block.Length, field);
        Check(block, field, what, allowed: "\n\t");
        return block;
    }

    public static string Block(string? value, string field, Sentence what, int max) =>
        OptionalBlock(value, field, what, max) ?? throw new RuleViolation($"Enter {what}.", field);

    /// <summary>Cuts a text of ours to the length of its place; never splits a character.</summary>
    public static string Cut(string text, int max) => text.Length <= max ? text : text[..(char.IsHighSurrogate(text[max - 1]) ? max - 1 : max)];

    /// <summary>
    /// Removes what SVG, feeds and calendars cannot carry, not even escaped (XML 1.0, section 2.2): control characters, halves of surrogate pairs, and
    /// noncharacters. For text that nothing has checked, such as words of an address.
    /// </summary>
    public static string Shown(string text, string allowed = "\n\t")
    {
        if (text.EnumerateRunes().All(rune => IsShown(rune, allowed)) && IsWellFormed(text))
            return text;
        var shown = new StringBuilder(text.Length);
        var rest = text.AsSpan();
        while (rest.Length > 0)
        {
            var isWhole = Rune.DecodeFromUtf16(rest, out var rune, out var length) == System.Buffers.OperationStatus.Done;
            if (isWhole && IsShown(rune, allowed))
                shown.Append(rest[..length]);
            rest = rest[length..];
        }
        return shown.ToString();
    }

    private static bool IsShown(Rune rune, string allowed) =>
        (!Rune.IsControl(rune) || allowed.Contains((char)rune.Value, StringComparison.Ordinal)) && !IsNoncharacter(rune);

    /// <summary>Noncharacters are the last two code points of each plane, and 32 in the middle (Unicode, section 23.7).</summary>
    private static bool IsNoncharacter(Rune rune) => (rune.Value & 0xFFFE) == 0xFFFE || rune.Value is >= 0xFDD0 and <= 0xFDEF;

    /// <summary>Enumerating runes turns half a pair into U+FFFD, which may also stand there by itself.</summary>
    private static bool IsWellFormed(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i]))
                continue;
            if (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[i + 1]))
                return false;
            i++;
        }
        return true;
    }

    /// <summary>A name made fit for an address: lower-case ASCII letters, digits and single hyphens, at most 60.</summary>
    public static string Slug(string name)
    {
        var slug = new StringBuilder();
        // What is no character cannot be normalized.
        foreach (var c in Shown(name).Normalize(NormalizationForm.FormD))
        {
            if (CharUnicodeInfo.GetUnicodeCategory(c) == UnicodeCategory.NonSpacingMark)
                continue;
            if (char.IsAsciiLetterOrDigit(c))
                slug.Append(char.ToLowerInvariant(c));
            else if (slug.Length > 0 && slug[^1] != '-')
                slug.Append('-');
            if (slug.Length == 60)
                break;
        }
        return slug.ToString().Trim('-');
    }

    /// <summary>Refuses what feeds cannot carry (XML 1.0, section 2.2) and what nobody can see.</summary>
    private static void Check(string text, string field, Sentence what, string allowed)
    {
        var rest = text.AsSpan();
        var isVisible = false;
        while (rest.Length > 0)
        {
            var whole = Rune.DecodeFromUtf16(rest, out var rune, out var length) == System.Buffers.OperationStatus.Done;
            rest = rest[length..];
            if (!whole || (Rune.IsControl(rune) && !allowed.Contains((char)rune.Value, StringComparison.Ordinal)) || IsNoncharacter(rune))
                throw allowed.Length == 0 && whole && Rune.IsControl(rune)
                    ? new RuleViolation($"{what.Capital} must be one line of plain text.", field)
                    : new RuleViolation($"{what.Capital} holds a character that cannot be shown. Remove it and try again.", field);
            isVisible |= !Rune.IsWhiteSpace(rune) && Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Format or UnicodeCategory.Control);
        }
        if (!isVisible)
            throw new RuleViolation($"Enter {what}: what is there cannot be seen.", field);
    }

    private static RuleViolation TooLong(Sentence what, int max, int length, string field) =>
        new($"{what.Capital} is {length:N0} characters long; at most {max:N0} fit.", field);
}
