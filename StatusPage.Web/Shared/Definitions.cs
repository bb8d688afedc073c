using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace StatusPage.Web.Shared;

internal static class Definitions
{
    /// <summary>
    /// Definitions of addresses to which nothing refers. Markdown shows none, but their writer may have meant a line of words:
    /// "[Ticket]: https://acme.example/1".
    /// </summary>
    public static IReadOnlyList<LinkReferenceDefinition> Unused(MarkdownDocument document)
    {
        if (document.OfType<LinkReferenceDefinitionGroup>().FirstOrDefault() is not { } group)
            return [];
        var used = document.Descendants<LinkInline>().Select(link => link.Reference).ToHashSet();
        return [.. group.OfType<LinkReferenceDefinition>().Where(definition => !used.Contains(definition))];
    }
}
