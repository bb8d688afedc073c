using System.Net;
using System.Text.RegularExpressions;
using Markdig;
using Markdig.Extensions.EmphasisExtras;

namespace StatusPage.Web.Shared;

/// <summary>
/// Bodies written in Markdown, as clean HTML and as plain text. Every body gets both, whatever is in it, at once and with a length in proportion to its
/// own. A body that cannot be rendered is shown as it was typed.
/// </summary>
public static partial class Markdown
{
    /// <summary>Characters of HTML for each character of a body. The densest input, empty links, comes to 9.</summary>
    public const int MostGrowth = 12;

    /// <summary>Blank lines in a row. More look the same, and Markdig's time grows with the square of those in a list.</summary>
    private static readonly string Widest = new('\n', 20);

    internal static MarkdownPipeline Pipeline { get; } =
        new MarkdownPipelineBuilder()
            .UseAutoLinks()
            .UsePipeTables()
            .UseSoftlineBreakAsHardlineBreak()
            .UseEmphasisExtras(
                EmphasisExtraOptions.Strikethrough | EmphasisExtraOptions.Subscript | EmphasisExtraOptions.Superscript | EmphasisExtraOptions.Inserted
            )
            .Use<BoundedMarkdown>()
            .Build();

    private static readonly Kept Rendered = new();
    private static readonly Kept Texts = new();

    /// <summary>Called when a body could not be rendered and is shown as it was typed. Set once, where the program is put together.</summary>
    public static Action<Exception> NotRendered { get; set; } = _ => { };

    /// <param name="heading">The level of its headings, where they are not deep inside a page.</param>
    public static string ToHtml(string markdown, int heading) =>
        ToHtml(markdown).Replace("<h4>", $"<h{heading}>", StringComparison.Ordinal).Replace("</h4>", $"</h{heading}>", StringComparison.Ordinal);

    /// <summary>HTML without scripts, styles, forms, frames and pictures; links are http, https or mailto.</summary>
    public static string ToHtml(string markdown) => Rendered.Get(markdown, body => Write(body, static length => new HtmlOutput(length)));

    /// <summary>The same body for a reader without HTML: links show their address, lists keep their marks.</summary>
    public static string ToText(string markdown) => Texts.Get(markdown, body => Write(body, static length => new TextOutput(length)));

    /// <summary>Its links without a host lead to the page, for a reader that is not at its address: a mail.</summary>
    /// <param name="html">Made here.</param>
    /// <param name="root">The address of the page, without a slash at the end.</param>
    public static string Away(string html, string root)
    {
        const string begin = "<a href=\"";
        if (!html.Contains(begin, StringComparison.Ordinal))
            return html;
        var parts = html.Split(begin);
        for (var i = 1; i < parts.Length; i++)
        {
            var url = parts[i][..parts[i].IndexOf('"', StringComparison.Ordinal)];
            if (SafeAddress.IsWithoutHost(url))
                parts[i] = $"{root}/{parts[i].TrimStart('/')}";
        }
        return string.Join(begin, parts);
    }

    /// <summary>A text of which nothing is rendered: every line as it was typed.</summary>
    public static string AsTyped(string text) => MarkdownWalk.AsTyped(text, new HtmlOutput(text.Length));

    /// <summary>Whether there are words that a reader of the rendered body does not see: in a comment, an attribute, the address of a link.</summary>
    public static bool Hides(string markdown)
    {
        var shown = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var word in WordsOf(WebUtility.HtmlDecode(Tag().Replace(ToHtml(markdown), " "))))
            shown[word] = shown.GetValueOrDefault(word) + 1;
        // The numbers of a list are shown, and are no words of the HTML.
        return WordsOf(Number().Replace(markdown, " ")).Any(word => (shown[word] = shown.GetValueOrDefault(word) - 1) < 0);
    }

    private static IEnumerable<string> WordsOf(string text) => NoWord().Split(text).Where(word => word.Length > 0);

    private static string Write(string markdown, Func<int, IMarkdownOutput> output)
    {
        try
        {
            var document = Markdig.Markdown.Parse(WithoutGaps(markdown), Pipeline);
            return new MarkdownWalk(markdown.Length, output(markdown.Length)).Write(document);
        }
        catch (Exception exception)
        {
            NotRendered(exception);
            return MarkdownWalk.AsTyped(markdown, output(markdown.Length));
        }
    }

    /// <summary>With no more blank lines in a row than look different.</summary>
    internal static string WithoutGaps(string markdown) => Gap().Replace(markdown, Widest);

    [GeneratedRegex("<[^>]*>", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Tag();

    [GeneratedRegex(@"^[\s>*+-]*[0-9]{1,9}[.)](\s|$)", RegexOptions.CultureInvariant | RegexOptions.Multiline | RegexOptions.NonBacktracking)]
    private static partial Regex Number();

    /// <summary>Signs of ASCII and white space; everything else is read as a word.</summary>
    [GeneratedRegex(@"[\s\x00-\x2f\x3a-\x40\x5b-\x60\x7b-\x7f]+", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex NoWord();

    [GeneratedRegex(@"(\n[ \t]*){20,}", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant)]
    private static partial Regex Gap();

    /// <summary>Rendered bodies, as many documents show the same ones. When the space is full, all are dropped.</summary>
    internal sealed class Kept
    {
        /// <summary>Characters of the bodies and of what they were rendered to.</summary>
        public const long Most = 8_000_000;

        private readonly System.Collections.Concurrent.ConcurrentDictionary<string, string> _kept = new(StringComparer.Ordinal);
        private long _size;

        public long Size => Interlocked.Read(ref _size);

        public string Get(string markdown, Func<string, string> render)
        {
            if (_kept.TryGetValue(markdown, out var known))
                return known;
            var html = render(markdown);
            if (Interlocked.Add(ref _size, markdown.Length + html.Length) > Most)
            {
                _kept.Clear();
                Interlocked.Exchange(ref _size, markdown.Length + html.Length);
            }
            _kept[markdown] = html;
            return html;
        }
    }
}
