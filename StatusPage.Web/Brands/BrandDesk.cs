using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Brands;
using StatusPage.Domain.Pages;
using StatusPage.Web.Data;
using StatusPage.Web.Shared;
using StatusPage.Web.Themes;

namespace StatusPage.Web.Brands;

/// <summary>One picture of the form: what was uploaded, or that it is taken out.</summary>
public sealed record PictureRequest(string Field, byte[]? Upload, bool IsTakenOut);

/// <summary>What an owner asks for.</summary>
/// <param name="Accent">Empty, like the dark one: none of the owner's.</param>
public sealed record BrandRequest(string? Accent, string? DarkAccent, PictureRequest Logo, PictureRequest DarkLogo, PictureRequest Icon);

/// <summary>Changes a page's brand: what is uploaded is checked by its content, and the colour by whether it can be read.</summary>
public sealed class BrandDesk(ChangeWriter writer, ThemeCatalog themes)
{
    /// <returns>What was taken out of the pictures that somebody may miss.</returns>
    public async Task<IReadOnlyList<string>> WearAsync(PageId id, BrandRequest asked, string actor, CancellationToken cancel)
    {
        var page = await writer.Db.Pages.FirstAsync(row => row.Id == id, cancel);
        var theme = themes.Of(page.Theme);
        var accent = Checked(asked.Accent, theme.Light, nameof(Brand.Accent));
        var dark = Checked(asked.DarkAccent, theme.Dark, nameof(Brand.DarkAccent));
        if (accent is null && dark is not null)
            throw new RuleViolation("Enter the colour for light backgrounds, too.", nameof(Brand.Accent));
        var removed = new List<string>();
        var added = new Dictionary<string, BrandPicture>(StringComparer.Ordinal);
        var before = page.Brand;
        var brand = new Brand(
            accent?.ToString(),
            dark?.ToString(),
            Picked("logo", asked.Logo, before.Logo),
            Picked("logo-dark", asked.DarkLogo, before.DarkLogo),
            Picked("icon", asked.Icon, before.Icon)
        );
        if (brand is { Logo: null, DarkLogo: not null })
            throw new RuleViolation("Choose a logo for light backgrounds, too.", nameof(Brand.Logo));
        var there = await writer.Db.BrandPictures.Where(row => row.PageId == id).Select(row => row.File).ToListAsync(cancel);
        writer.Db.AddRange(added.Values.Where(picture => !there.Contains(picture.File)));
        await writer
            .Db.BrandPictures.Where(row => row.PageId == id && !brand.Files.Contains(row.File) && !before.Files.Contains(row.File))
            .ExecuteDeleteAsync(cancel);
        page.Wear(brand, writer.Now);
        await writer.PublishAsync(id, new(actor, "page.branded", page.Name), cancel);
        return removed;

        string? Picked(string name, PictureRequest picture, string? worn)
        {
            if (picture.Upload is not { } bytes)
                return picture.IsTakenOut ? null : worn;
            var upload = BrandUpload.Check(bytes, picture.Field);
            if (name == "icon")
                upload = upload.AsIcon(picture.Field);
            removed.AddRange(upload.Removed);
            var file = Path.GetFileName(Assets.AddressOf(name, upload.Bytes, upload.Extension));
            added[file] = BrandPicture.Of(id, file, upload.Bytes, upload.Size, writer.Now);
            return file;
        }
    }

    /// <summary>A colour that can be read in a palette; null when none is asked for.</summary>
    private static Colour? Checked(string? typed, Palette palette, string field)
    {
        if (string.IsNullOrWhiteSpace(typed))
            return null;
        if (Colour.Parse(typed.Trim()) is not { } colour)
            throw new RuleViolation($"'{Text.Cut(typed.Trim(), 20)}' is no colour. Write one such as #1f4e8c.", field);
        return Accents.Fits(colour, palette)
            ? colour
            : throw new RuleViolation(
                string.Create(
                    System.Globalization.CultureInfo.InvariantCulture,
                    $"{colour} on {palette["bg"]} has a contrast of {Accents.ContrastOf(colour, palette):0.0} to 1. Letters need {Legibility.Text} to 1 "
                        + $"to be read by everybody. The nearest that has it is {Accents.Nearest(colour, palette)}."
                ),
                field
            );
    }
}
