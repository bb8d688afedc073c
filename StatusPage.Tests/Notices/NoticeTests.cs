using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using StatusPage.Domain;
using StatusPage.Domain.Deliveries;
using StatusPage.Domain.Notices;
using StatusPage.Tests.Channels;
using StatusPage.Tests.Host;
using StatusPage.Web.Channels;
using StatusPage.Web.Data;
using StatusPage.Web.Notices;

namespace StatusPage.Tests.Notices;

/// <summary>Notices reach the team, in either store, whatever the receiving service does.</summary>
public abstract class NoticeTests : IAsyncLifetime
{
    private readonly MailServer _mail = new();
    private HttpSink _sink = null!;
    private AppHost _app = null!;
    private PageId _page;

    protected abstract Task<string?> NewPostgresAsync();

    public async ValueTask InitializeAsync()
    {
        _sink = await HttpSink.StartAsync();
        var postgres = await NewPostgresAsync();
        _app = await AppHost.StartAsync([
            "--Outbound:Allow",
            "127.0.0.0/8",
            "--Push:Services",
            $"127.0.0.1:{_sink.Port}",
            "--Page:Name",
            "Acme",
            "--Email:Smtp",
            _mail.Url,
            .. Host.Desk.Owner,
            .. postgres is null ? Array.Empty<string>() : ["--ConnectionStrings:Postgres", postgres],
        ]);
        _page = (await _app.PageAsync()).Id;
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _app.DisposeAsync();
        await _sink.DisposeAsync();
        await _mail.DisposeAsync();
    }

    private Task<int> AddAsync(NoticeChannel channel, string key, string address, NoticeText text) =>
        _app.InScopeAsync(async services =>
        {
            services.GetRequiredService<NoticeBox>().Add(_page, channel, key, address, text);
            return await services.GetRequiredService<StatusDb>().SaveChangesAsync();
        });

    private async Task<string> ContactAsync(NoticeChannel channel, params (string Name, string Value)[] secrets)
    {
        var contact = Contact.Add(
            _page,
            channel,
            channel.ToString(),
            channel == NoticeChannel.Slack ? null : _sink.Url,
            _app.Services.GetRequiredService<ChannelSecrets>().Protect(secrets.ToDictionary(pair => pair.Name, pair => pair.Value)),
            1,
            DateTimeOffset.UtcNow
        );
        await _app.InStoreAsync(async db =>
        {
            db.Contacts.Add(contact);
            return await db.SaveChangesAsync();
        });
        return contact.Id.Value;
    }

    private Task<Notice> NoticeAsync(string key, string what, Func<Notice, bool> condition) =>
        Eventually.GetAsync(
            what,
            () =>
                _app.InStoreAsync(async db =>
                    await db.Notices.AsNoTracking().FirstOrDefaultAsync(row => row.Key == key) is { } row && condition(row) ? row : null
                )
        );

    private Task<int> HastenAsync() =>
        _app.InStoreAsync(db =>
            db.Notices.Where(row => row.State == DeliveryState.Queued)
                .ExecuteUpdateAsync(set => set.SetProperty(row => row.NextAttemptAt, DateTimeOffset.UtcNow.AddSeconds(-1)))
        );

    [Fact]
    public async Task A_mail_has_its_button_its_paragraphs_and_a_name_that_stays_and_no_unsubscribe()
    {
        _mail.Refuse("ann@acme.example", 451);
        await AddAsync(
            NoticeChannel.Email,
            "invite.1",
            "ann@acme.example",
            new("You are invited", "First paragraph.\n\nSecond <one>.", "Set a password", "/admin/invited/SECRET-token")
        );
        var waiting = await NoticeAsync("invite.1", "it waits", row => row is { State: DeliveryState.Queued, Attempts: 1 });
        Assert.DoesNotContain("ann@acme.example", waiting.LastError, StringComparison.Ordinal);
        Assert.DoesNotContain("SECRET", waiting.Link, StringComparison.Ordinal);
        await HastenAsync();
        var mail = await _mail.WaitForAsync(received => received.To == "ann@acme.example");
        Assert.Equal("You are invited", mail.Message.Subject);
        Assert.Contains("First paragraph.\n\nSecond <one>.", mail.Text.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.Contains("Set a password: http://127.0.0.1", mail.Text, StringComparison.Ordinal);
        Assert.Contains("/admin/invited/SECRET-token", mail.Html, StringComparison.Ordinal);
        Assert.Contains("<p class=\"text\"", mail.Html.Split("Second &lt;one&gt;.")[0][^200..], StringComparison.Ordinal);
        Assert.DoesNotContain("nsubscribe", mail.Text + mail.Html, StringComparison.Ordinal);
        Assert.Null(mail.Message.Headers["List-Unsubscribe"]);
        Assert.Matches("^notice\\.[0-9a-f]{32}@localhost$", mail.Message.MessageId);
        var over = await NoticeAsync("invite.1", "it is sent", row => row.State == DeliveryState.Sent);
        Assert.Null(over.Link);
        Assert.Single(_mail.To("ann@acme.example"));
    }

    [Fact]
    public async Task Slack_gets_blocks_and_its_address_is_never_told()
    {
        var contact = await ContactAsync(NoticeChannel.Slack, ("url", $"{_sink.Url}/slack/SECRETslackpath"));
        _sink.Next("/slack/SECRETslackpath", new SinkAnswer(404, "no /slack/SECRETslackpath"), new SinkAnswer(200, "ok"));
        await AddAsync(NoticeChannel.Slack, "a", contact, new("Update <due>", "In 5 minutes.", "Post an update", "/admin/incidents/x"));
        Assert.DoesNotContain(
            "SECRET",
            (await NoticeAsync("a", "it failed", row => row.State == DeliveryState.Failed)).LastError,
            StringComparison.Ordinal
        );
        using var owner = await _app.SignInAsync();
        Assert.Contains(
            "“Update <due>” did not arrive by Slack: 127.0.0.1 answered 404",
            (await owner.GetAsync("/admin")).Body!.TextContent,
            StringComparison.Ordinal
        );
        await AddAsync(NoticeChannel.Slack, "b", contact, new("Update <due>", "In 5 minutes.", "Post an update", "/admin/incidents/x"));
        var message = (await _sink.WaitAsync("/slack/SECRETslackpath", 2))[1].Json;
        Assert.Equal(
            ["header", "section", "actions"],
            message.GetProperty("blocks").EnumerateArray().Select(block => block.GetProperty("type").GetString())
        );
        Assert.Equal("Update &lt;due&gt;: In 5 minutes.", message.GetProperty("text").GetString());
        await NoticeAsync("b", "it is sent", row => row.State == DeliveryState.Sent);
    }

    [Fact]
    public async Task PagerDuty_is_triggered_and_resolved_under_one_key()
    {
        var contact = await ContactAsync(NoticeChannel.PagerDuty, ("key", "R0UTINGKEY"));
        _sink.Always("/v2/enqueue", _ => new(202, """{"status":"success","dedup_key":"promise.1"}"""));
        await AddAsync(
            NoticeChannel.PagerDuty,
            "level1",
            contact,
            new("No update for 15 minutes", "The API is down.", "Post an update", "/admin/incidents/x", "promise.1", Urgency: NoticeUrgency.Error)
        );
        await NoticeAsync("level1", "it is sent", row => row.State == DeliveryState.Sent);
        await AddAsync(NoticeChannel.PagerDuty, "over", contact, new("The update came", "", Topic: "promise.1", Closes: true));
        await NoticeAsync("over", "it is sent", row => row.State == DeliveryState.Sent);
        var events = _sink.At("/v2/enqueue").Select(request => request.Json).ToList();
        Assert.Equal(["trigger", "resolve"], events.Select(one => one.GetProperty("event_action").GetString()));
        Assert.All(
            events,
            one => Assert.Equal(("promise.1", "R0UTINGKEY"), (one.GetProperty("dedup_key").GetString(), one.GetProperty("routing_key").GetString()))
        );
        var payload = events[0].GetProperty("payload");
        Assert.Equal(
            ("No update for 15 minutes", "Acme status page", "error"),
            (payload.GetProperty("summary").GetString(), payload.GetProperty("source").GetString(), payload.GetProperty("severity").GetString())
        );
        Assert.EndsWith("/admin/incidents/x", events[0].GetProperty("links")[0].GetProperty("href").GetString(), StringComparison.Ordinal);
        Assert.False(events[1].TryGetProperty("payload", out _));
    }

    [Fact]
    public async Task Opsgenie_is_told_and_told_that_it_is_over_under_one_alias()
    {
        var contact = await ContactAsync(NoticeChannel.Opsgenie, ("key", "GENIE"));
        await AddAsync(
            NoticeChannel.Opsgenie,
            "level2",
            contact,
            new("No update for 30 minutes", "The API is down.", "Post an update", "/admin/incidents/x", "promise.1", Urgency: NoticeUrgency.Critical)
        );
        await NoticeAsync("level2", "it is sent", row => row.State == DeliveryState.Sent);
        await AddAsync(NoticeChannel.Opsgenie, "over", contact, new("The update came", "", Topic: "promise.1", Closes: true));
        var close = Assert.Single(await _sink.WaitAsync("/v2/alerts/promise.1/close"));
        Assert.EndsWith("?identifierType=alias", close.Path, StringComparison.Ordinal);
        var alert = Assert.Single(_sink.At("/v2/alerts"));
        Assert.Equal("GenieKey GENIE", alert.Header("Authorization"));
        Assert.Equal(
            ("promise.1", "P1", "No update for 30 minutes"),
            (alert.Json.GetProperty("alias").GetString(), alert.Json.GetProperty("priority").GetString(), alert.Json.GetProperty("message").GetString())
        );
    }

    [Fact]
    public async Task What_is_over_before_it_could_be_sent_is_not_sent()
    {
        var contact = await ContactAsync(NoticeChannel.PagerDuty, ("key", "R0UTINGKEY"));
        _sink.Next("/v2/enqueue", new SinkAnswer(500));
        await AddAsync(NoticeChannel.PagerDuty, "level1", contact, new("No update", "", Topic: "promise.1"));
        await NoticeAsync("level1", "it waits", row => row is { State: DeliveryState.Queued, Attempts: 1 });
        await AddAsync(NoticeChannel.PagerDuty, "over", contact, new("The update came", "", Topic: "promise.1", Closes: true));
        await NoticeAsync("over", "it is sent", row => row.State == DeliveryState.Sent);
        await HastenAsync();
        await NoticeAsync("level1", "it is suppressed", row => row.State == DeliveryState.Suppressed);
        Assert.Equal(["trigger", "resolve"], _sink.At("/v2/enqueue").Select(request => request.Json.GetProperty("event_action").GetString()));
    }

    [Fact]
    public async Task A_key_is_taken_once_and_what_a_dead_node_held_is_sent_when_its_lease_is_over()
    {
        await AddAsync(NoticeChannel.Email, "once", "ann@acme.example", new("Once", "Once."));
        await Assert.ThrowsAsync<DbUpdateException>(() => AddAsync(NoticeChannel.Email, "once", "ann@acme.example", new("Once", "Once.")));
        await NoticeAsync("once", "it is sent", row => row.State == DeliveryState.Sent);
        // The state that a node leaves when it is killed while it sends.
        await _app.InStoreAsync(db =>
            db.Notices.ExecuteUpdateAsync(set =>
                set.SetProperty(row => row.State, DeliveryState.Sending)
                    .SetProperty(row => row.FinishedAt, (DateTimeOffset?)null)
                    .SetProperty(row => row.NextAttemptAt, DateTimeOffset.UtcNow.AddSeconds(-1))
            )
        );
        await NoticeAsync("once", "it is sent again", row => row.State == DeliveryState.Sent);
        Assert.Single(_mail.To("ann@acme.example").Select(mail => mail.Message.MessageId).Distinct());
        Assert.Equal(2, _mail.To("ann@acme.example").Count);
    }

    [Fact]
    public async Task What_was_over_for_ninety_days_is_forgotten()
    {
        await AddAsync(NoticeChannel.Email, "old", "ann@acme.example", new("Old", "Old."));
        await NoticeAsync("old", "it is sent", row => row.State == DeliveryState.Sent);
        await AddAsync(NoticeChannel.Email, "new", "ann@acme.example", new("New", "New."));
        await NoticeAsync("new", "it is sent", row => row.State == DeliveryState.Sent);
        await _app.InStoreAsync(db =>
            db.Notices.Where(row => row.Key == "old").ExecuteUpdateAsync(set => set.SetProperty(row => row.FinishedAt, DateTimeOffset.UtcNow.AddDays(-91)))
        );
        await _app.Services.GetRequiredService<Retention>().RunAsync(default);
        Assert.Equal(["new"], await _app.InStoreAsync(db => db.Notices.Select(row => row.Key).ToListAsync()));
    }

    [Fact]
    public async Task Somebody_at_the_desk_is_told_in_their_browser_apart_from_visitors()
    {
        using var browser = new PushReceiver();
        using var owner = await _app.SignInAsync();
        var page = await owner.GetAsync("/admin/notifications");
        var keys = System.Text.Json.JsonSerializer.SerializeToElement(browser.Subscription($"{_sink.Url}/push/desk")).GetProperty("keys");
        page = await owner.SubmitAsync(
            (AngleSharp.Html.Dom.IHtmlFormElement)page.QuerySelector("form[data-desk-push]")!,
            new
            {
                Endpoint = $"{_sink.Url}/push/desk",
                PushKey = keys.GetProperty("p256dh").GetString(),
                PushSecret = keys.GetProperty("auth").GetString(),
            }
        );
        Assert.Contains("This browser tells you", page.QuerySelector(".done")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(0, await _app.InStoreAsync(db => db.Subscribers.CountAsync()));
        Assert.DoesNotContain("data-push-key", await _app.Http.GetStringAsync("/subscribe"), StringComparison.Ordinal);
        _sink.Next("/push/desk", new SinkAnswer(201));
        page = await owner.SubmitAsync(page.Form("Test"), new { });
        Assert.Contains("on its way", page.Body!.TextContent, StringComparison.Ordinal);
        var news = browser.Read(Assert.Single(await _sink.WaitAsync("/push/desk")));
        Assert.Equal("This is a test", news.GetProperty("title").GetString());
        Assert.EndsWith("/admin", news.GetProperty("url").GetString(), StringComparison.Ordinal);
        // It subscribed with the key of this page's desk, so another page's notices do not go there.
        await _app.AddPageAsync("Europe", slug: "eu");
        var account = await _app.InStoreAsync(db => db.Users.Select(user => user.Id).FirstAsync());
        var other = await _app.InStoreAsync(db => db.Pages.Where(row => row.Slug == "eu").Select(row => row.Id).SingleAsync());
        await _app.InScopeAsync(async services =>
        {
            services.GetRequiredService<NoticeBox>().Add(other, NoticeChannel.Browser, "eu", account, new("Due", "Due."));
            return await services.GetRequiredService<StatusDb>().SaveChangesAsync();
        });
        Assert.Contains(
            "No browser",
            (await NoticeAsync("eu", "it is not sent", row => row.State == DeliveryState.Suppressed)).LastError,
            StringComparison.Ordinal
        );
        Assert.Single(_sink.At("/push/desk"));
        // A browser that is gone at the push service is deleted here.
        _sink.Always("/push/desk", _ => new(410));
        await AddAsync(NoticeChannel.Browser, "b", account, new("Due", "Due."));
        await NoticeAsync("b", "it failed", row => row.State == DeliveryState.Failed);
        Assert.Equal(0, await _app.InStoreAsync(db => db.DeskBrowsers.CountAsync()));
    }
}

public sealed class NoticeFileTests
{
    [Fact]
    public async Task Without_a_relay_a_mail_to_the_team_becomes_a_file()
    {
        await using var app = await AppHost.StartAsync();
        var page = (await app.PageAsync()).Id;
        await app.InScopeAsync(async services =>
        {
            services.GetRequiredService<NoticeBox>().Mail(page, "invite.1", "ann@acme.example", new("You are invited", "Come in."));
            return await services.GetRequiredService<StatusDb>().SaveChangesAsync();
        });
        var folder = Path.Combine(app.DataDirectory, "mail");
        await Eventually.TrueAsync("the file is there", () => Directory.Exists(folder) && Directory.GetFiles(folder, "notice.*.eml").Length == 1);
        var message = await MimeKit.MimeMessage.LoadAsync(Directory.GetFiles(folder, "notice.*.eml")[0]);
        Assert.Equal(("You are invited", "ann@acme.example"), (message.Subject, message.To.Mailboxes.Single().Address));
        // There is no link, so there is no button.
        Assert.DoesNotContain("<a href", message.HtmlBody, StringComparison.Ordinal);
    }
}

public sealed class SqliteNoticeTests : NoticeTests
{
    protected override Task<string?> NewPostgresAsync() => Task.FromResult<string?>(null);
}

public sealed class PostgresNoticeTests(PostgresServer postgres) : NoticeTests
{
    protected override async Task<string?> NewPostgresAsync() => await postgres.CreateDatabaseAsync();
}
