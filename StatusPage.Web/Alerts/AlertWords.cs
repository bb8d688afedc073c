using System.Text;
using StatusPage.Domain.Alerts;

namespace StatusPage.Web.Alerts;

/// <summary>The text of alerts in our texts. What comes from an alert is text, never Markdown or a template.</summary>
public static class AlertWords
{
    /// <summary>Characters that may begin something in Markdown as we read it (CommonMark 0.31 and Shared/Markdown.cs), wherever they stand.</summary>
    private const string Marks = "\\`*[]<>#~^|&!$";

    /// <summary>What Markdig makes a link of, without being told to.</summary>
    private static readonly string[] Schemes = ["http", "https", "ftp", "mailto", "tel"];

    /// <summary>Markdown that shows a text as it is. It may stand anywhere in another text.</summary>
    public static string Plain(string text)
    {
        var plain = new StringBuilder(text.Length + 16);
        var (isLineStart, isNumber) = (true, false);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            // Space at the start of a line makes code of it.
            if (isLineStart && c is ' ' or '\t')
                continue;
            if (IsMark(text, i, isLineStart, isNumber))
                plain.Append('\\');
            plain.Append(c);
            isNumber = (isLineStart || isNumber) && char.IsAsciiDigit(c);
            isLineStart = c is '\n' or '\r';
        }
        return plain.ToString();
    }

    /// <summary>Two braces would be a variable that somebody has to fill in. For texts that are no Markdown.</summary>
    public static string Parted(string text)
    {
        while (text.Contains("{{", StringComparison.Ordinal))
            text = text.Replace("{{", "{ {", StringComparison.Ordinal);
        return text;
    }

    /// <param name="isNumber">Whether nothing but digits stands before it in its line.</param>
    private static bool IsMark(string text, int at, bool isLineStart, bool isNumber) =>
        text[at] switch
        {
            // "snake_case" is no emphasis, so it stays readable.
            '_' => !(IsWord(text, at - 1) && IsWord(text, at + 1)),
            // At the start of a line these make lists, rules and headings; two of "+" mark what is new.
            '+' => isLineStart || at == text.Length - 1 || text[at - 1] == '+' || text[at + 1] == '+',
            '-' or '=' => isLineStart,
            ')' => isNumber || at == 0,
            '.' => isNumber || at == 0 || EndsWith(text, at, "www"),
            ':' => at == 0 || Array.Exists(Schemes, scheme => EndsWith(text, at, scheme)),
            // "{{name}}" would ask the writer to fill it in.
            '{' => at == 0 || text[at - 1] == '{',
            var c => Marks.Contains(c, StringComparison.Ordinal),
        };

    private static bool EndsWith(string text, int at, string word) => text.AsSpan(0, at).EndsWith(word, StringComparison.OrdinalIgnoreCase);

    /// <summary>The variables of a template, by name: "alert_title", "alert_text", and each field with its dots as underscores.</summary>
    public static Dictionary<string, string> Variables(AlertEvent alert, Func<string, string> write)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal) { ["alert_title"] = write(alert.Title), ["alert_text"] = write(alert.Text) };
        foreach (var (name, value) in alert.Fields)
            values[name.Replace('.', '_')] = write(value);
        if (alert.Impact is { } impact)
            values["impact"] = write(impact);
        return values;
    }

    private static bool IsWord(string text, int at) => at >= 0 && at < text.Length && char.IsLetterOrDigit(text[at]);
}
