using System.Net;
using AngleSharp.Html.Dom;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Accounts;
using StatusPage.Domain.Channels;
using StatusPage.Domain.Deliveries;
using StatusPage.Tests.Host;

namespace StatusPage.Tests.Deliveries;

/// <summary>The desk's view of an update's deliveries, in either store.</summary>
public abstract class DeliveryViewTests : IAsyncLifetime
{
    private readonly MailServer _mail = new();
    private AppHost _app = null!;
    private ApiClient _api = null!;
    private BrowserSession _desk = null!;

    protected abstract Task<string?> NewPostgresAsync();

    public async ValueTask InitializeAsync()
    {
        var postgres = await NewPostgresAsync();
        _app = await AppHost.StartAsync([
            .. Desk.Owner,
            "--Email:Smtp",
            _mail.Url,
            .. postgres is null ? Array.Empty<string>() : ["--ConnectionStrings:Postgres", postgres],
        ]);
        _api = await _app.ApiAsync();
        _desk = await _app.SignInAsync();
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        _desk.Dispose();
        await _app.DisposeAsync();
        await _mail.DisposeAsync();
    }

    private Task<UpdateId> UpdateAsync() =>
        _app.InStoreAsync(async db =>
            (await db.Announcements.OrderByDescending(row => row.CreatedAt).FirstAsync(row => row.Kind == AnnouncementKind.IncidentUpdate)).UpdateId!.Value
        );

    private async Task<string> PostAsync(object? incident = null)
    {
        await _api.OpenIncidentAsync(incident);
        return $"/admin/deliveries/{await UpdateAsync()}";
    }

    private Task<IHtmlDocument> ShowsAsync(string path, string text) =>
        Eventually.GetAsync(
            $"{path} shows '{text}'",
            async () =>
                await _desk.GetAsync(path) is var page && page.QuerySelector("main")!.TextContent.Contains(text, StringComparison.Ordinal) ? page : null
        );

    private async Task<string> AnswerAsync(string path, string who) =>
        string.Join(
            ' ',
            (await _desk.GetAsync($"{path}?q={Uri.EscapeDataString(who)}"))
                .QuerySelectorAll("p[role=status]:not(.visually-hidden)")
                .Select(line => line.TextContent)
        );

    [Fact]
    public async Task It_counts_by_channel_and_state_and_groups_what_failed_by_reason()
    {
        for (var i = 0; i < 5; i++)
            await _app.SubscriberAsync($"s{i}@customer.example");
        _mail.Refuse("s1@customer.example", 550);
        _mail.Refuse("s2@customer.example", 550);
        _mail.Refuse("s3@customer.example", 450);
        var page = await ShowsAsync(await PostAsync(), "4 of 5 · sent to 2, 1 on their way, 2 failed");
        Assert.Equal(
            ["1", "0", "2", "2", "0"],
            page.QuerySelectorAll(".progress table")[0].QuerySelectorAll("td").Select(cell => cell.TextContent.Trim())
        );
        var troubles = page.QuerySelectorAll(".progress table")[1].QuerySelectorAll("tbody tr").Select(row => row.TextContent).ToList();
        Assert.Equal(2, troubles.Count);
        Assert.Contains("given up", troubles[0], StringComparison.Ordinal);
        Assert.Contains("450", troubles[1], StringComparison.Ordinal);
        Assert.Contains("tried again from", troubles[1], StringComparison.Ordinal);
        var bar = (IHtmlProgressElement)page.QuerySelector("progress")!;
        Assert.Equal((4, 5), (bar.Value, bar.Maximum));
    }

    [Fact]
    public async Task What_failed_can_be_tried_again()
    {
        await _app.SubscriberAsync("ann@customer.example");
        _mail.Refuse("ann@customer.example", 552);
        var path = await PostAsync();
        var page = await ShowsAsync(path, "1 failed");
        var done = await _desk.SubmitAsync(page.Form("Retry"), new { });
        Assert.Contains("One message is tried again.", done.QuerySelector(".done")!.TextContent, StringComparison.Ordinal);
        await _mail.WaitForAsync(mail => mail.To == "ann@customer.example");
        await ShowsAsync(path, "sent to 1");
        Assert.Contains("delivery.retried", await _app.InStoreAsync(db => db.Audit.Select(entry => entry.Action).ToListAsync()));
    }

    [Fact]
    public async Task What_waits_for_another_attempt_can_be_tried_at_once()
    {
        await _app.SubscriberAsync("ann@customer.example");
        _mail.Refuse("ann@customer.example", 450);
        var path = await PostAsync();
        await _desk.SubmitAsync((await ShowsAsync(path, "tried again from")).Form("Retry"), new { });
        await ShowsAsync(path, "sent to 1");
    }

    [Fact]
    public async Task One_recipient_is_answered_for_in_a_line()
    {
        var (api, web) = (await _app.ComponentAsync(), await _app.ComponentAsync("Website"));
        await _app.SubscriberAsync("Ann@customer.example");
        await _app.SubscriberAsync("web@customer.example", web.Id);
        await _app.SubscriberAsync("bad@customer.example");
        await _app.SubscriberAsync("busy@customer.example");
        var silenced = await _app.SubscriberAsync("silenced@customer.example");
        await _app.InStoreAsync(async db =>
        {
            (await db.Subscribers.SingleAsync(row => row.Id == silenced.Id)).Suppress("550 no such mailbox", DateTimeOffset.UtcNow);
            return await db.SaveChangesAsync();
        });
        _mail.Refuse("bad@customer.example", 550);
        _mail.Refuse("busy@customer.example", 450);
        var path = await PostAsync(
            new
            {
                name = "API",
                body = "x",
                components = new Dictionary<string, string> { [api.Id.Value] = "partial_outage" },
            }
        );
        await _app.SubscriberAsync("late@customer.example");
        await ShowsAsync(path, "2 of 3 · sent to 1, 1 on their way, 1 failed");
        Assert.Contains("sent at", await AnswerAsync(path, "ann@CUSTOMER.example"), StringComparison.Ordinal);
        Assert.Contains("chose other components: Website", await AnswerAsync(path, "web@customer.example"), StringComparison.Ordinal);
        Assert.Contains("given up", await AnswerAsync(path, "bad@customer.example"), StringComparison.Ordinal);
        Assert.Contains("waiting for attempt 2", await AnswerAsync(path, "busy@customer.example"), StringComparison.Ordinal);
        Assert.Contains("subscribed later", await AnswerAsync(path, "late@customer.example"), StringComparison.Ordinal);
        Assert.Contains("550 no such mailbox", await AnswerAsync(path, "silenced@customer.example"), StringComparison.Ordinal);
        Assert.Contains("is not subscribed", await AnswerAsync(path, "nobody@customer.example"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_export_names_each_recipient_and_disarms_formulas()
    {
        await _app.SubscriberAsync("=cmd@customer.example");
        await _app.SubscriberAsync("ann@customer.example");
        _mail.Refuse("ann@customer.example", 550);
        var path = await PostAsync();
        await ShowsAsync(path, "1 failed");
        var csv = (await _desk.GetAsync($"{path}?handler=Export")).Body!.TextContent;
        Assert.StartsWith("recipient,channel,state,attempts,last error,finished at,remote id", csv, StringComparison.Ordinal);
        Assert.Matches(@"(?m)^ann@customer.example,email,failed,1,", csv);
        Assert.DoesNotMatch(@"(?m)^""?=cmd", csv);
        Assert.Contains("=cmd@customer.example", csv, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_fragment_is_told_apart_by_its_tag_and_says_when_to_ask_again()
    {
        await _app.SubscriberAsync("ann@customer.example");
        _mail.HoldAnswers();
        var path = await PostAsync();
        await ShowsAsync(path, "0 of 1");
        using var http = _app.NewClient();
        http.DefaultRequestHeaders.Add("Cookie", _desk.Cookies.GetCookieHeader(new Uri(_app.BaseAddress, "/admin")));
        using var first = await http.GetAsync($"{path}?handler=Progress");
        Assert.Equal("1000", Assert.Single(first.Headers.GetValues("Poll-After")));
        Assert.DoesNotContain("<html", await first.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var again = new HttpRequestMessage(HttpMethod.Get, $"{path}?handler=Progress") { Headers = { IfNoneMatch = { first.Headers.ETag! } } };
        using var same = await http.SendAsync(again);
        Assert.Equal(HttpStatusCode.NotModified, same.StatusCode);
        _mail.Release();
        await ShowsAsync(path, "sent to 1");
        using var last = await http.GetAsync($"{path}?handler=Progress");
        Assert.False(last.Headers.Contains("Poll-After"));
    }

    [Fact]
    public async Task The_incident_shows_its_progress_and_leads_to_the_whole()
    {
        await _app.SubscriberAsync("ann@customer.example");
        var incident = await _api.OpenIncidentAsync();
        var page = await ShowsAsync($"/admin/incidents/{incident.Id}", "1 of 1 · sent to 1");
        Assert.NotNull(page.QuerySelector($"a[href='/admin/deliveries/{await UpdateAsync()}']"));
        Assert.NotNull((await _desk.GetAsync("/admin")).QuerySelector($"a[href='/admin/deliveries/{await UpdateAsync()}']"));
    }

    [Fact]
    public async Task Trouble_is_told_on_every_page_of_the_desk()
    {
        var page = await _app.PageAsync();
        await _app.InStoreAsync(async db =>
        {
            var account = ChannelAccount.Add(page.Id, Channel.Slack, "Ops room", null, null, "", DateTimeOffset.UtcNow);
            account.Failed("404 no such hook", DateTimeOffset.UtcNow.AddHours(-1));
            db.ChannelAccounts.Add(account);
            return await db.SaveChangesAsync();
        });
        Assert.Contains("404 no such hook", (await ShowsAsync("/admin", "Ops room")).QuerySelector(".trouble")!.TextContent, StringComparison.Ordinal);
        Assert.Contains(
            "Ops room (Slack) does not work",
            (await _desk.GetAsync("/admin/components")).QuerySelector(".trouble-line")!.TextContent,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(9, 0, false)]
    [InlineData(12, 20, true)]
    [InlineData(12, 300, false)]
    public async Task Bounces_are_told_when_they_are_many(int bounced, int others, bool told)
    {
        var page = await _app.PageAsync();
        await _app.InStoreAsync(async db =>
        {
            for (var i = 0; i < bounced + others; i++)
            {
                var subscriber = An.Subscriber(page.Id, $"s{i}@customer.example", [], DateTimeOffset.UtcNow);
                subscriber.Confirm(DateTimeOffset.UtcNow);
                if (i < bounced)
                    subscriber.Suppress("550", DateTimeOffset.UtcNow);
                db.Add(subscriber);
            }
            return await db.SaveChangesAsync();
        });
        if (told)
            await ShowsAsync("/admin", "12 addresses (37 %) bounced or complained");
        else
            Assert.Null((await _desk.GetAsync("/admin")).QuerySelector(".trouble"));
    }

    [Fact]
    public async Task Who_may_only_read_can_neither_retry_nor_export()
    {
        await _app.SubscriberAsync("ann@customer.example");
        _mail.Refuse("ann@customer.example", 550);
        var path = await PostAsync();
        await ShowsAsync(path, "1 failed");
        await _app.InStoreAsync(db => db.Memberships.ExecuteUpdateAsync(set => set.SetProperty(row => row.Role, Role.Auditor)));
        using var auditor = await _app.SignInAsync();
        var page = await auditor.GetAsync(path);
        Assert.DoesNotContain(page.QuerySelectorAll("form"), form => (form.GetAttribute("action") ?? "").Contains("Retry", StringComparison.Ordinal));
        await auditor.GetAsync($"{path}?handler=Export");
        Assert.Equal("/admin/denied", auditor.Location.AbsolutePath);
    }
}

public sealed class SqliteDeliveryViewTests : DeliveryViewTests
{
    protected override Task<string?> NewPostgresAsync() => Task.FromResult<string?>(null);
}

public sealed class PostgresDeliveryViewTests(PostgresServer postgres) : DeliveryViewTests
{
    protected override async Task<string?> NewPostgresAsync() => await postgres.CreateDatabaseAsync();
}
