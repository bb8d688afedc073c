using System.Text;
using System.Xml.Linq;
using StatusPage.Domain;
using StatusPage.Web.Brands;

namespace StatusPage.Tests.Brands;

/// <summary>What an SVG may still hold after it was uploaded.</summary>
public sealed class SvgCleanerTests
{
    private const string Begin = """<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 40 20">""";

    private static (string Text, IReadOnlyList<string> Removed) Cleaned(string inside) => Whole($"{Begin}{inside}</svg>");

    private static (string Text, IReadOnlyList<string> Removed) Whole(string svg)
    {
        var clean = SvgCleaner.Clean(Encoding.UTF8.GetBytes(svg), "Logo")!.Value;
        return (Encoding.UTF8.GetString(clean.Bytes), clean.Removed);
    }

    private static string Refused(string svg) => Assert.Throws<RuleViolation>(() => SvgCleaner.Clean(Encoding.UTF8.GetBytes(svg), "Logo")).Message;

    [Theory]
    [InlineData("<script>alert(1)</script>", "<script>")]
    [InlineData("<foreignObject><body xmlns='http://www.w3.org/1999/xhtml' onload='x'/></foreignObject>", "<foreignObject>")]
    [InlineData("<rect width='9' height='9' onload='alert(1)'/>", "onload")]
    [InlineData("<rect width='9' height='9' ONCLICK='alert(1)'/>", "ONCLICK")]
    [InlineData("<animate attributeName='href' to='javascript:alert(1)'/>", "<animate>")]
    [InlineData("<set attributeName='onload' to='alert(1)'/>", "<set>")]
    [InlineData("<use href='https://evil.example/x.svg#a'/>", "href")]
    [InlineData("<use xlink:href='data:image/svg+xml,x'/>", "href")]
    [InlineData("<rect width='9' height='9' style='fill:url(https://evil.example/x)'/>", "style")]
    [InlineData("<rect width='9' height='9' fill='url(&#x22;//evil.example/x&#x22;)'/>", "fill")]
    [InlineData("<style>@import 'https://evil.example/x.css';</style>", "<style>")]
    [InlineData("<style>@\\69mport 'https://evil.example/x.css';</style>", "<style>")]
    [InlineData("<feImage href='https://evil.example/x'/>", "<feImage>")]
    [InlineData("<iframe src='https://evil.example/'/>", "<iframe>")]
    public void What_acts_or_loads_is_taken_out_and_named(string inside, string named)
    {
        var (text, removed) = Cleaned($"{inside}<path d='M0 0h40v20z'/>");
        Assert.Equal([named], removed);
        Assert.DoesNotContain("evil", text, StringComparison.Ordinal);
        Assert.DoesNotContain("alert", text, StringComparison.Ordinal);
        Assert.Contains("M0 0h40v20z", text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_drawing_programs_write_for_themselves_goes_without_a_word()
    {
        var (text, removed) = Whole(
            """
            <?xml version="1.0" encoding="UTF-8" standalone="no"?>
            <?xml-stylesheet href="https://evil.example/x.css"?>
            <!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">
            <svg xmlns="http://www.w3.org/2000/svg" xmlns:inkscape="http://www.inkscape.org/namespaces/inkscape" width="80px" height="20">
              <!-- made at home --><metadata>rdf</metadata><inkscape:grid id="g"/>
              <defs><linearGradient id="a"><stop offset="0" stop-color="#f00"/></linearGradient></defs>
              <a href="https://acme.example"><g inkscape:label="Layer 1"><rect width="9" height="9" fill="url(#a)"/></g></a>
              <text x="1">Acme</text>
            </svg>
            """
        );
        Assert.Empty(removed);
        foreach (var gone in (string[])["evil", "inkscape", "DOCTYPE", "metadata", "made at home", "<a", "acme.example"])
            Assert.DoesNotContain(gone, text, StringComparison.Ordinal);
        foreach (var kept in (string[])["url(#a)", "stop-color", "Acme", """viewBox="0 0 80 20" """.Trim()])
            Assert.Contains(kept, text, StringComparison.Ordinal);
    }

    [Fact]
    public void No_entity_grows()
    {
        var bomb = new StringBuilder("<!DOCTYPE svg [<!ENTITY a0 \"xxxxxxxxxx\">");
        for (var i = 1; i < 30; i++)
            bomb.Append(System.Globalization.CultureInfo.InvariantCulture, $"<!ENTITY a{i} \"&a{i - 1};&a{i - 1};\">");
        Assert.Contains("cannot be read", Refused($"{bomb}]>{Begin}<text>&a29;</text></svg>"), StringComparison.Ordinal);
        Assert.Contains(
            "cannot be read",
            Refused($"<!DOCTYPE svg [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>{Begin}<text>&x;</text></svg>"),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Nothing_repeats_what_repeats()
    {
        var bomb = string.Concat(Enumerable.Range(1, 30).Select(i => $"<g id='g{i}'><use href='#g{i - 1}'/><use href='#g{i - 1}'/></g>"));
        Assert.Contains("repeats", Refused($"{Begin}<path id='g0' d='M0 0'/>{bomb}</svg>"), StringComparison.Ordinal);
        var paint = string.Concat(Enumerable.Range(1, 30).Select(i => $"<pattern id='p{i}'><rect fill='url(#p{i - 1})'/></pattern>"));
        Assert.Contains("repeats", Refused($"{Begin}{paint}</svg>"), StringComparison.Ordinal);
        Assert.Contains("<use", Cleaned("<path id='g0' d='M0 0'/><use href='#g0' x='3'/><use href='#g0' x='6'/>").Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Depth_and_number_have_an_end()
    {
        Assert.Contains(
            "too complicated",
            Refused(Begin + string.Concat(Enumerable.Repeat("<g>", 100)) + string.Concat(Enumerable.Repeat("</g>", 100)) + "</svg>"),
            StringComparison.Ordinal
        );
        Assert.Contains("too complicated", Refused(Begin + string.Concat(Enumerable.Repeat("<g/>", 20_000)) + "</svg>"), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_svg_is_nothing()
    {
        foreach (var other in (string[])["", "hello", "<html><svg/></html>", "<svg viewBox='0 0 1 1'/>", "\u0089PNG"])
            Assert.Null(SvgCleaner.Clean(Encoding.UTF8.GetBytes(other), "Logo"));
        Assert.Contains("viewBox", Refused("<svg xmlns='http://www.w3.org/2000/svg'/>"), StringComparison.Ordinal);
        Assert.Contains("<image>", Refused($"{Begin}<image href='data:image/png;base64,AAAA'/></svg>"), StringComparison.Ordinal);
    }

    [Fact]
    public void What_comes_out_is_read_again_and_stays_the_same()
    {
        var (once, _) = Cleaned("<switch><g><rect width='9' height='9'/></g></switch><script/><text xml:space='preserve'> a <tspan>b</tspan></text>");
        Assert.Equal(once, Whole(once).Text);
        Assert.NotNull(XDocument.Parse(once).Root);
    }
}
