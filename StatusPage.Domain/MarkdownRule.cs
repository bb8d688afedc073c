using System.Text.RegularExpressions;

namespace StatusPage.Domain;

/// <summary>
/// What a text in Markdown must be like to be taken. Whatever is in it can be shown, the worst of it as it was typed, so that no pasted log is refused.
/// Refused is only what would be lost by that: links and quotes that somebody meant, and that nobody would see as such.
/// </summary>
public static partial class MarkdownRule
{
    /// <summary>Quotes and lists within each other that are shown as such; the marks of deeper ones are shown as they were typed.</summary>
    public const int DeepestNesting = 16;

    /// <summary>How much longer than itself a text may become by the addresses that it refers to again and again.</summary>
    public const int MostAddresses = 2;

    /// <summary>A required text in Markdown. The colours of a terminal, which nobody can see, are taken out.</summary>
    /// <exception cref="RuleViolation">Empty, too long, with characters that cannot be shown, or nested or repeated as no page can show it.</exception>
    public static string Block(string? value, string field, string what, int max)
    {
        var text = Text.Block(value is null ? null : Colour().Replace(value, ""), field, what, max);
        RefuseDeep(text, field);
        RefuseRepeated(text, field);
        return text;
    }

    /// <summary>ECMA-48, section 5.4: a control sequence.</summary>
    [GeneratedRegex(@"\x1b\[[0-?]*[ -/]*[@-~]", RegexOptions.CultureInvariant)]
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
                while (at < line.Length && line[at] == ' ') at++;
            }
            if (depth > DeepestNesting && line[at..].IndexOfAnyExcept("->*+ ") >= 0)
                throw new RuleViolation($"Line {number} stands in {depth} quotes or lists, one within the other; {DeepestNesting} can be shown. Take some of its marks away.", field);
        }
    }

    private static void RefuseRepeated(string text, string field)
    {
        var longest = 0;
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            var definition = line.TrimStart();
            if (definition.StartsWith('[') && definition.IndexOf("]:") is var end and > 1 && definition[..end].LastIndexOf('[') == 0) longest = Math.Max(longest, definition.Length - end);
        }
        if (longest == 0) return;
        var uses = text.AsSpan().Count('[') - 1;
        if ((long)uses * longest > MostAddresses * text.Length + 1_000)
            throw new RuleViolation($"An address of {longest:N0} characters is referred to up to {uses:N0} times, which no page can show. Use a shorter address, or refer to it less often.", field);
    }
}
