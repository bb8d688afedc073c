using Markdig;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace StatusPage.Web.Themes;

/// <summary>
/// header.md and footer.md as clean HTML. What cleaning would take out is refused with its line instead, so that its author does not have to find out on
/// the page.
/// </summary>
internal static class ThemeMarkdown
{
    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder()
        .UseAutoLinks()
        .UsePipeTables()
        .UsePreciseSourceLocation()
        .Use<Shared.BoundedMarkdown>()
        .Build();

    public static string ToHtml(string markdown, string file)
    {
        foreach (var part in Markdown.Parse(markdown, Pipeline).Descendants())
        {
            var reason = part switch
            {
                HtmlBlock or HtmlInline => "HTML is not taken here. Write it in Markdown.",
                LinkInline { IsImage: true } => "pictures are not taken here. A logo belongs into theme.json.",
                LinkInline link when !IsLink(link.Url) => $"'{link.Url}' is no address to lead to. Use https, mailto, or a path such as /history.",
                AutolinkInline link when !link.IsEmail && !IsLink(link.Url) => $"'{link.Url}' is no address to lead to.",
                _ => null,
            };
            if (reason is not null)
                throw new ThemeException(file, part.Line + 1, reason);
        }
        return Shared.Markdown.ToHtml(markdown);
    }

    /// <summary>An address that a link may have: of the web, of mail, or of this host.</summary>
    public static bool IsLink(string? address) =>
        address is not null
        && (
            Uri.TryCreate(address, UriKind.Absolute, out var url) && url.Scheme is "https" or "http" or "mailto" && !address.StartsWith('/')
            || address is ['/', not ('/' or '\\'), ..] or "/" or ['#', ..]
        );
}
