using StatusPage.Domain.Destinations;
using StatusPage.Domain.Postmortems;
using StatusPage.Tests.Host;

namespace StatusPage.Tests.Destinations;

/// <summary>An answer was lost, and something happened before the next attempt.</summary>
public sealed class LostAnswerTests : IAsyncLifetime
{
    private readonly List<Vendor> _vendors = [];
    private ConfluenceServer _cloud = null!;
    private ConfluenceServer _server = null!;
    private NotionServer _notion = null!;
    private GitHubServer _github = null!;

    public async ValueTask InitializeAsync() =>
        _vendors.AddRange([
            _cloud = await ConfluenceServer.StartAsync(),
            _server = await ConfluenceServer.StartAsync(isCloud: false),
            _notion = await NotionServer.StartAsync(),
            _github = await GitHubServer.StartAsync(),
        ]);

    public async ValueTask DisposeAsync()
    {
        foreach (var vendor in _vendors)
        {
            Assert.Empty(vendor.Wrong);
            await vendor.DisposeAsync();
        }
    }

    public static TheoryData<string> Pages => ["cloud", "server", "notion", "rows"];
    public static TheoryData<string> All => ["cloud", "server", "notion", "rows", "github"];

    private (Trial Trial, Vendor There, string Create) Start(string kind) =>
        kind switch
        {
            "cloud" => (Trial.Confluence(_cloud), _cloud, "/wiki/api/v2/pages"),
            "server" => (Trial.Confluence(_server, isCloud: false), _server, "/rest/api/content"),
            "notion" => (Trial.Notion(_notion, NotionServer.Parent), _notion, "/v1/pages"),
            "rows" => (Trial.Notion(_notion, NotionServer.Source), _notion, "/v1/pages"),
            _ => (Trial.GitHub(_github), _github, "/issues"),
        };

    /// <summary>Somebody adds a word to what was made, above our line.</summary>
    private void Edit(string kind)
    {
        if (kind is "cloud" or "server")
        {
            var there = kind == "cloud" ? _cloud : _server;
            there.Edit(0, "<p>Byhand</p>" + there.Pages[0].Body);
        }
        else if (kind == "github")
            _github.All[0] = _github.All[0] with { Body = "Byhand\n" + _github.All[0].Body };
        else
            _notion.Pages[0] = _notion.Pages[0] with { Markdown = "Byhand\n" + _notion.Pages[0].Markdown };
    }

    private void Clear()
    {
        _cloud.Pages.Clear();
        _server.Pages.Clear();
        _notion.Pages.Clear();
        _github.All.Clear();
    }

    private string BodyOf(string kind) =>
        kind switch
        {
            "cloud" => _cloud.Pages[0].Body,
            "server" => _server.Pages[0].Body,
            "github" => _github.All[0].Body,
            _ => _notion.Pages[0].Markdown,
        };

    private static void Change(Trial trial)
    {
        if (trial.Item is { } item)
            item.Write("New words", null, null, ActionItemPriority.Low, null, Trial.Start);
        else
            trial.Document = Trial.Postmortem("New words", 2);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task What_somebody_edited_after_a_create_whose_answer_was_lost_is_not_written_over(string kind)
    {
        foreach (var hasNewWords in new[] { false, true })
        {
            Clear();
            var (trial, there, create) = Start(kind);
            there.Fail("POST", create, SinkAnswer.Cut, isDone: true);
            await trial.AttemptAsync();
            Edit(kind);
            if (hasNewWords)
                Change(trial);
            // Sent again and again, it stays.
            for (var round = 0; round < 3; round++)
            {
                await trial.SettleAsync();
                Assert.Equal((LinkState.Stopped, 1), (trial.Link.State, there.Made));
                Assert.StartsWith("Somebody edited it there", trial.Link.LastError, StringComparison.Ordinal);
                Assert.Contains("Byhand", BodyOf(kind), StringComparison.Ordinal);
                trial.AskAgain();
            }
            trial.Link.Accept();
            await trial.SettleAsync();
            Assert.Equal((LinkState.Linked, 1), (trial.Link.State, there.Made));
            Assert.DoesNotContain("Byhand", BodyOf(kind), StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task What_is_new_by_then_is_written_where_nobody_edited(string kind)
    {
        var (trial, there, create) = Start(kind);
        there.Fail("POST", create, SinkAnswer.Cut, isDone: true);
        await trial.AttemptAsync();
        Change(trial);
        await trial.SettleAsync();
        Assert.Equal((LinkState.Linked, 1, null), (trial.Link.State, there.Made, trial.Link.LastError));
        if (kind != "github")
            Assert.Contains("New words", BodyOf(kind), StringComparison.Ordinal);
        else
            Assert.Equal("New words", _github.All[0].Title);
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task An_incident_that_is_renamed_meanwhile_makes_no_second_page(string kind)
    {
        var (trial, there, create) = Start(kind);
        there.Fail("POST", create, SinkAnswer.Cut, isDone: true);
        await trial.AttemptAsync();
        trial.Document = trial.Document! with { Title = "Postmortem: Everything else" };
        await trial.SettleAsync();
        Assert.Equal((LinkState.Linked, 1), (trial.Link.State, there.Made));
        Assert.StartsWith("Postmortem: Everything else", TitleOf(kind), StringComparison.Ordinal);
    }

    private string TitleOf(string kind) =>
        kind switch
        {
            "cloud" => _cloud.Pages[0].Title,
            "server" => _server.Pages[0].Title,
            _ => _notion.Pages[0].Title,
        };

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task A_new_title_alone_reaches_what_stands_there(string kind)
    {
        var (trial, there, _) = Start(kind);
        await trial.SettleAsync();
        trial.Document = trial.Document! with { Title = "Postmortem: Everything else" };
        trial.AskAgain();
        await trial.SettleAsync();
        Assert.Equal((LinkState.Linked, 1, null), (trial.Link.State, there.Made, trial.Link.LastError));
        Assert.StartsWith("Postmortem: Everything else", TitleOf(kind), StringComparison.Ordinal);
    }

    /// <summary>Title and text are two requests at Notion: one that arrived alone is no edit of somebody.</summary>
    [Fact]
    public async Task A_title_that_arrived_without_its_text_is_ours_and_one_of_somebody_else_stays()
    {
        var (trial, there, _) = Start("notion");
        await trial.SettleAsync();
        trial.Document = Trial.Postmortem("New words", 2) with { Title = "Postmortem: Everything else" };
        trial.AskAgain();
        there.Fail("PATCH", "/markdown", new(503));
        await trial.SettleAsync();
        Assert.Equal((LinkState.Linked, null), (trial.Link.State, trial.Link.LastError));
        Assert.StartsWith("New words", BodyOf("notion"), StringComparison.Ordinal);
        _notion.Pages[0] = _notion.Pages[0] with { Title = "Byhand" };
        trial.Document = Trial.Postmortem("Newer words", 3);
        trial.AskAgain();
        await trial.SettleAsync();
        Assert.Equal((LinkState.Stopped, "Byhand"), (trial.Link.State, TitleOf("notion")));
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task What_a_person_lets_us_write_over_is_written_though_updates_failed_before_and_after(string kind)
    {
        var (trial, there, _) = Start(kind);
        await trial.SettleAsync();
        var update = kind is "cloud" or "server" ? "PUT" : "PATCH";
        Change(trial);
        trial.AskAgain();
        there.Fail(update, "", new(400, """{"message":"no"}"""));
        await trial.SettleAsync();
        Assert.Equal(LinkState.Stopped, trial.Link.State);
        Edit(kind);
        trial.AskAgain();
        await trial.SettleAsync();
        Assert.StartsWith("Somebody edited it there", trial.Link.LastError, StringComparison.Ordinal);
        trial.Link.Accept();
        trial.AskAgain();
        there.Fail(update, "", new(409, """{"message":"in the way"}"""));
        there.Fail(update, "", new(503));
        await trial.SettleAsync();
        Assert.Equal((LinkState.Linked, null), (trial.Link.State, trial.Link.LastError));
        Assert.DoesNotContain("Byhand", BodyOf(kind), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cloud")]
    [InlineData("server")]
    public async Task A_page_whose_create_had_no_answer_gets_its_label(string kind)
    {
        var (trial, there, create) = Start(kind);
        there.Fail("POST", create, SinkAnswer.Cut, isDone: true);
        await trial.SettleAsync();
        Assert.Equal("postmortem", Assert.Single(((ConfluenceServer)there).Pages[0].Labels));
    }

    /// <summary>An answer that is no answer to what was asked says nothing about what is there.</summary>
    [Theory]
    [MemberData(nameof(All))]
    public async Task A_look_that_cannot_be_understood_is_tried_again_and_makes_nothing(string kind)
    {
        string[] answers =
        [
            "null",
            "{}",
            "{\"results\":null}",
            "{\"results\":[{}]}",
            "[{}]",
            "{\"results\":[",
            "<html>",
            "{\"results\":[],\"has_more\":true}",
        ];
        foreach (var answer in answers)
        {
            Clear();
            var (trial, there, create) = Start(kind);
            // The rows of a database are asked for by POST.
            there.Fail("POST", create, SinkAnswer.Cut, isDone: true);
            await trial.AttemptAsync();
            var made = there.Made;
            var (method, look) = kind switch
            {
                "rows" => ("POST", "/query"),
                "notion" => ("GET", "/children?page_size=100"),
                "github" => ("GET", "state=all"),
                _ => ("GET", "title="),
            };
            there.Fail(method, look, new(200, answer));
            trial.Time.Advance(TimeSpan.FromHours(1));
            var outcome = await trial.AttemptAsync();
            // A list without an entry is an answer where lists have one part.
            if (answer.EndsWith("true}", StringComparison.Ordinal) && kind != "notion")
                continue;
            Assert.IsType<Remote.Later>(outcome);
            Assert.Equal(made, there.Made);
            await trial.SettleAsync();
            Assert.Equal(made, there.Made);
            Assert.Equal(LinkState.Linked, trial.Link.State);
        }
    }

    [Theory]
    [InlineData("notion")]
    [InlineData("rows")]
    public async Task Of_a_page_that_is_told_in_part_nobody_can_say_that_it_is_not_ours(string kind)
    {
        var (trial, there, create) = Start(kind);
        there.Fail("POST", create, SinkAnswer.Cut, isDone: true);
        await trial.AttemptAsync();
        _notion.IsTruncating = true;
        trial.Time.Advance(TimeSpan.FromHours(1));
        Assert.IsType<Remote.Later>(await trial.AttemptAsync());
        Assert.Equal(1, there.Made);
        _notion.IsTruncating = false;
        await trial.SettleAsync();
        Assert.Equal((LinkState.Linked, 1), (trial.Link.State, there.Made));
    }

    [Fact]
    public async Task A_place_that_could_not_be_read_is_read_again()
    {
        var (trial, there, _) = Start("rows");
        there.Fail("GET", "/v1/data_sources/", new(503));
        await trial.SettleAsync();
        Assert.Equal((LinkState.Linked, 1), (trial.Link.State, there.Made));
        Assert.Equal(trial.Ref.ToString(), _notion.Pages[0].Ref);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_test_works_only_where_the_answer_is_one(string kind)
    {
        foreach (var answer in new[] { "null", "{", "{}", "", new string('x', 20_000_000) })
        {
            var (trial, there, _) = Start(kind);
            there.Fail("GET", "", new(200, answer));
            Assert.IsNotType<Remote.Found>(await trial.Client.TestAsync(trial.To));
        }
    }

    /// <summary>However the other side repeats what we sent it, whole or where it is cut.</summary>
    [Theory]
    [MemberData(nameof(All))]
    public async Task No_form_of_a_secret_is_told_again(string kind)
    {
        var (trial, there, create) = Start(kind);
        const string secret = "a+s&cret/of \"ours\"-0123456789";
        trial.To = trial.To with { Secrets = new Dictionary<string, string> { ["token"] = secret } };
        var basic = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"ops@example.test:{secret}"));
        string[] whole = kind == "cloud" ? [basic, basic.TrimEnd('=')] : [];
        foreach (var form in new[] { Uri.EscapeDataString(secret), Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(secret)) }.Concat(whole))
        foreach (var before in new[] { 0, 285 })
        {
            var said = new System.Text.Json.Nodes.JsonObject { ["message"] = $"{new string('y', before)} Basic {form} {secret}" };
            there.Fail("GET", "", new(400, said.ToJsonString()));
            var why = Assert.IsType<Remote.Refused>(await trial.Client.TestAsync(trial.To)).Why;
            Assert.DoesNotContain(form[..8], why, StringComparison.Ordinal);
            Assert.DoesNotContain(secret[..8], why, StringComparison.Ordinal);
        }
        Assert.NotEmpty(create);
    }
}
