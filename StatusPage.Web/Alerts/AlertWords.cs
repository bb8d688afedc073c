using System.Text;
using StatusPage.Domain.Alerts;

namespace StatusPage.Web.Alerts;

/// <summary>The text of alerts in our texts. What comes from an alert is text, never Markdown or a template.</summary>
internal static class AlertWords
{
    /// <summary>Characters that may begin something in Markdown (CommonMark 0.31, section 2.4), wherever they stand.</summary>
    private const string Marks = "\\`*[]<>#~|&!$";

    /// <summary>Markdown that shows a text as it is.</summary>
    public static string Plain(string text)
    {
        var plain = new StringBuilder(text.Length);
        var isLineStart = true;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            // "snake_case" is no emphasis, so it stays readable.
            var isLoose = c == '_' && !(IsWord(text, i - 1) && IsWord(text, i + 1));
            // At the start of a line these make lists, rules, headings and code.
            var isBlock = isLineStart && (c is '-' or '+' or '=' || (char.IsAsciiDigit(c) && IsNumbered(text, i)));
            if (isBlock && char.IsAsciiDigit(c))
            {
                var end = i;
                while (char.IsAsciiDigit(text[end]))
                    end++;
                plain.Append(text, i, end - i).Append('\\').Append(text[end]);
                i = end;
                isLineStart = false;
                continue;
            }
            if (isLineStart && c is ' ' or '\t')
                continue;
            if (isBlock || isLoose || Marks.Contains(c, StringComparison.Ordinal))
                plain.Append('\\');
            // "{{name}}" would ask the writer to fill it in.
            if (c == '{' && i + 1 < text.Length && text[i + 1] == '{')
                plain.Append("{ ");
            else
                plain.Append(c);
            isLineStart = c == '\n';
        }
        return plain.ToString();
    }

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

    private static bool IsNumbered(string text, int at)
    {
        var end = at;
        while (end < text.Length && char.IsAsciiDigit(text[end]))
            end++;
        return end < text.Length && text[end] is '.' or ')';
    }
}
