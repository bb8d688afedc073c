using Markdig;
using Markdig.Extensions.EmphasisExtras;
using Markdig.Extensions.Tables;
using Markdig.Extensions.TaskLists;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;
using StatusPage.Domain;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Destinations.Writing;

/// <summary>Markdown as destinations get it: read as the page reads it, with lists of tasks, and with HTML as text.</summary>
internal static class ExportedMarkdown
{
    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder()
        .DisableHtml()
        .UseAutoLinks()
        .UsePipeTables()
        .UseTaskLists()
        .UseSoftlineBreakAsHardlineBreak()
        .UseEmphasisExtras(
            EmphasisExtraOptions.Strikethrough | EmphasisExtraOptions.Subscript | EmphasisExtraOptions.Superscript | EmphasisExtraOptions.Inserted
        )
        .Use<BoundedMarkdown>()
        .Build();

    /// <summary>Without what XML 1.0 forbids (section 2.2), which no destination takes.</summary>
    public static MarkdownDocument Read(string markdown) =>
        Markdig.Markdown.Parse(Shared.Markdown.WithoutGaps(Text.Shown(markdown.ReplaceLineEndings("\n"))), Pipeline);

    /// <summary>Whether an item of a list is a task, and whether it is done; null: it is none.</summary>
    public static bool? TaskOf(ListItemBlock item) => item is [ParagraphBlock { Inline.FirstChild: TaskList task }, ..] ? task.Checked : null;

    /// <summary>An address that a reader of the other system may follow; null: it is none.</summary>
    public static string? AddressOf(string? url) =>
        url is { Length: > 0 and <= MaxAddress }
        && Uri.TryCreate(url, UriKind.Absolute, out var address)
        && address.Scheme is "http" or "https" or "mailto"
            ? url
            : null;

    /// <summary>Characters; Notion takes no more.</summary>
    private const int MaxAddress = 2000;

    public static string UrlOf(LinkInline link) => link.GetDynamicUrl?.Invoke() ?? link.Url ?? "";

    /// <summary>What a link says when it is pointed at, which the other side does not know.</summary>
    public static string TitleOf(LinkInline link) => string.IsNullOrEmpty(link.Title) ? "" : $" ({link.Title})";

    /// <summary>The marks of an emphasis that the other side does not know, as they were typed.</summary>
    public static string Typed(EmphasisInline emphasis) => new(emphasis.DelimiterChar, emphasis.DelimiterCount);

    public static string Typed(LinkReferenceDefinition definition) =>
        $"[{definition.Label}]: {definition.Url}{(string.IsNullOrEmpty(definition.Title) ? "" : $" {definition.Title}")}";

    /// <summary>The lines of a block of code, with words behind its fence that name no language.</summary>
    public static string LinesOf(CodeBlock code) => CodeLanguage.WordsOf(code) is { } first ? $"{first}\n{code.Lines}" : code.Lines.ToString();

    /// <summary>The words of an image.</summary>
    public static string WordsOf(ContainerInline container)
    {
        var words = new System.Text.StringBuilder();
        foreach (var inline in container.Descendants())
            words.Append(
                inline switch
                {
                    LiteralInline literal => literal.Content.ToString(),
                    CodeInline code => code.Content,
                    HtmlEntityInline entity => entity.Transcoded.ToString(),
                    AutolinkInline link => link.Url,
                    BoundedMarkdown.PlainInline plain => plain.Text.ReplaceLineEndings(" "),
                    LineBreakInline => " ",
                    DelimiterInline delimiter => delimiter.ToLiteral(),
                    _ => "",
                }
            );
        return words.ToString();
    }

    public static IEnumerable<TableRow> RowsOf(Table table) => table.OfType<TableRow>();
}
