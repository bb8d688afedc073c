namespace StatusPage.Web.Themes;

/// <summary>
/// Whether a colour can be the accent of a palette: words of links and buttons need 4.5 to 1 (WCAG 2.2, 1.4.3), and marks on soft areas 3 to 1 (1.4.11). The
/// script brand.js says the same while a colour is chosen.
/// </summary>
public static class Accents
{
    private static readonly Colour Black = new(0, 0, 0),
        White = new(255, 255, 255);

    /// <summary>A button has the background's colour for its words, so one pair is both.</summary>
    public static double ContrastOf(Colour accent, Palette palette) => Colour.Contrast(accent, palette["bg"]);

    public static bool Fits(Colour accent, Palette palette) =>
        ContrastOf(accent, palette) >= Legibility.Text && Colour.Contrast(accent, palette["soft"]) >= Legibility.Marks;

    /// <summary>The same hue, as much darker on a light background, or lighter on a dark one, as it takes.</summary>
    public static Colour Nearest(Colour accent, Palette palette)
    {
        var goal = Colour.Contrast(Black, palette["bg"]) > Colour.Contrast(White, palette["bg"]) ? Black : White;
        for (var share = 0; share < 100; share++)
            if (goal.Over(accent, share) is var near && Fits(near, palette))
                return near;
        return goal;
    }
}
