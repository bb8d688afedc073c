using System.Globalization;
using Markdig.Extensions.Tables;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;
using StatusPage.Domain;

namespace StatusPage.Web.Shared;

/// <summary>
/// Goes once through what Markdig read and hands every word to an output, which makes HTML or plain text of it. So no rendering loses words of its own
/// accord. What is written is in proportion to the input, however often an address is referred to, and however deep marks are nested.
/// </summary>
internal sealed partial class MarkdownWalk(int length, IMarkdownOutput output)
{
    /// <summary>Elements within elements, inside a paragraph.</summary>
    private const int DeepestMarks = 16;

    /// <summary>
    /// Characters of addresses and titles, for each character of the body. Each was typed once, so only those that are referred to again and again come to
    /// more.
    /// </summary>
    private const int MostAddress = MarkdownRule.MostAddresses;

    private int _addresses = MostAddress * length + 1_000;
    private int _depth;
    private int _links;

    /// <summary>Whether the next words of this block begin a line, and whether it has words at all.</summary>
    private bool _isBreakDue;
    private bool _hasWords;

    private IReadOnlyList<LinkReferenceDefinition> _unused = [];

    public string Write(MarkdownDocument document)
    {
        _unused = Definitions.Unused(document);
        Blocks(document, isTight: false);
        return output.Written;
    }

    /// <summary>A body of which nothing is rendered: every line as it was typed.</summary>
    public static string AsTyped(string text, IMarkdownOutput output)
    {
        output.Begin("p");
        new MarkdownWalk(text.Length, output).Plain(text.Trim());
        output.End("p");
        return output.Written;
    }

    private void Blocks(ContainerBlock container, bool isTight)
    {
        var below = _floor;
        _floor = _typed.Count;
        foreach (var block in container)
        {
            if (block is HtmlBlock html)
            {
                Html(html.Lines.ToString());
                continue;
            }
            HoldBlock();
            (_isBreakDue, _hasWords) = (false, false);
            Write(block, isTight);
        }
        CloseTyped(_floor);
        _floor = below;
    }

    private void Write(Block block, bool isTight)
    {
        switch (block)
        {
            case ParagraphBlock paragraph when isTight:
                Inlines(paragraph.Inline);
                break;
            case HeadingBlock heading:
                // Headings of a body stand below those of the page.
                Element(heading.Level <= 4 ? "h4" : $"h{heading.Level}", () => Inlines(heading.Inline));
                break;
            case ListBlock list:
                Write(list);
                break;
            case QuoteBlock quote:
                Element("blockquote", () => Blocks(quote, isTight: false));
                break;
            case Table table:
                Write(table);
                break;
            case CodeBlock code:
                Write(code);
                break;
            case ThematicBreakBlock:
                output.Rule();
                break;
            case LinkReferenceDefinitionGroup:
                foreach (var definition in _unused)
                    Element("p", () => Write(definition));
                break;
            case BlankLineBlock:
                break;
            case ContainerBlock other:
                Blocks(other, isTight);
                break;
            case LeafBlock leaf:
                Element("p", () => Inlines(leaf.Inline));
                break;
        }
    }

    private void Write(ListBlock list)
    {
        var name = list.IsOrdered ? "ol" : "ul";
        var start = list.IsOrdered && int.TryParse(list.OrderedStart, CultureInfo.InvariantCulture, out var first) ? first : 1;
        output.Begin(name, start);
        foreach (var item in list.OfType<ListItemBlock>())
            Element("li", () => Blocks(item, isTight: !list.IsLoose));
        output.End(name);
    }

    private void Write(Table table) =>
        Element(
            "table",
            () =>
            {
                var rows = table.OfType<TableRow>().ToList();
                var heads = rows.TakeWhile(row => row.IsHeader).Count();
                if (heads > 0)
                    Element("thead", () => Rows(rows.Take(heads)));
                if (rows.Count > heads)
                    Element("tbody", () => Rows(rows.Skip(heads)));
            }
        );

    private void Rows(IEnumerable<TableRow> rows)
    {
        foreach (var row in rows)
        {
            Element(
                "tr",
                () =>
                {
                    foreach (var cell in row.OfType<TableCell>())
                        Element(row.IsHeader ? "th" : "td", () => Blocks(cell, isTight: cell.Count == 1));
                }
            );
        }
    }

    private void Write(CodeBlock code) =>
        Element(
            "pre",
            () =>
                Element(
                    "code",
                    () =>
                    {
                        if (CodeLanguage.WordsOf(code) is { } first)
                            output.Text($"{first}\n");
                        if (code.Lines.Count > 0)
                            output.Text($"{code.Lines}\n");
                    }
                )
        );

    /// <summary>What nothing refers to was no definition of an address, but a line such as "[Ticket]: https://acme.example/1".</summary>
    private void Write(LinkReferenceDefinition definition)
    {
        Words($"[{definition.Label}]: ");
        var url = definition.Url ?? "";
        Link(url, null, () => Words(url));
        if (!string.IsNullOrEmpty(definition.Title))
            Words($" {definition.Title}");
    }

    private void Inlines(ContainerInline? container)
    {
        var pairs = PairsOf(container);
        for (var inline = container?.FirstChild; inline is not null; inline = inline.NextSibling)
        {
            if (inline is HtmlInline html)
                Html(html, pairs!);
            else
                Write(inline);
        }
    }

    private void Write(Inline inline)
    {
        switch (inline)
        {
            case LiteralInline literal:
                Words(literal.Content.AsSpan());
                break;
            case BoundedMarkdown.PlainInline plain:
                Plain(plain.Text);
                break;
            case LineBreakInline { IsHard: true }:
                Break();
                break;
            case LineBreakInline:
                Words("\n");
                break;
            case CodeInline code:
                Inside("code", () => Words(code.Content));
                break;
            case HtmlEntityInline entity:
                Words(entity.Transcoded.AsSpan());
                break;
            case AutolinkInline link:
                Link(link.IsEmail ? $"mailto:{link.Url}" : link.Url, null, () => Words(link.Url));
                break;
            case LinkInline link:
                // A picture would tell somebody else's server of each reader, so it is a link with the picture's words.
                var url = link.GetDynamicUrl?.Invoke() ?? link.Url ?? "";
                Link(url, link.Title, HasWords(link) ? () => Inlines(link) : () => Words(url.Length > 0 ? url : "[]()"));
                break;
            case EmphasisInline emphasis:
                Inside(NameOf(emphasis), () => Inlines(emphasis));
                break;
            case DelimiterInline delimiter:
                Words(delimiter.ToLiteral());
                Inlines(delimiter);
                break;
            case ContainerInline other:
                Inlines(other);
                break;
        }
    }

    private static bool HasWords(LinkInline link) =>
        link.FirstChild is { } first && !(first == link.LastChild && first is LiteralInline literal && literal.Content.AsSpan().IsWhiteSpace());

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
        var isSafe = SafeAddress.IsSafe(url);
        if (url.Length == 0 || !isSafe || _links > 0 || _addresses < cost)
        {
            words();
            // An address that no page leads to, such as a telephone number, is still what somebody wrote.
            if (!isSafe && !SafeAddress.IsProgram(url) && _addresses >= cost)
            {
                _addresses -= cost;
                Words($" ({url})");
            }
            return;
        }
        _addresses -= cost;
        BeginLink(url, title);
        words();
        EndLink();
    }

    private void BeginLink(string url, string? title)
    {
        FlushBreak();
        _links++;
        output.BeginLink(url, title);
    }

    private void EndLink()
    {
        output.EndLink();
        _links--;
    }

    private void Element(string name, Action content)
    {
        output.Begin(name);
        content();
        output.End(name);
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
        FlushBreak();
        Element(name, content);
        _depth--;
    }

    /// <summary>Text as it was typed, line by line.</summary>
    private void Plain(string text)
    {
        var isFirst = true;
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            if (!isFirst)
                Break();
            isFirst = false;
            Words(line);
        }
    }

    private void Words(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty)
            return;
        FlushBreak();
        _hasWords = true;
        output.Text(text);
    }

    private void Break()
    {
        _isBreakDue = false;
        output.Break();
    }

    private void FlushBreak()
    {
        if (_isBreakDue && _hasWords)
            output.Break();
        _isBreakDue = false;
    }
}
