using System.Text;

namespace StatusPage.Web.Badges;

/// <summary>
/// How wide words are in Verdana, whose advance widths shields.io measures by as well: thousandths of an em from the font's own hmtx table, from
/// space to tilde. What Verdana has no letter for is taken as one em where letters are square (East Asian), else as its widest letters are.
/// </summary>
public static class BadgeFont
{
    private static readonly short[] Regular =
    [
        352, 394, 459, 818, 636, 1076, 727, 269, 454, 454, 636, 818, 364, 454, 364, 454, 636, 636, 636, 636, 636, 636, 636, 636, 636, 636, 454, 454, 818, 818, 818, 545,
        1000, 684, 686, 698, 771, 632, 575, 775, 751, 421, 455, 693, 557, 843, 748, 787, 603, 787, 695, 684, 616, 732, 684, 989, 685, 615, 685, 454, 454, 454, 818, 636,
        636, 601, 623, 521, 623, 596, 352, 623, 633, 274, 344, 592, 274, 973, 633, 607, 623, 623, 427, 521, 394, 633, 592, 818, 592, 592, 525, 635, 454, 635, 818,
    ];

    private static readonly short[] Bold =
    [
        342, 402, 587, 867, 711, 1272, 862, 332, 543, 543, 711, 867, 361, 480, 361, 689, 711, 711, 711, 711, 711, 711, 711, 711, 711, 711, 402, 402, 867, 867, 867, 617,
        964, 776, 762, 724, 830, 683, 650, 811, 837, 546, 555, 771, 637, 948, 847, 850, 733, 850, 782, 710, 682, 812, 764, 1128, 764, 737, 692, 543, 689, 543, 867, 711,
        711, 668, 699, 588, 699, 664, 422, 699, 712, 342, 403, 671, 342, 1058, 712, 687, 699, 699, 497, 593, 456, 712, 650, 979, 669, 651, 597, 711, 543, 711, 867,
    ];

    /// <summary>Pixels.</summary>
    public static double WidthOf(string text, double size, bool bold = false)
    {
        var table = bold ? Bold : Regular;
        var sum = 0;
        foreach (var rune in text.EnumerateRunes()) sum += rune.Value is >= ' ' and <= '~' ? table[rune.Value - ' '] : WidthOf(rune);
        return sum * size / 1000;
    }

    private static int WidthOf(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        System.Globalization.UnicodeCategory.NonSpacingMark or System.Globalization.UnicodeCategory.Format or System.Globalization.UnicodeCategory.EnclosingMark => 0,
        _ => rune.Value >= 0x2E80 ? 1000 : 690,
    };
}
