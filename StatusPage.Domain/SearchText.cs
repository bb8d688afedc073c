using System.Globalization;
using System.Text;

namespace StatusPage.Domain;

/// <summary>Text in the form in which it is compared with what somebody seeks, in every script.</summary>
public static class SearchText
{
    /// <summary>Letters that have another small form than the one they are compared by: the Turkish i with and without its dot, and the Greek final s.</summary>
    public const string Odd = "İıς";

    /// <summary>What <see cref="Odd"/> is compared by, letter by letter.</summary>
    public const string Even = "iiσ";

    /// <summary>Without differences of case and width, and without what nobody sees, such as soft hyphens.</summary>
    public static string Fold(string text)
    {
        if (Ascii.IsValid(text))
            return text.ToLowerInvariant();
        var folded = new StringBuilder(text.Length);
        foreach (var rune in Text.Shown(text).Normalize(NormalizationForm.FormKC).EnumerateRunes())
        {
            if (Rune.GetUnicodeCategory(rune) == UnicodeCategory.Format)
                continue;
            var odd = rune.IsBmp ? Odd.IndexOf((char)rune.Value, StringComparison.Ordinal) : -1;
            if (odd >= 0)
                folded.Append(Even[odd]);
            else if (rune.Value is 'ß' or 'ẞ')
                folded.Append("ss");
            else
                folded.Append(Rune.ToLowerInvariant(rune).ToString());
        }
        return folded.ToString();
    }

    /// <summary>
    /// Besides, without accents and vowel points, which people leave out when they type. Marks of other scripts stay, as there they make other letters.
    /// </summary>
    public static string Bare(string text)
    {
        text = Fold(text);
        if (Ascii.IsValid(text))
            return text;
        var bare = new StringBuilder(text.Length);
        foreach (var c in text.Normalize(NormalizationForm.FormD))
            if (c is not ((>= '\u0300' and <= '\u036F') or (>= '\u0591' and <= '\u05C7') or (>= '\u064B' and <= '\u065F') or '\u0670'))
                bare.Append(c);
        return bare.ToString().Normalize(NormalizationForm.FormC);
    }

    /// <summary>The words that somebody seeks: what stands between spaces, those of Chinese and Japanese among them.</summary>
    public static string[] Words(string text) => Bare(text).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
}
