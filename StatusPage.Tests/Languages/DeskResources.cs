using System.Xml.Linq;
using StatusPage.Domain.Languages;
using StatusPage.Tests.Host;
using StatusPage.Web.Languages;

namespace StatusPage.Tests.Languages;

/// <summary>Writes the resources of the desk as the source needs them: English as it stands there; what nobody says any more leaves every language.</summary>
internal static class DeskResources
{
    public static void Write(IReadOnlyList<string> keys)
    {
        foreach (var language in Language.All)
        {
            var file = Path.Combine(Source.Root, "StatusPage.Web", "Languages", language == Language.English ? "Desk.resx" : $"Desk.{language.Code}.resx");
            var document = XDocument.Load(file);
            var root = document.Root!;
            var texts = root.Elements("data")
                .ToDictionary(data => data.Attribute("name")!.Value, data => data.Element("value")!.Value, StringComparer.Ordinal);
            root.Elements("data").Remove();
            foreach (var key in keys.Where(key => language == Language.English || texts.ContainsKey(Words.NameInDesk(key))))
                root.Add(
                    new XElement(
                        "data",
                        new XAttribute("name", Words.NameInDesk(key)),
                        new XAttribute(XNamespace.Xml + "space", "preserve"),
                        new XElement("value", language == Language.English ? key : texts[Words.NameInDesk(key)])
                    )
                );
            File.WriteAllText(file, document.Declaration + "\n" + string.Join('\n', Lines(root)) + "\n");
        }
    }

    /// <summary>A text, a line.</summary>
    private static IEnumerable<string> Lines(XElement root) =>
        ["<root>", .. root.Elements().Select(element => "  " + element.ToString(SaveOptions.DisableFormatting)), "</root>"];
}
