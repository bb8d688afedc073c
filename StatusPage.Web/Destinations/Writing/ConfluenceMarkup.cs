using System.Text;
using Markdig.Extensions.Tables;
using Markdig.Extensions.TaskLists;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;
using StatusPage.Domain.Destinations;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Destinations.Writing;

/// <summary>
/// Confluence's storage format: well-formed XHTML of a few elements. What it has no element for stays as text, so that no word is lost: a quote keeps its
/// mark, an image becomes a link, a line that was broken becomes a paragraph.
/// </summary>
public sealed class ConfluenceMarkup
{
    /// <summary>Elements within elements, inside a paragraph.</summary>
    private const int DeepestMarks = 16;

    private readonly StringBuilder _xml = new();
    private IReadOnlyList<LinkReferenceDefinition> _unused = [];
    private int _quotes;
    private int _depth;
    private bool _isInLink;

    /// <param name="parts">Each is read by itself, so that what one leaves open ends with it.</param>
    public static string Write(IEnumerable<string> parts, DestinationRef reference)
    {
        var markup = new ConfluenceMarkup();
        foreach (var document in parts.Select(ExportedMarkdown.Read))
        {
            markup._unused = Definitions.Unused(document);
            markup.Blocks(document);
        }
        markup._xml.Append("<p>");
        markup.Text(reference.Marker);
        // Entities may have brought what XML forbids.
        return StatusPage.Domain.Text.Shown(markup._xml.Append("</p>").ToString());
    }

    private void Blocks(ContainerBlock container)
    {
        foreach (var block in container)
            Write(block);
    }

    private void Write(Block block)
    {
        switch (block)
        {
            case HeadingBlock heading:
                Element($"h{Math.Clamp(heading.Level, 2, 4)}", () => Inlines(heading.Inline));
                break;
            case ListBlock list when list.OfType<ListItemBlock>().All(item => ExportedMarkdown.TaskOf(item) is not null):
                Element("ac:task-list", () => Each(list, Task));
                break;
            case ListBlock list:
                Element(list.IsOrdered ? "ol" : "ul", () => Each(list, item => Element("li", () => Item(item))));
                break;
            case QuoteBlock quote:
                _quotes++;
                Blocks(quote);
                _quotes--;
                break;
            case Table table:
                Write(table);
                break;
            case CodeBlock code:
                Code(ExportedMarkdown.LinesOf(code));
                break;
            case ThematicBreakBlock:
                _xml.Append("<p>* * *</p>");
                break;
            case LinkReferenceDefinitionGroup:
                foreach (var definition in _unused)
                    Element("p", () => Text(ExportedMarkdown.Typed(definition)));
                break;
            case BlankLineBlock:
                break;
            case ContainerBlock other:
                Blocks(other);
                break;
            case LeafBlock leaf:
                Paragraphs(leaf);
                break;
        }
    }

    private static void Each(ListBlock list, Action<ListItemBlock> write)
    {
        foreach (var item in list.OfType<ListItemBlock>())
            write(item);
    }

    private void Task(ListItemBlock item) =>
        Element(
            "ac:task",
            () =>
            {
                _xml.Append("<ac:task-status>").Append(ExportedMarkdown.TaskOf(item) == true ? "complete" : "incomplete").Append("</ac:task-status>");
                Element("ac:task-body", () => Item(item));
            }
        );

    /// <summary>The first paragraph stands in the item itself, unless a line of it was broken.</summary>
    private void Item(ListItemBlock item)
    {
        for (var i = 0; i < item.Count; i++)
            if (i == 0 && item[0] is ParagraphBlock paragraph && !HasBreak(paragraph))
                Inlines(paragraph.Inline);
            else
                Write(item[i]);
    }

    private static bool HasBreak(LeafBlock paragraph) => paragraph.Inline?.Any(inline => inline is LineBreakInline or BoundedMarkdown.PlainInline) == true;

    private void Write(Table table) =>
        Element(
            "table",
            () =>
                Element(
                    "tbody",
                    () =>
                    {
                        foreach (var row in ExportedMarkdown.RowsOf(table))
                            Element(
                                "tr",
                                () =>
                                {
                                    foreach (var cell in row.OfType<TableCell>())
                                        Element(row.IsHeader ? "th" : "td", () => Cell(cell));
                                }
                            );
                    }
                )
        );

    private void Cell(TableCell cell)
    {
        if (cell is [ParagraphBlock only] && !HasBreak(only))
            Inlines(only.Inline);
        else
            Blocks(cell);
    }

    private void Code(string text)
    {
        _xml.Append("<ac:structured-macro ac:name=\"code\"><ac:plain-text-body><![CDATA[");
        _xml.Append(text.Replace("]]>", "]]]]><![CDATA[>", StringComparison.Ordinal));
        _xml.Append("]]></ac:plain-text-body></ac:structured-macro>");
    }

    /// <summary>A paragraph for each of its lines, as there is no element for a line.</summary>
    private void Paragraphs(LeafBlock leaf)
    {
        Begin();
        for (var inline = leaf.Inline?.FirstChild; inline is not null; inline = inline.NextSibling)
        {
            if (inline is LineBreakInline)
            {
                _xml.Append("</p>");
                Begin();
            }
            else if (inline is BoundedMarkdown.PlainInline plain)
            {
                var isFirst = true;
                foreach (var line in plain.Text.AsSpan().EnumerateLines())
                {
                    if (!isFirst)
                    {
                        _xml.Append("</p>");
                        Begin();
                    }
                    isFirst = false;
                    Text(line);
                }
            }
            else
                Write(inline);
        }
        _xml.Append("</p>");

        void Begin()
        {
            _xml.Append("<p>");
            for (var quote = 0; quote < _quotes; quote++)
                _xml.Append("&gt; ");
        }
    }

    private void Inlines(ContainerInline? container)
    {
        for (var inline = container?.FirstChild; inline is not null; inline = inline.NextSibling)
            Write(inline);
    }

    private void Write(Inline inline)
    {
        switch (inline)
        {
            case LiteralInline { PreviousSibling: TaskList } literal:
                Text(literal.Content.AsSpan().TrimStart());
                break;
            case LiteralInline literal:
                Text(literal.Content.AsSpan());
                break;
            case BoundedMarkdown.PlainInline plain:
                Text(plain.Text.ReplaceLineEndings(" "));
                break;
            case LineBreakInline:
                _xml.Append(' ');
                break;
            case CodeInline code:
                Element("code", () => Text(code.Content));
                break;
            case HtmlEntityInline entity:
                Text(entity.Transcoded.AsSpan());
                break;
            case TaskList { Parent.ParentBlock.Parent: ListItemBlock { Parent: ListBlock list } } task:
                // The element of the task says it, unless the list is a mixed one.
                if (!list.OfType<ListItemBlock>().All(item => ExportedMarkdown.TaskOf(item) is not null))
                    Text(task.Checked ? "[x] " : "[ ] ");
                break;
            case AutolinkInline link:
                Link(link.IsEmail ? $"mailto:{link.Url}" : link.Url, () => Text(link.Url));
                break;
            case LinkInline { IsImage: true } image:
                var url = ExportedMarkdown.UrlOf(image);
                Link(url, () => Text(ExportedMarkdown.WordsOf(image) is { Length: > 0 } words ? words : url));
                Text(ExportedMarkdown.TitleOf(image));
                break;
            case LinkInline link:
                Link(ExportedMarkdown.UrlOf(link), () => Inlines(link));
                Text(ExportedMarkdown.TitleOf(link));
                break;
            case EmphasisInline { DelimiterChar: '*' or '_' } emphasis:
                Inside(emphasis.DelimiterCount == 1 ? "em" : "strong", emphasis);
                break;
            case EmphasisInline emphasis:
                Text(ExportedMarkdown.Typed(emphasis));
                Inlines(emphasis);
                Text(ExportedMarkdown.Typed(emphasis));
                break;
            case DelimiterInline delimiter:
                Text(delimiter.ToLiteral());
                Inlines(delimiter);
                break;
            case ContainerInline other:
                Inlines(other);
                break;
        }
    }

    private void Inside(string name, ContainerInline content)
    {
        if (_depth >= DeepestMarks)
        {
            Inlines(content);
            return;
        }
        _depth++;
        Element(name, () => Inlines(content));
        _depth--;
    }

    /// <summary>What is no address of the web stays beside the words, as text.</summary>
    private void Link(string url, Action words)
    {
        // A link holds no other, such as that of a picture.
        if (_isInLink || ExportedMarkdown.AddressOf(url) is not { } address)
        {
            words();
            if (url.Length > 0)
                Text($" ({url})");
            return;
        }
        _xml.Append("<a href=\"");
        Text(address);
        _xml.Append("\">");
        _isInLink = true;
        words();
        _isInLink = false;
        _xml.Append("</a>");
    }

    private void Element(string name, Action content)
    {
        _xml.Append('<').Append(name).Append('>');
        content();
        _xml.Append("</").Append(name).Append('>');
    }

    private void Text(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
            _ = c switch
            {
                '&' => _xml.Append("&amp;"),
                '<' => _xml.Append("&lt;"),
                '>' => _xml.Append("&gt;"),
                '"' => _xml.Append("&quot;"),
                _ => _xml.Append(c),
            };
    }
}
