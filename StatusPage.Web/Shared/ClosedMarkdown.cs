using System.Text;
using Markdig.Syntax;

namespace StatusPage.Web.Shared;

/// <summary>
/// Ends what a piece of Markdown leaves open: code without its second fence, a comment, elements that were typed. Without that, it would take in the pieces
/// that follow it in the same text, and their headings with them.
/// </summary>
internal static class ClosedMarkdown
{
    private const string CommentBegins = "<!--";
    private const string CommentEnds = "-->";

    /// <summary>What may follow, with the end of a comment in it.</summary>
    private const string Next = "\n\n## Next\n\nx -->";

    private static readonly string[] Elements =
    [
        "ul",
        "ol",
        "li",
        "blockquote",
        "pre",
        "table",
        "thead",
        "tbody",
        "tfoot",
        "tr",
        "td",
        "th",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
    ];

    /// <summary>The piece with an end for each. Where nothing else helps, it is shown as it was typed.</summary>
    public static string Of(string text)
    {
        if (text.AsSpan().IndexOfAny('`', '~', '<') < 0)
            return text;
        try
        {
            text = WithoutOpenComments(text);
            var closed = text + EndOf(Read(text));
            return EndsBeforeNext(closed) ? closed : AsCode(text);
        }
        catch (Exception exception)
        {
            Markdown.NotRendered(exception);
            return AsCode(text);
        }
    }

    private static MarkdownDocument Read(string text) => Markdig.Markdown.Parse(Markdown.WithoutGaps(text), Markdown.Pipeline);

    private static bool EndsBeforeNext(string text) => Read(text + Next) is [.., HeadingBlock { Level: 2 }, ParagraphBlock];

    private static string EndOf(MarkdownDocument document)
    {
        var end = new StringBuilder();
        switch (document.LastOrDefault(block => block is not LinkReferenceDefinitionGroup))
        {
            case FencedCodeBlock { ClosingFencedCharCount: 0 } code:
                end.Append('\n').Append(code.FencedChar, code.OpeningFencedCharCount);
                break;
            case HtmlBlock { Type: HtmlBlockType.ScriptPreOrStyle } html when !EndsBeforeNext(html.Lines.ToString()):
                end.Append("\n</pre>");
                break;
            case HtmlBlock { Type: HtmlBlockType.Comment } html when !EndsBeforeNext(html.Lines.ToString()):
                end.Append('\n').Append(CommentEnds);
                break;
        }
        var open = new List<string>();
        foreach (var html in document.OfType<HtmlBlock>())
        foreach (var (_, tag) in MarkdownWalk.Parts(html.Lines.ToString()))
            if (tag is not null && Elements.Contains(tag.Name))
            {
                if (!tag.IsEnd)
                    open.Add(tag.Name);
                else if (open.LastIndexOf(tag.Name) is >= 0 and var at)
                    open.RemoveRange(at, open.Count - at);
            }
        // Behind a tag that means nothing, as not every end begins HTML by itself.
        if (open.Count > 0)
            end.Append("\n\n<div>").AppendJoin("", Enumerable.Reverse(open).Select(name => $"</{name}>")).Append("</div>");
        return end.ToString();
    }

    /// <summary>A comment that does not end here would end in a later piece, so it is no comment.</summary>
    private static string WithoutOpenComments(string text)
    {
        var last = text.LastIndexOf(CommentEnds, StringComparison.Ordinal);
        if (text.IndexOf(CommentBegins, Math.Max(last, 0), StringComparison.Ordinal) < 0)
            return text;
        var code = Read(text).Descendants<CodeBlock>().Select(block => block.Span).ToList();
        var written = new StringBuilder(text.Length + 8);
        var from = 0;
        for (var at = text.IndexOf(CommentBegins, StringComparison.Ordinal); at >= 0; at = text.IndexOf(CommentBegins, at + 1, StringComparison.Ordinal))
        {
            if (at < last || !BeginsLine(text, at) || code.Exists(span => span.Start <= at && at <= span.End))
                continue;
            written.Append(text, from, at - from).Append('\\');
            from = at;
        }
        return written.Append(text, from, text.Length - from).ToString();
    }

    private static bool BeginsLine(string text, int at)
    {
        var before = text.AsSpan(0, at);
        return before[(before.LastIndexOf('\n') + 1)..].IsWhiteSpace();
    }

    private static string AsCode(string text)
    {
        var (longest, here) = (0, 0);
        foreach (var c in text)
            longest = Math.Max(longest, here = c == '`' ? here + 1 : 0);
        var fence = new string('`', Math.Max(3, longest + 1));
        return $"{fence}\n{text}\n{fence}";
    }
}
