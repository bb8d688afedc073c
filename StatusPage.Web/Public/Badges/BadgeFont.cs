using System.Text;

namespace StatusPage.Web.Public.Badges;

/// <summary>
/// How wide words are in Verdana, by which shields.io measures as well. The advance widths, from space to tilde, are in units of the font's own hmtx
/// table, of which an em has 2048. A letter that Verdana does not have counts as one em where letters are square (East Asian), otherwise as wide as its
/// widest letters.
/// </summary>
public static class BadgeFont
{
    private const int Em = 2048;

    /// <summary>The width of "ß", and of every other letter that is not known.</summary>
    private const int SharpS = 1271;

    private static readonly short[] Regular =
    [
        721,
        806,
        940,
        1676,
        1302,
        2204,
        1488,
        550,
        930,
        930,
        1302,
        1676,
        745,
        930,
        745,
        930,
        1302,
        1302,
        1302,
        1302,
        1302,
        1302,
        1302,
        1302,
        1302,
        1302,
        930,
        930,
        1676,
        1676,
        1676,
        1117,
        2048,
        1400,
        1404,
        1430,
        1579,
        1295,
        1177,
        1588,
        1539,
        862,
        931,
        1419,
        1140,
        1726,
        1532,
        1612,
        1234,
        1612,
        1424,
        1400,
        1262,
        1499,
        1400,
        2026,
        1403,
        1260,
        1403,
        930,
        930,
        930,
        1676,
        1302,
        1302,
        1231,
        1275,
        1067,
        1275,
        1220,
        721,
        1275,
        1296,
        562,
        705,
        1212,
        562,
        1992,
        1296,
        1244,
        1275,
        1275,
        874,
        1067,
        806,
        1296,
        1212,
        1676,
        1212,
        1212,
        1076,
        1300,
        930,
        1300,
        1676,
    ];

    private static readonly short[] Bold =
    [
        700,
        823,
        1202,
        1776,
        1456,
        2605,
        1765,
        680,
        1112,
        1112,
        1456,
        1776,
        739,
        983,
        739,
        1411,
        1456,
        1456,
        1456,
        1456,
        1456,
        1456,
        1456,
        1456,
        1456,
        1456,
        823,
        823,
        1776,
        1776,
        1776,
        1264,
        1974,
        1589,
        1561,
        1483,
        1700,
        1399,
        1331,
        1661,
        1714,
        1118,
        1137,
        1579,
        1305,
        1942,
        1735,
        1741,
        1501,
        1741,
        1602,
        1454,
        1397,
        1663,
        1565,
        2310,
        1565,
        1509,
        1417,
        1112,
        1411,
        1112,
        1776,
        1456,
        1456,
        1368,
        1432,
        1204,
        1432,
        1360,
        864,
        1432,
        1458,
        700,
        825,
        1374,
        700,
        2167,
        1458,
        1407,
        1432,
        1432,
        1018,
        1214,
        934,
        1458,
        1331,
        2005,
        1370,
        1333,
        1223,
        1456,
        1112,
        1456,
        1776,
    ];

    /// <summary>
    /// The width in pixels. Each letter counts by hundredths, as with shields.io; otherwise the sums would now and then differ from its own by a pixel.
    /// </summary>
    /// <exception cref="ArgumentException">The text holds something that is no character; see <see cref="Domain.Text.Shown"/>.</exception>
    public static double WidthOf(string text, int size, bool bold = false)
    {
        var table = bold ? Bold : Regular;
        decimal sum = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            // An accent does not make a letter wider.
            var letter = rune.Value <= '~' ? rune.Value : rune.ToString().Normalize(NormalizationForm.FormD)[0];
            var width = letter is >= ' ' and <= '~' ? table[letter - ' '] : WidthOf(rune);
            sum += Math.Round(width * size / (decimal)Em, 2, MidpointRounding.AwayFromZero);
        }
        return (double)sum;
    }

    private static int WidthOf(Rune rune) =>
        Rune.GetUnicodeCategory(rune) switch
        {
            System.Globalization.UnicodeCategory.NonSpacingMark
            or System.Globalization.UnicodeCategory.Format
            or System.Globalization.UnicodeCategory.EnclosingMark => 0,
            _ => rune.Value >= 0x2E80 ? Em : SharpS,
        };
}
