using System.Text;
using StatusPage.Domain.Snapshot;

namespace StatusPage.Web.Public.Badges;

/// <summary>The owner's icon in a badge. A badge is one file, so the icon lies in it; a large one would make every badge large, so it is left out.</summary>
public static class BadgeIcon
{
    /// <summary>Bytes.</summary>
    public const int Most = 12 * 1024;

    /// <summary>As a data: address; null without one.</summary>
    public static string? Of(StatusSnapshot snapshot) =>
        Find(snapshot) is { } icon ? $"data:image/{TypeOf(icon.File)};base64,{Convert.ToBase64String(icon.Bytes)}" : null;

    /// <summary>An icon that is an SVG, which is what programs that draw badges themselves take.</summary>
    public static string? SvgOf(StatusSnapshot snapshot) =>
        Find(snapshot) is { } icon && icon.File.EndsWith(".svg", StringComparison.Ordinal) ? Encoding.UTF8.GetString(icon.Bytes) : null;

    private static PictureView? Find(StatusSnapshot snapshot) =>
        snapshot.Pictures.FirstOrDefault(picture => picture.File == snapshot.Brand.Icon && picture.Bytes.Length <= Most);

    private static string TypeOf(string file) =>
        Path.GetExtension(file) switch
        {
            ".svg" => "svg+xml",
            ".jpg" => "jpeg",
            var other => other[1..],
        };
}
