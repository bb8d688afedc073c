using System.Text.RegularExpressions;

namespace StatusPage.Domain;

/// <summary>
/// Checks whether a text in Markdown can be taken. Everything can be shown, at worst as it was typed, so that no pasted log is refused. Refused are only
/// links and quotes that somebody meant and that readers would not see as such.
/// </summary>
public static partial class MarkdownRule
{
    /// <summary>How deep nested quotes and lists are shown as such; the marks of deeper ones are shown as they were typed.</summary>
    public const int DeepestNesting = 16;

    /// <summary>How many times its own length a text may grow by addresses that it refers to repeatedly.</summary>
    public const int MostAddresses = 2;

    /// <summary>A required text in Markdown. Terminal colour codes, which nobody can see, are removed.</summary>
    /// <exception cref="RuleViolation">
    /// It is empty or too long, has characters that cannot be shown, or is nested or repeated beyond what a page can show.
    /// </exception>
    public static string Block(string? value, string field, Sentence what, int max)
    {
        var text = Text.Block(value is null ? null : Colour().Replace(value, ""), field, what, max);
        RefuseDeep(text, field);
        RefuseRepeated(text, field);
        return text;
    }

    /// <summary>Null where there is none.</summary>
    public static string? OptionalBlock(string? value, string field, Sentence what, int max) =>
        string.IsNullOrWhiteSpace(value) ? null : Block(value, field, what, max);

    /// <summary>ECMA-48, section 5.4: a control sequence.</summary>
    [GeneratedRegex(@"\x1b\[[0-?]*[ -/]*[@-~]", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Colour();

    /// <summary>A run of &gt; without spaces is a ruler, which logs have; quotes within quotes are typed with spaces.</summary>
    private static void RefuseDeep(string text, string field)
    {
        var number = 0;
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            number++;
            var (depth, at) = (0, 0);
            while (at + 1 < line.Length && line[at] is '>' or '-' or '*' or '+' && line[at + 1] == ' ')
            {
                depth++;
                at += 2;
                while (at < line.Length && line[at] == ' ')
                    at++;
            }
            if (depth > DeepestNesting && line[at..].IndexOfAnyExcept("->*+ ") >= 0)
                throw new RuleViolation(
                    $"Line {number} stands in {depth} quotes or lists, one within the other; {DeepestNesting} can be shown. Take some of its marks away.",
                    field
                );
        }
    }

    /// <summary>
    /// A line such as "[worker-1]: it failed" is no link definition: after the address only a title may follow (CommonMark 0.31, section 4.7).
    /// </summary>
    [GeneratedRegex(
        """^ {0,3}\[([^\[\]]+)\]:[ \t]*(\S+)[ \t]*("[^"]*"|'[^']*'|\([^()]*\))?[ \t]*$""",
        RegexOptions.CultureInvariant | RegexOptions.Multiline | RegexOptions.NonBacktracking
    )]
    private static partial Regex Definition();

    [GeneratedRegex(@"\[([^\[\]]+)\]", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Reference();

    private static void RefuseRepeated(string text, string field)
    {
        var addresses = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        foreach (Match definition in Definition().Matches(text))
            addresses.TryAdd(definition.Groups[1].Value.Trim(), definition.Groups[2].Length + definition.Groups[3].Length);
        if (addresses.Count == 0)
            return;
        long made = 0;
        foreach (Match reference in Reference().Matches(text))
            if (addresses.TryGetValue(reference.Groups[1].Value.Trim(), out var length))
                made += length;
        if (made > (long)MostAddresses * text.Length + 1_000)
        {
            throw new RuleViolation(
                $"Its links would come to {made:N0} characters of addresses, as long ones are referred to again and again, which no page can show. "
                    + $"Use shorter addresses, or refer to them less often.",
                field
            );
        }
    }
}
