using System.Globalization;
using System.Text;
using Markdig.Renderers;

namespace StatusPage.Web.Shared;

/// <summary>
/// A body as HTML. It writes no other elements and attributes than those that <see cref="MarkdownWalk"/> names, and encodes every word, so nothing in it
/// can act.
/// </summary>
internal sealed class HtmlOutput(int length) : IMarkdownOutput
{
    private readonly StringBuilder _html = new(length * 2);
    private HtmlRenderer? _escaper;

    /// <summary>Where the newest element began, so that a first paragraph follows its element at once.</summary>
    private int _opened;

    public string Written => _html.ToString().Trim();

    public void Begin(string element, int start = 1)
    {
        if (IsBlock(element) && !(element == "p" && _html.Length == _opened))
            EnsureLine();
        _html.Append('<').Append(element);
        if (start != 1)
            _html.Append(CultureInfo.InvariantCulture, $" start=\"{start}\"");
        _html.Append('>');
        if (HoldsBlocks(element))
            _html.Append('\n');
        _opened = _html.Length;
    }

    public void End(string element)
    {
        if (HoldsBlocks(element))
            EnsureLine();
        _html.Append("</").Append(element).Append('>');
        if (IsBlock(element))
            _html.Append('\n');
    }

    public void BeginLink(string url, string? title)
    {
        _html.Append("<a href=\"");
        using (var address = new StringWriter(CultureInfo.InvariantCulture))
        {
            _escaper ??= new HtmlRenderer(TextWriter.Null);
            _escaper.Writer = address;
            _escaper.WriteEscapeUrl(url);
            _html.Append(address.GetStringBuilder());
        }
        _html.Append('"');
        if (!string.IsNullOrEmpty(title))
        {
            _html.Append(" title=\"");
            Encode(title, isAttribute: true);
            _html.Append('"');
        }
        _html.Append(" rel=\"nofollow noopener\">");
    }

    public void EndLink() => _html.Append("</a>");

    public void Text(ReadOnlySpan<char> text) => Encode(text, isAttribute: false);

    public void Break() => _html.Append("<br>\n");

    public void Rule()
    {
        EnsureLine();
        _html.Append("<hr>\n");
    }

    private static bool IsBlock(string element) => element is "p" or "h4" or "h5" or "h6" or "li" or "th" or "td" or "pre" || HoldsBlocks(element);

    private static bool HoldsBlocks(string element) => element is "ul" or "ol" or "blockquote" or "table" or "thead" or "tbody" or "tr";

    private void Encode(ReadOnlySpan<char> text, bool isAttribute)
    {
        foreach (var c in text)
        {
            switch (c)
            {
                case '&':
                    _html.Append("&amp;");
                    break;
                case '<':
                    _html.Append("&lt;");
                    break;
                case '>':
                    _html.Append("&gt;");
                    break;
                case '"' when isAttribute:
                    _html.Append("&quot;");
                    break;
                case '\u00a0':
                    _html.Append("&nbsp;");
                    break;
                default:
                    _html.Append(c);
                    break;
            }
        }
    }

    private void EnsureLine()
    {
        if (_html.Length > 0 && _html[^1] != '\n')
            _html.Append('\n');
    }
}
