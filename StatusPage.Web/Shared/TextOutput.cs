using System.Globalization;
using System.Text;

namespace StatusPage.Web.Shared;

/// <summary>A body for a reader without HTML: links show their address, lists keep their marks, cells of a table stand beside each other.</summary>
internal sealed class TextOutput(int length) : IMarkdownOutput
{
    /// <summary>Characters in front of a line of a list, at most, so that the text stays in proportion to what was typed.</summary>
    private const int WidestIndent = 16;

    private readonly StringBuilder _text = new(length + 16);
    private readonly Stack<int?> _lists = new();
    private readonly Stack<(string Url, string? Title, int From)> _links = new();

    /// <summary>Items that are open.</summary>
    private int _items;

    /// <summary>Cells of the row so far; null outside rows.</summary>
    private int? _cells;

    /// <summary>Line ends that are due before the next words.</summary>
    private int _gap;
    private bool _isLineStart;

    /// <summary>Whether the mark of an item was written, and nothing after it.</summary>
    private bool _isAfterMark;

    public string Written => _text.ToString().Trim();

    public void Begin(string element, int start = 1)
    {
        switch (element)
        {
            case "ul" or "ol":
                Part();
                _lists.Push(element == "ol" ? start : null);
                break;
            case "li":
                Item();
                break;
            case "tr":
                Gap(1);
                _cells = 0;
                break;
            case "td" or "th":
                if (_cells is > 0)
                    Put("  ");
                _cells++;
                break;
            case "p" or "pre" or "blockquote" or "table" or "h4" or "h5" or "h6":
                Part();
                break;
        }
    }

    public void End(string element)
    {
        switch (element)
        {
            case "ul" or "ol":
                _lists.Pop();
                Part();
                break;
            case "li":
                _items--;
                _isAfterMark = false;
                Gap(1);
                break;
            case "tr":
                _cells = null;
                Gap(1);
                break;
            case "pre":
                while (_text.Length > 0 && _text[^1] == '\n')
                    _text.Length--;
                _isLineStart = false;
                Part();
                break;
            case "p" or "blockquote" or "table" or "h4" or "h5" or "h6":
                Part();
                break;
        }
    }

    public void BeginLink(string url, string? title) => _links.Push((url, title, _text.Length));

    public void EndLink()
    {
        var (url, title, from) = _links.Pop();
        var address = url.StartsWith("mailto:", StringComparison.OrdinalIgnoreCase) ? url["mailto:".Length..] : url;
        var words = _text.ToString(from, _text.Length - from).Trim();
        var isShown = Bare(words).SequenceEqual(Bare(address));
        if (isShown && string.IsNullOrEmpty(title))
            return;
        Put(
            string.IsNullOrEmpty(title) ? $" ({address})"
            : isShown ? $" ({title})"
            : $" ({title}, {address})"
        );
    }

    /// <summary>An address as people shorten it.</summary>
    private static ReadOnlySpan<char> Bare(string address)
    {
        var rest = address.AsSpan().TrimEnd('/');
        var scheme = rest.IndexOf("://");
        return scheme >= 0 && rest[..scheme] is "http" or "https" ? rest[(scheme + 3)..] : rest;
    }

    public void Text(ReadOnlySpan<char> text)
    {
        while (text.IndexOf('\n') is var end and >= 0)
        {
            Put(text[..end]);
            NewLine();
            text = text[(end + 1)..];
        }
        Put(text);
    }

    public void Break() => NewLine();

    public void Rule()
    {
        Part();
        Put("---");
        Part();
    }

    /// <summary>Blocks stand apart; within a list each begins a line.</summary>
    private void Part()
    {
        if (!_isAfterMark && _cells is null)
            Gap(_items > 0 ? 1 : 2);
        else if (_cells is > 0 && _text.Length > 0 && _text[^1] is not (' ' or '\n'))
            _text.Append(' ');
    }

    private void Gap(int lines) => _gap = Math.Max(_gap, lines);

    private void NewLine()
    {
        if (_cells is not null)
            Put(" ");
        else if (_gap == 0)
        {
            _text.Append('\n');
            _isLineStart = true;
        }
    }

    private void Item()
    {
        _isAfterMark = false;
        Gap(1);
        Put(_lists.Pop() is { } number ? string.Create(CultureInfo.InvariantCulture, $"{Next(number)}. ") : Mark());
        _items++;
        _isAfterMark = true;

        int Next(int number)
        {
            _lists.Push(number + 1);
            return number;
        }

        string Mark()
        {
            _lists.Push(null);
            return "- ";
        }
    }

    private void Put(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty)
            return;
        if (_gap > 0 && _text.Length > 0)
        {
            while (_text.Length > 0 && _text[^1] is ' ' or '\n')
                _text.Length--;
            _text.Append('\n', _gap);
            _isLineStart = true;
        }
        _gap = 0;
        if (_isLineStart)
            _text.Append(' ', Math.Min(2 * _items, WidestIndent));
        (_isLineStart, _isAfterMark) = (false, false);
        _text.Append(text);
    }
}
