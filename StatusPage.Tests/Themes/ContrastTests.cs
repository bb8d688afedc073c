using StatusPage.Web.Themes;

namespace StatusPage.Tests.Themes;

/// <summary>The colours of the built-in themes meet WCAG 2.2 AA, and AAA in the contrast theme.</summary>
public sealed class ContrastTests
{
    public static TheoryData<string> Names => ["default", "contrast", "compact"];

    private static (string Scheme, Palette Palette)[] PalettesOf(Theme theme) => [("light", theme.Light), ("dark", theme.Dark)];

    private static Theme Read(string name)
    {
        using var shelf = new ThemeShelf();
        return shelf.Open().Of(name);
    }

    [Fact]
    public void Three_themes_ship_and_none_gives_a_warning()
    {
        using var shelf = new ThemeShelf();
        var themes = shelf.Open();
        themes.Look(all: true);
        Assert.Equal(["default", "compact", "contrast"], themes.All.Select(state => state.Name));
        foreach (var state in themes.All)
            Assert.True(
                state.Trouble is null && state.Theme!.Warnings.Count == 0,
                $"{state.Name}: {state.Trouble} {string.Join(' ', state.Theme?.Warnings ?? [])}"
            );
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Text_has_4_5_to_1_and_marks_have_3_to_1(string name)
    {
        foreach (var (scheme, palette) in PalettesOf(Read(name)))
        foreach (var (what, contrast, isText) in Legibility.Of(palette))
            Assert.True(contrast >= (isText ? 4.5 : 3), $"{name}, {scheme}: {what} {contrast:0.00}");
    }

    [Fact]
    public void The_theme_for_contrast_has_7_to_1_and_visible_borders()
    {
        foreach (var (scheme, palette) in PalettesOf(Read("contrast")))
        {
            foreach (var (what, contrast, isText) in Legibility.Of(palette))
                Assert.True(contrast >= (isText ? 7 : 3), $"{scheme}: {what} {contrast:0.00}");
            foreach (var mark in (string[])["line", "unseen", "bar"])
                Assert.True(Colour.Contrast(palette[mark], palette["bg"]) >= 3, $"{scheme}: {mark}");
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Mails_can_be_read_too(string name)
    {
        var theme = Read(name);
        var least = name == "contrast" ? 7 : 4.5;
        foreach (var colours in (IReadOnlyDictionary<string, string>[])[theme.EmailTokens, theme.DarkEmailTokens])
        {
            Assert.True(Of("text", "background") >= least && Of("muted", "background") >= least, name);
            Assert.True(Of("on_accent", "accent") >= least, name);

            double Of(string one, string other) => Colour.Contrast(Colour.Parse(colours[one])!.Value, Colour.Parse(colours[other])!.Value);
        }
    }

    [Theory]
    [InlineData("#000", "#ffffff", 21)]
    [InlineData("#777777", "#ffffff", 4.48)]
    [InlineData("#ff0000", "#ffffff", 4.0)]
    public void Contrast_is_counted_as_WCAG_does(string one, string other, double expected) =>
        Assert.Equal(expected, Colour.Contrast(Colour.Parse(one)!.Value, Colour.Parse(other)!.Value), 0.01);
}
