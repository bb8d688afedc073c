using System.Xml;
using StatusPage.Web.Shared;
using StatusPage.Web.Snapshot;

namespace StatusPage.Web.Themes;

/// <summary>A logo or icon of a theme, known by its content and not by its name.</summary>
public static class Picture
{
    private const string Forever = "public, max-age=31536000, immutable";

    /// <summary>SVG elements that run, load or bring HTML with them.</summary>
    private static readonly HashSet<string> Acting = new(StringComparer.OrdinalIgnoreCase)
    {
        "script",
        "foreignObject",
        "iframe",
        "embed",
        "object",
        "audio",
        "video",
        "image",
        "feImage",
        "animate",
        "animateMotion",
        "animateTransform",
        "set",
        "handler",
        "a",
    };

    /// <summary>Nothing in it acts, should it be opened by itself.</summary>
    private static DocumentKind Kind(string type) =>
        new(
            type,
            Forever,
            [
                new("X-Content-Type-Options", "nosniff"),
                new("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; sandbox"),
                // Mails show it.
                SecurityHeaders.LoadedAnywhere,
            ]
        );

    private static readonly DocumentKind Png = Kind("image/png"),
        Jpeg = Kind("image/jpeg"),
        Webp = Kind("image/webp"),
        Ico = Kind("image/x-icon"),
        Svg = Kind("image/svg+xml");

    /// <param name="what">The beginning of its address, for instance logo.</param>
    public static ThemeFile Read(string what, byte[] bytes, string file)
    {
        var span = bytes.AsSpan();
        if (bytes is [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, ..])
            return Of(what, bytes, Png, "png");
        if (bytes is [0xff, 0xd8, 0xff, ..])
            return Of(what, bytes, Jpeg, "jpg");
        if (span.StartsWith("RIFF"u8) && span.Length > 12 && span[8..].StartsWith("WEBP"u8))
            return Of(what, bytes, Webp, "webp");
        if (bytes is [0, 0, 1, 0, _, 0, ..])
            return Of(what, bytes, Ico, "ico");
        CheckSvg(bytes, file);
        return Of(what, bytes, Svg, "svg");
    }

    /// <summary>A picture that was checked when it was uploaded.</summary>
    public static ThemeFile Known(string file, byte[] bytes) => new("/assets/" + file, KindOf(file), bytes);

    /// <summary>Whether mails and home screens show it; they take no SVG.</summary>
    public static bool IsRaster(string address) =>
        address.EndsWith(".png", StringComparison.Ordinal) || address.EndsWith(".jpg", StringComparison.Ordinal);

    private static DocumentKind KindOf(string file) =>
        Path.GetExtension(file) switch
        {
            ".png" => Png,
            ".jpg" => Jpeg,
            ".webp" => Webp,
            _ => Svg,
        };

    private static ThemeFile Of(string what, byte[] bytes, DocumentKind kind, string extension) =>
        new(Assets.AddressOf(what, bytes, extension), kind, bytes);

    private static void CheckSvg(byte[] bytes, string file)
    {
        try
        {
            using var reader = XmlReader.Create(
                new MemoryStream(bytes),
                new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null }
            );
            var line = (IXmlLineInfo)reader;
            reader.MoveToContent();
            if (reader.NodeType != XmlNodeType.Element || reader is not { LocalName: "svg", NamespaceURI: "http://www.w3.org/2000/svg" })
                throw new ThemeException(file, null, "this is no PNG, JPEG, WebP, ICO or SVG picture.");
            do
            {
                if (reader.NodeType == XmlNodeType.ProcessingInstruction)
                    throw new ThemeException(file, line.LineNumber, $"<?{reader.Name}?> is not taken in a picture.");
                if (reader.NodeType is XmlNodeType.Text or XmlNodeType.CDATA && IsLoading(reader.Value))
                    throw new ThemeException(file, line.LineNumber, "styles in a picture load nothing. Take url() and @import out.");
                if (reader.NodeType != XmlNodeType.Element)
                    continue;
                var element = reader.LocalName;
                if (Acting.Contains(element))
                    throw new ThemeException(file, line.LineNumber, $"<{element}> is not taken in a picture.");
                while (reader.MoveToNextAttribute())
                    if (!IsHarmless(reader.LocalName, reader.Value))
                        throw new ThemeException(file, line.LineNumber, $"{reader.Name} of <{element}> runs or loads something. Take it out.");
            } while (reader.Read());
        }
        catch (XmlException exception)
        {
            throw new ThemeException(
                file,
                exception.LineNumber > 0 && bytes.AsSpan().IndexOf("<svg"u8) >= 0 ? exception.LineNumber : null,
                bytes.AsSpan().IndexOf("<svg"u8) >= 0 ? exception.Message.Split(" Line ")[0] : "this is no PNG, JPEG, WebP, ICO or SVG picture."
            );
        }
    }

    private static bool IsHarmless(string name, string value) =>
        !name.StartsWith("on", StringComparison.OrdinalIgnoreCase) && (name is not ("href" or "src") || value.StartsWith('#')) && !IsLoading(value);

    /// <summary>An escape could spell what is looked for.</summary>
    internal static bool IsLoading(string value)
    {
        if (
            value.Contains("@import", StringComparison.OrdinalIgnoreCase)
            || value.Contains("javascript:", StringComparison.OrdinalIgnoreCase)
            || value.Contains('\\', StringComparison.Ordinal)
        )
            return true;
        for (
            var at = value.IndexOf("url(", StringComparison.OrdinalIgnoreCase);
            at >= 0;
            at = value.IndexOf("url(", at + 4, StringComparison.OrdinalIgnoreCase)
        )
            if (!value[(at + 4)..].TrimStart(' ', '"', '\'').StartsWith('#'))
                return true;
        return false;
    }
}
