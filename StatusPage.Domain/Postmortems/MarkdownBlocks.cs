namespace StatusPage.Domain.Postmortems;

/// <summary>Parts a text in Markdown where a reader sees a new paragraph, list or piece of code.</summary>
public static class MarkdownBlocks
{
    /// <summary>Blocks in their order. Empty lines part them, but not in fenced code, nor where the next line is indented below the one before.</summary>
    public static IReadOnlyList<string> Of(string text)
    {
        var blocks = new List<string>();
        var (block, fence, gap) = (new List<string>(), (string?)null, 0);
        foreach (var line in text.ReplaceLineEndings("\n").Split('\n'))
        {
            var inFence = fence is not null;
            fence = FenceAfter(line, fence);
            if (!inFence && string.IsNullOrWhiteSpace(line))
            {
                gap++;
                continue;
            }
            if (gap > 0 && block.Count > 0)
            {
                if (char.IsWhiteSpace(line[0]))
                    block.AddRange(Enumerable.Repeat("", gap));
                else
                    Add();
            }
            gap = 0;
            block.Add(line.TrimEnd());
        }
        Add();
        return blocks;

        void Add()
        {
            if (block.Count > 0)
                blocks.Add(string.Join('\n', block));
            block.Clear();
        }
    }

    /// <summary>The fence of the code that a line stands in or leaves open (CommonMark 0.31, section 4.5); null outside of code.</summary>
    internal static string? FenceAfter(string line, string? fence)
    {
        var mark = line.TrimStart();
        var run = mark.Length > 0 && mark[0] is '`' or '~' ? mark.Length - mark.TrimStart(mark[0]).Length : 0;
        if (run < 3)
            return fence;
        if (fence is null)
            return mark[..run];
        return mark[0] == fence[0] && run >= fence.Length && mark[run..].Trim().Length == 0 ? null : fence;
    }
}
