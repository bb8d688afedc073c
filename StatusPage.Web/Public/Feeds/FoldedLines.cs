using System.Text;

namespace StatusPage.Web.Public.Feeds;

/// <summary>
/// Lines of iCalendar, folded as RFC 5545, section 3.1, asks: at most 75 octets of UTF-8 in each, and no character is torn apart. The library folds by
/// UTF-16 units, which halves an emoji where a line happens to end.
/// </summary>
public static class FoldedLines
{
    /// <summary>Octets of a line without its end.</summary>
    public const int Longest = 75;

    private const string End = "\r\n";

    /// <param name="calendar">Lines that may be folded already, in whatever way.</param>
    public static byte[] Of(string calendar)
    {
        var text = calendar.Replace(End + " ", "", StringComparison.Ordinal);
        var folded = new StringBuilder(text.Length + text.Length / 32);
        foreach (var line in text.Split(End))
        {
            if (line.Length > 0)
                Fold(line, folded);
        }
        return Encoding.UTF8.GetBytes(folded.ToString());
    }

    private static void Fold(string line, StringBuilder folded)
    {
        var octets = 0;
        Span<char> units = stackalloc char[2];
        foreach (var rune in line.EnumerateRunes())
        {
            if (octets + rune.Utf8SequenceLength > Longest)
            {
                folded.Append(End).Append(' ');
                octets = 1;
            }
            folded.Append(units[..rune.EncodeToUtf16(units)]);
            octets += rune.Utf8SequenceLength;
        }
        folded.Append(End);
    }
}
