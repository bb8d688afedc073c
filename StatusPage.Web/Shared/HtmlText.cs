using System.Globalization;
using System.Net;
using System.Text;

namespace StatusPage.Web.Shared;

/// <summary>
/// Clean HTML, as <see cref="Markdown"/> makes it, for a reader without HTML: links show their address, lists keep their marks. It is read once, from
/// front to back, so that the time is in proportion to its length.
/// </summary>
internal sealed class HtmlText
{
    private readonly StringBuilder _text = new();
    private readonly Stack<Element> _open = new([new Element("body", "")]);

    public static string Of(string html)
    {
        var reader = new HtmlText();
        reader.Read(html);
        return reader._text.ToString().Trim();
    }

    /// <param name="Indent">The indent of the lists that it stands in.</param>
    private sealed record Element(string Name, string Indent)
    {
        /// <summary>Of a list: the number of its next item.</summary>
        public int Number { get; set; }
        public string? Address { get; init; }

        /// <summary>Where its text begins.</summary>
        public int From { get; init; }
    }

    private void Read(ReadOnlySpan<char> html)
    {
        while (html.Length > 0)
        {
            var start = html.IndexOf('<');
            var words = start < 0 ? html : html[..start];
            if (words.Length > 0)
                Words(WebUtility.HtmlDecode(words.ToString()));
            if (start < 0)
                return;
            html = html[start..];
            var end = html.IndexOf('>');
            if (end < 0)
                return;
            var tag = html[1..end];
            html = html[(end + 1)..];
            if (tag.StartsWith('/'))
                Close(tag[1..].ToString());
            else
                Open(tag);
        }
    }

    private void Words(string words)
    {
        switch (_open.Peek().Name)
        {
            case "li" when string.IsNullOrWhiteSpace(words):
                break;
            case "ul" or "ol" or "table" or "tr" or "body" or "blockquote":
                _text.Append(words.Trim('\n'));
                break;
            default:
                _text.Append(words);
                break;
        }
    }

    private void Open(ReadOnlySpan<char> tag)
    {
        var space = tag.IndexOf(' ');
        var name = (space < 0 ? tag : tag[..space]).ToString();
        var parent = _open.Peek();
        var indent = parent.Indent;
        switch (name)
        {
            case "br":
                // Each <br> is followed by a line break, which is part of the next text.
                return;
            case "hr":
                _text.Append("---\n\n");
                return;
            case "li":
                _text.Append(indent).Append(parent.Name == "ol" ? $"{parent.Number++}. " : "- ");
                indent += "  ";
                break;
            case "ul" or "ol" when indent.Length > 0 && _text.Length > 0 && _text[^1] != '\n':
                _text.Append('\n');
                break;
        }
        _open.Push(
            new(name, indent)
            {
                Number = int.TryParse(AttributeOf(tag, "start"), CultureInfo.InvariantCulture, out var first) ? first : 1,
                Address = AttributeOf(tag, "href"),
                From = _text.Length,
            }
        );
    }

    private void Close(string name)
    {
        if (_open.Count == 1 || _open.Peek().Name != name)
            return;
        var element = _open.Pop();
        switch (name)
        {
            case "a" when element.Address is { } address:
                var words = _text.ToString(element.From, _text.Length - element.From);
                if (address.TrimEnd('/') != words.TrimEnd('/') && !address.StartsWith("mailto:", StringComparison.Ordinal))
                    _text.Append(" (").Append(address).Append(')');
                break;
            case "li":
                if (_text[^1] != '\n')
                    _text.Append('\n');
                break;
            case "th" or "td":
                _text.Append("  ");
                break;
            case "tr":
                _text.Append('\n');
                break;
            case "p" or "ul" or "ol" or "pre" or "blockquote" or "table" or "h4" or "h5" or "h6":
                while (_text.Length > 0 && _text[^1] == '\n')
                    _text.Length--;
                _text.Append(element.Indent.Length > 0 ? "\n" : "\n\n");
                break;
        }
    }

    private static string? AttributeOf(ReadOnlySpan<char> tag, string name)
    {
        var start = tag.IndexOf($" {name}=\"");
        if (start < 0)
            return null;
        var value = tag[(start + name.Length + 3)..];
        var end = value.IndexOf('"');
        return WebUtility.HtmlDecode((end < 0 ? value : value[..end]).ToString());
    }
}
