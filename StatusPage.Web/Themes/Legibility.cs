using System.Globalization;

namespace StatusPage.Web.Themes;

/// <summary>
/// Whether a palette can be read: WCAG 2.2, 1.4.3 for text and 1.4.11 for marks. A palette that cannot is reported and not refused; the taste is the
/// owner's.
/// </summary>
public static class Legibility
{
    public const double Text = 4.5;
    public const double Marks = 3;

    /// <summary>Every pair that stands on the page, with its contrast.</summary>
    public static IEnumerable<(string What, double Contrast, bool IsText)> Of(Palette palette)
    {
        var (bg, text, muted) = (palette["bg"], palette["text"], palette["muted"]);
        foreach (var name in (string[])["text", "muted", "accent", .. Tokens.States])
            yield return ($"{name} on bg", Colour.Contrast(palette[name], bg), true);
        yield return ("text on soft", Colour.Contrast(text, palette["soft"]), true);
        yield return ("muted on soft", Colour.Contrast(muted, palette["soft"]), true);
        // A button's words.
        yield return ("bg on accent", Colour.Contrast(bg, palette["accent"]), true);
        foreach (var state in Tokens.States)
        {
            var band = palette[state].Over(bg, palette.Tint);
            yield return ($"text on the band of {state}", Colour.Contrast(text, band), true);
            yield return ($"muted on the band of {state}", Colour.Contrast(muted, band), true);
            yield return ($"the icon on the band of {state}", Colour.Contrast(palette[state], band), false);
        }
        yield return ("bar on bg", Colour.Contrast(palette["bar"], bg), false);
    }

    /// <param name="scheme">light or dark.</param>
    public static IEnumerable<string> Warnings(string scheme, Palette palette) =>
        from pair in Of(palette)
        let least = pair.IsText ? Text : Marks
        where pair.Contrast < least
        select string.Create(
            CultureInfo.InvariantCulture,
            $"{scheme}: {pair.What} has a contrast of {pair.Contrast:0.0} to 1; {least} to 1 is needed to be read by everybody."
        );
}
