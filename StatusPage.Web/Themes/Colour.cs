using System.Globalization;

namespace StatusPage.Web.Themes;

/// <summary>A colour of a theme, as #rgb or #rrggbb.</summary>
public readonly record struct Colour(byte Red, byte Green, byte Blue)
{
    public static Colour? Parse(string? text)
    {
        if (text is not ['#', .. var digits] || digits.Length is not (3 or 6) || !digits.All(char.IsAsciiHexDigit))
            return null;
        if (digits.Length == 3)
            digits = string.Concat(digits.Select(digit => $"{digit}{digit}"));
        var number = int.Parse(digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        return new((byte)(number >> 16), (byte)(number >> 8), (byte)number);
    }

    /// <summary>From 1 to 21: WCAG 2.2, definition of contrast ratio (www.w3.org/TR/WCAG22/#dfn-contrast-ratio).</summary>
    public static double Contrast(Colour one, Colour other)
    {
        var (light, dark) = one.Luminance > other.Luminance ? (one, other) : (other, one);
        return (light.Luminance + 0.05) / (dark.Luminance + 0.05);
    }

    /// <summary>As CSS's color-mix(in srgb, …) mixes.</summary>
    /// <param name="percent">How much of this one, from 0 to 100.</param>
    public Colour Over(Colour ground, double percent)
    {
        return new(Mix(Red, ground.Red), Mix(Green, ground.Green), Mix(Blue, ground.Blue));

        byte Mix(byte top, byte bottom) => (byte)Math.Round(top * percent / 100 + bottom * (100 - percent) / 100);
    }

    private double Luminance => 0.2126 * Linear(Red) + 0.7152 * Linear(Green) + 0.0722 * Linear(Blue);

    private static double Linear(byte channel)
    {
        var share = channel / 255.0;
        return share <= 0.04045 ? share / 12.92 : Math.Pow((share + 0.055) / 1.055, 2.4);
    }

    public override string ToString() => $"#{Red:x2}{Green:x2}{Blue:x2}";
}
