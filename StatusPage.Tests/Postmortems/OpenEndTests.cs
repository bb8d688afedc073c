using StatusPage.Domain.Destinations;
using StatusPage.Domain.Postmortems;
using StatusPage.Tests.Destinations;
using StatusPage.Web.Destinations.Writing;
using StatusPage.Web.Postmortems;
using StatusPage.Web.Shared;

namespace StatusPage.Tests.Postmortems;

/// <summary>What stands in one section is no business of the next, and what is published was seen.</summary>
public sealed class OpenEndTests
{
    private static readonly DateTimeOffset Ten = new(2026, 11, 24, 10, 0, 0, TimeSpan.Zero);

    /// <summary>What takes in all that follows, where nobody ends it.</summary>
    public static TheoryData<string> Open =>
        [
            "```",
            "```\nlog",
            "~~~~ json\nlog",
            "   ```\nlog",
            "- a\n\n  ```\n  log",
            "- ```\n  log\n  ```\nText\n\n  ```",
            "> ```\n> log",
            "<!--",
            "<!-- remember to ask",
            "Text\n<!-- remember",
            "<!-- a --> b\n\n<!-- c",
            "<!-->",
            "<!--->",
            "```\n<!-- in code\n```",
            "    <!-- in code",
            "<pre>",
            "<pre>\n\nlog",
            "<pre>log</script>",
            "<PRE class=x>",
            "<script>\n\nvar a",
            "<style>",
            "<textarea>",
            "<?xml",
            "<!DOCTYPE x",
            "<![CDATA[ x",
            "<div>\n\ntext",
            "<div>\n```\n\nlog",
            "<details><summary>x",
            "<table><tr><td>",
            "<ul><li>\n\n- a",
            "<blockquote>\n\n<pre>",
            "<b>\n\n<i>",
            "[a]: https://x.test \"title",
            "`code",
            "Text\n---",
            "a | b\n--|--",
            "\\",
            "<a href=\"",
            "x -->",
        ];

    [Theory]
    [MemberData(nameof(Open))]
    public void Every_heading_is_one_whatever_the_section_before_leaves_open(string open) => AssertHeadings([open, "x --> y", "Text </pre>", "Words"]);

    /// <summary>Pieces of those, in any order. The seed is in the message of what fails.</summary>
    [Fact]
    public void Every_heading_is_one_whatever_stands_in_the_sections()
    {
        string[] gaps = ["\n", "\n\n", " ", "\n  ", "\n> ", "\n- "];
        var parts = Open.Select(row => row.Data).Concat(["</pre>", "-->", "</td></table>", "Words", "```\n"]).ToArray();
        for (var seed = 0; seed < 1_000; seed++)
        {
            var random = new Random(seed);
            string Body() =>
                string.Concat(Enumerable.Range(0, random.Next(1, 5)).Select(_ => parts[random.Next(parts.Length)] + gaps[random.Next(gaps.Length)]))
                    .Trim();
            AssertHeadings([Body(), Body(), Body(), "Words"], $"seed {seed}");
        }
    }

    private static void AssertHeadings(string[] bodies, string? name = null)
    {
        string[] headings = ["One `x` <b> #", "Two", "Three <!-- x", "Four"];
        var incident = An.Incident().Resolved();
        var sections = headings.Zip(bodies, (heading, body) => new PostmortemSection(PostmortemKind.Other, heading, body)).ToList();
        var postmortem = Postmortem.Begin(incident, new(null, null, sections, []), "ann", Ten);
        var markdown = PostmortemDocuments.MarkdownOf(postmortem, incident, [], ZoneClock.For("Etc/UTC", Ten));
        var blocks = markdown.Blocks();
        postmortem.Choose(blocks.Select(block => block.Key), []);
        name ??= bodies[0];
        var reference = DestinationRef.Of(incident.Id);
        var wiki = ConfluenceMarkup.Write(markdown.Parts(), reference);
        var notion = NotionMarkup.Write(markdown.Parts(), reference);
        var xml = ConfluenceServer.Xml(wiki);
        var desk = string.Concat(markdown.Parts().Select(part => Markdown.ToHtml(part)));
        foreach (var heading in headings)
        {
            var html = heading.Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);
            Has(desk, "the desk");
            Has(Markdown.ToHtml(markdown.Whole()), "the whole text");
            Has(Markdown.ToHtml(markdown.Public()), "the public page");
            Assert.True(xml.Elements("h2").Any(element => element.Value == heading), $"{name}: {heading} is no heading in Confluence: {wiki}");

            void Has(string text, string where) =>
                Assert.True(text.Contains($"<h4>{html}</h4>", StringComparison.Ordinal), $"{name}: {heading} is no heading in {where}: {text}");
        }
        Assert.Contains("\n## Two\n", notion, StringComparison.Ordinal);
        Assert.EndsWith($"\n{reference.Marker}", notion, StringComparison.Ordinal);
        Assert.Equal(reference.Marker, xml.Elements().Last().Value);
        // What is published is what was shown where it was ticked.
        foreach (var block in blocks)
            Assert.True(Markdown.Hides(block.Published) || Words(block.Published).IsSubsetOf(Words(Shown(block.Published))), $"{name}: {block.Published}");
        var shown = blocks.SelectMany(block => Words(block.Published)).Concat(headings.SelectMany(Words)).ToHashSet();
        Assert.Empty(Words(markdown.Public()).Except(shown));
    }

    private static string Shown(string markdown) =>
        System.Net.WebUtility.HtmlDecode(System.Text.RegularExpressions.Regex.Replace(Markdown.ToHtml(markdown), "<[^>]*>", " "));

    private static HashSet<string> Words(string text) =>
        [.. System.Text.RegularExpressions.Regex.Split(text, "[^\\p{L}\\p{N}]+").Where(word => word.Length > 0)];

    [Theory]
    [InlineData("Seen <!-- hidden --> too", true)]
    [InlineData("<!-- hidden\nlines -->", true)]
    [InlineData("<span data-x=\"hidden\">seen</span>", true)]
    [InlineData("<a href=\"https://internal.test\">seen</a>", true)]
    [InlineData("[seen](https://internal.test \"hidden\")", true)]
    [InlineData("Seen <!-- Seen -->", true)]
    [InlineData("```json\n{}\n```", true)]
    [InlineData("[x]: https://internal.test \"hidden\"\n\n[seen][x]", true)]
    [InlineData("Plain *words*, `code` and **more**: 15 %.", false)]
    [InlineData("1. one\n2. two\n   - three", false)]
    [InlineData("| a | b |\n|---|---|\n| 1 | 2 |", false)]
    [InlineData("https://seen.test/path", false)]
    [InlineData("[Ticket]: https://seen.test/1", false)]
    [InlineData("Add an \\<alert\\>", false)]
    public void What_nobody_would_see_is_known(string markdown, bool hides) => Assert.Equal(hides, Markdown.Hides(markdown));
}
