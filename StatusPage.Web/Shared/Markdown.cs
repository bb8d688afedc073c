using System.Collections.Concurrent;
using System.Text;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using Ganss.Xss;
using Markdig;

namespace StatusPage.Web.Shared;

/// <summary>Bodies written in Markdown, as clean HTML and as plain text.</summary>
public static class Markdown
{
    /// <summary>Bodies kept rendered; cleaning one costs some 100 µs, and the same bodies stand in many documents.</summary>
    private const int Kept = 5_000;

    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder()
        .UseAutoLinks().UsePipeTables().UseEmphasisExtras().UseSoftlineBreakAsHardlineBreak().Build();

    private static readonly ConcurrentDictionary<string, string> Cleaned = new(StringComparer.Ordinal);

    /// <param name="heading">The level of its headings, where they are not deep inside a page.</param>
    public static string ToHtml(string markdown, int heading) =>
        ToHtml(markdown).Replace("<h4>", $"<h{heading}>", StringComparison.Ordinal).Replace("</h4>", $"</h{heading}>", StringComparison.Ordinal);

    /// <summary>HTML without scripts, styles, forms, frames and pictures; links are http, https or mailto.</summary>
    public static string ToHtml(string markdown)
    {
        if (Cleaned.TryGetValue(markdown, out var known)) return known;
        if (Cleaned.Count >= Kept) Cleaned.Clear();
        return Cleaned[markdown] = NewSanitizer().Sanitize(Markdig.Markdown.ToHtml(markdown, Pipeline)).Trim();
    }

    /// <summary>The same body for a reader without HTML: links show their address, lists keep their marks.</summary>
    public static string ToText(string markdown)
    {
        var text = new StringBuilder();
        Write(new HtmlParser().ParseDocument(ToHtml(markdown)).Body!, text, "");
        return text.ToString().Trim();
    }

    private static HtmlSanitizer NewSanitizer()
    {
        var sanitizer = new HtmlSanitizer(new HtmlSanitizerOptions
        {
            AllowedTags = new HashSet<string>(StringComparer.OrdinalIgnoreCase)
            {
                "p", "br", "a", "strong", "em", "del", "ins", "sub", "sup", "code", "pre", "ul", "ol", "li", "blockquote",
                "h1", "h2", "h3", "h4", "h5", "h6", "hr", "table", "thead", "tbody", "tr", "th", "td",
            },
            AllowedAttributes = new HashSet<string>(StringComparer.OrdinalIgnoreCase) { "href", "title", "start" },
            UriAttributes = new HashSet<string>(StringComparer.OrdinalIgnoreCase) { "href" },
            AllowedSchemes = new HashSet<string>(StringComparer.OrdinalIgnoreCase) { "http", "https", "mailto" },
        });
        sanitizer.PostProcessNode += (_, args) =>
        {
            // Headings of a body stand below those of the page.
            if (args.Node is IElement { LocalName: "h1" or "h2" or "h3" } heading)
            {
                var lower = args.Document.CreateElement("h4");
                lower.InnerHtml = heading.InnerHtml;
                args.ReplacementNodes.Add(lower);
            }
            else if (args.Node is IElement { LocalName: "a" } link) link.SetAttribute("rel", "nofollow noopener");
        };
        return sanitizer;
    }

    private static void Write(INode node, StringBuilder text, string indent)
    {
        foreach (var child in node.ChildNodes)
        {
            switch (child)
            {
                case IText words when node is IElement { LocalName: "li" } && string.IsNullOrWhiteSpace(words.Data):
                    break;
                case IText words:
                    text.Append(node is IElement { LocalName: "ul" or "ol" or "table" or "tr" or "body" or "blockquote" } ? words.Data.Trim('\n') : words.Data);
                    break;
                case IElement { LocalName: "br" }:
                    // Markdig writes a line break behind each <br>, which is part of the next text.
                    break;
                case IElement { LocalName: "a" } link:
                    Write(link, text, indent);
                    var href = link.GetAttribute("href");
                    if (href is not null && href.TrimEnd('/') != link.TextContent.TrimEnd('/') && !href.StartsWith("mailto:", StringComparison.Ordinal))
                        text.Append(" (").Append(href).Append(')');
                    break;
                case IElement { LocalName: "li" } item:
                    text.Append(indent).Append(item.ParentElement is { LocalName: "ol" } list ? $"{NumberOf(item, list)}. " : "- ");
                    Write(item, text, indent + "  ");
                    if (text[^1] != '\n') text.Append('\n');
                    break;
                case IElement { LocalName: "hr" }:
                    text.Append("---\n\n");
                    break;
                case IElement { LocalName: "th" or "td" } cell:
                    Write(cell, text, indent);
                    text.Append("  ");
                    break;
                case IElement { LocalName: "tr" } row:
                    Write(row, text, indent);
                    text.Append('\n');
                    break;
                case IElement { LocalName: "p" or "ul" or "ol" or "pre" or "blockquote" or "table" or "h4" or "h5" or "h6" } block:
                    if (indent.Length > 0 && block.LocalName is "ul" or "ol" && text.Length > 0 && text[^1] != '\n') text.Append('\n');
                    Write(block, text, indent);
                    while (text.Length > 0 && text[^1] == '\n') text.Length--;
                    text.Append(indent.Length > 0 ? "\n" : "\n\n");
                    break;
                default:
                    Write(child, text, indent);
                    break;
            }
        }
    }

    private static int NumberOf(IElement item, IElement list)
    {
        var place = 0;
        foreach (var child in list.Children)
        {
            if (child == item) break;
            place++;
        }
        return place + (int.TryParse(list.GetAttribute("start"), out var start) ? start : 1);
    }
}
