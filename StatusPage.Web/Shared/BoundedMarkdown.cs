using System.Buffers;
using Markdig;
using Markdig.Helpers;
using Markdig.Parsers;
using Markdig.Renderers;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;
using StatusPage.Domain;

namespace StatusPage.Web.Shared;

/// <summary>
/// Keeps Markdig's work in proportion to what it reads. Its paragraph parser takes time by the square of the marks, and Markdown does not limit nesting.
/// So a block that is nested too deep, or so full of marks that it is a log and not prose, stays plain text; the other blocks are rendered as ever.
/// </summary>
internal sealed class BoundedMarkdown : IMarkdownExtension
{
    /// <summary>Characters that may mean something, in one paragraph or table.</summary>
    public const int MostMarks = 500;

    /// <summary>Ends of cells in one table.</summary>
    public const int MostPipes = 4_000;

    /// <summary>The sum of the squares of the marks in each paragraph of a body, which is how long Markdig takes.</summary>
    public const int MostWork = 500_000;

    /// <summary>
    /// Lines of a paragraph that begins with the definition of an address. Markdig takes each definition out of all lines that follow, so the next line
    /// begins another paragraph.
    /// </summary>
    public const int MostDefinitions = 100;

    /// <summary>Cells of a table beyond those that were typed; Markdig fills short rows up.</summary>
    public const int MostEmptyCells = 400;

    public void Setup(MarkdownPipelineBuilder pipeline)
    {
        pipeline.BlockParsers.ReplaceOrAdd<QuoteBlockParser>(new Quotes());
        pipeline.BlockParsers.ReplaceOrAdd<ListBlockParser>(new Lists());
        pipeline.BlockParsers.ReplaceOrAdd<ParagraphBlockParser>(new Paragraphs());
        // There is none where HTML is text anyway.
        pipeline.BlockParsers.Replace<HtmlBlockParser>(new HtmlBlocks());
        var opening = pipeline.InlineParsers.SelectMany(parser => parser.OpeningCharacters ?? []).ToList();
        pipeline.InlineParsers.Insert(0, new Dense(opening));
    }

    public void Setup(MarkdownPipeline pipeline, IMarkdownRenderer renderer) { }

    private static bool IsDeep(BlockProcessor processor)
    {
        var depth = 0;
        for (Block? block = processor.CurrentContainer; block is not null; block = block.Parent)
            if (block is QuoteBlock or ListItemBlock)
                depth++;
        return depth >= MarkdownRule.DeepestNesting;
    }

    private sealed class Quotes : QuoteBlockParser
    {
        public override BlockState TryOpen(BlockProcessor processor) => IsDeep(processor) ? BlockState.None : base.TryOpen(processor);
    }

    private sealed class Lists : ListBlockParser
    {
        public override BlockState TryOpen(BlockProcessor processor) => IsDeep(processor) ? BlockState.None : base.TryOpen(processor);
    }

    private sealed class Paragraphs : ParagraphBlockParser
    {
        public override BlockState TryContinue(BlockProcessor processor, Block block)
        {
            if (block is not LeafBlock { Lines.Count: > 0 } leaf || !Defines(leaf.Lines.Lines[0].Slice))
                return base.TryContinue(processor, block);
            // Each definition stands for itself, and none becomes a heading.
            if (leaf.Lines.Count < MostDefinitions && !Defines(processor.Line) && !IsUnderline(processor.Line.AsSpan().Trim()))
                return base.TryContinue(processor, block);
            processor.Close(block);
            return TryOpen(processor);
        }

        /// <summary>A line such as "[API]: down" defines no address. It is shown as it was typed.</summary>
        public override bool Close(BlockProcessor processor, Block block)
        {
            if (block is not ParagraphBlock { Lines.Count: > 0 } paragraph || !Defines(paragraph.Lines.Lines[0].Slice) || IsMeant(paragraph))
                return base.Close(processor, block);
            ref var lines = ref paragraph.Lines;
            for (var i = 0; i < lines.Count; i++)
                lines.Lines[i].Slice.TrimStart();
            lines.Lines[lines.Count - 1].Slice.TrimEnd();
            return true;
        }

        private static bool IsUnderline(ReadOnlySpan<char> line) => line.Length > 0 && (line.IndexOfAnyExcept('=') < 0 || line.IndexOfAnyExcept('-') < 0);

        private static bool IsMeant(ParagraphBlock paragraph)
        {
            var first = paragraph.Lines.Lines[0].Slice.AsSpan();
            var address = first[(first.IndexOf("]:") + 2)..].Trim();
            if (address.IsEmpty && paragraph.Lines.Count > 1)
                address = paragraph.Lines.Lines[1].Slice.AsSpan().Trim();
            return address.Contains("://", StringComparison.Ordinal)
                || address is ['/' or '#' or '?' or '<', ..]
                || address.StartsWith("mailto:", StringComparison.OrdinalIgnoreCase)
                || address.StartsWith("www.", StringComparison.OrdinalIgnoreCase);
        }

        private static bool Defines(StringSlice line) =>
            line.AsSpan().TrimStart().StartsWith('[') && line.AsSpan().Contains("]:", StringComparison.Ordinal);
    }

    /// <summary>
    /// Only a tag of a block that we know begins lines of HTML, and only a comment that ends. After any other tag there may be Markdown, and an open end
    /// would take everything that follows.
    /// </summary>
    private sealed class HtmlBlocks : HtmlBlockParser
    {
        private static readonly object LastEnd = new();

        public override BlockState TryOpen(BlockProcessor processor)
        {
            var line = processor.Line.AsSpan().TrimStart();
            if (line.Length < 3 || line[0] != '<')
                return BlockState.None;
            var isKnown = line.StartsWith("<!--", StringComparison.Ordinal) ? EndsAfter(processor) : TypedTag.BeginsBlock(line[1..]);
            return isKnown ? base.TryOpen(processor) : BlockState.None;
        }

        private static bool EndsAfter(BlockProcessor processor)
        {
            if (processor.Document.GetData(LastEnd) is not int last)
                processor.Document.SetData(LastEnd, last = processor.Line.Text.LastIndexOf("-->", StringComparison.Ordinal));
            return last > processor.Line.Start;
        }
    }

    /// <summary>The text of a block that is shown as it was typed, from its first mark on.</summary>
    internal sealed class PlainInline(string text) : LeafInline
    {
        public string Text { get; } = text;
    }

    /// <summary>Asked first, at the first mark of each block.</summary>
    private sealed class Dense : InlineParser
    {
        private const string Signs = "*_~^+[]!`<&\\";
        private static readonly SearchValues<char> Marks = SearchValues.Create(Signs);
        private static readonly object Work = new();

        public Dense(IEnumerable<char> opening) => OpeningCharacters = [.. opening.Union(Signs).Union(['|'])];

        public override bool Match(InlineProcessor processor, ref StringSlice slice)
        {
            var state = processor.GetParserState(this, () => new Seen());
            if (state.IsSeen)
                return slice.CurrentChar == '|' && !state.HoldsTable && IsWord(processor, ref slice);
            state.IsSeen = true;
            var text = slice.Text.AsSpan(slice.Start, slice.Length);
            if (!IsTooMuch(text, processor.Document))
            {
                state.HoldsTable = HoldsTable(text);
                return slice.CurrentChar == '|' && !state.HoldsTable && IsWord(processor, ref slice);
            }
            processor.Inline = new PlainInline(text.ToString());
            slice.Start = slice.End + 1;
            return true;
        }

        /// <summary>
        /// Whether the first line with a pipe stands above a line of dashes. Markdig takes other lines for one, too, such as <c>x *|-|</c>, and their words
        /// would be lost.
        /// </summary>
        private static bool HoldsTable(ReadOnlySpan<char> text)
        {
            var hasHead = false;
            foreach (var line in text.EnumerateLines())
            {
                if (hasHead)
                    return IsOfDashes(line.Trim());
                hasHead = line.Contains('|');
            }
            return false;
        }

        private static bool IsOfDashes(ReadOnlySpan<char> line)
        {
            var cells = line.Trim('|');
            foreach (var cell in cells.Split('|'))
            {
                var dashes = cells[cell].Trim();
                dashes = dashes.StartsWith(':') ? dashes[1..] : dashes;
                dashes = dashes.EndsWith(':') ? dashes[..^1] : dashes;
                if (dashes.IsEmpty || dashes.ContainsAnyExcept('-'))
                    return false;
            }
            return true;
        }

        private static bool IsWord(InlineProcessor processor, ref StringSlice slice)
        {
            processor.Inline = new LiteralInline(slice.CurrentChar.ToString());
            slice.SkipChar();
            return true;
        }

        private static bool IsTooMuch(ReadOnlySpan<char> text, MarkdownDocument document)
        {
            var (marks, pipes, widest, lines) = (text.Count("://") + text.Count("www."), 0, 0, 0);
            foreach (var line in text.EnumerateLines())
            {
                var here = line.Count('|');
                (pipes, widest, lines) = (pipes + here, Math.Max(widest, here + 1), lines + 1);
                for (var rest = line; rest.IndexOfAny(Marks) is var at and >= 0; rest = rest[(at + 1)..])
                    marks++;
            }
            if (marks > MostMarks || pipes > MostPipes || (pipes > 0 && widest * lines > 2 * pipes + MostEmptyCells))
                return true;
            var work = (document.GetData(Work) as int? ?? 0) + marks * marks;
            if (work > MostWork)
                return true;
            document.SetData(Work, work);
            return false;
        }

        private sealed class Seen
        {
            public bool IsSeen { get; set; }
            public bool HoldsTable { get; set; }
        }
    }
}
