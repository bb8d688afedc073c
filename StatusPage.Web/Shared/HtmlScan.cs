namespace StatusPage.Web.Shared;

/// <summary>
/// Checks whether HTML that somebody typed can be cleaned in a time in proportion to its length. An HTML parser repeats emphasis, with all its attributes,
/// in every block after it until it is closed, and it recurses as deep as the elements are nested.
/// </summary>
internal static class HtmlScan
{
    /// <summary>Elements within each other.</summary>
    private const int Deepest = 40;

    /// <summary>Characters of one tag.</summary>
    private const int LongestTag = 500;

    private static readonly HashSet<string> Repeated = new(StringComparer.OrdinalIgnoreCase)
    {
        "a",
        "b",
        "big",
        "code",
        "em",
        "font",
        "i",
        "nobr",
        "s",
        "small",
        "strike",
        "strong",
        "tt",
        "u",
    };

    private static readonly HashSet<string> WithinLine = new(StringComparer.OrdinalIgnoreCase) { "br", "del", "ins", "sub", "sup", "span", "img" };

    private static readonly HashSet<string> Empty = new(StringComparer.OrdinalIgnoreCase)
    {
        "br",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "wbr",
        "embed",
        "base",
        "col",
    };

    /// <summary>True if each emphasis and link ends within its line, and nothing is deep or long.</summary>
    public static bool IsTame(ReadOnlySpan<char> html)
    {
        var open = new Stack<string>();
        var depth = 0;
        while (html.IndexOf('<') is var start and >= 0)
        {
            html = html[(start + 1)..];
            var isEnd = html.StartsWith('/');
            var from = isEnd ? 1 : 0;
            var length = 0;
            while (from + length < html.Length && char.IsAsciiLetterOrDigit(html[from + length]))
                length++;
            if (length == 0)
                continue;
            var end = html.IndexOf('>');
            if (end is < 0 or > LongestTag)
                return false;
            var name = html.Slice(from, length).ToString().ToLowerInvariant();
            html = html[(end + 1)..];
            if (Repeated.Contains(name))
            {
                if (!isEnd)
                    open.Push(name);
                else if (!open.TryPop(out var last) || last != name)
                    return false;
            }
            else if (!WithinLine.Contains(name) && open.Count > 0)
                return false;
            if (!Empty.Contains(name))
                depth += isEnd ? -1 : 1;
            if (depth > Deepest)
                return false;
        }
        return open.Count == 0;
    }
}
