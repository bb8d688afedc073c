using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using CsCheck;
using StatusPage.Domain;
using StatusPage.Web.Shared;

namespace StatusPage.Tests.Shared;

/// <summary>Every body is rendered, and the result is in proportion to it.</summary>
public sealed class BoundedMarkdownTests
{
    /// <summary>Nested elements: quotes and lists with their items, a table or emphasis inside, and body and html around them.</summary>
    private const int Deepest = 2 * MarkdownRule.DeepestNesting + 60;

    [Fact]
    public void Every_body_is_rendered_in_proportion_and_keeps_no_element_that_could_act() => HostileBodies.Any.Sample(Check, iter: 400, threads: 1);

    [Theory]
    [MemberData(nameof(Known))]
    public void So_are_those_that_once_stopped_a_page(string body) => Check(body);

    public static IEnumerable<TheoryDataRow<string>> Known => HostileBodies.Known.Select(body => new TheoryDataRow<string>(body));

    private static void Check(string body)
    {
        var html = Markdown.ToHtml(body);
        Assert.True(html.Length <= Markdown.MostGrowth * body.Length + 1_000, $"{body.Length} characters became {html.Length}.");
        Assert.True(Markdown.ToText(body).Length <= Markdown.MostGrowth * body.Length + 1_000);
        var document = new HtmlParser().ParseDocument(html);
        Assert.True(DepthOf(document.Body!) <= Deepest);
        foreach (var element in document.Body!.QuerySelectorAll("*"))
        {
            Assert.Contains(element.LocalName, Allowed);
            Assert.All(element.Attributes, attribute => Assert.Contains(attribute.Name, new[] { "href", "title", "start", "rel" }));
            if (element.GetAttribute("href") is { } address)
                Assert.Matches("^(https?:|mailto:|[^:]*$|[^:]*[/?#])", address);
        }
    }

    private static readonly HashSet<string> Allowed =
    [
        .. "p br a strong em del ins sub sup code pre ul ol li blockquote h4 h5 h6 hr table thead tbody tr th td".Split(' '),
    ];

    private static int DepthOf(INode root)
    {
        var (deepest, open) = (0, new Stack<(INode Node, int Depth)>([(root, 1)]));
        while (open.TryPop(out var next))
        {
            deepest = Math.Max(deepest, next.Depth);
            foreach (var child in next.Node.ChildNodes)
                open.Push((child, next.Depth + 1));
        }
        return deepest;
    }

    [Fact]
    public void A_pasted_log_reads_as_it_was_pasted()
    {
        var lines = Enumerable.Range(0, 64).Select(i => $"[31mERROR[0m worker-{i} failed: <timeout> & gave up").ToList();
        var html = Markdown.ToHtml(string.Join('\n', lines));
        var shown = new HtmlParser().ParseDocument(html);
        Assert.Equal(lines, shown.Body!.TextContent.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(63, shown.QuerySelectorAll("br").Length);
        Assert.Equal(lines, Markdown.ToText(string.Join('\n', lines)).Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void Only_the_block_that_cannot_be_rendered_is_shown_as_it_was_typed()
    {
        var log = string.Join('\n', Enumerable.Repeat("[31mERROR[0m [worker] *failed* [again]", 200));
        var shown = new HtmlParser().ParseDocument(Markdown.ToHtml($"We see **errors**:\n\n{log}\n\n- see [the report](https://acme.example/r)"));
        Assert.Equal("errors", shown.QuerySelector("strong")!.TextContent);
        Assert.Equal("the report", shown.QuerySelector("li a")!.TextContent);
        Assert.Contains("[31mERROR[0m [worker] *failed* [again]", shown.Body!.TextContent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(">")]
    [InlineData("> ")]
    [InlineData("- ")]
    public void Nesting_ends_where_it_can_no_longer_be_shown(string mark)
    {
        var shown = new HtmlParser().ParseDocument(Markdown.ToHtml(string.Concat(Enumerable.Repeat(mark, 128)) + "deep"));
        Assert.Equal(MarkdownRule.DeepestNesting, shown.QuerySelectorAll("blockquote, li").Length);
        Assert.EndsWith("deep", shown.Body!.TextContent.TrimEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_address_that_is_referred_to_again_and_again_is_a_link_as_long_as_there_is_room()
    {
        var body =
            $"[a]: https://a.example/{new string('z', 10_000)}\n\n"
            + string.Join("\n\n", Enumerable.Repeat(string.Concat(Enumerable.Repeat("[a] ", 200)), 15));
        var shown = new HtmlParser().ParseDocument(Markdown.ToHtml(body));
        Assert.InRange(shown.QuerySelectorAll("a").Length, 1, 6);
        Assert.Equal(3_000, shown.Body!.TextContent.Count(c => c == 'a'));
    }

    [Fact]
    public void What_people_write_is_rendered_as_ever()
    {
        var body = string.Join(
            "\n\n",
            Enumerable
                .Range(0, 120)
                .Select(i =>
                    $"## Step {i}\n\nWe moved **host-{i}** and `db_{i}` to [the new place](https://acme.example/{i}).\n\n"
                    + $"- one\n  - inner *{i}*\n- two\n\n| a | b |\n|---|---|\n| {i} | x |"
                )
        );
        var shown = new HtmlParser().ParseDocument(Markdown.ToHtml(body));
        Assert.Equal(120, shown.QuerySelectorAll("table").Length);
        Assert.Equal(120, shown.QuerySelectorAll("p strong").Length);
        Assert.Equal(120, shown.QuerySelectorAll("li li em").Length);
    }

    [Fact]
    public void A_large_table_of_which_every_cell_was_typed_is_a_table()
    {
        var body = "|a|b|c|d|\n|-|-|-|-|\n" + string.Concat(Enumerable.Range(0, 300).Select(i => $"|{i}|x|y|z|\n"));
        Assert.Equal(300, new HtmlParser().ParseDocument(Markdown.ToHtml(body)).QuerySelectorAll("tbody tr").Length);
    }

    [Fact]
    public void Html_that_ends_where_it_should_is_cleaned_and_kept()
    {
        var shown = new HtmlParser().ParseDocument(
            Markdown.ToHtml("<p>We see <strong>errors</strong> at <a href=\"https://acme.example\" onclick=\"x()\">Acme</a></p>\n\nAnd **more**.")
        );
        Assert.Equal(["errors", "more"], shown.QuerySelectorAll("strong").Select(element => element.TextContent));
        Assert.Equal("https://acme.example", shown.QuerySelector("a")!.GetAttribute("href"));
        Assert.False(shown.QuerySelector("a")!.HasAttribute("onclick"));
    }
}
