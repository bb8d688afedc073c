using System.Text;
using StatusPage.Domain.Destinations;
using StatusPage.Tests.Host;
using StatusPage.Web.Destinations;
using StatusPage.Web.Destinations.Clients;

namespace StatusPage.Tests.Destinations;

/// <summary>Action items as issues at GitHub.</summary>
public sealed class GitHubTests : IAsyncLifetime
{
    private const string Issues = "/repos/acme/api/issues";

    private GitHubServer _there = null!;
    private Trial _trial = null!;

    public async ValueTask InitializeAsync()
    {
        _there = await GitHubServer.StartAsync();
        _trial = Trial.GitHub(_there);
    }

    public async ValueTask DisposeAsync()
    {
        Assert.Empty(_there.Wrong);
        await _there.DisposeAsync();
    }

    [Fact]
    public async Task The_items_of_the_guides_template_become_issues()
    {
        (string Title, string Owner, DateOnly Due)[] items =
        [
            ("Add alert for X", "Alice", new(2027, 1, 15)),
            ("Improve database monitoring", "Bob", new(2027, 1, 20)),
            ("Update runbook", "Charlie", new(2027, 1, 10)),
        ];
        foreach (var (title, owner, due) in items)
        {
            var trial = Trial.GitHub(_there);
            trial.Item!.Write(title, owner, due, Domain.Postmortems.ActionItemPriority.Normal, null, Trial.Start);
            await trial.SettleAsync();
            Assert.Equal((LinkState.Linked, $"https://github.com/acme/api/issues/{_there.Made}"), (trial.Link.State, trial.Link.Url));
            var issue = _there.All[^1];
            Assert.Equal((title, "postmortem"), (issue.Title, Assert.Single(issue.Labels)));
            Assert.Contains($"- Owner: {owner}\n- Due: {due:yyyy-MM-dd}\n", issue.Body, StringComparison.Ordinal);
            Assert.EndsWith(trial.Ref.HiddenMarker, issue.Body, StringComparison.Ordinal);
        }
        Assert.Equal(3, _there.Made);
    }

    [Fact]
    public async Task Hostile_words_call_nobody_and_break_nothing()
    {
        _trial.Item!.Write(
            new string('t', 256),
            "@acme/all [x](http://evil.test) --> <img>",
            null,
            Domain.Postmortems.ActionItemPriority.Low,
            "<!-- ",
            Trial.Start
        );
        await _trial.SettleAsync();
        var issue = Assert.Single(_there.All);
        Assert.Equal(256, issue.Title.Length);
        Assert.Contains("@\u200bacme", issue.Body, StringComparison.Ordinal);
        Assert.Contains("\\[x\\]", issue.Body, StringComparison.Ordinal);
        Assert.Contains("Finding: \\<!--\n", issue.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(502)]
    public async Task An_answer_that_is_lost_after_the_create_makes_no_second_issue(int status)
    {
        _there.Fail("POST", Issues, status == 0 ? SinkAnswer.Cut : new(status), isDone: true);
        await _trial.SettleAsync();
        Assert.Equal((LinkState.Linked, "1", 1), (_trial.Link.State, _trial.Link.RemoteId, _there.Made));
        // Looked for before the first create, too: since the item is there, as the ledger may be another one.
        var lists = _there.Sink.Received.Where(request => request.Method == "GET" && request.Path.Contains('?', StringComparison.Ordinal)).ToList();
        Assert.Equal(2, lists.Count);
        Assert.All(lists, list => Assert.Equal($"{Issues}?state=all&since=2026-11-25T09:55:00Z&per_page=100", list.Path));
    }

    [Fact]
    public async Task A_limit_is_told_in_three_ways()
    {
        _there.Fail("POST", Issues, new(403, """{"message":"You have exceeded a secondary rate limit"}""", ("Retry-After", "30")));
        await _trial.AttemptAsync();
        Assert.Equal(Trial.Start.AddSeconds(30), _trial.Link.NextAttemptAt);
        _trial.Time.Advance(TimeSpan.FromSeconds(30));
        var reset = Trial.Start.AddMinutes(20);
        _there.Fail(
            "POST",
            Issues,
            new(403, """{"message":"API rate limit exceeded"}""", ("X-RateLimit-Remaining", "0"), ("X-RateLimit-Reset", $"{reset.ToUnixTimeSeconds()}"))
        );
        await _trial.AttemptAsync();
        Assert.Equal(reset, _trial.Link.NextAttemptAt);
        _trial.Time.Advance(reset - _trial.Time.GetUtcNow());
        _there.Fail("POST", Issues, new(429, "{}"));
        await _trial.AttemptAsync();
        Assert.True(_trial.Link.NextAttemptAt >= reset.AddMinutes(1));
        await _trial.SettleAsync();
        Assert.Equal((LinkState.Linked, 1), (_trial.Link.State, _there.Made));
    }

    [Theory]
    [InlineData(403, """{"message":"Resource not accessible by personal access token"}""", "Resource not accessible")]
    [InlineData(410, """{"message":"Issues are disabled for this repo"}""", "Issues are switched off in acme/api")]
    [InlineData(404, """{"message":"Not Found"}""", "the token may not see it")]
    [InlineData(301, """{"message":"Moved Permanently"}""", "The repository acme/api has moved")]
    [InlineData(401, """{"message":"Bad credentials"}""", "does not accept the token")]
    [InlineData(
        422,
        """{"message":"Validation Failed","errors":[{"resource":"Issue","field":"title","code":"missing_field"}]}""",
        "Validation Failed title: missing_field"
    )]
    public async Task A_refusal_stops_and_says_what_to_do(int status, string body, string words)
    {
        _there.Fail("POST", Issues, new(status, body, ("Location", "https://evil.test/")));
        await _trial.SettleAsync();
        Assert.Equal((LinkState.Stopped, 0), (_trial.Link.State, _there.Made));
        Assert.Contains(words, _trial.Link.LastError, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Labels_that_are_dropped_are_said()
    {
        _there.MayPush = false;
        await _trial.SettleAsync();
        Assert.Equal(LinkState.Linked, _trial.Link.State);
        Assert.Contains("without the label postmortem", _trial.Link.LastError, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_new_due_day_is_written_unless_somebody_edited_the_issue()
    {
        await _trial.SettleAsync();
        _trial.Item!.Write("Add alert for X", "Alice", new(2027, 2, 1), Domain.Postmortems.ActionItemPriority.High, null, Trial.Start);
        _trial.AskAgain();
        await _trial.SettleAsync();
        Assert.Contains("Due: 2027-02-01", _there.All[0].Body, StringComparison.Ordinal);
        _there.All[0] = _there.All[0] with { Title = "By hand" };
        _trial.Item!.Write("Add alert for X", "Bob", null, Domain.Postmortems.ActionItemPriority.High, null, Trial.Start);
        _trial.AskAgain();
        await _trial.SettleAsync();
        Assert.Equal(("By hand", LinkState.Stopped), (_there.All[0].Title, _trial.Link.State));
    }

    [Fact]
    public async Task A_state_is_followed_within_the_host_and_never_to_another()
    {
        await _trial.SettleAsync();
        _there.Close(1, "not_planned");
        var client = (GitHub)_trial.Client;
        _there.Fail("GET", $"{Issues}/7", new(301, "", ("Location", $"{_there.Url}{Issues}/1")));
        Assert.Equal("closed:not_planned", (await client.StateAsync(_trial.To, "7", _trial.Ref)).State?.Code);
        await using var elsewhere = await HttpSink.StartAsync();
        _there.Fail("GET", $"{Issues}/7", new(301, "", ("Location", $"{elsewhere.Url}{Issues}/1")));
        Assert.IsType<Remote.Refused>((await client.StateAsync(_trial.To, "7", _trial.Ref)).Failure);
        Assert.Empty(elsewhere.Received);
    }

    [Fact]
    public async Task The_state_of_somebody_elses_issue_is_not_ours()
    {
        await _trial.SettleAsync();
        _there.All[0] = _there.All[0] with { Title = "Theirs", Body = "Of somebody else" };
        _there.Close(1, "completed");
        var (state, failure) = await ((GitHub)_trial.Client).StateAsync(_trial.To, "1", _trial.Ref);
        Assert.Null(state);
        Assert.Contains("may be somebody else's", Assert.IsType<Remote.Refused>(failure).Why, StringComparison.Ordinal);
    }

    /// <summary>The destination was removed and set up again, or the store restored: the link is another one, and the item the same.</summary>
    [Fact]
    public async Task An_issue_that_the_ledger_does_not_know_is_found_before_another_is_made()
    {
        await _trial.SettleAsync();
        var again = Trial.GitHub(_there);
        again.Item = _trial.Item;
        again.Time.Advance(TimeSpan.FromDays(90));
        await again.SettleAsync();
        Assert.Equal((1, "1", LinkState.Linked, null), (_there.Made, again.Link.RemoteId, again.Link.State, again.Link.LastError));
        Assert.Equal(0, _there.Count("PATCH", ""));
    }

    [Fact]
    public async Task In_a_busy_repository_the_label_finds_it()
    {
        await _trial.SettleAsync();
        var again = Trial.GitHub(_there);
        again.Item = _trial.Item;
        var many = new System.Text.Json.Nodes.JsonArray([
            .. Enumerable.Range(1000, 100).Select(number => new System.Text.Json.Nodes.JsonObject { ["number"] = number, ["body"] = null }),
        ]);
        for (var page = 0; page < 20; page++)
            _there.Fail("GET", "state=all", new(200, many.ToJsonString()));
        await again.SettleAsync();
        Assert.EndsWith(
            "&labels=postmortem",
            _there.Sink.Received.Last(request => request.Path.Contains("state=all", StringComparison.Ordinal)).Path,
            StringComparison.Ordinal
        );
        Assert.Equal((1, "1"), (_there.Made, again.Link.RemoteId));
    }

    /// <summary>The vector of GitHub's documentation.</summary>
    [Fact]
    public void A_signature_is_checked_over_the_raw_bytes()
    {
        var body = Encoding.UTF8.GetBytes("Hello, World!");
        string[] secrets = ["another", "It's a Secret to Everybody"];
        const string good = "sha256=757107ea0eb2509fc211221cce984b8a" + "37570b6d7586c22c46f4379c8b043e17";
        Assert.True(GitHubHook.IsSigned(secrets, good, body));
        Assert.False(GitHubHook.IsSigned(secrets[..1], good, body));
        Assert.False(GitHubHook.IsSigned(secrets, good, [.. body, 10]));
        Assert.False(GitHubHook.IsSigned(secrets, good[..^1], body));
        Assert.False(GitHubHook.IsSigned(secrets, good["sha256=".Length..], body));
        Assert.False(GitHubHook.IsSigned(secrets, null, body));
        Assert.False(GitHubHook.IsSigned([], good, body));
    }
}
