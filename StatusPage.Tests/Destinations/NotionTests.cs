using StatusPage.Domain.Destinations;
using StatusPage.Tests.Host;

namespace StatusPage.Tests.Destinations;

/// <summary>Postmortems in Notion: under a page, or as rows of a database.</summary>
public abstract class NotionTests(string parent) : IAsyncLifetime
{
    private NotionServer _there = null!;
    private Trial _trial = null!;

    public async ValueTask InitializeAsync()
    {
        _there = await NotionServer.StartAsync();
        _trial = Trial.Notion(_there, parent);
    }

    public async ValueTask DisposeAsync()
    {
        Assert.Empty(_there.Wrong);
        await _there.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_postmortem_becomes_a_page_with_the_guides_words()
    {
        await _trial.SettleAsync();
        var page = Assert.Single(_there.Pages);
        Assert.Equal((LinkState.Linked, page.Id), (_trial.Link.State, _trial.Link.RemoteId));
        Assert.StartsWith("https://www.notion.so/", _trial.Link.Url, StringComparison.Ordinal);
        // Stored with another mark for lists, and with what Notion escapes.
        var lines = page
            .Markdown.Replace("\\$", "$", StringComparison.Ordinal)
            .Split('\n')
            .Select(line => line.StartsWith("* ", StringComparison.Ordinal) ? "- " + line[2..] : line);
        Assert.Equal([.. Trial.Template.Split('\n'), _trial.Ref.Marker, ""], lines);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(502)]
    public async Task An_answer_that_is_lost_after_the_create_makes_no_second_page(int status)
    {
        for (var i = 0; i < 4; i++)
            _there.Pages.Add(new($"59833787-2cf9-4fdf-8782-9999999999{i:D2}", $"Postmortem: API errors ({_trial.Ref.Id})", null, "Of somebody else\n"));
        _there.Fail("POST", "/v1/pages", status == 0 ? SinkAnswer.Cut : new(status), isDone: true);
        await _trial.SettleAsync();
        Assert.Equal(5, _there.Made);
        Assert.Equal((LinkState.Linked, _there.Pages[4].Id), (_trial.Link.State, _trial.Link.RemoteId));
        Assert.NotNull(_trial.Link.Url);
    }

    [Theory]
    [InlineData(429)]
    [InlineData(529)]
    public async Task An_overload_waits_as_long_as_it_says(int status)
    {
        _there.Fail("POST", "/v1/pages", new(status, """{"code":"service_overload","message":"later"}""", ("Retry-After", "40")));
        await _trial.AttemptAsync();
        Assert.Equal(Trial.Start.AddSeconds(40), _trial.Link.NextAttemptAt);
        await _trial.SettleAsync();
        Assert.Equal((LinkState.Linked, 1), (_trial.Link.State, _there.Made));
    }

    [Fact]
    public async Task A_new_text_replaces_the_old_one_unless_somebody_edited_it()
    {
        await _trial.SettleAsync();
        _trial.Document = Trial.Postmortem("New words", 2);
        _trial.AskAgain();
        await _trial.SettleAsync();
        Assert.StartsWith("New words", _there.Pages[0].Markdown, StringComparison.Ordinal);
        _there.Pages[0] = _there.Pages[0] with { Markdown = "By hand\n" };
        _trial.Document = Trial.Postmortem("Newer words", 3);
        _trial.AskAgain();
        await _trial.SettleAsync();
        Assert.Equal(("By hand\n", LinkState.Stopped), (_there.Pages[0].Markdown, _trial.Link.State));
    }

    [Fact]
    public async Task An_answer_that_is_lost_after_an_update_is_no_edit_of_somebody()
    {
        await _trial.SettleAsync();
        _trial.Document = Trial.Postmortem("New *words*\n\n- one", 2);
        _trial.AskAgain();
        _there.Fail("PATCH", "/markdown", SinkAnswer.Cut, isDone: true);
        await _trial.SettleAsync();
        Assert.Equal((LinkState.Linked, null), (_trial.Link.State, _trial.Link.LastError));
        Assert.Equal(1, _there.Count("PATCH", "/markdown"));
    }

    [Fact]
    public async Task What_is_not_shared_and_what_is_not_valid_is_said_with_its_words()
    {
        _there.Fail("POST", "/v1/pages", new(404, """{"code":"object_not_found","message":"Make sure it is shared ntn_t0ken"}"""));
        await _trial.SettleAsync();
        Assert.Contains("Add connections", _trial.Link.LastError, StringComparison.Ordinal);
        Assert.DoesNotContain("ntn_t0ken", _trial.Link.LastError, StringComparison.Ordinal);
        _trial.AskAgain();
        _there.Fail("POST", "/v1/pages", new(400, """{"code":"validation_error","message":"body failed validation"}"""));
        await _trial.SettleAsync();
        Assert.Equal(LinkState.Stopped, _trial.Link.State);
        Assert.Contains("body failed validation", _trial.Link.LastError, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_read_back_that_fails_is_made_up_for_and_writes_nothing_twice()
    {
        _there.Fail("GET", "/markdown", new(500));
        await _trial.SettleAsync();
        Assert.Equal((LinkState.Linked, 1), (_trial.Link.State, _there.Made));
        Assert.NotNull(_trial.Link.ReadPrint);
        Assert.Equal(0, _there.Count("PATCH", ""));
    }

    [Fact]
    public async Task A_test_makes_nothing()
    {
        Assert.IsType<Remote.Found>(await _trial.Client.TestAsync(_trial.To));
        Assert.DoesNotContain(_there.Sink.Received, request => request.Method != "GET");
    }

    [Fact]
    public async Task A_long_postmortem_arrives_whole()
    {
        var (markdown, words) = LongPostmortem.Make();
        _trial.Document = Trial.Postmortem(markdown);
        await _trial.SettleAsync();
        var stored = Assert.Single(_there.Pages).Markdown;
        foreach (var word in words)
            Assert.Contains(word, stored, StringComparison.Ordinal);
        Assert.True(stored.Split("<table header-row=\"true\">").Length > 50);
        Assert.Contains("![Graph 1](https://acme.test/graph-1.png?a=1&b=2)", stored, StringComparison.Ordinal);
        // HTML is text there, too.
        Assert.Contains("\\<b\\>bold\\</b\\>", stored, StringComparison.Ordinal);
    }
}

public sealed class NotionPageTests()
    : NotionTests($"https://www.notion.so/acme/Postmortems-{NotionServer.Parent.Replace("-", "", StringComparison.Ordinal)}");

public sealed class NotionDatabaseTests()
    : NotionTests($"https://www.notion.so/acme/{NotionServer.Database.Replace("-", "", StringComparison.Ordinal)}?v=0123456789abcdef0123456789abcdef");

public sealed class NotionDataSourceTests() : NotionTests(NotionServer.Source);
