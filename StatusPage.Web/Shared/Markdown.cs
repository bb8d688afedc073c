using System.Text.RegularExpressions;
using AngleSharp.Dom;
using Ganss.Xss;
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

    /// <summary>Elements of a body that brings HTML of its own, which is cleaned element by element.</summary>
    private const int MostElements = 1_000;

    /// <summary>HTML that is not closed is repeated in every element after it: its characters times the elements.</summary>
    private const int MostRepeated = 50_000;

    /// <summary>Characters of such HTML.</summary>
    private const int MostWild = 4_000;

    /// <summary>Blank lines in a row. More look the same, and Markdig's time grows with the square of those in a list.</summary>
    private static readonly string Widest = new('\n', 20);

    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder()
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
    public static string ToHtml(string markdown) => Rendered.Get(markdown, Render);

    /// <summary>The same body for a reader without HTML: links show their address, lists keep their marks.</summary>
    public static string ToText(string markdown) => Texts.Get(markdown, body => HtmlText.Of(ToHtml(body)));

    private static string Render(string markdown)
    {
        try
        {
            var document = Markdig.Markdown.Parse(WithoutGaps(markdown), Pipeline);
            var writer = new MarkdownWriter(markdown.Length, keepsHtml: true);
            var html = writer.Write(document);
            if (writer.HtmlLength == 0)
                return html.Trim();
            if (IsCleanable(writer, html) && NewSanitizer().Sanitize(html) is var clean && clean.Length <= MostGrowth * markdown.Length + 1_000)
                return clean.Trim();
            return new MarkdownWriter(markdown.Length, keepsHtml: false).Write(document).Trim();
        }
        catch (Exception exception)
        {
            NotRendered(exception);
            return MarkdownWriter.AsTyped(markdown);
        }
    }

    /// <summary>With no more blank lines in a row than look different.</summary>
    internal static string WithoutGaps(string markdown) => Gap().Replace(markdown, Widest);

    [GeneratedRegex(@"(\n[ \t]*){20,}", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant)]
    private static partial Regex Gap();

    /// <summary>Whether cleaning takes no more than a moment, whatever the HTML in it is.</summary>
    private static bool IsCleanable(MarkdownWriter writer, string html) =>
        writer.Elements + writer.HtmlTags <= MostElements
        && (HtmlScan.IsTame(html) || (writer.HtmlLength <= MostWild && (long)writer.HtmlLength * (writer.Elements + writer.HtmlTags) <= MostRepeated));

    /// <summary>For bodies that bring HTML of their own.</summary>
    private static HtmlSanitizer NewSanitizer()
    {
        var sanitizer = new HtmlSanitizer(
            new HtmlSanitizerOptions
            {
                AllowedTags = new HashSet<string>(StringComparer.OrdinalIgnoreCase)
                {
                    "p",
                    "br",
                    "a",
                    "strong",
                    "em",
                    "del",
                    "ins",
                    "sub",
                    "sup",
                    "code",
                    "pre",
                    "ul",
                    "ol",
                    "li",
                    "blockquote",
                    "h1",
                    "h2",
                    "h3",
                    "h4",
                    "h5",
                    "h6",
                    "hr",
                    "table",
                    "thead",
                    "tbody",
                    "tr",
                    "th",
                    "td",
                },
                AllowedAttributes = new HashSet<string>(StringComparer.OrdinalIgnoreCase) { "href", "title", "start" },
                UriAttributes = new HashSet<string>(StringComparer.OrdinalIgnoreCase) { "href" },
                AllowedSchemes = new HashSet<string>(StringComparer.OrdinalIgnoreCase) { "http", "https", "mailto" },
            }
        );
        sanitizer.PostProcessNode += (_, args) =>
        {
            // Headings of a body stand below those of the page.
            if (args.Node is IElement { LocalName: "h1" or "h2" or "h3" } heading)
            {
                var lower = args.Document.CreateElement("h4");
                lower.InnerHtml = heading.InnerHtml;
                args.ReplacementNodes.Add(lower);
            }
            else if (args.Node is IElement { LocalName: "a" } link)
                link.SetAttribute("rel", "nofollow noopener");
        };
        return sanitizer;
    }

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
