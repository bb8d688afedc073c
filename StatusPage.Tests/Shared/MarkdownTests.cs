using AngleSharp.Html.Parser;
using StatusPage.Web.Shared;

namespace StatusPage.Tests.Shared;

public sealed class MarkdownTests
{
    /// <summary>It becomes words, which act on nobody.</summary>
    [Theory]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("<SCRIPT SRC=//evil.example></SCRIPT>")]
    [InlineData("<style>body{display:none}</style>")]
    [InlineData("<iframe src=\"https://evil.example\"></iframe>")]
    [InlineData("<img src=x onerror=alert(1)>")]
    [InlineData("<svg onload=alert(1)>")]
    [InlineData("<p onclick=\"alert(1)\">x</p>")]
    [InlineData("<p style=\"position:fixed\">x</p>")]
    [InlineData("<form action=\"https://evil.example\"><input name=a></form>")]
    [InlineData("<object data=x></object><embed src=x>")]
    [InlineData("<base href=\"https://evil.example\">")]
    [InlineData("<meta http-equiv=refresh content=0>")]
    [InlineData("<a href=\"java\tscript:alert(1)\">x</a>")]
    [InlineData("<img src=\"javascript:alert(1)\" alt=x>")]
    [InlineData("![x](https://evil.example/pixel.png)")]
    [InlineData("<a href=\"https://ok.example\" target=_blank>x</a>")]
    [InlineData("<b onmouseover=alert(1)>x</b>")]
    [InlineData("<td background=javascript:x><table><tr onclick=x><td>y")]
    [InlineData("<b title=\"<script>x</script>\">y</b>")]
    [InlineData("<!-- <script>alert(1)</script> -->")]
    [InlineData("<!--><script>alert(1)</script>")]
    [InlineData("<![CDATA[<script>alert(1)</script>]]>")]
    [InlineData("<p><script>alert(1)</script></p>")]
    public void What_could_act_is_taken_out(string markdown)
    {
        foreach (var element in new HtmlParser().ParseDocument(Markdown.ToHtml(markdown)).Body!.QuerySelectorAll("*"))
        {
            Assert.DoesNotContain(
                element.LocalName,
                new[] { "script", "style", "iframe", "img", "svg", "form", "input", "object", "embed", "base", "meta" }
            );
            Assert.All(element.Attributes, attribute => Assert.Contains(attribute.Name, new[] { "href", "title", "rel" }));
            Assert.DoesNotContain("script", element.GetAttribute("href") ?? "", StringComparison.OrdinalIgnoreCase);
        }
    }

    [Theory]
    [InlineData("[x](javascript:alert(1))", "javascript:")]
    [InlineData("[x](JaVaScRiPt:alert(1))", "alert")]
    [InlineData("[x](&#106;avascript:alert(1))", "alert")]
    [InlineData("[x](data:text/html;base64,PHN2Zz4=)", "data:")]
    [InlineData("[x](vbscript:x)", "vbscript")]
    public void An_address_that_is_a_program_is_not_even_shown(string markdown, string trace) =>
        Assert.DoesNotContain(trace, Markdown.ToHtml(markdown), StringComparison.OrdinalIgnoreCase);

    [Theory]
    [InlineData("**bold** and *slanted*", "<p><strong>bold</strong> and <em>slanted</em></p>")]
    [InlineData("`code`", "<p><code>code</code></p>")]
    [InlineData("a < b & c", "<p>a &lt; b &amp; c</p>")]
    [InlineData("- one\n- two", "<ul>\n<li>one</li>\n<li>two</li>\n</ul>")]
    [InlineData("# Big", "<h4>Big</h4>")]
    [InlineData("# [site](https://example.com)", "<h4><a href=\"https://example.com\" rel=\"nofollow noopener\">site</a></h4>")]
    [InlineData("Errors in Map<String> lookups. All regions.", "<p>Errors in Map&lt;String&gt; lookups. All regions.</p>")]
    [InlineData("a<b and c>d", "<p>a&lt;b and c&gt;d</p>")]
    [InlineData("List<s> and x<y>z", "<p>List&lt;s&gt; and x&lt;y&gt;z</p>")]
    [InlineData("<b>Impact:</b> logins fail", "<p><strong>Impact:</strong> logins fail</p>")]
    [InlineData("==urgent== do", "<p>==urgent== do</p>")]
    [InlineData("Press <kbd>F5</kbd>", "<p>Press <kbd>F5</kbd></p>")]
    [InlineData("<timeout>\nWorker failed", "<p>&lt;timeout&gt;<br>\nWorker failed</p>")]
    [InlineData("<div>\n\n**x**\n\n</div>", "<p><strong>x</strong></p>")]
    [InlineData("<b><i>x</b></i>", "<p><strong>&lt;i&gt;x</strong>&lt;/i&gt;</p>")]
    [InlineData("<h2>Big <a href=\"/x\">a</a></h2>", "<h4>Big <a href=\"/x\" rel=\"nofollow noopener\">a</a></h4>")]
    [InlineData(
        "<img src=\"https://a.example/g.png\" alt=\"the graph\">",
        "<p><a href=\"https://a.example/g.png\" rel=\"nofollow noopener\">the graph</a></p>"
    )]
    [InlineData("[API]: down\nAll regions.", "<p>[API]: down<br>\nAll regions.</p>")]
    [InlineData("The [API] is slow.\n\n[API]: down", "<p>The [API] is slow.</p>\n<p>[API]: down</p>")]
    [InlineData("[Ticket]: https://a.example/1", "<p>[Ticket]: <a href=\"https://a.example/1\" rel=\"nofollow noopener\">https://a.example/1</a></p>")]
    [InlineData("[a][b]\n\n[b]: https://a.example", "<p><a href=\"https://a.example\" rel=\"nofollow noopener\">a</a></p>")]
    [InlineData("```first line\nsecond\n```", "<pre><code>first line\nsecond\n</code></pre>")]
    [InlineData("```json\n{}\n```", "<pre><code>{}\n</code></pre>")]
    [InlineData("[call](tel:+4930123456)", "<p>call (tel:+4930123456)</p>")]
    [InlineData("[](https://a.example)", "<p><a href=\"https://a.example\" rel=\"nofollow noopener\">https://a.example</a></p>")]
    [InlineData("<!-- for us -->\n\nFor all.", "<p>For all.</p>")]
    [InlineData("<!-- for us\n\nFor all.", "<p>&lt;!-- for us</p>\n<p>For all.</p>")]
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
    [InlineData("- **API** *down*", "- API down")]
    [InlineData("a<br>b", "a\nb")]
    [InlineData("- one\n  more\n- two", "- one\n  more\n- two")]
    [InlineData("one\n\n---\n\ntwo", "one\n\n---\n\ntwo")]
    [InlineData("```\na\n  b\n```\n\nc", "a\n  b\n\nc")]
    [InlineData("> quoted\n\nafter", "quoted\n\nafter")]
    [InlineData("[mail us](mailto:help@acme.example)", "mail us (help@acme.example)")]
    [InlineData("<help@acme.example>", "help@acme.example")]
    [InlineData("www.acme.example", "www.acme.example")]
    [InlineData("![the graph](https://acme.example/g.png)", "the graph (https://acme.example/g.png)")]
    [InlineData("<p>one</p>\n<p>two</p>", "one\n\ntwo")]
    [InlineData("<ul><li>one</li><li>two <b>bold</b></li></ul>", "- one\n- two bold")]
    [InlineData("<table><tr><td>EU</td><td>down</td></tr></table>", "EU  down")]
    [InlineData("Regions: <div>EU</div><div>US</div>", "Regions: \nEU\nUS")]
    public void The_text_part_reads_like_what_was_typed(string markdown, string text) => Assert.Equal(text, Markdown.ToText(markdown));

    [Fact]
    public void A_table_keeps_its_rows()
    {
        var lines = Markdown
            .ToText("| Region | State |\n|---|---|\n| EU | down |\n| US | up |")
            .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        Assert.Equal(["Region  State", "EU  down", "US  up"], lines);
    }

    [Theory]
    [InlineData("[x](/history)", "https://status.acme.example/history")]
    [InlineData("[x](incidents/1?a=b#c)", "https://status.acme.example/incidents/1?a=b#c")]
    [InlineData("[x](https://acme.example/a)", "https://acme.example/a")]
    [InlineData("[x](//acme.example/a)", "//acme.example/a")]
    [InlineData("[x](mailto:ann@acme.example)", "mailto:ann@acme.example")]
    public void In_a_mail_links_without_a_host_lead_to_the_page(string body, string leads) =>
        Assert.Contains($"<a href=\"{leads}\"", Markdown.Away(Markdown.ToHtml(body), "https://status.acme.example"), StringComparison.Ordinal);
}
