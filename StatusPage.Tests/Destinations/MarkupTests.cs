using StatusPage.Domain;
using StatusPage.Domain.Destinations;
using StatusPage.Web.Destinations.Writing;

namespace StatusPage.Tests.Destinations;

/// <summary>Markdown as Confluence and Notion get it.</summary>
public sealed class MarkupTests
{
    private static readonly DestinationRef Reference = DestinationRef.Of(IncidentId.Of("z3lct0r596n4"));

    private static string Confluence(string markdown) =>
        ConfluenceMarkup.Write([markdown], Reference).Replace($"<p>{Reference.Marker}</p>", "", StringComparison.Ordinal);

    private static string Notion(string markdown) => NotionMarkup.Write([markdown], Reference)[..^(Reference.Marker.Length)].TrimEnd('\n');

    [Theory]
    [InlineData("# A\n\n##### B", "<h2>A</h2><h4>B</h4>")]
    [InlineData("one\ntwo", "<p>one</p><p>two</p>")]
    [InlineData("**a** _b_ ~~c~~ `d<`", "<p><strong>a</strong> <em>b</em> ~~c~~ <code>d&lt;</code></p>")]
    [InlineData("<script>x</script> & \"q\"", "<p>&lt;script&gt;x&lt;/script&gt; &amp; &quot;q&quot;</p>")]
    [InlineData("a\u0001b\ufffecd", "<p>abcd</p>")]
    [InlineData("> quoted", "<p>&gt; quoted</p>")]
    [InlineData("[x](javascript:alert(1)) [y](https://a.test/?a=1&b=2)", "<p>x (javascript:alert(1)) <a href=\"https://a.test/?a=1&amp;b=2\">y</a></p>")]
    [InlineData("![g](https://a.test/g.png)", "<p><a href=\"https://a.test/g.png\">g</a></p>")]
    [InlineData("[![alt](https://i.test/k.png)](https://l.test)", "<p><a href=\"https://l.test\">alt (https://i.test/k.png)</a></p>")]
    [InlineData("- a\n  1. b", "<ul><li>a<ol><li>b</li></ol></li></ul>")]
    [InlineData(
        "- [ ] a\n- [x] b",
        "<ac:task-list><ac:task><ac:task-status>incomplete</ac:task-status><ac:task-body>a</ac:task-body></ac:task>"
            + "<ac:task><ac:task-status>complete</ac:task-status><ac:task-body>b</ac:task-body></ac:task></ac:task-list>"
    )]
    [InlineData("| a | b |\n|---|---|\n| 1 | 2 |", "<table><tbody><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2</td></tr></tbody></table>")]
    [InlineData(
        "```\na ]]> b\n```",
        "<ac:structured-macro ac:name=\"code\"><ac:plain-text-body><![CDATA[a ]]]]><![CDATA[> b]]></ac:plain-text-body></ac:structured-macro>"
    )]
    public void Storage_format(string markdown, string expected) => Assert.Equal(expected, Confluence(markdown));

    [Theory]
    [InlineData("# A\n\n##### B", "# A\n#### B")]
    [InlineData("a * b ~ c $ d [e] <f> {g} | h ^ i", "a \\* b \\~ c \\$ d \\[e\\] \\<f\\> \\{g\\} \\| h \\^ i")]
    [InlineData("`a * $` **b** ~~c~~", "`a * $` **b** ~~c~~")]
    [InlineData("one\ntwo", "one<br>two")]
    [InlineData("- a\n  - b\n    - [x] c", "- a\n\t- b\n\t\t- [x] c")]
    [InlineData("1. a\n2. b", "1. a\n2. b")]
    [InlineData("\\# no heading", "\\# no heading")]
    [InlineData("2026\\. A year", "2026\\. A year")]
    [InlineData("```js\nlet a = `$[x]`;\n```", "```js\nlet a = `$[x]`;\n```")]
    [InlineData("````\n```\n````", "````\n```\n````")]
    [InlineData(
        "| a | b |\n|---|---|\n| 1* | 2 |",
        "<table header-row=\"true\">\n<tr>\n<td>a</td>\n<td>b</td>\n</tr>\n<tr>\n<td>1\\*</td>\n<td>2</td>\n</tr>\n</table>"
    )]
    [InlineData("[x](javascript:alert(1)) [y](https://a.test/a_(b))", "x (javascript:alert(1)) [y](https://a.test/a_%28b%29)")]
    [InlineData("[![alt](https://i.test/k.png)](https://l.test)", "[alt (https://i.test/k.png)](https://l.test)")]
    [InlineData("> a\n> b", "> a<br>b")]
    public void Notions_markdown(string markdown, string expected) => Assert.Equal(expected, Notion(markdown));

    [Theory]
    [InlineData("[<https://a.test>](https://b.test)")]
    [InlineData("[https://a.test](https://b.test)")]
    [InlineData("[a [b](https://c.test) d](https://e.test)")]
    [InlineData("[![![x](https://a.test)](https://b.test)](https://c.test)")]
    public void A_link_holds_no_other(string markdown) =>
        Assert.DoesNotContain(ConfluenceServer.Xml(Confluence(markdown)).Descendants("a"), link => link.Descendants("a").Any());

    [Fact]
    public void Half_a_character_is_left_out() => Assert.Equal("<p>ab</p>", Confluence("a\ud800b"));

    /// <summary>Whatever is in it, it is well-formed, in proportion to its length, and made at once.</summary>
    [Theory]
    [InlineData("[")]
    [InlineData("*a ")]
    [InlineData("> ")]
    [InlineData("- ")]
    [InlineData("<b>")]
    [InlineData("~^+`")]
    [InlineData("|")]
    [InlineData("&#0;&#xD800;")]
    [InlineData("![")]
    public void Hostile_bodies_are_written(string part)
    {
        var body = string.Concat(Enumerable.Repeat(part, 60_000 / part.Length));
        var xml = ConfluenceServer.Xml(ConfluenceMarkup.Write([body], Reference));
        Assert.EndsWith(Reference.Marker, xml.Value, StringComparison.Ordinal);
        Assert.EndsWith(Reference.Marker, NotionMarkup.Write([body], Reference), StringComparison.Ordinal);
    }
}
