using System.Globalization;
using System.Text;

namespace StatusPage.Web.Themes;

internal enum CssKind
{
    Space,
    Comment,
    Ident,
    Function,
    At,
    Hash,
    String,
    Url,
    Number,
    Delim,
    Open,
    Close,
    Colon,
    Semicolon,
    Comma,
}

/// <param name="Text">With escapes resolved. Of a number, with its unit.</param>
internal readonly record struct CssToken(CssKind Kind, string Text, int Line)
{
    public bool Is(CssKind kind, string text) => Kind == kind && Text == text;
}

/// <summary>
/// Reads CSS as CSS Syntax Level 3, section 4 (www.w3.org/TR/css-syntax-3) says and as browsers do, so that no escape means one thing here and another
/// there. Anything that it calls a parse error is refused here.
/// </summary>
internal sealed class CssReader(string css, string file)
{
    private const char End = '\0';
    private readonly string _css = css.Replace("\r\n", "\n", StringComparison.Ordinal)
        .Replace('\r', '\n')
        .Replace('\f', '\n')
        .Replace('\0', '\uFFFD')
        .TrimStart('\uFEFF');
    private int _at;
    private int _line = 1;

    public List<CssToken> Read()
    {
        var tokens = new List<CssToken>();
        while (_at < _css.Length)
        {
            var line = _line;
            var (kind, text) = Next();
            tokens.Add(new(kind, text, line));
        }
        return tokens;
    }

    private char Peek(int ahead = 0) => _at + ahead < _css.Length ? _css[_at + ahead] : End;

    private char Take()
    {
        var taken = _css[_at++];
        if (taken == '\n')
            _line++;
        return taken;
    }

    private ThemeException Wrong(string reason) => new(file, _line, reason);

    private (CssKind, string) Next()
    {
        var first = Peek();
        if (IsSpace(first))
            return (CssKind.Space, Spaces());
        if (first == '/' && Peek(1) == '*')
            return Comment();
        if (first is '"' or '\'')
            return String(Take());
        if (StartsNumber(0))
            return Number();
        if (StartsName(0))
            return IdentLike();
        Take();
        switch (first)
        {
            case '#' when IsNamePart(Peek()) || IsEscape(0):
                return (CssKind.Hash, Name());
            case '@' when StartsName(0):
                return (CssKind.At, Name());
            case '\\':
                throw Wrong("a backslash escapes nothing here. Take it out.");
            case '<' when Peek() == '!':
                throw Wrong("'<!--' belongs to HTML. Take it out.");
            default:
                break;
        }
        var kind = first switch
        {
            '(' or '[' or '{' => CssKind.Open,
            ')' or ']' or '}' => CssKind.Close,
            ':' => CssKind.Colon,
            ';' => CssKind.Semicolon,
            ',' => CssKind.Comma,
            _ => CssKind.Delim,
        };
        return (kind, first.ToString());
    }

    private string Spaces()
    {
        var lines = _line;
        while (IsSpace(Peek()))
            Take();
        return _line > lines ? "\n" : " ";
    }

    private (CssKind, string) Comment()
    {
        var begin = _line;
        _at += 2;
        while (!(Peek() == '*' && Peek(1) == '/'))
        {
            if (_at >= _css.Length)
                throw new ThemeException(file, begin, "the comment that begins here is not closed. End it with */.");
            Take();
        }
        _at += 2;
        return (CssKind.Comment, "");
    }

    private (CssKind, string) String(char quote)
    {
        var text = new StringBuilder();
        while (true)
        {
            var next = Peek();
            if (_at >= _css.Length || next == '\n')
                throw Wrong($"a text in quotes is not closed. End it with {quote} in the same line.");
            if (next == quote)
                break;
            if (next == '\\' && Peek(1) == '\n')
            {
                Take();
                Take();
            }
            else if (next == '\\')
                Escape(text);
            else
                text.Append(Take());
        }
        Take();
        return (CssKind.String, text.ToString());
    }

    private (CssKind, string) Number()
    {
        var from = _at;
        if (Peek() is '+' or '-')
            Take();
        while (char.IsAsciiDigit(Peek()))
            Take();
        if (Peek() == '.' && char.IsAsciiDigit(Peek(1)))
            do Take();
            while (char.IsAsciiDigit(Peek()));
        if (Peek() is 'e' or 'E' && (char.IsAsciiDigit(Peek(1)) || Peek(1) is '+' or '-' && char.IsAsciiDigit(Peek(2))))
        {
            Take();
            Take();
            while (char.IsAsciiDigit(Peek()))
                Take();
        }
        var number = _css[from.._at];
        if (Peek() == '%')
            return (CssKind.Number, number + Take());
        if (!StartsName(0))
            return (CssKind.Number, number);
        var unit = Name();
        return unit.All(char.IsAsciiLetter) ? (CssKind.Number, number + unit) : throw Wrong($"'{number}{unit}' has no unit that is known.");
    }

    private (CssKind, string) IdentLike()
    {
        var name = Name();
        if (Peek() != '(')
            return (CssKind.Ident, name);
        Take();
        if (!name.Equals("url", StringComparison.OrdinalIgnoreCase))
            return (CssKind.Function, name);
        var behind = 0;
        while (IsSpace(Peek(behind)))
            behind++;
        return Peek(behind) is '"' or '\'' ? (CssKind.Function, name) : Url();
    }

    private (CssKind, string) Url()
    {
        var text = new StringBuilder();
        while (IsSpace(Peek()))
            Take();
        while (Peek() != ')')
        {
            if (_at >= _css.Length)
                throw Wrong("url( is not closed.");
            if (IsSpace(Peek()))
            {
                while (IsSpace(Peek()))
                    Take();
                if (Peek() != ')')
                    throw Wrong("an address in url() holds a space. Put it in quotes.");
                break;
            }
            if (Peek() is '"' or '\'' or '(')
                throw Wrong($"an address in url() holds {Peek()}. Put it in quotes.");
            if (Peek() == '\\')
                Escape(text);
            else
                text.Append(Take());
        }
        Take();
        return (CssKind.Url, text.ToString());
    }

    private string Name()
    {
        var name = new StringBuilder();
        while (true)
        {
            if (IsNamePart(Peek()))
                name.Append(Take());
            else if (IsEscape(0))
                Escape(name);
            else
                return name.ToString();
        }
    }

    /// <summary>Section 4.3.7.</summary>
    private void Escape(StringBuilder into)
    {
        Take();
        if (_at >= _css.Length)
            throw Wrong("a backslash escapes nothing here. Take it out.");
        if (!char.IsAsciiHexDigit(Peek()))
        {
            into.Append(Take());
            return;
        }
        var from = _at;
        while (_at - from < 6 && char.IsAsciiHexDigit(Peek()))
            _at++;
        var point = int.Parse(_css.AsSpan(from, _at - from), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        if (IsSpace(Peek()))
            Take();
        into.Append(Rune.IsValid(point) && point != 0 ? new Rune(point).ToString() : "\uFFFD");
    }

    private bool IsEscape(int ahead) => Peek(ahead) == '\\' && Peek(ahead + 1) != '\n' && _at + ahead + 1 < _css.Length;

    private bool StartsName(int ahead) =>
        Peek(ahead) == '-' ? IsNameStart(Peek(ahead + 1)) || Peek(ahead + 1) == '-' || IsEscape(ahead + 1) : IsNameStart(Peek(ahead)) || IsEscape(ahead);

    private bool StartsNumber(int ahead)
    {
        if (Peek(ahead) is '+' or '-')
            ahead++;
        return char.IsAsciiDigit(Peek(ahead)) || Peek(ahead) == '.' && char.IsAsciiDigit(Peek(ahead + 1));
    }

    private static bool IsSpace(char c) => c is ' ' or '\t' or '\n';

    internal static bool IsNameStart(char c) => char.IsAsciiLetter(c) || c == '_' || c >= 0x80;

    internal static bool IsNamePart(char c) => IsNameStart(c) || char.IsAsciiDigit(c) || c == '-';
}
