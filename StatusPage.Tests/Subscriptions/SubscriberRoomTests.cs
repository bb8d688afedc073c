using System.Net;
using AngleSharp.Html.Dom;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Accounts;
using StatusPage.Domain.Subscriptions;
using StatusPage.Tests.Host;

namespace StatusPage.Tests.Subscriptions;

/// <summary>Subscribers at the desk: the list, one of them, import and export, in either store.</summary>
public abstract class SubscriberRoomTests : IAsyncLifetime
{
    private readonly MailServer _mail = new();
    private AppHost _app = null!;
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
        _desk = await _app.SignInAsync();
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        _desk.Dispose();
        await _app.DisposeAsync();
        await _mail.DisposeAsync();
    }

    private Task<IHtmlDocument> ImportAsync(string addresses, bool agreed = true) => MultipartAsync("/admin/subscribers/import", addresses, agreed);

    /// <summary>Sends a form with a file field as a browser does.</summary>
    private async Task<IHtmlDocument> MultipartAsync(string path, string addresses, bool agreed)
    {
        var page = await _desk.GetAsync(path);
        var form = (IHtmlFormElement)page.QuerySelector("form[enctype]")!;
        using var content = new MultipartFormDataContent
        {
            { new StringContent(((IHtmlInputElement)form.QuerySelector("input[name=__RequestVerificationToken]")!).Value), "__RequestVerificationToken" },
            { new StringContent(addresses), "Addresses" },
        };
        if (agreed)
            content.Add(new StringContent("true"), "Agreed");
        using var http = _app.NewClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = content };
        request.Headers.Add("Cookie", _desk.Cookies.GetCookieHeader(new Uri(_app.BaseAddress, path)));
        using var answer = await http.SendAsync(request);
        return await new AngleSharp.Html.Parser.HtmlParser().ParseDocumentAsync(await answer.Content.ReadAsStringAsync(), default);
    }

    private static string Said(IHtmlDocument page) => page.QuerySelector("[role=status]")?.TextContent ?? page.QuerySelector("main")!.TextContent;

    private static string[] Refused(IHtmlDocument page) => ((IHtmlTextAreaElement)page.QuerySelector("#refused")!).Value.Split('\n');

    private Task<Subscriber> SubscriberAsync(string key) => _app.InStoreAsync(db => db.Subscribers.AsNoTracking().SingleAsync(row => row.Key == key));

    [Fact]
    public async Task A_list_is_read_line_by_line_and_each_bad_line_is_named()
    {
        var component = await _app.ComponentAsync();
        await _app.SubscriberAsync("known@customer.example");
        var ended = await _app.SubscriberAsync("ended@customer.example");
        var silenced = await _app.SubscriberAsync("silenced@customer.example");
        await _app.InStoreAsync(async db =>
        {
            (await db.Subscribers.SingleAsync(row => row.Id == ended.Id)).End(DateTimeOffset.UtcNow);
            (await db.Subscribers.SingleAsync(row => row.Id == silenced.Id)).Suppress("550", DateTimeOffset.UtcNow);
            db.Subscribers.Add(An.Subscriber(ended.PageId, "pending@customer.example", [], DateTimeOffset.UtcNow));
            return await db.SaveChangesAsync();
        });
        var page = await ImportAsync(
            string.Join(
                '\n',
                "Email,components",
                "",
                "# the good ones",
                "ann@customer.example",
                "Ben@Customer.example, api",
                "\"quoted@customer.example\",\"\"",
                "known@customer.example",
                "pending@customer.example",
                "no address",
                "cid@customer.example, nonsense",
                "ANN@customer.example",
                "ended@customer.example",
                "silenced@customer.example",
                "evil@customer.example\u2028Bcc: x@y.example",
                ""
            )
        );
        Assert.Equal("4 added, 1 already there, 6 refused.", Said(page));
        var lines = Refused(page);
        Assert.Equal(["9", "10", "11", "12", "13", "14"], lines.Select(line => line.Split('\t')[0]));
        foreach (
            var (line, words) in lines.Zip([
                "Enter an email address",
                "no component 'nonsense'",
                "stands in line 4",
                "Unsubscribed before",
                "Suppressed",
                "line break",
            ])
        )
            Assert.Contains(words, line, StringComparison.Ordinal);
        Assert.Contains("evil@customer.example\\u2028Bcc", lines[5], StringComparison.Ordinal);
        var ben = await SubscriberAsync("ben@customer.example");
        Assert.Equal((SubscriptionState.Confirmed, false), (ben.State, ben.WantsEverything));
        Assert.Equal([component.Id], ben.ComponentIds);
        Assert.True((await SubscriberAsync("ann@customer.example")).WantsEverything);
        Assert.Equal(SubscriptionState.Ended, (await SubscriberAsync("ended@customer.example")).State);
        Assert.Equal(
            "3 added, 2 already there, 0 refused.",
            Said(await ImportAsync("ann@customer.example\nbea@customer.example\nben@customer.example\nbob@customer.example\r\nbert@customer.example"))
        );
    }

    [Fact]
    public async Task Who_is_imported_is_told_of_the_next_update()
    {
        var component = await _app.ComponentAsync();
        await ImportAsync("ann@customer.example, api\nben@customer.example");
        using var api = await _app.ApiAsync();
        await api.OpenIncidentAsync(
            new
            {
                name = "API trouble",
                body = "x",
                components = new Dictionary<string, string> { [component.Id.Value] = "partial_outage" },
            }
        );
        await _mail.WaitForCountAsync(2);
    }

    [Fact]
    public async Task Without_the_word_that_they_agreed_nobody_is_imported()
    {
        var page = await ImportAsync("ann@customer.example", agreed: false);
        Assert.Contains("Tick the box", page.ErrorFor("Agreed"), StringComparison.Ordinal);
        Assert.Contains("ann@customer.example", page.QuerySelector("#Addresses")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(0, await _app.InStoreAsync(db => db.Subscribers.CountAsync()));
    }

    [Fact]
    public async Task Fifty_thousand_lines_are_taken_and_each_that_is_wrong_is_named()
    {
        var lines = Enumerable
            .Range(0, 50_000)
            .Select(i => i % 100 == 99 ? $"not an address {i}" : $"subscriber.with.a.long.name.{i}@customer{i % 97}.example");
        var page = await ImportAsync(string.Join("\r\n", lines));
        Assert.Equal("49,500 added, 0 already there, 500 refused.", Said(page));
        Assert.Equal(500, Refused(page).Length);
    }

    [Fact]
    public async Task The_list_is_filtered_by_state_channel_and_search()
    {
        await _app.SubscriberAsync("ann@customer.example");
        await _app.SubscriberAsync("ben@other.example");
        await _app.InStoreAsync(async db =>
        {
            db.Subscribers.Add(An.Subscriber((await db.Pages.SingleAsync()).Id, "new@customer.example", [], DateTimeOffset.UtcNow));
            db.Subscribers.Add(
                Subscriber.ByWebhook((await db.Pages.SingleAsync()).Id, "https://hooks.customer.example/x", "dev@customer.example", DateTimeOffset.UtcNow)
            );
            return await db.SaveChangesAsync();
        });
        foreach (
            var (query, expected) in new[]
            {
                ("state=pending", "https://hooks.customer.example/x new@customer.example"),
                ("channel=webhook", "https://hooks.customer.example/x"),
                ("q=CUSTOMER&state=confirmed", "ann@customer.example"),
                ("q=nobody", ""),
                ("state=nonsense&channel=email&q=ben", "ben@other.example"),
            }
        )
        {
            var page = await _desk.GetAsync($"/admin/subscribers?{query}");
            Assert.Equal(
                expected,
                string.Join(' ', page.QuerySelectorAll("tbody tr td:first-child").Select(cell => cell.TextContent).Order(StringComparer.Ordinal))
            );
        }
    }

    [Theory]
    [InlineData(Role.Auditor, false)]
    [InlineData(Role.Responder, false)]
    [InlineData(Role.Comms, true)]
    public async Task Part_by_part_a_search_tells_a_webhooks_address_to_nobody_who_may_not_see_the_whole(Role role, bool finds)
    {
        await _app.InStoreAsync(async db =>
        {
            db.Subscribers.Add(
                Subscriber.ByWebhook(
                    (await db.Pages.SingleAsync()).Id,
                    "https://hooks.customer.example/secret",
                    "dev@customer.example",
                    DateTimeOffset.UtcNow
                )
            );
            return await db.SaveChangesAsync();
        });
        await _app.AccountAsync($"{role}@acme.example", role);
        using var reader = await _app.SignInAsync($"{role}@acme.example");
        using var api = await _app.ApiAsync(role);
        foreach (var (part, isFound) in new[] { ("customer.example/secr", finds), ("customer.example/secq", false), ("dev@customer", true) })
        {
            Assert.Equal(
                isFound ? 1 : 0,
                (await reader.GetAsync($"/admin/subscribers?q={Uri.EscapeDataString(part)}")).QuerySelectorAll("tbody tr td:first-child").Length
            );
            Assert.Equal(isFound ? 1 : 0, (await api.GetAsync($"subscribers?state=all&q={Uri.EscapeDataString(part)}")).Json.GetArrayLength());
        }
    }

    [Fact]
    public async Task Saving_what_is_shown_changes_nothing_and_what_is_not_there_is_refused()
    {
        var api = await _app.ApiAsync();
        var incident = await api.OpenIncidentAsync(new { name = "Down", body = "Down." });
        var subscriber = await _app.SubscriberAsync("ann@customer.example");
        await _app.InStoreAsync(async db =>
        {
            (await db.Subscribers.SingleAsync()).Choose([], [IncidentId.Of(incident.Id)]);
            return await db.SaveChangesAsync();
        });
        await api.PatchAsync($"incidents/{incident.Id}", new { incident = new { status = "resolved", body = "Up." } });
        var path = $"/admin/subscribers/{subscriber.Id}";
        var page = await _desk.GetAsync(path);
        Assert.Contains("The incident “Down”, which is over", page.Body!.TextContent, StringComparison.Ordinal);
        page = await _desk.SubmitAsync(page.Form("Choose"), new { });
        Assert.Equal([IncidentId.Of(incident.Id)], (await SubscriberAsync("ann@customer.example")).IncidentIds);
        using var owner = await _app.ApiAsync(Role.Owner);
        (await owner.DeleteAsync($"incidents/{incident.Id}")).Expect(HttpStatusCode.OK);
        page = await _desk.SubmitAsync((await _desk.GetAsync(path)).Form("Choose"), new { });
        Assert.False((await SubscriberAsync("ann@customer.example")).WantsEverything);
        await _desk.SubmitAsync(page.Form("Choose"), new { ComponentIds = "nonsense" });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, _desk.Status);
        Assert.False((await SubscriberAsync("ann@customer.example")).WantsEverything);
    }

    [Fact]
    public async Task One_subscriber_can_be_confirmed_narrowed_and_ended()
    {
        var component = await _app.ComponentAsync();
        await _app.InStoreAsync(async db =>
        {
            db.Subscribers.Add(An.Subscriber((await db.Pages.SingleAsync()).Id, "ann@customer.example", [], DateTimeOffset.UtcNow));
            return await db.SaveChangesAsync();
        });
        var path = $"/admin/subscribers/{(await SubscriberAsync("ann@customer.example")).Id}";
        var page = await _desk.SubmitAsync((await _desk.GetAsync(path)).Form("Confirm"), new { });
        Assert.Equal(SubscriptionState.Confirmed, (await SubscriberAsync("ann@customer.example")).State);
        page = await _desk.SubmitAsync(page.Form("Choose"), new { ComponentIds = component.Id.Value });
        Assert.Equal([component.Id], (await SubscriberAsync("ann@customer.example")).ComponentIds);
        await _desk.SubmitAsync(page.Form("End"), new { });
        Assert.Equal(SubscriptionState.Ended, (await SubscriberAsync("ann@customer.example")).State);
        Assert.Equal(
            ["subscriber.confirmed", "subscriber.chose", "subscriber.ended"],
            await _app.InStoreAsync(db =>
                db.Audit.Where(entry => entry.Action.StartsWith("subscriber.")).OrderBy(entry => entry.Id).Select(entry => entry.Action).ToListAsync()
            )
        );
    }

    [Fact]
    public async Task A_suppression_is_lifted_by_its_owner_alone()
    {
        var ann = await _app.SubscriberAsync("ann@customer.example");
        await _app.InStoreAsync(async db =>
        {
            (await db.Subscribers.SingleAsync(row => row.Id == ann.Id)).Suppress("550 mailbox full", DateTimeOffset.UtcNow);
            return await db.SaveChangesAsync();
        });
        var page = await _desk.GetAsync($"/admin/subscribers/{ann.Id}");
        Assert.Contains("550 mailbox full", page.QuerySelector(".facts")!.TextContent, StringComparison.Ordinal);
        await _desk.SubmitAsync(page.Form("Ask"), new { });
        Assert.Equal(SubscriptionState.Pending, (await SubscriberAsync("ann@customer.example")).State);
        var mail = await _mail.WaitForAsync(mail => mail.To == "ann@customer.example");
        var link = mail.Text.Split().First(word => word.Contains("/subscribe/confirm/", StringComparison.Ordinal));
        using var reader = _app.NewBrowser();
        await reader.FillInAsync(new Uri(link).PathAndQuery, new { });
        Assert.Equal(SubscriptionState.Confirmed, (await SubscriberAsync("ann@customer.example")).State);
        Assert.Contains(
            "Request to confirm",
            (await _desk.GetAsync($"/admin/subscribers/{ann.Id}")).QuerySelector("table")!.TextContent,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task What_is_exported_can_be_imported_and_only_an_owner_may()
    {
        var component = await _app.ComponentAsync();
        await _app.SubscriberAsync("ann@customer.example", component.Id);
        var csv = (await _desk.GetAsync("/admin/subscribers?handler=Export")).Body!.TextContent;
        Assert.StartsWith("email,components,channel", csv, StringComparison.Ordinal);
        Assert.Contains("ann@customer.example,api,email,,confirmed", csv, StringComparison.Ordinal);
        await _app.InStoreAsync(db => db.Subscribers.ExecuteDeleteAsync());
        Assert.Equal("1 added, 0 already there, 0 refused.", Said(await ImportAsync(csv)));
        Assert.Equal([component.Id], (await SubscriberAsync("ann@customer.example")).ComponentIds);
        await _app.InStoreAsync(db => db.Memberships.ExecuteUpdateAsync(set => set.SetProperty(row => row.Role, Role.Comms)));
        using var comms = await _app.SignInAsync();
        await comms.GetAsync("/admin/subscribers?handler=Export");
        Assert.Equal("/admin/denied", comms.Location.AbsolutePath);
        await comms.GetAsync("/admin/subscribers/import");
        Assert.Equal(HttpStatusCode.OK, comms.Status);
    }

    [Fact]
    public async Task A_composer_says_who_will_be_told()
    {
        await _app.SubscriberAsync("ann@customer.example");
        var page = await _app.PageAsync();
        await _app.InStoreAsync(async db =>
        {
            var webhook = Subscriber.ByWebhook(page.Id, "https://hooks.customer.example/x", "dev@customer.example", DateTimeOffset.UtcNow);
            webhook.Confirm(DateTimeOffset.UtcNow);
            db.Add(webhook);
            db.Add(Domain.Channels.ChannelAccount.Add(page.Id, Domain.Channels.Channel.Slack, "Ops", null, null, "", DateTimeOffset.UtcNow));
            return await db.SaveChangesAsync();
        });
        Assert.Contains(
            "1 by email, 1 webhook, Slack",
            (await _desk.GetAsync("/admin/incidents/new")).QuerySelector(".foot")!.TextContent,
            StringComparison.Ordinal
        );
    }
}

public sealed class SqliteSubscriberRoomTests : SubscriberRoomTests
{
    protected override Task<string?> NewPostgresAsync() => Task.FromResult<string?>(null);
}

public sealed class PostgresSubscriberRoomTests(PostgresServer postgres) : SubscriberRoomTests
{
    protected override async Task<string?> NewPostgresAsync() => await postgres.CreateDatabaseAsync();
}
