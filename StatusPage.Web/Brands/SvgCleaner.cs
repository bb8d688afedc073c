using System.Globalization;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using StatusPage.Domain;
using StatusPage.Domain.Brands;
using StatusPage.Web.Themes;

namespace StatusPage.Web.Brands;

/// <summary>
/// Makes of an uploaded SVG a picture in which nothing acts or loads: only elements that draw are kept. It is shown as an image alone, in which browsers run
/// nothing anyway; this is the second lock.
/// </summary>
public static class SvgCleaner
{
    private const int MostElements = 10_000;
    private const int Deepest = 60;

    /// <summary>Elements that repeat others. They could repeat each other, twice as often with each step.</summary>
    private const int MostUses = 100;

    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg",
        XLink = "http://www.w3.org/1999/xlink";

    private static readonly HashSet<string> Drawing = new(StringComparer.Ordinal)
    {
        "svg",
        "g",
        "defs",
        "symbol",
        "use",
        "path",
        "rect",
        "circle",
        "ellipse",
        "line",
        "polyline",
        "polygon",
        "text",
        "tspan",
        "textPath",
        "title",
        "desc",
        "linearGradient",
        "radialGradient",
        "stop",
        "clipPath",
        "mask",
        "pattern",
        "marker",
        "style",
        "filter",
        "feBlend",
        "feColorMatrix",
        "feComponentTransfer",
        "feComposite",
        "feDropShadow",
        "feFlood",
        "feFuncA",
        "feFuncB",
        "feFuncG",
        "feFuncR",
        "feGaussianBlur",
        "feMerge",
        "feMergeNode",
        "feMorphology",
        "feOffset",
        "feTile",
    };

    /// <summary>What drawing programs write for themselves; nobody misses it.</summary>
    private static readonly HashSet<string> Unseen = new(StringComparer.Ordinal) { "metadata", "namedview" };

    /// <summary>Paint that may hold paint.</summary>
    private static readonly HashSet<string> Paint = new(StringComparer.Ordinal) { "pattern", "mask", "marker" };

    /// <returns>Null for anything but an SVG. Removed: what was taken out that somebody may miss.</returns>
    /// <exception cref="RuleViolation">An SVG that cannot be cleaned.</exception>
    public static (byte[] Bytes, (int Width, int Height) Size, IReadOnlyList<string> Removed)? Clean(byte[] bytes, string field)
    {
        if (Read(bytes, field) is not { } root)
            return null;
        var removed = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var element in root.DescendantsAndSelf().ToList())
            Clean(element, removed, field);
        CheckRepeats(root, field);
        var size = SizeOf(root) ?? throw new RuleViolation("The picture does not say how large it is. Give its <svg> a viewBox.", field);
        if (root.Attribute("viewBox") is null)
            root.SetAttributeValue("viewBox", $"0 0 {size.Width} {size.Height}");
        using var clean = new MemoryStream();
        using (var writer = XmlWriter.Create(clean, new() { OmitXmlDeclaration = true, Encoding = new UTF8Encoding(false) }))
            root.WriteTo(writer);
        return (clean.ToArray(), size, [.. removed]);
    }

    private static XElement? Read(byte[] bytes, string field)
    {
        // A document type is passed over unread, so no entity is known and none can grow.
        var settings = new XmlReaderSettings
        {
            DtdProcessing = DtdProcessing.Ignore,
            XmlResolver = null,
            IgnoreComments = true,
            IgnoreProcessingInstructions = true,
            MaxCharactersInDocument = BrandPicture.MaxBytes,
        };
        try
        {
            var elements = 0;
            using (var reader = XmlReader.Create(new MemoryStream(bytes), settings))
            {
                reader.MoveToContent();
                if (reader.NodeType != XmlNodeType.Element || reader.LocalName != "svg" || reader.NamespaceURI != Svg.NamespaceName)
                    return null;
                while (reader.Read())
                    if (reader.Depth > Deepest || (reader.NodeType == XmlNodeType.Element && ++elements > MostElements))
                        throw new RuleViolation($"The picture is too complicated: {MostElements:N0} elements, {Deepest} deep, are taken.", field);
            }
            using var again = XmlReader.Create(new MemoryStream(bytes), settings);
            return XDocument.Load(again, LoadOptions.PreserveWhitespace).Root;
        }
        catch (XmlException) when (bytes.AsSpan().IndexOf("<svg"u8) < 0)
        {
            return null;
        }
        catch (XmlException exception)
        {
            throw new RuleViolation($"The SVG cannot be read, line {exception.LineNumber}: {exception.Message.Split(" Line ")[0]}", field);
        }
    }

    private static void Clean(XElement element, SortedSet<string> removed, string field)
    {
        var name = element.Name.LocalName;
        if (element.Name == Svg + "image")
            throw new RuleViolation("There is a picture within the picture (<image>). Export the logo as paths, or upload it as a PNG.", field);
        // A link and a choice show what is in them.
        if (element.Name == Svg + "a" || element.Name == Svg + "switch")
        {
            element.Name = Svg + "g";
            element.SetAttributeValue("href", null);
            element.SetAttributeValue(XLink + "href", null);
        }
        else if (element.Name.Namespace != Svg || !Drawing.Contains(name))
        {
            if (element.Name.Namespace == Svg && !Unseen.Contains(name))
                removed.Add($"<{name}>");
            if (element.Parent is not null)
                element.Remove();
            return;
        }
        if (name == "style" && Picture.IsLoading(element.Value))
        {
            removed.Add("<style>");
            element.Remove();
            return;
        }
        foreach (var attribute in element.Attributes().ToList())
        {
            if (IsHarmless(attribute))
                continue;
            if (attribute.Name.Namespace == XNamespace.None || attribute.Name.Namespace == XLink)
                removed.Add(attribute.Name.LocalName);
            attribute.Remove();
        }
    }

    private static bool IsHarmless(XAttribute attribute)
    {
        var name = attribute.Name.LocalName;
        if (attribute.IsNamespaceDeclaration)
            return attribute.Value == Svg.NamespaceName || attribute.Value == XLink.NamespaceName;
        if (attribute.Name.Namespace == XLink || (attribute.Name.Namespace == XNamespace.None && name is "href" or "src"))
            return name == "href" && attribute.Value.StartsWith('#');
        if (attribute.Name.Namespace == XNamespace.Xml)
            return name is "space" or "lang";
        return attribute.Name.Namespace == XNamespace.None
            && !name.StartsWith("on", StringComparison.OrdinalIgnoreCase)
            && !Picture.IsLoading(attribute.Value);
    }

    /// <summary>What is repeated repeats nothing itself, and what paints is not painted so: drawing takes no longer than the file is long.</summary>
    private static void CheckRepeats(XElement root, string field)
    {
        var byId = root.DescendantsAndSelf().Where(element => element.Attribute("id") is not null).ToLookup(element => element.Attribute("id")!.Value);
        var uses = root.Descendants(Svg + "use").ToList();
        var paints = root.Descendants().Where(element => Paint.Contains(element.Name.LocalName)).ToList();
        var names = paints.Select(paint => paint.Attribute("id")?.Value).OfType<string>().ToList();
        var styles = root.Descendants(Svg + "style").Select(style => style.Value).ToList();
        if (
            uses.Count > MostUses
            || uses.SelectMany(use => byId[Target(use)]).Any(target => target.DescendantsAndSelf(Svg + "use").Any())
            || paints.Any(paint => paint.DescendantsAndSelf().Attributes().Any(attribute => names.Exists(name => Paints(attribute.Value, name))))
            || styles.Exists(style => names.Exists(name => Paints(style, name)))
        )
            throw new RuleViolation(
                "The picture repeats what repeats something itself. Export it with everything drawn out (“expand”, “flatten”).",
                field
            );

        static string Target(XElement use) => (use.Attribute("href") ?? use.Attribute(XLink + "href"))?.Value.TrimStart('#') ?? "";

        static bool Paints(string value, string name) =>
            value.Contains("url(", StringComparison.OrdinalIgnoreCase) && value.Contains($"#{name}", StringComparison.Ordinal);
    }

    private static (int Width, int Height)? SizeOf(XElement root)
    {
        var box = (root.Attribute("viewBox")?.Value ?? "").Split([' ', ',', '\t', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries);
        var (width, height) = box.Length == 4 ? (box[2], box[3]) : (root.Attribute("width")?.Value, root.Attribute("height")?.Value);
        return Number(width) is { } w && Number(height) is { } h ? (w, h) : null;

        static int? Number(string? text) =>
            double.TryParse(text?.Replace("px", "", StringComparison.Ordinal), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && number is > 0 and < 1e6
                ? (int)Math.Ceiling(number)
                : null;
    }
}
