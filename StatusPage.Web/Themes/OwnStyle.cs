using System.Collections.Concurrent;
using StatusPage.Domain;
using StatusPage.Domain.Pages;

namespace StatusPage.Web.Themes;

/// <summary>The owner's own rules, behind those of the theme: cleaned, in a file whose address names its content.</summary>
public static class OwnStyle
{
    /// <summary>Cleaned styles that are kept. A page has one, and documents in caches still ask for the ones before.</summary>
    private const int Kept = 64;

    private static readonly ConcurrentDictionary<string, ThemeFile?> Cleaned = new(StringComparer.Ordinal);

    /// <param name="typed">As the owner wrote it.</param>
    /// <returns>Null without one, and also when it would not be accepted any more, since a page must not vanish over its looks.</returns>
    public static ThemeFile? Of(string? typed)
    {
        if (string.IsNullOrWhiteSpace(typed))
            return null;
        if (Cleaned.TryGetValue(typed, out var known))
            return known;
        ThemeFile? file = null;
        try
        {
            file = Read(typed);
        }
        catch (RuleViolation)
        {
            // It was accepted when it was typed; a later release may refuse it.
        }
        if (Cleaned.Count >= Kept)
            Cleaned.Clear();
        return Cleaned[typed] = file;
    }

    /// <exception cref="RuleViolation">With the line and the reason.</exception>
    public static ThemeFile? Check(string? typed) => string.IsNullOrWhiteSpace(typed) ? null : Read(typed);

    /// <summary>The typed rules that became the file at an address; null when that is long ago.</summary>
    public static string? TypedAt(string address) => Cleaned.FirstOrDefault(pair => pair.Value?.Address == address).Key;

    public static ThemeFile? FileAt(string address) => Cleaned.Values.FirstOrDefault(file => file?.Address == address);

    private static ThemeFile? Read(string typed)
    {
        if (typed.Length > Page.MaxStyleLength)
            throw new RuleViolation($"The rules have {typed.Length} characters. {Page.MaxStyleLength} are taken.", nameof(Page.Style));
        try
        {
            return StyleSheet.Clean(typed, "Your rules") is { Length: > 0 } clean ? Theme.StyleFile("custom", clean) : null;
        }
        catch (ThemeException exception)
        {
            throw exception.Line is { } line
                ? new RuleViolation($"Line {line}: {exception.Reason}", nameof(Page.Style))
                : new RuleViolation(exception.Reason, nameof(Page.Style));
        }
    }
}
