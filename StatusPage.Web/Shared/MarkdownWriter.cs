using System.Globalization;
using System.Text;
using Markdig.Extensions.Tables;
using Markdig.Renderers;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;
using StatusPage.Domain;

namespace StatusPage.Web.Shared;

/// <summary>
/// Writes as HTML what Markdig read. By itself it writes no other elements and attributes than those below, so nothing in them can act. The output is in
/// proportion to the input, however often an address is referred to, and however deep marks are nested.
/// </summary>
internal sealed class MarkdownWriter(int length, bool keepsHtml)
{
    /// <summary>Elements within elements, inside a paragraph.</summary>
    private const int DeepestMarks = 16;

    /// <summary>
    /// Characters of addresses and titles, for each character of the body. Each was typed once, so only those that are referred to again and again come to
    /// more.
    /// </summary>
    private const int MostAddress = MarkdownRule.MostAddresses;

    private readonly StringBuilder _html = new(length * 2);
    private int _addresses = MostAddress * length + 1_000;
    private int _depth;
    private HtmlRenderer? _escaper;

    /// <summary>Characters of HTML that the body brought, and the number of its tags. They are written unchanged if HTML is kept.</summary>
    public int HtmlLength { get; private set; }
    public int HtmlTags { get; private set; }

    /// <summary>Elements that were written.</summary>
    public int Elements { get; private set; }

    public string Write(MarkdownDocument document)
    {
        Blocks(document, isTight: false);
        return _html.ToString();
    }

    /// <summary>A body of which nothing is rendered: every line as it was typed.</summary>
    public static string AsTyped(string text)
    {
        var writer = new MarkdownWriter(text.Length, keepsHtml: false);
        writer._html.Append("<p>");
        writer.Plain(text.Trim());
        return writer._html.Append("</p>").ToString();
    }

    private void Blocks(ContainerBlock container, bool isTight)
    {
        for (var i = 0; i < container.Count; i++)
            Write(container[i], isTight, isFirst: i == 0);
    }

    private void Write(Block block, bool isTight, bool isFirst)
    {
        switch (block)
        {
            case ParagraphBlock paragraph when isTight:
                Inlines(paragraph.Inline);
                break;
            case ParagraphBlock paragraph:
                if (!isFirst)
                    EnsureLine();
                Element("p", () => Inlines(paragraph.Inline));
                break;
            case HeadingBlock heading:
                // Headings of a body stand below those of the page.
                EnsureLine();
                Element(heading.Level <= 4 ? "h4" : $"h{heading.Level}", () => Inlines(heading.Inline));
                break;
            case ListBlock list:
                Write(list);
                break;
            case QuoteBlock quote:
                EnsureLine();
                Element("blockquote", () => Lines(() => Blocks(quote, isTight: false)));
                break;
            case Table table:
                Write(table);
                break;
            case HtmlBlock html:
                EnsureLine();
                Html(html.Lines.ToString());
                EnsureLine();
                break;
            case CodeBlock code:
                EnsureLine();
                Element("pre", () => Inside("code", () => Text(code.Lines.Count == 0 ? "" : $"{code.Lines}\n")));
                break;
            case ThematicBreakBlock:
                EnsureLine();
                Elements++;
                _html.Append("<hr>\n");
                break;
            case LinkReferenceDefinitionGroup or BlankLineBlock:
                break;
            case ContainerBlock other:
                Blocks(other, isTight);
                break;
            case LeafBlock other:
                Inlines(other.Inline);
                break;
        }
    }

    private void Write(ListBlock list)
    {
        EnsureLine();
        var name = list.IsOrdered ? "ol" : "ul";
        var start =
            list.IsOrdered && int.TryParse(list.OrderedStart, CultureInfo.InvariantCulture, out var first) && first != 1 ? $" start=\"{first}\"" : "";
        Element(
            name,
            () =>
                Lines(() =>
                {
                    foreach (var item in list.OfType<ListItemBlock>())
                    {
                        EnsureLine();
                        Element("li", () => Blocks(item, isTight: !list.IsLoose));
                    }
                }),
            start
        );
    }

    private void Write(Table table)
    {
        EnsureLine();
        Element(
            "table",
            () =>
                Lines(() =>
                {
                    var rows = table.OfType<TableRow>().ToList();
                    var heads = rows.TakeWhile(row => row.IsHeader).Count();
                    if (heads > 0)
                        Element("thead", () => Lines(() => Rows(rows.Take(heads))));
                    if (rows.Count > heads)
                        Element("tbody", () => Lines(() => Rows(rows.Skip(heads))));
                })
        );
    }

    private void Rows(IEnumerable<TableRow> rows)
    {
        foreach (var row in rows)
        {
            Element(
                "tr",
                () =>
                    Lines(() =>
                    {
                        foreach (var cell in row.OfType<TableCell>())
                            Element(row.IsHeader ? "th" : "td", () => Blocks(cell, isTight: cell.Count == 1));
                    })
            );
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
            case LiteralInline literal:
                Text(literal.Content.AsSpan());
                break;
            case BoundedMarkdown.PlainInline plain:
                Plain(plain.Text);
                break;
            case LineBreakInline { IsHard: true }:
                Elements++;
                _html.Append("<br>\n");
                break;
            case LineBreakInline:
                _html.Append('\n');
                break;
            case CodeInline code:
                Inside("code", () => Text(code.Content));
                break;
            case HtmlEntityInline entity:
                Text(entity.Transcoded.AsSpan());
                break;
            case HtmlInline html:
                Html(html.Tag);
                break;
            case AutolinkInline link:
                Link(link.IsEmail ? $"mailto:{link.Url}" : link.Url, null, () => Text(link.Url));
                break;
            case LinkInline { IsImage: true }:
                // A picture would tell somebody else's server of each reader.
                break;
            case LinkInline link:
                Link(link.GetDynamicUrl?.Invoke() ?? link.Url ?? "", link.Title, () => Inlines(link));
                break;
            case EmphasisInline emphasis:
                Inside(NameOf(emphasis), () => Inlines(emphasis));
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

    private static string? NameOf(EmphasisInline emphasis) =>
        (emphasis.DelimiterChar, emphasis.DelimiterCount) switch
        {
            ('*' or '_', 1) => "em",
            ('*' or '_', _) => "strong",
            ('~', 1) => "sub",
            ('~', _) => "del",
            ('^', _) => "sup",
            ('+', _) => "ins",
            _ => null,
        };

    private void Link(string url, string? title, Action words)
    {
        var cost = url.Length + (title?.Length ?? 0);
        if (!IsSafe(url) || _addresses < cost)
        {
            words();
            return;
        }
        _addresses -= cost;
        _html.Append("<a href=\"");
        using (var address = new StringWriter(CultureInfo.InvariantCulture))
        {
            _escaper ??= new HtmlRenderer(TextWriter.Null);
            _escaper.Writer = address;
            _escaper.WriteEscapeUrl(url);
            _html.Append(address.GetStringBuilder());
        }
        _html.Append('"');
        if (!string.IsNullOrEmpty(title))
        {
            _html.Append(" title=\"");
            Text(title, isAttribute: true);
            _html.Append('"');
        }
        Elements++;
        _html.Append(" rel=\"nofollow noopener\">");
        words();
        _html.Append("</a>");
    }

    /// <summary>
    /// An address of the web, of mail, or without a scheme. Browsers ignore control characters and spaces in front of or within a scheme.
    /// </summary>
    private static bool IsSafe(string url)
    {
        var colon = url.IndexOfAny([':', '/', '?', '#', '\\']);
        if (colon < 0 || url[colon] != ':')
            return true;
        var scheme = string.Concat(url[..colon].Where(c => c > ' ' && !char.IsControl(c) && !char.IsWhiteSpace(c))).ToLowerInvariant();
        return scheme is "http" or "https" or "mailto";
    }

    private void Html(string html)
    {
        HtmlLength += html.Length;
        HtmlTags += html.AsSpan().Count('<');
        if (keepsHtml)
            _html.Append(html);
        else
            Plain(html.TrimEnd('\n'));
    }

    /// <summary>A block on a line of its own.</summary>
    private void Element(string name, Action content, string attributes = "")
    {
        Elements++;
        _html.Append('<').Append(name).Append(attributes).Append('>');
        content();
        _html.Append("</").Append(name).Append(">\n");
    }

    /// <summary>An element within a line. Where it is too deep, or has no name, only its content is written.</summary>
    private void Inside(string? name, Action content)
    {
        if (name is null || _depth >= DeepestMarks)
        {
            content();
            return;
        }
        _depth++;
        Elements++;
        _html.Append('<').Append(name).Append('>');
        content();
        _html.Append("</").Append(name).Append('>');
        _depth--;
    }

    private void Lines(Action content)
    {
        _html.Append('\n');
        content();
        EnsureLine();
    }

    /// <summary>Text as it was typed, line by line.</summary>
    private void Plain(string text)
    {
        var isFirst = true;
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            if (!isFirst)
                _html.Append("<br>\n");
            isFirst = false;
            Elements++;
            Text(line);
        }
    }

    private void Text(ReadOnlySpan<char> text, bool isAttribute = false)
    {
        foreach (var c in text)
        {
            switch (c)
            {
                case '&':
                    _html.Append("&amp;");
                    break;
                case '<':
                    _html.Append("&lt;");
                    break;
                case '>':
                    _html.Append("&gt;");
                    break;
                case '"' when isAttribute:
                    _html.Append("&quot;");
                    break;
                case '\u00a0':
                    _html.Append("&nbsp;");
                    break;
                default:
                    _html.Append(c);
                    break;
            }
        }
    }

    private void EnsureLine()
    {
        if (_html.Length > 0 && _html[^1] != '\n')
            _html.Append('\n');
    }
}
