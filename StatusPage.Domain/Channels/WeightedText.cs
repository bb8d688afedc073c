using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace StatusPage.Domain.Channels;

/// <summary>The length of a text by the rules of each social network. None of them counts plain characters.</summary>
public static partial class WeightedText
{
    /// <summary>Limit of X, in its weighted characters (docs.x.com, "Counting characters").</summary>
    public const int XLimit = 280;

    /// <summary>Limit of Mastodon unless its administrator raised it (docs.joinmastodon.org, user/posting).</summary>
    public const int MastodonLimit = 500;

    /// <summary>Graphemes in a post (the lexicon app.bsky.feed.post).</summary>
    public const int BlueskyLimit = 300;

    /// <summary>Bytes of UTF-8 for each grapheme of the limit.</summary>
    private const int BlueskyBytes = 10;

    /// <summary>What a link counts on X and on Mastodon, however long it is.</summary>
    private const int LinkLength = 23;

    /// <summary>
    /// X: code points of the text in NFC. Those in <see cref="IsLight"/> count one, all others two. An emoji counts two, however many code points it has
    /// (twitter-text 3, config/v3.json).
    /// </summary>
    public static int OnX(string text)
    {
        text = Text.Shown(text).Normalize(NormalizationForm.FormC);
        var (weight, at) = (0, 0);
        foreach (Match match in Link().Matches(text))
        {
            var link = match.Groups[1].Success ? match.Groups[1] : match;
            weight += Plain(text.AsSpan(at, link.Index - at));
            // A bare name is a link only where its last part is a known domain. Counting the longer of the two readings always fits.
            weight += link.Value.Contains("://", StringComparison.Ordinal) ? LinkLength : Math.Max(LinkLength, Plain(link.ValueSpan));
            at = link.Index + link.Length;
        }
        return weight + Plain(text.AsSpan(at));
    }

    /// <summary>Mastodon: graphemes; a link counts 23.</summary>
    public static int OnMastodon(string text)
    {
        var (length, at) = (0, 0);
        foreach (Match link in WebLink().Matches(text))
        {
            length += Graphemes(text[at..link.Index]) + LinkLength;
            at = link.Index + link.Length;
        }
        return length + Graphemes(text[at..]);
    }

    /// <summary>
    /// Bluesky: graphemes, links like everything else. A post may also have no more than 3,000 bytes (the lexicon app.bsky.feed.post), so ten bytes count
    /// as much as a grapheme: a family of emoji is one grapheme of 25 bytes.
    /// </summary>
    public static int OnBluesky(string text) => Math.Max(Graphemes(text), (Encoding.UTF8.GetByteCount(text) + BlueskyBytes - 1) / BlueskyBytes);

    /// <summary>What a reader takes for one character (Unicode, UAX 29).</summary>
    public static int Graphemes(string text)
    {
        var count = 0;
        var rest = text.AsSpan();
        while (rest.Length > 0)
        {
            rest = rest[StringInfo.GetNextTextElementLength(rest)..];
            count++;
        }
        return count;
    }

    private static int Plain(ReadOnlySpan<char> text)
    {
        var weight = 0;
        while (text.Length > 0)
        {
            var length = StringInfo.GetNextTextElementLength(text);
            weight += IsEmoji(text[..length]) ? 2 : CodePoints(text[..length]);
            text = text[length..];
        }
        return weight;
    }

    private static int CodePoints(ReadOnlySpan<char> text)
    {
        var weight = 0;
        foreach (var rune in text.EnumerateRunes())
            weight += IsLight(rune.Value) ? 1 : 2;
        return weight;
    }

    private static bool IsLight(int value) => value is <= 4351 or (>= 8192 and <= 8205) or (>= 8208 and <= 8223) or (>= 8242 and <= 8247);

    /// <summary>Whether a sequence makes one emoji (UTS 51). Single code points need no check: those outside the light ranges count two anyway.</summary>
    private static bool IsEmoji(ReadOnlySpan<char> grapheme)
    {
        Rune.DecodeFromUtf16(grapheme, out var first, out var length);
        var rest = grapheme[length..];
        if (rest.Length == 0)
            return false;
        var mayBegin =
            first.Value is >= 0x1F000 and <= 0x1FAFF or >= 0x2100 and <= 0x2BFF or 0x3030 or 0x303D or 0x3297 or 0x3299 or 0xA9 or 0xAE
            || first.Value is '#' or '*' or (>= '0' and <= '9');
        if (!mayBegin)
            return false;
        foreach (var rune in rest.EnumerateRunes())
            if (rune.Value is 0x200D or 0xFE0F or 0x20E3 or (>= 0x1F1E6 and <= 0x1F1FF) or (>= 0x1F3FB and <= 0x1F3FF) or (>= 0xE0020 and <= 0xE007F))
                return true;
        return false;
    }

    [GeneratedRegex(@"https?://[^\s<>""]*[^\s<>"".,;:!?)\]']", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex WebLink();

    /// <summary>The first group holds a bare name, since the match also covers the character before it.</summary>
    [GeneratedRegex(
        @"https?://[^\s<>""]*[^\s<>"".,;:!?)\]']|(?:^|[^@\w.-])([a-z0-9][a-z0-9-]*(?:\.[a-z0-9-]+)*\.[a-z]{2,}\b(?:/[^\s<>""]*[^\s<>"".,;:!?)\]'])?)",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking
    )]
    private static partial Regex Link();
}
