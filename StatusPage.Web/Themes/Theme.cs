using System.Text;
using Fluid;
using StatusPage.Domain.Brands;
using StatusPage.Domain.Snapshot;
using StatusPage.Web.Shared;
using StatusPage.Web.Snapshot;

namespace StatusPage.Web.Themes;

/// <summary>How a page and its mails look: a folder of themes, read as a whole. Immutable; a change on disk makes another.</summary>
public sealed record Theme
{
    private static readonly DocumentKind CssKind = new(
        "text/css; charset=utf-8",
        "public, max-age=31536000, immutable",
        [new("X-Content-Type-Options", "nosniff")]
    );

    /// <summary>The folder's name, by which a page chooses it.</summary>
    public required string Name { get; init; }

    /// <summary>The name for people.</summary>
    public required string Label { get; init; }
    public required string Description { get; init; }

    /// <summary>Whether it came with the program.</summary>
    public required bool Ships { get; init; }
    public required IReadOnlyDictionary<string, string> Measures { get; init; }
    public required Palette Light { get; init; }
    public required Palette Dark { get; init; }

    /// <summary>Rules that every theme that is built on this one begins with.</summary>
    public required string Rules { get; init; }
    public required string HeaderHtml { get; init; }
    public required string FooterHtml { get; init; }
    public required IReadOnlyList<ThemeLink> Links { get; init; }
    public required ThemeFile? Logo { get; init; }
    public required ThemeFile? DarkLogo { get; init; }
    public required ThemeFile? Favicon { get; init; }

    /// <summary>For home screens, which take no SVG.</summary>
    public ThemeFile? Touched => Favicon is { } icon && Picture.IsRaster(icon.Address) ? icon : null;

    /// <summary>For links that are shared, which take none either.</summary>
    public ThemeFile? Shared => Touched ?? (Logo is { } logo && Picture.IsRaster(logo.Address) ? logo : null);

    /// <summary>Colours for mails, which cannot use the style sheet's.</summary>
    public required IReadOnlyDictionary<string, string> EmailTokens { get; init; }

    /// <summary>The same for readers in the dark.</summary>
    public required IReadOnlyDictionary<string, string> DarkEmailTokens { get; init; }
    public required MailTemplates Mails { get; init; }

    /// <summary>Things that can be used but had better be changed.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>Names all that was read: another stamp, another look.</summary>
    public required string Stamp { get; init; }

    /// <summary>The rules that it is built on; empty for the theme that all are built on.</summary>
    private string Under { get; init; } = "";

    public string Css { get; private init; } = "";
    public string CssAddress { get; private init; } = "";

    /// <summary>What the page loads: the style sheet, and pictures if there are any.</summary>
    public IReadOnlyList<ThemeFile> Files { get; private init; } = [];

    /// <param name="ground">The rules it is built on; empty for the one that all are built on.</param>
    internal static Theme Finish(Theme theme, string ground)
    {
        var css = Tokens.ToCss(theme.Measures, theme.Light, theme.Dark) + ground + (ground.Length > 0 ? "\n" : "") + theme.Rules;
        var sheet = StyleFile("theme", css);
        return theme with
        {
            Under = ground,
            Css = css,
            CssAddress = sheet.Address,
            Files = [sheet, .. new[] { theme.Logo, theme.DarkLogo, theme.Favicon }.OfType<ThemeFile>().DistinctBy(file => file.Address)],
        };
    }

    /// <summary>The theme in the colour and with the pictures of a page's owner.</summary>
    internal Theme In(Brand brand, IReadOnlyList<PictureView> pictures)
    {
        var (light, dark) = (Coloured(Light, brand.Accent), Coloured(Dark, brand.DarkAccent ?? brand.Accent));
        return Finish(
            this with
            {
                Light = light,
                Dark = dark,
                EmailTokens = light == Light ? EmailTokens : Mailed(EmailTokens, light),
                DarkEmailTokens = dark == Dark ? DarkEmailTokens : Mailed(DarkEmailTokens, dark),
                Logo = Find(brand.Logo) ?? Logo,
                DarkLogo = brand.Logo is null ? DarkLogo : Find(brand.DarkLogo),
                Favicon = Find(brand.Icon) ?? Favicon,
                Stamp = Assets.AddressOf(Name, $"{Stamp}{brand}{pictures.Count}", "theme"),
            },
            Under
        );

        ThemeFile? Find(string? file) =>
            pictures.FirstOrDefault(picture => picture.File == file) is { } found ? Picture.Known(found.File, found.Bytes) : null;
    }

    /// <summary>In whatever theme the owner chooses later, the accent can be read.</summary>
    private static Palette Coloured(Palette palette, string? accent) =>
        Colour.Parse(accent) is { } colour ? palette.With("accent", Accents.Nearest(colour, palette)) : palette;

    private static Dictionary<string, string> Mailed(IReadOnlyDictionary<string, string> tokens, Palette palette) =>
        new(tokens) { ["accent"] = palette["accent"].ToString(), ["on_accent"] = palette["bg"].ToString() };

    internal static ThemeFile StyleFile(string name, string css) => new(Assets.AddressOf(name, css, "css"), CssKind, Encoding.UTF8.GetBytes(css));
}

/// <summary>A file that the page loads, at an address that names its content.</summary>
public sealed class ThemeFile(string address, DocumentKind kind, byte[] bytes)
{
    private readonly Lazy<RenderedDocument> _document = new(() => RenderedDocument.Of(kind, bytes, DateTimeOffset.UnixEpoch, null));

    public string Address => address;
    public DocumentKind Kind => kind;
    public byte[] Bytes => bytes;
    public RenderedDocument Document => _document.Value;
}

/// <summary>A link in the foot of the page.</summary>
public sealed record ThemeLink(string Text, string Url);

/// <param name="UpdateHtml">An incident update.</param>
/// <param name="NoticeHtml">A short notice with one button: a confirmation, for instance.</param>
public sealed record MailTemplates(IFluidTemplate UpdateHtml, IFluidTemplate UpdateText, IFluidTemplate NoticeHtml, IFluidTemplate NoticeText);
