using System.Globalization;
using System.Text;

namespace StatusPage.Domain.Alerts;

/// <summary>Reads a singular query by the grammar of RFC 9535, section 2.3.5.1 and appendix A. Each method returns what is wrong, or null.</summary>
internal sealed class JsonPathParser(string text)
{
    private const string OneValue = "It must name one value: neither *, nor .., nor a slice, a list or a filter.";

    private int _at;

    private char Next => _at < text.Length ? text[_at] : '\0';

    public Sentence? Read(List<JsonStep> steps)
    {
        if (Next != '$')
            return Wrong("a path begins with $.");
        _at++;
        while (true)
        {
            SkipBlank();
            if (_at == text.Length)
                return null;
            if (steps.Count == JsonPath.MaxSteps)
                return Wrong($"a path has at most {JsonPath.MaxSteps} steps.");
            var wrong = Next switch
            {
                '.' => ReadMember(steps),
                '[' => ReadBracket(steps),
                _ => Wrong("a step begins with a dot or a bracket: .name, ['name'] or [0]."),
            };
            if (wrong is not null)
                return wrong;
        }
    }

    /// <summary>.name, of letters, digits, underscores and everything beyond ASCII; a digit does not come first.</summary>
    private Sentence? ReadMember(List<JsonStep> steps)
    {
        var start = ++_at;
        if (Next is '.' or '*')
            return Wrong(OneValue);
        while (Next is '_' or > '\u007f' || char.IsAsciiLetterOrDigit(Next))
            _at++;
        if (_at == start || char.IsAsciiDigit(text[start]))
        {
            _at = start;
            return Wrong("a name is expected here. One with spaces, dots or dashes, or one that begins with a digit, is written as ['the name'].");
        }
        steps.Add(new(text[start.._at], 0));
        return null;
    }

    private Sentence? ReadBracket(List<JsonStep> steps)
    {
        _at++;
        SkipBlank();
        var wrong = Next switch
        {
            '\'' or '"' => ReadQuoted(steps),
            '-' or (>= '0' and <= '9') => ReadIndex(steps),
            '*' or '?' or ':' => Wrong(OneValue),
            _ => Wrong("a quoted name or a whole number is expected here."),
        };
        if (wrong is not null)
            return wrong;
        SkipBlank();
        if (Next is ',' or ':')
            return Wrong(OneValue);
        if (Next != ']')
            return Wrong("] is expected here.");
        _at++;
        return null;
    }

    /// <summary>0, or digits that do not begin with it, with a minus before them or not.</summary>
    private Sentence? ReadIndex(List<JsonStep> steps)
    {
        var start = _at;
        if (Next == '-')
            _at++;
        while (char.IsAsciiDigit(Next))
            _at++;
        var digits = text.AsSpan(start, _at - start);
        var isInteger = digits is "0" || digits.TrimStart('-') is [>= '1' and <= '9', ..];
        if (isInteger && int.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var index))
        {
            steps.Add(new(null, index));
            return null;
        }
        _at = start;
        return Wrong("a whole number such as 0, 12 or -1 is expected here.");
    }

    private Sentence? ReadQuoted(List<JsonStep> steps)
    {
        var (quote, name) = (Next, new StringBuilder());
        var start = _at++;
        while (Next != quote)
        {
            if (_at == text.Length)
            {
                _at = start;
                return Wrong("this quotation mark is not closed.");
            }
            if (Next < ' ')
                return Wrong("a control character is written as \\uXXXX.");
            if (Next != '\\')
                name.Append(text[_at++]);
            else if (ReadEscape(quote, name) is { } wrong)
                return wrong;
        }
        _at++;
        var whole = name.ToString();
        if (Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(whole)) != whole)
            return Wrong("half of a surrogate pair is no character.");
        steps.Add(new(whole, 0));
        return null;
    }

    private Sentence? ReadEscape(char quote, StringBuilder name)
    {
        _at++;
        var escaped = Next;
        if (escaped == 'u')
        {
            if (
                _at + 5 > text.Length
                || !ushort.TryParse(text.AsSpan(_at + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit)
            )
                return Wrong("four hexadecimal digits must follow \\u.");
            name.Append((char)unit);
            _at += 5;
            return null;
        }
        var at = "bfnrt/\\".IndexOf(escaped, StringComparison.Ordinal);
        if (escaped != quote && at < 0)
            return Wrong($"what follows the backslash must be one of b f n r t / \\ u or {quote}");
        name.Append(escaped == quote ? quote : "\b\f\n\r\t/\\"[at]);
        _at++;
        return null;
    }

    /// <summary>Space, tab, line feed and carriage return.</summary>
    private void SkipBlank()
    {
        while (Next is ' ' or '\t' or '\n' or '\r')
            _at++;
    }

    /// <summary>The place, counted from one, and what is wrong there.</summary>
    private Sentence Wrong(Sentence why) => $"character {_at + 1}: {why}";
}
