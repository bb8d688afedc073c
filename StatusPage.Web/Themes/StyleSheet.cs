using System.Globalization;
using System.Text;

namespace StatusPage.Web.Themes;

/// <summary>
/// Checks a style sheet of a theme or of an owner, and writes it anew from what was understood of it, without comments and escapes, so that a browser
/// reads what was checked. It may change every look and load nothing from elsewhere.
/// </summary>
public sealed class StyleSheet
{
    /// <summary>Blocks within blocks; nobody nests as deep.</summary>
    private const int Deepest = 16;

    private static readonly HashSet<string> AtRules = new(StringComparer.OrdinalIgnoreCase)
    {
        "media",
        "supports",
        "container",
        "layer",
        "scope",
        "starting-style",
        "keyframes",
        "-webkit-keyframes",
        "page",
        "property",
        "counter-style",
    };

    /// <summary>Functions that load, or once did.</summary>
    private static readonly HashSet<string> Loading = new(StringComparer.OrdinalIgnoreCase)
    {
        "src",
        "image",
        "image-set",
        "-webkit-image-set",
        "cross-fade",
        "-webkit-cross-fade",
        "element",
        "-moz-element",
        "expression",
    };

    private static readonly HashSet<string> Acting = new(StringComparer.OrdinalIgnoreCase) { "behavior", "-ms-behavior", "-moz-binding" };

    private readonly string _file;
    private readonly List<CssToken> _tokens;
    private readonly StringBuilder _out = new();
    private int _at;

    private StyleSheet(string css, string file)
    {
        _file = file;
        _tokens = new CssReader(css, file).Read();
    }

    /// <exception cref="ThemeException">With the line and the reason.</exception>
    public static string Clean(string css, string file)
    {
        var sheet = new StyleSheet(css, file);
        sheet.Rules();
        var clean = sheet._out.ToString().Trim();
        // The result must be what was checked: read again, it means the same.
        if (!Meaning(new CssReader(clean, file).Read()).SequenceEqual(Meaning(sheet._tokens)))
            throw new ThemeException(file, null, "it holds escapes that cannot be kept. Write it without backslashes.");
        return clean;
    }

    private static IEnumerable<(CssKind, string)> Meaning(IEnumerable<CssToken> tokens) =>
        tokens.Where(token => token.Kind is not (CssKind.Space or CssKind.Comment)).Select(token => (token.Kind, token.Text));

    private CssToken? Current => _at < _tokens.Count ? _tokens[_at] : null;

    private ThemeException Wrong(int line, string reason) => new(_file, line, reason);

    private int LastLine => _tokens.Count == 0 ? 1 : _tokens[^1].Line;

    private void Rules()
    {
        while (SkipSpace() is { } token)
        {
            if (token.Kind == CssKind.At)
                AtRule(0);
            else if (token.Is(CssKind.Close, "}"))
                throw Wrong(token.Line, "there is a } too many.");
            else
                Rule(0);
        }
    }

    private void AtRule(int depth)
    {
        var token = Current!.Value;
        if (token.Text.Equals("import", StringComparison.OrdinalIgnoreCase))
            throw Wrong(token.Line, "@import loads another file. Put its rules here instead.");
        if (token.Text.Equals("font-face", StringComparison.OrdinalIgnoreCase))
            throw Wrong(token.Line, "@font-face loads a font, which the page does not. Name fonts that people have.");
        if (!AtRules.Contains(token.Text))
            throw Wrong(
                token.Line,
                $"@{token.Text} is not taken. Taken are {string.Join(", ", AtRules.Where(rule => rule[0] != '-').Select(rule => "@" + rule))}."
            );
        Write();
        Prelude(token.Line, $"@{token.Text} has no block in braces.", mayEnd: token.Text.Equals("layer", StringComparison.OrdinalIgnoreCase));
        if (Current is { Kind: CssKind.Semicolon })
            Write();
        else
            Block(depth + 1, isKeyframes: token.Text.EndsWith("keyframes", StringComparison.OrdinalIgnoreCase));
    }

    private void Rule(int depth)
    {
        var line = Current!.Value.Line;
        Prelude(line, "a rule needs a selector and a block in braces, such as .band { color: red; }", mayEnd: false);
        Block(depth + 1, isKeyframes: false);
    }

    /// <summary>What stands before a block.</summary>
    private void Prelude(int line, string missing, bool mayEnd)
    {
        while (Current is { } token)
        {
            if (token.Is(CssKind.Open, "{") || mayEnd && token.Kind == CssKind.Semicolon)
                return;
            if (token.Kind == CssKind.Semicolon || token.Is(CssKind.Close, "}"))
                break;
            Value(0);
        }
        throw Wrong(line, missing);
    }

    private void Block(int depth, bool isKeyframes)
    {
        var begin = Current!.Value.Line;
        if (depth > Deepest)
            throw Wrong(begin, $"blocks are nested deeper than {Deepest}.");
        Write();
        while (SkipSpace() is { } token)
        {
            if (token.Is(CssKind.Close, "}"))
            {
                Write();
                return;
            }
            if (token.Kind == CssKind.Semicolon)
                Write();
            else if (token.Kind == CssKind.At)
                AtRule(depth);
            else if (isKeyframes || !IsDeclaration())
                Rule(depth);
            else
                Declaration();
        }
        throw Wrong(begin, "the block that begins here is not closed. End it with }.");
    }

    /// <summary>Until the next ; or }, without a block of its own; custom properties may hold one.</summary>
    private bool IsDeclaration()
    {
        var depth = 0;
        var isCustom = Current is { Kind: CssKind.Ident, Text: ['-', '-', ..] };
        for (var i = _at; i < _tokens.Count; i++)
        {
            var token = _tokens[i];
            if (depth == 0 && (token.Kind == CssKind.Semicolon || token.Is(CssKind.Close, "}")))
                return true;
            if (depth == 0 && token.Is(CssKind.Open, "{") && !isCustom)
                return false;
            if (token.Kind is CssKind.Open or CssKind.Function)
                depth++;
            else if (token.Kind == CssKind.Close)
                depth--;
        }
        return true;
    }

    private void Declaration()
    {
        var name = Current!.Value;
        if (name.Kind != CssKind.Ident)
            throw Wrong(name.Line, $"'{name.Text}' begins no declaration. Write it as name: value;");
        if (Acting.Contains(name.Text))
            throw Wrong(name.Line, $"'{name.Text}' would run a program. Take it out.");
        var isCustom = name.Text.StartsWith("--", StringComparison.Ordinal);
        Write();
        if (SkipSpace() is not { Kind: CssKind.Colon })
            throw Wrong(name.Line, $"a : is missing behind '{name.Text}'.");
        Write();
        var isEmpty = SkipSpace() is null or { Kind: CssKind.Semicolon } or { Kind: CssKind.Close };
        if (isEmpty && !isCustom)
            throw Wrong(name.Line, $"'{name.Text}' has no value.");
        while (Current is { } token && token.Kind != CssKind.Semicolon && !token.Is(CssKind.Close, "}"))
        {
            if (token.Kind == CssKind.Colon && !isCustom)
                throw Wrong(token.Line, $"there is a : in the value of '{name.Text}'. A ; may be missing before it.");
            Value(0);
        }
    }

    /// <summary>One part of a value or of a selector, with all that stands within its brackets.</summary>
    private void Value(int depth)
    {
        var token = Current!.Value;
        if (depth > Deepest)
            throw Wrong(token.Line, $"brackets are nested deeper than {Deepest}.");
        if (token.Kind == CssKind.Close)
            throw Wrong(token.Line, $"there is a {token.Text} too many.");
        Write();
        if (token.Kind == CssKind.Url)
            CheckAddress(token.Text, token.Line);
        if (token.Kind is not (CssKind.Open or CssKind.Function))
            return;
        if (token.Kind == CssKind.Function)
            CheckFunction(token);
        var close = token.Text switch
        {
            "[" => "]",
            "{" => "}",
            _ => ")",
        };
        while (Current is { } inner && !inner.Is(CssKind.Close, close))
            Value(depth + 1);
        if (Current is null)
            throw Wrong(token.Line, $"the bracket that opens here is not closed. End it with {close}.");
        Write();
    }

    private void CheckFunction(CssToken function)
    {
        if (Loading.Contains(function.Text))
            throw Wrong(function.Line, $"{function.Text}() is not taken, since it can load from elsewhere.");
        if (!function.Text.Equals("url", StringComparison.OrdinalIgnoreCase))
            return;
        var inner = _tokens
            .Skip(_at)
            .TakeWhile(token => !token.Is(CssKind.Close, ")"))
            .Where(token => token.Kind is not (CssKind.Space or CssKind.Comment))
            .ToList();
        if (inner is not [{ Kind: CssKind.String }])
            throw Wrong(function.Line, "url() takes one address.");
        CheckAddress(inner[0].Text, function.Line);
    }

    /// <summary>Loading from another host would tell it who reads the page; the page's policy forbids it anyhow.</summary>
    private void CheckAddress(string address, int line)
    {
        var isHere =
            address.StartsWith("/assets/", StringComparison.Ordinal) && !address.Contains("..", StringComparison.Ordinal) || address.StartsWith('#');
        if (!isHere || !address.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '.' or '-' or '_' or '#'))
            throw Wrong(line, $"url({(address.Length > 60 ? address[..60] + "…" : address)}) leads elsewhere. Only addresses under /assets/ are loaded.");
    }

    private CssToken? SkipSpace()
    {
        while (Current is { Kind: CssKind.Space or CssKind.Comment })
            Write();
        return Current;
    }

    private void Write()
    {
        var token = _tokens[_at++];
        if (token.Text.Contains("</", StringComparison.Ordinal) || token.Text == "/" && _out.Length > 0 && _out[^1] == '<')
            throw Wrong(token.Line, "'</' belongs to HTML. Take it out.");
        switch (token.Kind)
        {
            case CssKind.Space:
                if (_out.Length > 0 && _out[^1] is not (' ' or '\n' or '{' or ';'))
                    _out.Append(token.Text);
                else if (token.Text == "\n" && _out.Length > 0 && _out[^1] is '{' or ';')
                    _out.Append('\n');
                break;
            case CssKind.Comment:
                // The tokens that the comment kept apart stay apart.
                if (_out.Length > 0 && _out[^1] is not (' ' or '\n' or '{' or '}' or ';'))
                    _out.Append("/**/");
                break;
            case CssKind.Ident:
                _out.Append(Name(token.Text));
                break;
            case CssKind.Function:
                _out.Append(Name(token.Text)).Append('(');
                break;
            case CssKind.At:
                _out.Append('@').Append(Name(token.Text));
                break;
            case CssKind.Hash:
                _out.Append('#').Append(NameParts(token.Text));
                break;
            case CssKind.String:
                _out.Append(Quoted(token.Text));
                break;
            case CssKind.Url:
                _out.Append("url(").Append(token.Text).Append(')');
                break;
            default:
                _out.Append(token.Text);
                break;
        }
    }

    private static string Name(string name) =>
        name switch
        {
            "-" => "\\-",
            [var first, ..] when char.IsAsciiDigit(first) => Hex(first) + NameParts(name[1..]),
            ['-', var second, ..] when char.IsAsciiDigit(second) => "-" + Hex(second) + NameParts(name[2..]),
            _ => NameParts(name),
        };

    private static string NameParts(string name)
    {
        if (name.All(CssReader.IsNamePart))
            return name;
        var text = new StringBuilder();
        foreach (var c in name)
            text.Append(CssReader.IsNamePart(c) ? c.ToString() : Hex(c));
        return text.ToString();
    }

    private static string Quoted(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var c in text)
            quoted.Append(c is '"' or '\\' or '<' || char.IsControl(c) ? Hex(c) : c.ToString());
        return quoted.Append('"').ToString();
    }

    private static string Hex(char c) => string.Create(CultureInfo.InvariantCulture, $"\\{(int)c:x} ");
}
