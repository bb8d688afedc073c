using System.Collections.ObjectModel;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace StatusPage.Domain.Alerts;

/// <summary>
/// How much of an alert is kept. Whoever sent it does not wait for an answer that says what is too long, so that what is too long is cut, between two
/// characters as readers see them, and what cannot be shown is left out.
/// </summary>
public static class AlertText
{
    /// <summary>Limits in UTF-16 units, as the store counts.</summary>
    public const int MaxKey = 300;
    public const int MaxTitle = 200;
    public const int MaxText = 5_000;
    public const int MaxName = 100;
    public const int MaxValue = 500;

    /// <summary>Addresses with a query of PromQL in them are long; half of one leads nowhere, so that a longer one is none.</summary>
    public const int MaxLink = 2_000;

    /// <summary>Fields of one event.</summary>
    public const int MaxFields = 100;

    /// <summary>A dash and a SHA-256 in hexadecimal.</summary>
    private const int DigestLength = 1 + 2 * SHA256.HashSizeInBytes;

    /// <summary>
    /// Two keys that differ still differ, though they are too long or hold what cannot be shown: then a digest of the whole stands for the rest.
    /// </summary>
    public static string Key(string key)
    {
        var line = Line(key, int.MaxValue);
        if (line == key && key.Length is > 0 and <= MaxKey)
            return key;
        var digest = Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(key.AsSpan())));
        return $"{Cut(line, MaxKey - DigestLength)}-{digest}";
    }

    /// <summary>On one line, without space around it.</summary>
    public static string Line(string text, int max) =>
        Cut(string.Join(' ', Domain.Text.Shown(text, "\n\r\t").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)), max).TrimEnd();

    /// <summary>On as many lines as there are; empty where nobody can see anything in it.</summary>
    public static string Block(string text, int max) =>
        Cut(Domain.Text.Shown(text.ReplaceLineEndings("\n")).Trim(), max).TrimEnd() is var block && IsVisible(block) ? block : "";

    /// <summary>One line; null where nobody can see anything in it.</summary>
    public static string? OptionalLine(string? text, int max) => text is not null && Line(text, max) is var line && IsVisible(line) ? line : null;

    /// <summary>Null unless it is an address that a browser may follow.</summary>
    public static string? Link(string? text) =>
        text?.Trim() is { Length: > 0 and <= MaxLink } link
        && Line(link, MaxLink) == link
        && !link.Contains(' ', StringComparison.Ordinal)
        && Uri.TryCreate(link, UriKind.Absolute, out var address)
        && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps)
            ? link
            : null;

    /// <summary>The first that fit. A name or a value that nobody can see counts for nothing; of two that are called the same the first counts.</summary>
    public static IReadOnlyDictionary<string, string> Fields(IEnumerable<KeyValuePair<string, string>> fields)
    {
        var kept = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in fields)
        {
            if (kept.Count == MaxFields)
                break;
            if (OptionalLine(name, MaxName) is { } line && OptionalLine(value, MaxValue) is { } words)
                kept.TryAdd(line, words);
        }
        return new ReadOnlyDictionary<string, string>(kept);
    }

    /// <summary>What fits, never half of what a reader takes for one character (Unicode, UAX 29), unless that alone is too long.</summary>
    public static string Cut(string text, int max)
    {
        if (text.Length <= max)
            return text;
        var fits = 0;
        while (StringInfo.GetNextTextElementLength(text.AsSpan(fits)) is var next && fits + next <= max)
            fits += next;
        return fits == 0 ? Domain.Text.Cut(text, max) : text[..fits];
    }

    /// <summary>Whether there is more than space and marks of direction.</summary>
    private static bool IsVisible(string text)
    {
        foreach (var rune in text.EnumerateRunes())
            if (!Rune.IsWhiteSpace(rune) && Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Format or UnicodeCategory.Control))
                return true;
        return false;
    }
}
