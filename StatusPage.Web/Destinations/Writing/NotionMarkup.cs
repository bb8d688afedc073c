using System.Buffers;
using System.Globalization;
using System.Text;
using Markdig.Extensions.Tables;
using Markdig.Extensions.TaskLists;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;
using StatusPage.Domain.Destinations;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Destinations.Writing;

/// <summary>Notion's own Markdown: marks are escaped outside code, blocks nest by tabs, there are four headings, and tables are tags.</summary>
public sealed class NotionMarkup
{
    /// <summary>A line that is broken within a block.</summary>
    private const string Break = "<br>";

    private const int LowestHeading = 4;
    private const int DeepestMarks = 16;

    private static readonly SearchValues<char> Escaped = SearchValues.Create("\\*~`$[]<>{}|^");

    private readonly StringBuilder _text = new();
    private IReadOnlyList<LinkReferenceDefinition> _unused = [];
    private int _nesting;
    private int _depth;
    private bool _isInLink;

    /// <param name="parts">Each is read by itself, so that what one leaves open ends with it.</param>
    public static string Write(IEnumerable<string> parts, DestinationRef reference)
    {
        var markup = new NotionMarkup();
        foreach (var document in parts.Select(ExportedMarkdown.Read))
        {
            markup._unused = Definitions.Unused(document);
            markup.Blocks(document);
        }
        // Entities may have brought what was taken out before.
        return StatusPage.Domain.Text.Shown(markup._text.Append(reference.Marker).ToString());
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
                Line($"{new string('#', Math.Min(heading.Level, LowestHeading))} {InLine(heading)}");
                break;
            case ListBlock list:
                Write(list);
                break;
            case QuoteBlock quote:
                Line("> " + string.Join(Break, quote.Descendants<LeafBlock>().Select(Words)));
                break;
            case Table table:
                Write(table);
                break;
            case CodeBlock code:
                Write(code);
                break;
            case ThematicBreakBlock:
                Line("---");
                break;
            case LinkReferenceDefinitionGroup:
                foreach (var definition in _unused)
                    Line(Plain(Escape(ExportedMarkdown.Typed(definition))));
                break;
            case BlankLineBlock:
                break;
            case ContainerBlock other:
                Blocks(other);
                break;
            case ParagraphBlock { Inline: { FirstChild: LinkInline { IsImage: true } image } } only
                when only.Inline.FirstChild == only.Inline.LastChild && ExportedMarkdown.AddressOf(ExportedMarkdown.UrlOf(image)) is { } url:
                Line($"![{Escape(ExportedMarkdown.WordsOf(image) + ExportedMarkdown.TitleOf(image))}]({Address(url)})");
                break;
            case LeafBlock leaf:
                Line(Plain(InLine(leaf)));
                break;
        }
    }

    private void Write(ListBlock list)
    {
        var number = int.TryParse(list.OrderedStart, NumberStyles.None, CultureInfo.InvariantCulture, out var first) ? first : 1;
        foreach (var item in list.OfType<ListItemBlock>())
        {
            var mark =
                ExportedMarkdown.TaskOf(item) is { } done ? $"- [{(done ? 'x' : ' ')}] "
                : list.IsOrdered ? string.Create(CultureInfo.InvariantCulture, $"{number++}. ")
                : "- ";
            Line(mark + (item.Count > 0 && item[0] is ParagraphBlock paragraph ? InLine(paragraph) : ""));
            _nesting++;
            for (var i = item.Count > 0 && item[0] is ParagraphBlock ? 1 : 0; i < item.Count; i++)
                Write(item[i]);
            _nesting--;
        }
    }

    private void Write(Table table)
    {
        var rows = ExportedMarkdown.RowsOf(table).ToList();
        Line(rows.Exists(row => row.IsHeader) ? "<table header-row=\"true\">" : "<table>");
        foreach (var row in rows)
        {
            Line("<tr>");
            foreach (var cell in row.OfType<TableCell>())
                Line($"<td>{string.Join(Break, cell.Descendants<LeafBlock>().Select(Words))}</td>");
            Line("</tr>");
        }
        Line("</table>");
    }

    /// <summary>Nothing in code is escaped, so its fence is longer than any in it.</summary>
    private void Write(CodeBlock code)
    {
        var text = ExportedMarkdown.LinesOf(code);
        var fence = new string('`', Math.Max(3, Longest(text, '`') + 1));
        var language = code is FencedCodeBlock { Info: { Length: > 0 } info } && CodeLanguage.WordsOf(code) is null ? info : "";
        Line(fence + language);
        foreach (var line in text.Split('\n'))
            Line(line);
        Line(fence);
    }

    private static string Words(LeafBlock leaf) =>
        leaf is CodeBlock code ? InCode(ExportedMarkdown.LinesOf(code).ReplaceLineEndings(" ")) : new NotionMarkup().InLine(leaf);

    private static int Longest(string text, char mark)
    {
        var (longest, here) = (0, 0);
        foreach (var c in text)
            longest = Math.Max(longest, here = c == mark ? here + 1 : 0);
        return longest;
    }

    private void Line(string text) => _text.Append('\t', _nesting).Append(text).Append('\n');

    /// <summary>A paragraph that begins like a heading or a list is none.</summary>
    private static string Plain(string text)
    {
        var digits = text.AsSpan().IndexOfAnyExceptInRange('0', '9');
        return text.StartsWith('#') || text.StartsWith("- ", StringComparison.Ordinal) || text.StartsWith("+ ", StringComparison.Ordinal) || text == "---"
                ? "\\" + text
            : digits > 0 && text.AsSpan(digits).StartsWith(". ") ? text.Insert(digits, "\\")
            : text;
    }

    private string InLine(LeafBlock leaf)
    {
        var line = new StringBuilder();
        Inlines(leaf.Inline, line);
        return line.ToString().Trim();
    }

    private void Inlines(ContainerInline? container, StringBuilder line)
    {
        for (var inline = container?.FirstChild; inline is not null; inline = inline.NextSibling)
            Write(inline, line);
    }

    private void Write(Inline inline, StringBuilder line)
    {
        switch (inline)
        {
            case LiteralInline literal:
                line.Append(Escape(literal.Content.ToString()));
                break;
            case BoundedMarkdown.PlainInline plain:
                line.AppendJoin(Break, plain.Text.ReplaceLineEndings("\n").Split('\n').Select(Escape));
                break;
            case LineBreakInline:
                line.Append(Break);
                break;
            case CodeInline code:
                line.Append(InCode(code.Content));
                break;
            case HtmlEntityInline entity:
                line.Append(Escape(entity.Transcoded.ToString()));
                break;
            case TaskList:
                // Its mark stands in front of the item.
                break;
            case AutolinkInline link:
                Link(link.IsEmail ? $"mailto:{link.Url}" : link.Url, Escape(link.Url), line);
                break;
            case LinkInline { IsImage: true } image:
                var url = ExportedMarkdown.UrlOf(image);
                Link(url, Escape(ExportedMarkdown.WordsOf(image) is { Length: > 0 } words ? words : url), line);
                line.Append(Escape(ExportedMarkdown.TitleOf(image)));
                break;
            case LinkInline link:
                var (inner, wasInLink) = (new StringBuilder(), _isInLink);
                _isInLink = true;
                Inlines(link, inner);
                _isInLink = wasInLink;
                Link(ExportedMarkdown.UrlOf(link), inner.ToString(), line);
                line.Append(Escape(ExportedMarkdown.TitleOf(link)));
                break;
            case EmphasisInline emphasis:
                Write(emphasis, line);
                break;
            case DelimiterInline delimiter:
                line.Append(Escape(delimiter.ToLiteral()));
                Inlines(delimiter, line);
                break;
            case ContainerInline other:
                Inlines(other, line);
                break;
        }
    }

    private void Write(EmphasisInline emphasis, StringBuilder line)
    {
        var mark = (emphasis.DelimiterChar, emphasis.DelimiterCount) switch
        {
            _ when _depth >= DeepestMarks => "",
            ('*' or '_', 1) => "*",
            ('*' or '_', _) => "**",
            ('~', 2) => "~~",
            _ => Escape(ExportedMarkdown.Typed(emphasis)),
        };
        _depth++;
        line.Append(mark);
        Inlines(emphasis, line);
        line.Append(mark);
        _depth--;
    }

    /// <summary>A link holds no other, such as that of a picture.</summary>
    private void Link(string url, string words, StringBuilder line)
    {
        if (!_isInLink && ExportedMarkdown.AddressOf(url) is { } address)
            line.Append('[').Append(words).Append("](").Append(Address(address)).Append(')');
        else
            line.Append(words).Append(url.Length > 0 ? Escape($" ({url})") : "");
    }

    private static string Address(string url) =>
        url.Replace(" ", "%20", StringComparison.Ordinal).Replace("(", "%28", StringComparison.Ordinal).Replace(")", "%29", StringComparison.Ordinal);

    private static string InCode(string text)
    {
        var fence = new string('`', Longest(text, '`') + 1);
        var space = text.StartsWith('`') || text.EndsWith('`') ? " " : "";
        return $"{fence}{space}{text}{space}{fence}";
    }

    private static string Escape(string text)
    {
        if (text.AsSpan().IndexOfAny(Escaped) < 0)
            return text;
        var escaped = new StringBuilder(text.Length + 16);
        foreach (var c in text)
        {
            if (Escaped.Contains(c))
                escaped.Append('\\');
            escaped.Append(c);
        }
        return escaped.ToString();
    }
}
