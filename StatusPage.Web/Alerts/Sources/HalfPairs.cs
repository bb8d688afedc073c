using System.Globalization;

namespace StatusPage.Web.Alerts.Sources;

/// <summary>
/// JSON can spell half a surrogate pair, "\ud83d", which is no text (RFC 8259, section 8.2). Senders that cut what they send do so in the middle of an
/// emoji. The parser would refuse every look at an object with such a name or text in it, so that U+FFFD takes its place beforehand.
/// </summary>
internal static class HalfPairs
{
    /// <summary>Bytes of \uXXXX.</summary>
    private const int EscapeLength = 6;

    public static ReadOnlyMemory<byte> Replaced(ReadOnlyMemory<byte> json)
    {
        byte[]? copy = null;
        var bytes = json.Span;
        for (var at = 0; bytes[at..].IndexOf((byte)'\\') is >= 0 and var skipped; )
        {
            at += skipped;
            if (Escaped(bytes[at..]) is not { } unit)
            {
                // Another escape: what stands behind the backslash begins none.
                at = Math.Min(at + 2, bytes.Length);
                continue;
            }
            if (char.IsHighSurrogate(unit) && Escaped(bytes[(at + EscapeLength)..]) is { } next && char.IsLowSurrogate(next))
                at += EscapeLength;
            else if (char.IsSurrogate(unit))
                "\\ufffd"u8.CopyTo((copy ??= json.ToArray()).AsSpan(at));
            at += EscapeLength;
        }
        return copy ?? json;
    }

    private static char? Escaped(ReadOnlySpan<byte> bytes) =>
        bytes.Length >= EscapeLength
        && bytes.StartsWith("\\u"u8)
        && ushort.TryParse(bytes[2..EscapeLength], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit)
            ? (char)unit
            : null;
}
