using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace StatusPage.Web.Themes;

/// <summary>The colours of one scheme, light or dark.</summary>
public sealed class Palette(IReadOnlyDictionary<string, Colour> colours, double tint)
{
    public IReadOnlyDictionary<string, Colour> Colours { get; } = colours;

    /// <summary>How much of a state's colour the band has, in per cent.</summary>
    public double Tint { get; } = tint;

    public Colour this[string token] => Colours[token];

    public Palette With(string token, Colour colour) => new(new Dictionary<string, Colour>(Colours, StringComparer.Ordinal) { [token] = colour }, Tint);

    internal void WriteTo(StringBuilder css)
    {
        foreach (var (name, colour) in Colours)
            css.Append(CultureInfo.InvariantCulture, $"--{name}:{colour};");
        css.Append(CultureInfo.InvariantCulture, $"--tint:{Tint}%;");
    }
}

/// <summary>The design tokens: which there are, and what a style sheet sees of them (--bg, --size, …).</summary>
internal static partial class Tokens
{
    public const string Tint = "tint";

    /// <summary>The colours of the states' names and marks.</summary>
    public static readonly string[] States = ["operational", "degraded_performance", "partial_outage", "major_outage", "under_maintenance"];

    public static readonly string[] Colours = ["bg", "text", "muted", "line", "soft", "accent", .. States, "bar", "unseen"];

    /// <summary>Colours of mails, which cannot use the style sheet's. By default each is the page's colour of the second name.</summary>
    public static readonly (string Name, string Token)[] Mail =
    [
        ("background", "bg"),
        ("text", "text"),
        ("muted", "muted"),
        ("line", "line"),
        ("accent", "accent"),
        ("on_accent", "bg"),
    ];

    private static readonly string[] Lengths = ["size", "small", "title", "heading", "banner", "width", "radius", "focus"];

    public static readonly string[] Measures = ["font", "leading", .. Lengths];

    /// <summary>How a measure must be given; null when it is right.</summary>
    public static string? WrongMeasure(string name, string value) =>
        name switch
        {
            "font" => value.Split(',') is { Length: <= MostFonts } fonts && Array.TrueForAll(fonts, font => Font().IsMatch(font.Trim()))
                ? null
                : "names of fonts with commas between, such as Inter, system-ui, sans-serif",
            "leading" => Number().IsMatch(value) ? null : "a number such as 1.5",
            _ => Length().IsMatch(value) ? null : "a length such as 16px or 1rem",
        };

    public static string ToCss(IReadOnlyDictionary<string, string> measures, Palette light, Palette dark)
    {
        var css = new StringBuilder(":root{");
        foreach (var (name, value) in measures)
            css.Append(CultureInfo.InvariantCulture, $"--{name}:{value};");
        light.WriteTo(css);
        // On paper it is always light.
        css.Append("}\n@media screen and (prefers-color-scheme:dark){:root{");
        dark.WriteTo(css);
        return css.Append("}}\n").ToString();
    }

    private const int MostFonts = 21;

    [GeneratedRegex("""^("[\w .-]{1,60}"|'[\w .-]{1,60}'|[A-Za-z-][\w -]{0,60})\z""", RegexOptions.NonBacktracking)]
    private static partial Regex Font();

    [GeneratedRegex(@"^[0-9](\.[0-9]{1,3})?\z", RegexOptions.NonBacktracking)]
    private static partial Regex Number();

    [GeneratedRegex(@"^[0-9]{1,4}(\.[0-9]{1,4})?(px|rem|em)\z", RegexOptions.NonBacktracking)]
    private static partial Regex Length();
}
