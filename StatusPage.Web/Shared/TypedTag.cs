using System.Net;

namespace StatusPage.Web.Shared;

/// <summary>
/// A tag of HTML that somebody typed, and that means something here. Everything else between angle brackets, such as <c>Map&lt;String&gt;</c> or
/// <c>a&lt;b and c&gt;d</c>, is words.
/// </summary>
internal sealed class TypedTag
{
    /// <summary>Characters of one tag; what is longer is no tag that people type.</summary>
    private const int Longest = 4_000;

    private const string None = "";

    /// <summary>Elements within a line, and what they become here; with nothing, only their words are kept.</summary>
    private static readonly Dictionary<string, string> Inline = new(StringComparer.OrdinalIgnoreCase)
    {
        ["a"] = "a",
        ["b"] = "strong",
        ["strong"] = "strong",
        ["i"] = "em",
        ["em"] = "em",
        ["cite"] = "em",
        ["dfn"] = "em",
        ["var"] = "em",
        ["s"] = "del",
        ["strike"] = "del",
        ["del"] = "del",
        ["u"] = "ins",
        ["ins"] = "ins",
        ["sub"] = "sub",
        ["sup"] = "sup",
        ["code"] = "code",
        ["samp"] = "code",
        ["tt"] = "code",
        ["kbd"] = "kbd",
        ["mark"] = "mark",
        ["abbr"] = None,
        ["acronym"] = None,
        ["bdi"] = None,
        ["bdo"] = None,
        ["big"] = None,
        ["data"] = None,
        ["font"] = None,
        ["label"] = None,
        ["nobr"] = None,
        ["q"] = None,
        ["rb"] = None,
        ["rp"] = None,
        ["rt"] = None,
        ["ruby"] = None,
        ["small"] = None,
        ["span"] = None,
        ["time"] = None,
    };

    private static readonly HashSet<string> Voids = new(StringComparer.OrdinalIgnoreCase) { "br", "hr", "img", "wbr" };

    /// <summary>Elements that begin and end a line.</summary>
    private static readonly HashSet<string> Blocks = new(StringComparer.OrdinalIgnoreCase)
    {
        "address",
        "article",
        "aside",
        "blockquote",
        "caption",
        "center",
        "col",
        "colgroup",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "figcaption",
        "figure",
        "footer",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    };

    /// <summary>Attributes that may stand without a value.</summary>
    private static readonly HashSet<string> Bare = new(StringComparer.OrdinalIgnoreCase) { "hidden", "ismap", "nowrap", "open", "reversed" };

    private readonly List<(string Name, string Value)> _attributes = [];

    private TypedTag(string name, bool isEnd) => (Name, IsEnd) = (name, isEnd);

    /// <summary>In lower case.</summary>
    public string Name { get; }
    public bool IsEnd { get; }
    public bool IsVoid => Voids.Contains(Name);
    public bool IsBlock => Blocks.Contains(Name);

    /// <summary>The element that it becomes within a line; empty: none.</summary>
    public string Element => Inline.GetValueOrDefault(Name, None);

    public string? this[string attribute] =>
        _attributes.Find(known => known.Name.Equals(attribute, StringComparison.OrdinalIgnoreCase)) is { Name: not null } found
            ? WebUtility.HtmlDecode(found.Value)
            : null;

    /// <summary>Whether a name of an element makes a block of its own where a line begins with it.</summary>
    public static bool BeginsBlock(ReadOnlySpan<char> afterBracket)
    {
        var name = NameOf(afterBracket.TrimStart('/'));
        return name.Length > 0 && Blocks.GetAlternateLookup<ReadOnlySpan<char>>().Contains(name);
    }

    /// <summary>The tag at the beginning of a text; null where there is none.</summary>
    public static TypedTag? Read(ReadOnlySpan<char> text, out int length)
    {
        length = 0;
        if (text.Length < 3 || text[0] != '<')
            return null;
        var isEnd = text[1] == '/';
        var at = isEnd ? 2 : 1;
        var name = NameOf(text[at..]);
        if (name.Length == 0)
            return null;
        var tag = new TypedTag(name.ToString().ToLowerInvariant(), isEnd);
        if (!tag.IsVoid && !tag.IsBlock && !Inline.ContainsKey(tag.Name))
            return null;
        at += name.Length;
        while (at < text.Length && at < Longest)
        {
            var from = at;
            while (at < text.Length && char.IsWhiteSpace(text[at]))
                at++;
            if (at < text.Length && text[at] == '/')
                at++;
            if (at >= text.Length)
                return null;
            if (text[at] == '>')
            {
                length = at + 1;
                return tag;
            }
            if (at == from || !tag.ReadAttribute(text, ref at))
                return null;
        }
        return null;
    }

    private static ReadOnlySpan<char> NameOf(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty || !char.IsAsciiLetter(text[0]))
            return [];
        var end = text.IndexOfAnyExcept(Letters);
        return end < 0 ? text : text[..end];
    }

    private static readonly System.Buffers.SearchValues<char> AfterName = System.Buffers.SearchValues.Create("=>/ \t\n\"'<");
    private static readonly System.Buffers.SearchValues<char> AfterValue = System.Buffers.SearchValues.Create("> \t\n\"'<");

    private static readonly System.Buffers.SearchValues<char> Letters = System.Buffers.SearchValues.Create(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-"
    );

    /// <summary>False where something stands there that is no attribute, such as a word.</summary>
    private bool ReadAttribute(ReadOnlySpan<char> text, ref int at)
    {
        var rest = text[at..];
        var end = rest.IndexOfAny(AfterName);
        if (end <= 0)
            return false;
        if (rest[..end].ContainsAnyExcept(Letters))
            return false;
        var name = rest[..end].ToString();
        at += end;
        if (text[at] != '=')
            return Bare.Contains(name);
        at++;
        if (at >= text.Length)
            return false;
        if (text[at] is '"' or '\'')
        {
            var close = text[(at + 1)..].IndexOf(text[at]);
            if (close < 0)
                return false;
            _attributes.Add((name, text.Slice(at + 1, close).ToString()));
            at += close + 2;
            return true;
        }
        var stop = text[at..].IndexOfAny(AfterValue);
        if (stop < 0)
            return false;
        _attributes.Add((name, text.Slice(at, stop).ToString()));
        at += stop;
        return true;
    }
}
