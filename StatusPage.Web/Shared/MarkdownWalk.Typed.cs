using System.Net;
using Markdig.Syntax.Inlines;

namespace StatusPage.Web.Shared;

/// <summary>
/// HTML that somebody typed among Markdown. Known elements become ours and keep their words; every other tag is shown as it was typed. Comments, which no
/// reader of HTML sees, are left out.
/// </summary>
internal sealed partial class MarkdownWalk
{
    /// <summary>Typed elements within each other.</summary>
    private const int DeepestTyped = 24;

    /// <summary>Typed elements that are open, outermost first. A tag of a list stays open across paragraphs of Markdown.</summary>
    private readonly List<(string Element, TypedTag? Tag)> _typed = [];

    /// <summary>Those of the quote or item around this one, which end with it.</summary>
    private int _floor;

    private string? Top => _typed.Count > _floor ? _typed[^1].Element : null;

    private static Dictionary<HtmlInline, (TypedTag Tag, bool IsPaired)>? PairsOf(ContainerInline? container)
    {
        List<(HtmlInline Inline, TypedTag Tag)>? tags = null;
        for (var inline = container?.FirstChild; inline is not null; inline = inline.NextSibling)
            if (inline is HtmlInline html)
            {
                tags ??= [];
                if (TypedTag.Read(html.Tag, out var length) is { } tag && length == html.Tag.Length)
                    tags.Add((html, tag));
            }
        if (tags is null)
            return null;
        var pairs = TypedPairs.Of(tags.Select(tag => tag.Tag));
        return tags.ToDictionary(tag => tag.Inline, tag => (tag.Tag, pairs.Contains(tag.Tag)));
    }

    /// <summary>A tag within a paragraph of Markdown.</summary>
    private void Html(HtmlInline html, Dictionary<HtmlInline, (TypedTag Tag, bool IsPaired)> tags)
    {
        if (html.Tag.StartsWith("<!--", StringComparison.Ordinal))
            return;
        if (!tags.TryGetValue(html, out var known) || !known.Tag.IsVoid && !known.IsPaired)
        {
            Plain(html.Tag);
            return;
        }
        var tag = known.Tag;
        if (tag.IsVoid)
            Void(tag);
        else if (tag.IsBlock)
            _isBreakDue = true;
        else if (!tag.IsEnd)
            Open(tag);
        else
            Close(tag);
    }

    private void Void(TypedTag tag)
    {
        switch (tag.Name)
        {
            case "br" or "hr":
                Break();
                break;
            case "img":
                var (address, words) = (tag["src"] ?? "", tag["alt"] is { Length: > 0 } alt ? alt : tag["title"] ?? "");
                Link(address, null, () => Words(words.Length > 0 ? words : address));
                break;
        }
    }

    private void Open(TypedTag tag)
    {
        var element = tag.Element;
        FlushBreak();
        if (element == "a")
        {
            var (url, title) = (tag["href"] ?? "", tag["title"]);
            var cost = url.Length + (title?.Length ?? 0);
            element = url.Length > 0 && SafeAddress.IsSafe(url) && _links == 0 && _addresses >= cost ? "a" : "";
            if (element == "a")
            {
                _addresses -= cost;
                BeginLink(url, title);
            }
        }
        else if (_depth >= DeepestMarks)
            element = "";
        else if (element.Length > 0)
        {
            _depth++;
            output.Begin(element);
        }
        _typed.Add((element, tag));
    }

    /// <summary>Ends the newest element of that name, with all that was opened in it.</summary>
    private void Close(TypedTag tag)
    {
        var at = _typed.FindLastIndex(typed => typed.Tag?.Name == tag.Name);
        if (at >= _floor)
            CloseTyped(at);
    }

    private void CloseTyped(int count)
    {
        while (_typed.Count > count)
        {
            var (element, tag) = _typed[^1];
            _typed.RemoveAt(_typed.Count - 1);
            if (element == "a")
                EndLink();
            else if (element.Length > 0)
            {
                output.End(element);
                if (tag is not null && !tag.IsBlock)
                    _depth--;
            }
        }
    }

    /// <summary>Lines that begin with a tag of a block, up to the next empty line.</summary>
    private void Html(string html)
    {
        (_isBreakDue, _hasWords) = (false, false);
        var parts = Parts(html);
        var pairs = TypedPairs.Of(parts.Select(part => part.Tag).OfType<TypedTag>().Where(tag => !tag.IsBlock));
        foreach (var (text, tag) in parts)
        {
            if (tag is null)
                Typed(WebUtility.HtmlDecode(text));
            else if (tag.Name == "hr")
            {
                HoldBlock();
                output.Rule();
            }
            else if (tag.IsBlock)
                Block(tag);
            else if (tag.IsVoid)
            {
                HoldWords();
                Void(tag);
            }
            else if (!pairs.Contains(tag))
                Typed(text);
            else if (tag.IsEnd)
                Close(tag);
            else
            {
                HoldWords();
                Open(tag);
            }
        }
        CloseParagraph();
    }

    /// <summary>Lines of HTML as words and tags; comments are left out.</summary>
    internal static List<(string Text, TypedTag? Tag)> Parts(string html)
    {
        var parts = new List<(string, TypedTag?)>();
        var (from, at) = (0, 0);
        while (at < html.Length && html.IndexOf('<', at) is var start and >= 0)
        {
            at = start + 1;
            var isComment = html.AsSpan(start).StartsWith("<!--") && html.IndexOf("-->", start + 4, StringComparison.Ordinal) >= 0;
            var tag = isComment ? null : TypedTag.Read(html.AsSpan(start), out at);
            if (!isComment && tag is null)
            {
                at = start + 1;
                continue;
            }
            if (start > from)
                parts.Add((html[from..start], null));
            at = isComment ? html.IndexOf("-->", start + 4, StringComparison.Ordinal) + 3 : start + at;
            if (tag is not null)
                parts.Add((html[start..at], tag));
            from = at;
        }
        if (from < html.Length)
            parts.Add((html[from..], null));
        return parts;
    }

    /// <summary>Words between tags of blocks. A line that was typed is a line that is shown, as in Markdown.</summary>
    private void Typed(string text)
    {
        if (_typed.Skip(_floor).Any(typed => typed.Element == "pre"))
        {
            output.Text(text);
            return;
        }
        var isFirst = true;
        foreach (var typed in text.AsSpan().EnumerateLines())
        {
            if (!isFirst)
                _isBreakDue = true;
            isFirst = false;
            var line = _isBreakDue || !_hasWords ? typed.TrimStart() : typed;
            if (line.IsEmpty || line.IsWhiteSpace() && !_hasWords)
                continue;
            HoldWords();
            Words(line);
        }
    }

    private void Block(TypedTag tag)
    {
        CloseParagraph();
        var element = tag.Name switch
        {
            "h1" or "h2" or "h3" => "h4",
            "tfoot" => "tbody",
            "h4" or "h5" or "h6" or "ul" or "ol" or "li" or "blockquote" or "pre" or "table" or "thead" or "tbody" or "tr" or "td" or "th" => tag.Name,
            _ => "",
        };
        if (element.Length == 0)
            return;
        if (tag.IsEnd)
        {
            if (_typed.FindLastIndex(typed => typed.Element == element) is var at && at >= _floor)
                CloseTyped(at);
            return;
        }
        switch (element)
        {
            case "li":
                Within("ul", "ol");
                if (Top is not ("ul" or "ol"))
                {
                    HoldBlock();
                    Push("ul", tag);
                }
                break;
            case "thead" or "tbody":
                Within("table");
                break;
            case "tr":
                Within("table", "thead", "tbody");
                break;
            case "td" or "th":
                Within("tr", "table", "thead", "tbody");
                if (Top is "table" or "thead" or "tbody")
                    Push("tr", tag);
                break;
            default:
                HoldBlock();
                break;
        }
        var isPlaced = element switch
        {
            "thead" or "tbody" => Top == "table",
            "tr" => Top is "table" or "thead" or "tbody",
            "td" or "th" => Top == "tr",
            "li" => Top is "ul" or "ol",
            _ => true,
        };
        if (isPlaced)
            Push(element, tag, element == "ol" && int.TryParse(tag["start"], out var start) ? start : 1);
    }

    private void Push(string element, TypedTag? tag, int start = 1)
    {
        if (_typed.Count >= DeepestTyped)
            return;
        output.Begin(element, start);
        _typed.Add((element, tag));
    }

    /// <summary>Closes what stands within the innermost of these elements, if there is one.</summary>
    private void Within(params ReadOnlySpan<string> elements)
    {
        for (var at = _typed.Count - 1; at >= _floor; at--)
            if (elements.Contains(_typed[at].Element))
            {
                CloseTyped(at + 1);
                return;
            }
    }

    /// <summary>Ends the paragraph or heading, with the marks in it.</summary>
    private void CloseParagraph()
    {
        (_isBreakDue, _hasWords) = (false, false);
        while (_typed.Count > _floor && (_typed[^1] is { Element: "p" or "h4" or "h5" or "h6" } || _typed[^1].Tag is { IsBlock: false }))
            CloseTyped(_typed.Count - 1);
    }

    /// <summary>Makes room for a block: rows and lists hold none themselves.</summary>
    private void HoldBlock()
    {
        if (_typed.Count == _floor)
            return;
        CloseParagraph();
        if (Top is "ul" or "ol")
            Push("li", null);
        if (Top is "table" or "thead" or "tbody")
            Push("tr", null);
        if (Top is "tr")
            Push("td", null);
    }

    /// <summary>Makes room for words.</summary>
    private void HoldWords()
    {
        if (Top is "ul" or "ol" or "table" or "thead" or "tbody" or "tr")
            HoldBlock();
        if (Top is null or "blockquote" or "ul" or "ol" or "table" or "thead" or "tbody" or "tr")
            Push("p", null);
    }
}
