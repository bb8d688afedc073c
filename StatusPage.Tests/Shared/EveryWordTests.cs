using System.Text.Json.Nodes;
using AngleSharp.Html.Parser;
using CsCheck;
using StatusPage.Domain;
using StatusPage.Domain.Destinations;
using StatusPage.Web.Channels;
using StatusPage.Web.Destinations.Writing;
using StatusPage.Web.Public.Feeds;
using StatusPage.Web.Shared;

namespace StatusPage.Tests.Shared;

/// <summary>Every letter that somebody types is in everything that is made of it, whatever marks stand around it.</summary>
public sealed class EveryWordTests
{
    /// <summary>
    /// Words between marks. Two kinds of marks are left out as they hide what they hold by their meaning: the end of a comment, and addresses that act.
    /// </summary>
    private static readonly Gen<(string Body, string[] Words)> Bodies = Gen.Select(
            Gen.OneOf(HostileBodies.Marks.Where(mark => mark is not "-->").ToArray()).Array[1, 3].Select(marks => string.Concat(marks)),
            Gen.OneOf(" ", " ", "", "\n", "\n\n", "word ")
        )
        .Array[1, 30]
        .Select(parts =>
        {
            var words = parts.Select((_, i) => $"zq{i}ñ{(i % 7 == 0 ? "🚀" : "")}x").ToArray();
            return (Body: string.Concat(parts.Select((part, i) => part.Item1 + words[i] + part.Item2)), words);
        })
        .Where(made => !made.Body.Contains("-->", StringComparison.Ordinal));

    [Fact]
    public void Every_word_is_in_each_rendering() =>
        Bodies.Sample(
            made =>
            {
                foreach (var (name, text) in Renderings(made.Body))
                    Assert.All(made.Words, word => Assert.True(text.Contains(word, StringComparison.Ordinal), $"{name} lost {word}:\n{text}"));
            },
            iter: 1_500,
            threads: 1
        );

    [Theory]
    [InlineData("Errors in Map<String> lookups. All regions are affected.", "Map<String> lookups. All regions are affected.")]
    [InlineData("a<b and c>d", "a<b and c>d")]
    [InlineData("<b>Impact:</b> logins fail", "Impact: logins fail")]
    [InlineData("==urgent== do", "==urgent== do")]
    [InlineData("Press <kbd>Ctrl</kbd> to go on", "Press Ctrl to go on")]
    [InlineData("![a red line](https://acme.example/a.png)", "a red line")]
    [InlineData("- **API** *down*", "API down")]
    [InlineData("Pages show <script> in titles.", "<script> in titles.")]
    [InlineData("a|b\nwords *|-|\n1|2", "words *|-|")]
    [InlineData("[API]: down\nhello\n[a][b] and [a]: b\nnext", "[a][b] and [a]: b")]
    [InlineData("<p ==urgent> do", "<p ==urgent> do")]
    public void So_are_those_that_were_lost(string body, string words)
    {
        foreach (var (name, text) in Renderings(body).Where(made => made.Name is not ("Confluence" or "Notion" or "Discord")))
            Assert.True(text.Contains(words, StringComparison.Ordinal), $"{name}: {text}");
    }

    private static IEnumerable<(string Name, string Text)> Renderings(string body)
    {
        var html = Markdown.ToHtml(body);
        var page = new HtmlParser().ParseDocument(html).Body!;
        yield return (
            "Page",
            string.Join(
                ' ',
                page.QuerySelectorAll("a").SelectMany(link => new[] { link.GetAttribute("title"), Uri.UnescapeDataString(link.GetAttribute("href")!) })
            ) + page.TextContent
        );
        yield return ("Mail", Markdown.ToText(body));
        var incident = An.Incident(draft: An.Update(body: body));
        var news = News.Of(AnnouncementId.New(), A.Page(), incident, incident.Latest, "https://status.acme.example/incidents/1");
        yield return ("Chat", new Slack(null!, TimeProvider.System).TextOf(news));
        yield return ("Slack", Strings(Slack.Message(news)).Replace("&lt;", "<", StringComparison.Ordinal).Replace("&gt;", ">", StringComparison.Ordinal));
        yield return ("Teams", Strings(Teams.Message(news)));
        yield return ("Discord", Strings(Discord.Message(news)));
        yield return ("Post", news.Post.Write(100_000, text => text.Length));
        var lines = FoldedLines.Of($"DESCRIPTION:{Markdown.ToText(body).Replace("\n", "\\n", StringComparison.Ordinal)}\r\n");
        yield return ("Calendar", System.Text.Encoding.UTF8.GetString(lines).Replace("\r\n ", "", StringComparison.Ordinal));
        var reference = DestinationRef.Of(IncidentId.Of("z3lct0r596n4"));
        yield return ("Confluence", Uri.UnescapeDataString(System.Net.WebUtility.HtmlDecode(ConfluenceMarkup.Write([body], reference))));
        yield return ("Notion", NotionMarkup.Write([body], reference));
    }

    private static string Strings(JsonNode? node) =>
        node switch
        {
            JsonObject many => string.Join('\n', many.Select(one => Strings(one.Value))),
            JsonArray many => string.Join('\n', many.Select(Strings)),
            JsonValue value when value.TryGetValue<string>(out var text) => text,
            _ => "",
        };
}
