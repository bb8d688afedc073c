namespace StatusPage.Domain.Brands;

/// <summary>What a page has of its owner's brand, over the theme that it wears. Pictures are files that are named by their content.</summary>
/// <param name="Accent">#rrggbb, for links and buttons; null: the theme's.</param>
/// <param name="DarkAccent">The same for readers in the dark; null: the nearest to <paramref name="Accent"/> that can be read there.</param>
/// <param name="Logo">Stands in place of the page's name.</param>
/// <param name="DarkLogo">The logo for readers in the dark; null: the same.</param>
/// <param name="Icon">A square picture for tabs, home screens, badges and links that are shared.</param>
public sealed record Brand(string? Accent, string? DarkAccent, string? Logo, string? DarkLogo, string? Icon)
{
    public const int MaxFileLength = 60;

    public static readonly Brand None = new(null, null, null, null, null);

    public IEnumerable<string> Files => new[] { Logo, DarkLogo, Icon }.OfType<string>();
}
