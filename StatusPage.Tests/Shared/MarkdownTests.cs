using StatusPage.Web.Shared;

namespace StatusPage.Tests.Shared;

public sealed class MarkdownTests
{
    [Theory]
    [InlineData("<script>alert(1)</script>", "alert")]
    [InlineData("<SCRIPT SRC=//evil.example></SCRIPT>", "evil")]
    [InlineData("<style>body{display:none}</style>", "display")]
    [InlineData("<iframe src=\"https://evil.example\"></iframe>", "iframe")]
    [InlineData("<img src=x onerror=alert(1)>", "onerror")]
    [InlineData("<svg onload=alert(1)>", "onload")]
    [InlineData("<p onclick=\"alert(1)\">x</p>", "onclick")]
    [InlineData("<p style=\"position:fixed\">x</p>", "position")]
    [InlineData("<form action=\"https://evil.example\"><input name=a></form>", "form")]
    [InlineData("<object data=x></object><embed src=x>", "<embed")]
    [InlineData("<base href=\"https://evil.example\">", "base")]
    [InlineData("<meta http-equiv=refresh content=0>", "meta")]
    [InlineData("[x](javascript:alert(1))", "javascript:")]
    [InlineData("[x](JaVaScRiPt:alert(1))", "alert")]
    [InlineData("[x](&#106;avascript:alert(1))", "alert")]
    [InlineData("[x](data:text/html;base64,PHN2Zz4=)", "data:")]
    [InlineData("[x](vbscript:x)", "vbscript")]
    [InlineData("<a href=\"java\tscript:alert(1)\">x</a>", "alert")]
    [InlineData("![x](https://evil.example/pixel.png)", "<img")]
    [InlineData("<a href=\"https://ok.example\" target=_blank>x</a>", "target")]
    public void What_could_act_is_taken_out(string markdown, string trace) =>
        Assert.DoesNotContain(trace, Markdown.ToHtml(markdown), StringComparison.OrdinalIgnoreCase);

    [Theory]
    [InlineData("**bold** and *slanted*", "<p><strong>bold</strong> and <em>slanted</em></p>")]
    [InlineData("`code`", "<p><code>code</code></p>")]
    [InlineData("a < b & c", "<p>a &lt; b &amp; c</p>")]
    [InlineData("- one\n- two", "<ul>\n<li>one</li>\n<li>two</li>\n</ul>")]
    [InlineData("# Big", "<h4>Big</h4>")]
    [InlineData("[site](https://example.com)", "<p><a href=\"https://example.com\" rel=\"nofollow noopener\">site</a></p>")]
    public void Markdown_becomes_plain_html(string markdown, string html) => Assert.Equal(html, Markdown.ToHtml(markdown));

    [Fact]
    public void A_bare_address_becomes_a_link() =>
        Assert.Contains("<a href=\"https://example.com/a\"", Markdown.ToHtml("See https://example.com/a for more"));

    [Theory]
    [InlineData("**bold** and *slanted*", "bold and slanted")]
    [InlineData("one\n\ntwo", "one\n\ntwo")]
    [InlineData("one\ntwo", "one\ntwo")]
    [InlineData("- one\n- two", "- one\n- two")]
    [InlineData("1. one\n2. two", "1. one\n2. two")]
    [InlineData("3. one\n4. two", "3. one\n4. two")]
    [InlineData("- one\n  - inner\n- two", "- one\n  - inner\n- two")]
    [InlineData("before\n\n- one\n- two\n\nafter", "before\n\n- one\n- two\n\nafter")]
    [InlineData("[the report](https://example.com/r)", "the report (https://example.com/r)")]
    [InlineData("https://example.com/r", "https://example.com/r")]
    [InlineData("a < b & c > d", "a < b & c > d")]
    [InlineData("# Heading\n\nText", "Heading\n\nText")]
    public void The_text_part_reads_like_what_was_typed(string markdown, string text) => Assert.Equal(text, Markdown.ToText(markdown));

    [Fact]
    public void A_table_keeps_its_rows()
    {
        var lines = Markdown
            .ToText("| Region | State |\n|---|---|\n| EU | down |\n| US | up |")
            .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        Assert.Equal(["Region  State", "EU  down", "US  up"], lines);
    }
}
