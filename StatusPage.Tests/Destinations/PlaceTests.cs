using StatusPage.Domain.Destinations;
using StatusPage.Tests.Host;

namespace StatusPage.Tests.Destinations;

/// <summary>What was made in one place means nothing in another, and what is not ours is never written over.</summary>
public sealed class PlaceTests
{
    private static Trial Changed(Trial trial)
    {
        trial.Document = Trial.Postmortem("New words", 2);
        trial.AskAgain();
        return trial;
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Another_Confluence_gets_a_page_of_its_own_and_its_page_of_the_same_id_stays(bool isCloud)
    {
        await using var there = await ConfluenceServer.StartAsync(isCloud);
        await using var elsewhere = await ConfluenceServer.StartAsync(isCloud);
        var trial = Trial.Confluence(there, isCloud);
        await trial.SettleAsync();
        var first = trial.Link.Url;
        elsewhere.Pages.Add(new(there.Pages[0].Id, "Theirs", null, 1, "<p>Theirs</p>", "current", []));
        trial.To = trial.To with { BaseUrl = elsewhere.Url };
        await Changed(trial).SettleAsync();
        Assert.Equal(("<p>Theirs</p>", 1, 2), (elsewhere.Pages[0].Body, elsewhere.Pages[0].Version, elsewhere.Made));
        Assert.Equal((LinkState.Linked, elsewhere.Pages[1].Id, first), (trial.Link.State, trial.Link.RemoteId, trial.Link.FormerUrl));
        Assert.Equal(1, there.Pages[0].Version);
    }

    /// <summary>The address of the same site for a token with scopes: the page is known again, and written as ever.</summary>
    [Fact]
    public async Task Another_address_of_the_same_place_makes_nothing_twice()
    {
        await using var there = await ConfluenceServer.StartAsync();
        var trial = Trial.Confluence(there);
        await trial.SettleAsync();
        trial.To = trial.To with { BaseUrl = there.Url.Replace("127.0.0.1", "localhost", StringComparison.Ordinal) };
        await Changed(trial).SettleAsync();
        Assert.Equal((1, 2, LinkState.Linked), (there.Made, there.Pages[0].Version, trial.Link.State));
    }

    [Fact]
    public async Task Another_repository_gets_an_issue_of_its_own()
    {
        await using var there = await GitHubServer.StartAsync();
        await using var elsewhere = await GitHubServer.StartAsync();
        elsewhere.All.Add(new(1, "Theirs", "Of somebody else", "open", null, []));
        var trial = Trial.GitHub(there);
        await trial.SettleAsync();
        trial.To = trial.To with { BaseUrl = elsewhere.Url };
        trial.Item!.Write("Another title", null, null, Domain.Postmortems.ActionItemPriority.Low, null, Trial.Start);
        trial.AskAgain();
        await trial.SettleAsync();
        Assert.Equal(("Theirs", 2, "2"), (elsewhere.All[0].Title, elsewhere.Made, trial.Link.RemoteId));
    }

    [Fact]
    public void A_place_is_the_address_and_what_is_within_it()
    {
        static string Place(DestinationKind kind, string url, string name, string value) =>
            DestinationPlace.Of(kind, url, asked => asked == name ? value : null);
        var github = Place(DestinationKind.GitHub, "https://api.github.com", "repository", "acme/api");
        Assert.Equal(github, Place(DestinationKind.GitHub, "https://api.github.com", "repository", "Acme/API"));
        Assert.NotEqual(github, Place(DestinationKind.GitHub, "https://api.github.com", "repository", "acme/web"));
        var wiki = Place(DestinationKind.Confluence, "https://acme.atlassian.net", "space", "OPS");
        Assert.NotEqual(wiki, Place(DestinationKind.Confluence, "https://acme.atlassian.net", "space", "DEV"));
        Assert.Equal(wiki, Place(DestinationKind.Confluence, "https://ACME.atlassian.net", "space", "OPS"));
        const string id = "2f26ee68df3042518aad4ddc420cba3d";
        Assert.Equal(
            Place(DestinationKind.Notion, "https://api.notion.com", "parent", $"page:{id}"),
            Place(DestinationKind.Notion, "https://api.notion.com", "parent", $"https://notion.so/acme/P-{id}?v=1")
        );
    }

    /// <summary>Somebody took our line away, or the id is another thing's by now.</summary>
    [Fact]
    public async Task What_does_not_bear_our_line_is_not_written_over_even_where_a_person_agreed()
    {
        await using var github = await GitHubServer.StartAsync();
        await using var wiki = await ConfluenceServer.StartAsync();
        await using var notion = await NotionServer.StartAsync();
        Trial[] trials = [Trial.GitHub(github), Trial.Confluence(wiki), Trial.Notion(notion, NotionServer.Parent)];
        foreach (var trial in trials)
            await trial.SettleAsync();
        github.All[0] = github.All[0] with { Body = "Theirs" };
        wiki.Pages[0] = wiki.Pages[0] with { Body = "<p>Theirs</p>" };
        notion.Pages[0] = notion.Pages[0] with { Markdown = "Theirs" };
        trials[0].Item!.Write("New words", null, null, Domain.Postmortems.ActionItemPriority.Low, null, Trial.Start);
        foreach (var trial in trials)
        {
            trial.Link.Accept();
            await Changed(trial).SettleAsync();
            Assert.Equal(LinkState.Stopped, trial.Link.State);
            Assert.Contains("does not bear our line", trial.Link.LastError, StringComparison.Ordinal);
            Assert.Contains("'Make it anew'", trial.Link.LastError, StringComparison.Ordinal);
        }
        Assert.Equal(("Theirs", "<p>Theirs</p>", "Theirs"), (github.All[0].Body, wiki.Pages[0].Body, notion.Pages[0].Markdown));
    }

    [Fact]
    public async Task What_was_deleted_there_says_the_way_out_and_is_made_anew_when_it_is_forgotten()
    {
        await using var github = await GitHubServer.StartAsync();
        await using var wiki = await ConfluenceServer.StartAsync();
        await using var server = await ConfluenceServer.StartAsync(isCloud: false);
        await using var notion = await NotionServer.StartAsync();
        (Trial Trial, Vendor There, Action Delete)[] all =
        [
            (Trial.GitHub(github), github, () => github.All[0] = github.All[0] with { Number = 99, Body = "" }),
            (Trial.Confluence(wiki), wiki, wiki.Pages.Clear),
            (Trial.Confluence(server, isCloud: false), server, server.Pages.Clear),
            (Trial.Notion(notion, NotionServer.Parent), notion, notion.Pages.Clear),
        ];
        foreach (var (trial, there, delete) in all)
        {
            await trial.SettleAsync();
            delete();
            var left = there.Made;
            trial.Item?.Write("New words", null, null, Domain.Postmortems.ActionItemPriority.Low, null, Trial.Start);
            await Changed(trial).SettleAsync();
            Assert.Equal(LinkState.Stopped, trial.Link.State);
            Assert.Contains("choose 'Make it anew' or 'Forget the link' at the destination", trial.Link.LastError, StringComparison.Ordinal);
            trial.Link.Forget();
            trial.AskAgain();
            await trial.SettleAsync();
            Assert.Equal((LinkState.Linked, left + 1), (trial.Link.State, there.Made));
        }
    }
}
