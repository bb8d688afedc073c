using System.Security.Cryptography;
using System.Text;

namespace StatusPage.Domain.Destinations;

/// <summary>How a body is compared with one that was read or written before.</summary>
public static class BodyPrint
{
    private const int LongestEntity = 9;

    /// <summary>SHA-256 of all of it, in hexadecimal.</summary>
    public static string Of(string body) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(body)));

    /// <summary>
    /// SHA-256 of its letters and digits outside of tags. Systems write a body anew when they store it; its words stay, so a write whose answer was lost is
    /// told from an edit of somebody.
    /// </summary>
    public static string OfWords(string body)
    {
        var words = new StringBuilder(body.Length);
        var (isTag, lastEnd) = (false, body.LastIndexOf('>'));
        for (var i = 0; i < body.Length; i++)
        {
            var c = body[i];
            if (isTag)
                isTag = c != '>';
            else if (c == '<' && i + 1 < body.Length && (char.IsAsciiLetter(body[i + 1]) || body[i + 1] is '/' or '!'))
                isTag = i < lastEnd;
            else if (c == '&' && body.IndexOf(';', i, Math.Min(LongestEntity, body.Length - i)) is var end && end > i)
                i = end;
            else if (char.IsLetterOrDigit(c))
                words.Append(c);
        }
        return Of(words.ToString());
    }
}
