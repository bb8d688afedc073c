using AngleSharp.Html.Dom;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using StatusPage.Domain.Deliveries;
using StatusPage.Domain.Notices;
using StatusPage.Tests.Host;
using StatusPage.Web.Promises;

namespace StatusPage.Tests.Promises;

/// <summary>From the promise to the person who is woken, in either store. The tests move the promise instead of the clock.</summary>
public abstract class PromiseTests : IAsyncLifetime
{
    private readonly MailServer _mail = new();
    private readonly TempFolder _folder = new();
    private HttpSink _sink = null!;
    private string[] _args = [];
    private AppHost _app = null!;
    private BrowserSession _owner = null!;
    private string _incident = "";

    protected abstract Task<string?> NewPostgresAsync();

    public async ValueTask InitializeAsync()
    {
        _sink = await HttpSink.StartAsync();
        var postgres = await NewPostgresAsync();
        _args =
        [
            "--Outbound:Allow",
            "127.0.0.0/8",
            "--Page:Name",
            "Acme",
            "--Email:Smtp",
            _mail.Url,
            .. Desk.Owner,
            .. postgres is null ? Array.Empty<string>() : ["--ConnectionStrings:Postgres", postgres],
        ];
        await StartAsync();
    }

    private async Task StartAsync()
    {
        _app = await AppHost.StartAsync(_folder, null, _args);
        _owner = await _app.SignInAsync();
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        _owner.Dispose();
        await _app.DisposeAsync();
        await _sink.DisposeAsync();
        await _mail.DisposeAsync();
        _folder.Dispose();
    }

    private async Task OpenAsync()
    {
        await _owner.FillInAsync("/admin/incidents/new", Desk.Example(), "main form");
        _incident = await _app.InStoreAsync(db => db.Incidents.Select(row => row.Id).FirstAsync()) is var id ? id.Value : "";
    }

    /// <summary>Moves the promise of 30 minutes into the past.</summary>
    private Task<int> AgeAsync(double minutes) =>
        _app.InStoreAsync(async db =>
        {
            var at = DateTimeOffset.UtcNow.AddMinutes(-minutes);
            // The page reads incidents with a new version again.
            return await db.Database.ExecuteSqlRawAsync(
                """UPDATE "Incidents" SET "Version" = "Version" + 1; UPDATE "IncidentUpdates" SET "PostedAt" = {0}, "NextUpdateBy" = {1}""",
                at.ToUnixTimeMilliseconds(),
                at.AddMinutes(30).ToUnixTimeMilliseconds()
            );
        });

    private Task<DateTimeOffset?> LookAsync() => _app.Services.GetRequiredService<PromiseWatch>().LookAsync(default);

    private Task<List<Notice>> NoticesAsync() => _app.InStoreAsync(db => db.Notices.AsNoTracking().OrderBy(row => row.Id).ToListAsync());

    private async Task AddContactAsync(string channel, string name, int level, string? address = null, Dictionary<string, object?>? more = null)
    {
        var values = new Dictionary<string, object?>(more ?? []) { ["Name"] = name, ["Level"] = level };
        if (address is not null)
            values["Address"] = address;
        var page = await _owner.FillInAsync($"/admin/promises/contacts/new?channel={channel}", values, "main form");
        Assert.True(page.QuerySelector(".done") is not null, page.Body!.TextContent);
    }

    [Fact]
    public async Task The_author_is_reminded_before_and_after_once_also_after_a_restart()
    {
        await OpenAsync();
        await AgeAsync(10);
        await LookAsync();
        Assert.Empty(await NoticesAsync());
        await AgeAsync(26);
        await Task.WhenAll(LookAsync(), LookAsync(), LookAsync());
        var mail = await _mail.WaitForAsync(received => received.To == Desk.Email);
        Assert.StartsWith("Update due by ", mail.Message.Subject, StringComparison.Ordinal);
        Assert.Contains($"/admin/incidents/{_incident}", mail.Text, StringComparison.Ordinal);
        _owner.Dispose();
        await _app.DisposeAsync();
        await StartAsync();
        await LookAsync();
        await AgeAsync(31);
        await LookAsync();
        await _mail.WaitForAsync(received => received.Message.Subject!.StartsWith("Update overdue since ", StringComparison.Ordinal));
        await LookAsync();
        Assert.Equal(2, (await NoticesAsync()).Count);
        Assert.Equal(2, _mail.To(Desk.Email).Count);
    }

    [Fact]
    public async Task The_levels_are_called_one_after_the_other_and_the_update_ends_it()
    {
        await AddContactAsync("slack", "Comms room", 0, null, new() { ["Secrets[url]"] = $"{_sink.Url}/slack" });
        await AddContactAsync("pagerduty", "Alice", 1, _sink.Url, new() { ["Secrets[key]"] = "R0UTINGKEY" });
        await AddContactAsync("opsgenie", "Charlie", 2, _sink.Url, new() { ["Secrets[key]"] = "GENIEKEY" });
        await OpenAsync();
        await AgeAsync(46);
        await LookAsync();
        var alert = Assert.Single(await _sink.WaitAsync("/v2/enqueue")).Json;
        Assert.Contains("level 1", alert.GetProperty("payload").GetProperty("summary").GetString(), StringComparison.Ordinal);
        Assert.Single(await _sink.WaitAsync("/slack"));
        Assert.Empty(_sink.At("/v2/alerts"));
        await AgeAsync(61);
        await LookAsync();
        var alias = Assert.Single(await _sink.WaitAsync("/v2/alerts")).Json.GetProperty("alias").GetString();
        await Eventually.TrueAsync("all is sent", async () => (await NoticesAsync()).TrueForAll(row => row.State == DeliveryState.Sent));

        using var api = await _app.ApiAsync();
        await api.PatchAsync($"incidents/{_incident}", new { incident = new { status = "identified", body = "A bad release." } });
        await LookAsync();
        Assert.Equal("resolve", (await _sink.WaitAsync("/v2/enqueue", 2))[1].Json.GetProperty("event_action").GetString());
        await _sink.WaitAsync($"/v2/alerts/{alias}/close");
        await LookAsync();
        Assert.Equal(6, (await NoticesAsync()).Count);
        Assert.Equal(
            3,
            (await _owner.GetAsync("/admin/promises"))
                .QuerySelectorAll("td.reason")
                .Count(cell => cell.TextContent.StartsWith("told ", StringComparison.Ordinal))
        );
    }

    [Fact]
    public async Task What_fell_due_while_nobody_watched_is_told_once_by_its_latest_stage()
    {
        await AddContactAsync("email", "Alice", 1, "alice@acme.example");
        await OpenAsync();
        await AgeAsync(50);
        await LookAsync();
        await _mail.WaitForCountAsync(2);
        Assert.Equal(
            [("lapsed", Desk.Email), ("level1", "alice@acme.example")],
            (await NoticesAsync()).Select(row => (row.Key.Split('.')[2], row.Address)).Order()
        );
    }

    [Fact]
    public async Task What_waits_when_the_update_comes_is_not_sent()
    {
        _mail.Refuse(Desk.Email, 451, 451, 451);
        await OpenAsync();
        await AgeAsync(31);
        await LookAsync();
        await Eventually.TrueAsync("it waits", async () => (await NoticesAsync()) is [{ State: DeliveryState.Queued, Attempts: 1 }]);
        using var api = await _app.ApiAsync();
        await api.PatchAsync($"incidents/{_incident}", new { incident = new { status = "resolved", body = "Rolled back." } });
        await LookAsync();
        Assert.Equal(DeliveryState.Suppressed, Assert.Single(await NoticesAsync()).State);
    }

    [Fact]
    public async Task Behind_a_key_there_is_nobody_so_owners_are_reminded()
    {
        using var api = await _app.ApiAsync();
        await api.OpenIncidentAsync(
            new
            {
                name = "Errors",
                body = "Looking.",
                next_update_at = DateTimeOffset.UtcNow.AddMinutes(30),
            }
        );
        await AgeAsync(31);
        await LookAsync();
        await _mail.WaitForAsync(received => received.To == Desk.Email);
    }

    [Fact]
    public async Task The_page_says_due_now_and_overdue_only_after_the_grace()
    {
        await OpenAsync();
        using var api = await _app.ApiAsync();
        var page = await _owner.GetAsync("/admin/promises");
        page = await _owner.SubmitAsync(
            (IHtmlFormElement)page.QuerySelector("main form")!,
            new
            {
                Grace = "10",
                First = "15",
                Second = "15",
            }
        );
        Assert.NotEmpty(page.ErrorFor("Second"));
        await AgeAsync(35);
        page = await _owner.FillInAsync(
            "/admin/promises",
            new
            {
                Grace = "10",
                First = "15",
                Second = "30",
            },
            "main form"
        );
        Assert.NotNull(page.QuerySelector(".done"));
        var home = await _app.Http.GetStringAsync("/");
        Assert.Contains("due now, promised by", home, StringComparison.Ordinal);
        Assert.DoesNotContain("overdue", home, StringComparison.Ordinal);
        await _owner.FillInAsync("/admin/promises", new { Grace = "2" }, "main form");
        Assert.Contains("overdue since", await _app.Http.GetStringAsync("/"), StringComparison.Ordinal);
        Assert.Contains(await _app.InStoreAsync(db => db.Audit.Select(row => row.Action).ToListAsync()), action => action == "promises.configured");
    }

    [Fact]
    public async Task The_report_is_public_only_if_the_owner_wishes()
    {
        await OpenAsync();
        using var api = await _app.ApiAsync();
        await api.PatchAsync($"incidents/{_incident}", new { incident = new { status = "resolved", body = "Rolled back." } });
        Assert.Equal(System.Net.HttpStatusCode.NotFound, (await _app.Http.GetAsync(new Uri("/promises", UriKind.Relative))).StatusCode);
        Assert.DoesNotContain("href=\"/promises\"", await _app.Http.GetStringAsync("/"), StringComparison.Ordinal);
        var page = await _owner.FillInAsync("/admin/promises", new { IsShown = "true" }, "main form");
        Assert.Contains("1 of 1 (100 %)", page.Body!.TextContent, StringComparison.Ordinal);
        Assert.Contains("1 of 1 (100 %)", await _app.Http.GetStringAsync("/promises"), StringComparison.Ordinal);
        Assert.Contains("href=\"/promises\"", await _app.Http.GetStringAsync("/"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_contacts_secret_is_never_shown_and_a_test_shows_what_came_back()
    {
        await AddContactAsync("pagerduty", "Alice", 1, _sink.Url, new() { ["Secrets[key]"] = "R0UTINGKEY" });
        var page = await _owner.GetAsync(_owner.Location.AbsolutePath);
        Assert.DoesNotContain("R0UTINGKEY", page.DocumentElement.OuterHtml, StringComparison.Ordinal);
        Assert.DoesNotContain("R0UTINGKEY", await _app.InStoreAsync(db => db.Contacts.Select(row => row.Secrets).FirstAsync()), StringComparison.Ordinal);
        page = await _owner.SubmitAsync(page.Form("Test"), new { });
        Assert.Contains("The test arrived", page.Body!.TextContent, StringComparison.Ordinal);
        Assert.Equal(["trigger", "resolve"], _sink.At("/v2/enqueue").Select(request => request.Json.GetProperty("event_action").GetString()));
        _sink.Next("/v2/enqueue", new SinkAnswer(400, """{"status":"invalid event","message":"R0UTINGKEY is no key"}"""));
        page = await _owner.SubmitAsync(page.Form("Test"), new { });
        Assert.Contains("(hidden) is no key", page.Body!.TextContent, StringComparison.Ordinal);
        // The secret is not used with another server.
        page = await _owner.SubmitAsync((IHtmlFormElement)page.QuerySelector("main form")!, new { Address = "https://elsewhere.example" });
        Assert.Contains("Enter this: Integration key.", page.Body!.TextContent, StringComparison.Ordinal);
    }
}

public sealed class SqlitePromiseTests : PromiseTests
{
    protected override Task<string?> NewPostgresAsync() => Task.FromResult<string?>(null);
}

public sealed class PostgresPromiseTests(PostgresServer postgres) : PromiseTests
{
    [Fact]
    public async Task Of_two_nodes_that_both_watch_and_send_one_reminds()
    {
        await using var mail = new MailServer();
        string[] args = ["--Email:Smtp", mail.Url, "--ConnectionStrings:Postgres", await postgres.CreateDatabaseAsync(), .. Desk.Owner];
        await using var one = await AppHost.StartAsync(args);
        await using var two = await AppHost.StartAsync(args);
        using var api = await one.ApiAsync();
        for (var incident = 0; incident < 5; incident++)
            await api.OpenIncidentAsync(
                new
                {
                    name = $"Errors {incident}",
                    body = "Looking.",
                    next_update_at = DateTimeOffset.UtcNow.AddMinutes(30),
                }
            );
        await one.InStoreAsync(db =>
            db.Database.ExecuteSqlRawAsync(
                """UPDATE "IncidentUpdates" SET "NextUpdateBy" = {0}""",
                DateTimeOffset.UtcNow.AddMinutes(-1).ToUnixTimeMilliseconds()
            )
        );
        await Task.WhenAll(
            Enumerable.Range(0, 6).Select(look => (look % 2 == 0 ? one : two).Services.GetRequiredService<PromiseWatch>().LookAsync(default))
        );
        foreach (var node in new[] { one, two })
            await node.Services.GetRequiredService<PromiseWatch>().LookAsync(default);
        await mail.WaitForCountAsync(5);
        await Eventually.TrueAsync(
            "all are over",
            () => one.InStoreAsync(async db => await db.Notices.CountAsync(row => row.State == DeliveryState.Sent) == 5)
        );
        Assert.Equal(5, await one.InStoreAsync(db => db.Notices.CountAsync()));
        Assert.Equal(5, mail.Received.Select(received => received.Message.Subject).Distinct().Count());
        Assert.Equal(5, mail.Received.Count);
    }

    protected override async Task<string?> NewPostgresAsync() => await postgres.CreateDatabaseAsync();
}
