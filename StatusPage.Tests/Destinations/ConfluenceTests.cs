using StatusPage.Domain.Destinations;
using StatusPage.Tests.Host;

namespace StatusPage.Tests.Destinations;

/// <summary>Postmortems as pages in Confluence: nothing is made twice, nothing written over, and what does not work is said.</summary>
public abstract class ConfluenceTests(bool isCloud) : IAsyncLifetime
{
    private ConfluenceServer _there = null!;
    private Trial _trial = null!;

    private string Pages => isCloud ? "/wiki/api/v2/pages" : "/rest/api/content";

    public async ValueTask InitializeAsync()
    {
        _there = await ConfluenceServer.StartAsync(isCloud);
        _trial = Trial.Confluence(_there, isCloud);
    }

    public async ValueTask DisposeAsync()
    {
        Assert.Empty(_there.Wrong);
        await _there.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_postmortem_becomes_a_page_with_the_guides_words_and_a_label()
    {
        await _trial.SettleAsync();
        var page = Assert.Single(_there.Pages);
        Assert.Equal([LinkState.Creating], _trial.Saved);
        Assert.Equal(
            (LinkState.Linked, page.Id, $"{_there.Url}/wiki/spaces/OPS/pages/{page.Id}", null),
            (_trial.Link.State, _trial.Link.RemoteId, _trial.Link.Url, _trial.Link.LastError)
        );
        Assert.Equal($"Postmortem: API errors ({_trial.Ref.Id})", page.Title);
        Assert.Equal(("98400", "postmortem"), (page.Parent, Assert.Single(page.Labels)));
        var words = ConfluenceServer.Xml(page.Body).DescendantNodes().OfType<System.Xml.Linq.XText>().Select(text => text.Value).ToList();
        foreach (var line in Trial.Template.Split('\n'))
            Assert.Contains(line.Replace("- [ ] ", "", StringComparison.Ordinal).TrimStart('#', '-', ' '), words);
        Assert.Equal(3, ConfluenceServer.Xml(page.Body).Descendants("{urn:ac}task").Count());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task An_answer_that_is_lost_after_the_create_makes_no_second_page(int status)
    {
        _there.Fail("POST", Pages, status == 0 ? SinkAnswer.Cut : new(status), isDone: true);
        await _trial.SettleAsync();
        Assert.Single(_there.Pages);
        Assert.Equal(LinkState.Linked, _trial.Link.State);
    }

    [Fact]
    public async Task A_node_that_dies_between_the_create_and_the_answer_makes_no_second_page()
    {
        await _trial.AttemptAsync(mayGoOn: false);
        Assert.Empty(_there.Pages);
        // The request arrived all the same.
        await Trial.Confluence(_there, isCloud).SettleAsync();
        await _trial.SettleAsync();
        Assert.Single(_there.Pages);
        Assert.Equal(LinkState.Linked, _trial.Link.State);
    }

    [Fact]
    public async Task A_new_text_becomes_the_next_version_and_the_same_text_none()
    {
        await _trial.SettleAsync();
        _trial.AskAgain();
        await _trial.SettleAsync();
        Assert.Equal(1, _there.Pages[0].Version);
        _trial.Document = Trial.Postmortem("New words", 2);
        _trial.AskAgain();
        await _trial.SettleAsync();
        Assert.Equal((2, 2), (_there.Pages[0].Version, _trial.Link.RemoteVersion));
        Assert.Contains("New words", _there.Pages[0].Body, StringComparison.Ordinal);
        Assert.DoesNotContain("Brief overview", _there.Pages[0].Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_somebody_edited_there_is_not_written_over_unless_a_person_says_so()
    {
        await _trial.SettleAsync();
        _there.Edit(0, $"<p>By hand</p><p>{_trial.Ref.Marker}</p>");
        _trial.Document = Trial.Postmortem("New words", 2);
        _trial.AskAgain();
        await _trial.SettleAsync();
        Assert.Equal(LinkState.Stopped, _trial.Link.State);
        Assert.StartsWith("Somebody edited it there", _trial.Link.LastError, StringComparison.Ordinal);
        Assert.Contains("By hand", _there.Pages[0].Body, StringComparison.Ordinal);
        _trial.Link.Accept();
        _trial.AskAgain();
        await _trial.SettleAsync();
        Assert.Contains("New words", _there.Pages[0].Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_that_is_lost_after_an_update_is_no_edit_of_somebody()
    {
        await _trial.SettleAsync();
        _trial.Document = Trial.Postmortem("New words", 2);
        _trial.AskAgain();
        _there.Fail("PUT", Pages, SinkAnswer.Cut, isDone: true);
        await _trial.SettleAsync();
        Assert.Equal((LinkState.Linked, 2, null), (_trial.Link.State, _trial.Link.RemoteVersion, _trial.Link.LastError));
        Assert.Equal(2, _there.Pages[0].Version);
    }

    [Fact]
    public async Task A_conflict_is_read_again_once()
    {
        await _trial.SettleAsync();
        _trial.Document = Trial.Postmortem("New words", 2);
        _trial.AskAgain();
        _there.Fail("PUT", Pages, new(409, """{"message":"Version must be incremented"}"""));
        await _trial.SettleAsync();
        Assert.Equal((LinkState.Linked, 2), (_trial.Link.State, _there.Pages[0].Version));
        _trial.Document = Trial.Postmortem("Newer words", 3);
        _trial.AskAgain();
        for (var i = 0; i < 2; i++)
            _there.Fail("PUT", Pages, new(409, """{"message":"Version must be incremented"}"""));
        await _trial.SettleAsync();
        Assert.Equal(LinkState.Stopped, _trial.Link.State);
        Assert.Contains("Version must be incremented", _trial.Link.LastError, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_title_that_somebody_else_has_is_said()
    {
        _there.Pages.Add(new("7", $"Postmortem: API errors ({_trial.Ref.Id})", null, 1, "<p>Theirs</p>", "current", []));
        await _trial.SettleAsync();
        Assert.Equal(LinkState.Stopped, _trial.Link.State);
        Assert.Contains("and it is not ours", _trial.Link.LastError, StringComparison.Ordinal);
        Assert.Equal(("<p>Theirs</p>", 0), (_there.Pages[0].Body, _there.Count("POST", Pages)));
    }

    [Fact]
    public async Task An_archived_page_that_holds_the_title_is_said()
    {
        _there.Pages.Add(new("7", $"Postmortem: API errors ({_trial.Ref.Id})", null, 1, $"<p>{_trial.Ref.Marker}</p>", "archived", []));
        await _trial.SettleAsync();
        Assert.StartsWith("An archived page holds the title", _trial.Link.LastError, StringComparison.Ordinal);
        Assert.Equal(LinkState.Stopped, _trial.Link.State);
    }

    [Fact]
    public async Task Too_many_requests_wait_as_long_as_it_says()
    {
        _there.Fail("POST", Pages, new(429, "", ("Retry-After", "90"), ("RateLimit-Reason", "confluence-burst-based")));
        var outcome = Assert.IsType<Remote.Later>(await _trial.AttemptAsync());
        Assert.True(outcome.Pauses);
        Assert.Equal(Trial.Start.AddSeconds(90), _trial.Link.NextAttemptAt);
        await _trial.SettleAsync();
        Assert.Equal(LinkState.Linked, _trial.Link.State);
    }

    [Fact]
    public async Task A_token_that_ended_stops_at_once_and_a_passing_refusal_does_not()
    {
        _there.Fail("POST", Pages, new(403, """{"message":"Not permitted t0ken"}"""));
        await _trial.SettleAsync();
        Assert.Equal(LinkState.Linked, _trial.Link.State);
        var other = Trial.Confluence(_there, isCloud);
        _there.Fail("GET", "", new(401, """{"message":"Unauthorized t0ken"}"""));
        Assert.True(Assert.IsType<Remote.Refused>(await other.AttemptAsync()).IsWhole);
        Assert.Equal(LinkState.Stopped, other.Link.State);
        Assert.Contains("does not accept the token (401)", other.Link.LastError, StringComparison.Ordinal);
        Assert.DoesNotContain("t0ken", other.Link.LastError, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refusal_that_stays_stops_with_the_vendors_words()
    {
        for (var i = 0; i < 3; i++)
            _there.Fail("POST", Pages, new(404, """{"message":"No space"}"""));
        await _trial.SettleAsync();
        Assert.Equal((LinkState.Stopped, 3), (_trial.Link.State, _there.Count("POST", Pages)));
        Assert.Contains("No space", _trial.Link.LastError, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_token_follows_no_redirect()
    {
        await using var elsewhere = await HttpSink.StartAsync();
        _there.Fail("GET", "", new(301, "", ("Location", elsewhere.Url)));
        await _trial.SettleAsync();
        Assert.Empty(elsewhere.Received);
        Assert.Contains("has moved", _trial.Link.LastError, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_label_that_may_not_be_written_leaves_the_page()
    {
        _there.Fail("POST", "/label", new(403));
        await _trial.SettleAsync();
        Assert.Equal(LinkState.Linked, _trial.Link.State);
        Assert.Contains("without the label", _trial.Link.LastError, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_but_trouble_ends_after_three_days_with_a_reason()
    {
        for (var i = 0; i < 60; i++)
            _there.Fail("GET", "", new(500));
        await _trial.SettleAsync();
        Assert.Equal(LinkState.Stopped, _trial.Link.State);
        Assert.StartsWith("It was tried for three days.", _trial.Link.LastError, StringComparison.Ordinal);
        Assert.InRange(_trial.Time.GetUtcNow() - Trial.Start, TimeSpan.FromDays(3), TimeSpan.FromDays(3.6));
    }

    [Fact]
    public async Task A_test_makes_nothing_and_knows_a_stranger()
    {
        Assert.IsType<Remote.Found>(await _trial.Client.TestAsync(_trial.To));
        Assert.DoesNotContain(_there.Sink.Received, request => request.Method != "GET");
        // Data Center serves a wrong token as anonymous.
        _there.Fail("GET", "", isCloud ? new(401, "{}") : new(200, """{"type":"anonymous"}"""));
        Assert.IsType<Remote.Refused>(await _trial.Client.TestAsync(_trial.To));
    }

    [Fact]
    public async Task A_long_postmortem_arrives_whole()
    {
        var (markdown, words) = LongPostmortem.Make();
        _trial.Document = Trial.Postmortem(markdown);
        await _trial.SettleAsync();
        Assert.Equal(LinkState.Linked, _trial.Link.State);
        var text = ConfluenceServer.Xml(Assert.Single(_there.Pages).Body);
        foreach (var word in words)
            Assert.Contains(word, text.Value, StringComparison.Ordinal);
        Assert.True(text.Descendants("table").Count() > 50);
        Assert.Contains(text.Descendants("a"), link => link.Attribute("href")!.Value == "https://acme.test/graph-1.png?a=1&b=2");
    }
}

public sealed class ConfluenceCloudTests() : ConfluenceTests(isCloud: true);

public sealed class ConfluenceDataCenterTests() : ConfluenceTests(isCloud: false);
