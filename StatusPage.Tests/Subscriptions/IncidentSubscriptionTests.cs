using System.Net;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Channels;
using StatusPage.Domain.Incidents;
using StatusPage.Domain.Subscriptions;
using StatusPage.Tests.Data;
using StatusPage.Tests.Host;
using StatusPage.Web.Data;

namespace StatusPage.Tests.Subscriptions;

/// <summary>Subscribing to one incident, by webhook, and while sign-ups are closed, through the public form.</summary>
public sealed partial class IncidentSubscriptionTests : IAsyncLifetime
{
    private const string Reader = "reader@customer.example";

    private readonly MailServer _mail = new();
    private AppHost _app = null!;
    private HttpSink _sink = null!;
    private ApiClient _api = null!;
    private BrowserSession _browser = null!;

    public async ValueTask InitializeAsync()
    {
        _sink = await HttpSink.StartAsync();
        _app = await AppHost.StartAsync([.. Desk.Owner, "--Email:Smtp", _mail.Url, "--Outbound:Allow", "127.0.0.0/8"]);
        _api = await _app.ApiAsync();
        _browser = _app.NewBrowser();
    }

    public async ValueTask DisposeAsync()
    {
        _browser.Dispose();
        await _app.DisposeAsync();
        await _sink.DisposeAsync();
        await _mail.DisposeAsync();
    }

    private async Task<string> LinkAsync(string purpose, Func<ReceivedMail, bool>? which = null)
    {
        var mail = await _mail.WaitForAsync(mail =>
            mail.To == Reader
            && Links().Matches(mail.Text).Any(link => link.Value.Contains($"/{purpose}/", StringComparison.Ordinal))
            && which?.Invoke(mail) != false
        );
        return new Uri(
            Links().Matches(mail.Text).Select(match => match.Value).First(link => link.Contains($"/{purpose}/", StringComparison.Ordinal))
        ).PathAndQuery;
    }

    private Task<Subscriber> OneAsync() => _app.InStoreAsync(db => db.Subscribers.AsNoTracking().SingleAsync());

    [Fact]
    public async Task Who_follows_one_incident_hears_of_that_alone_until_it_is_over()
    {
        var incident = await _api.OpenIncidentAsync(new { name = "Slow search", body = "x" });
        var page = await _browser.GetAsync($"/incidents/{incident.Id}");
        await _browser.FillInAsync(page.QuerySelector("main a[href^='/subscribe']")!.GetAttribute("href")!, new { Email = Reader });
        await _browser.FillInAsync(await LinkAsync("confirm"), new { });
        Assert.Equal([IncidentId.Of(incident.Id)], (await OneAsync()).IncidentIds);
        await _api.OpenIncidentAsync(new { name = "Other trouble", body = "x" });
        await _api.PatchAsync($"incidents/{incident.Id}", new { incident = new { status = "resolved", body = "Search is fast again." } });
        await _mail.WaitForAsync(mail => mail.Text.Contains("Search is fast again.", StringComparison.Ordinal));
        Assert.DoesNotContain(_mail.Received, mail => mail.Message.Subject!.Contains("Other trouble", StringComparison.Ordinal));
        Assert.DoesNotContain("subscribe?incident", await _app.Http.GetStringAsync($"/incidents/{incident.Id}"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("everything", true, 0)]
    [InlineData("components", false, 1)]
    public async Task From_an_incident_one_can_choose_more(string scope, bool everything, int components)
    {
        var component = await _app.ComponentAsync();
        var incident = await _api.OpenIncidentAsync();
        await _browser.FillInAsync(
            $"/subscribe?incident={incident.Id}",
            new
            {
                Email = Reader,
                Scope = scope,
                ComponentIds = component.Id.Value,
            }
        );
        var subscriber = await OneAsync();
        Assert.Equal((everything, components, 0), (subscriber.WantsEverything, subscriber.ComponentIds.Count, subscriber.IncidentIds.Count));
    }

    [Fact]
    public async Task Components_without_any_is_told_on_the_form()
    {
        await _app.ComponentAsync();
        var incident = await _api.OpenIncidentAsync();
        var page = await _browser.FillInAsync($"/subscribe?incident={incident.Id}", new { Email = Reader, Scope = "components" });
        Assert.Contains("Tick at least one component", page.ErrorFor("Scope"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_is_confirmed_is_led_to_where_the_incident_can_be_added()
    {
        var (api, web) = (await _app.ComponentAsync(), await _app.ComponentAsync("Website"));
        await _app.SubscriberAsync(Reader, web.Id);
        var incident = await _api.OpenIncidentAsync(
            new
            {
                name = "Slow search",
                body = "x",
                components = new Dictionary<string, string> { [api.Id.Value] = "partial_outage" },
            }
        );
        await _browser.FillInAsync($"/subscribe?incident={incident.Id}", new { Email = Reader });
        var link = await LinkAsync("manage");
        Assert.EndsWith($"?incident={incident.Id}", link, StringComparison.Ordinal);
        var page = await _browser.FillInAsync(link, new { }, "form.card");
        Assert.Contains("Slow search", page.QuerySelector("form.card")!.TextContent, StringComparison.Ordinal);
        var subscriber = await OneAsync();
        Assert.Equal([web.Id], subscriber.ComponentIds);
        Assert.Equal([IncidentId.Of(incident.Id)], subscriber.IncidentIds);
    }

    [Fact]
    public async Task Who_hears_of_everything_is_not_narrowed_to_one_incident_by_a_link()
    {
        await _app.SubscriberAsync(Reader);
        var incident = await _api.OpenIncidentAsync();
        await _browser.FillInAsync($"/subscribe?incident={incident.Id}", new { Email = Reader });
        await _browser.FillInAsync(
            await LinkAsync("manage", mail => mail.Message.Subject!.StartsWith("You are subscribed", StringComparison.Ordinal)),
            new { },
            "form.card"
        );
        Assert.True((await OneAsync()).WantsEverything);
    }

    [Fact]
    public async Task A_webhook_is_confirmed_by_the_address_that_came_with_it_and_by_its_own_answer()
    {
        var endpoint = $"{_sink.Url}/status";
        await _browser.FillInAsync(
            "/subscribe",
            new
            {
                By = "webhook",
                Email = Reader,
                Endpoint = endpoint,
            }
        );
        var confirmed = await _browser.FillInAsync(await LinkAsync("confirm"), new { });
        var subscriber = await OneAsync();
        Assert.Equal((Channel.Webhook, SubscriptionState.Confirmed), (subscriber.Channel, subscriber.State));
        var manage = await _browser.GetAsync(confirmed.QuerySelector("main a[href*='/manage/']")!.GetAttribute("href")!);
        Assert.Contains(endpoint, manage.QuerySelector("dl")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_webhook_without_a_good_address_is_told_beside_the_field()
    {
        var page = await _browser.FillInAsync(
            "/subscribe",
            new
            {
                By = "webhook",
                Email = Reader,
                Endpoint = "ftp://x",
            }
        );
        Assert.NotEqual("", page.ErrorFor("Endpoint"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, _browser.Status);
    }

    [Fact]
    public async Task One_address_cannot_be_flooded_by_way_of_many_webhooks()
    {
        for (var i = 0; i < 6; i++)
            await _browser.FillInAsync(
                "/subscribe",
                new
                {
                    By = "webhook",
                    Email = Reader,
                    Endpoint = $"https://hooks.customer.example/{i}",
                }
            );
        Assert.Equal(3, await _app.InStoreAsync(db => db.Announcements.CountAsync()));
    }

    [Fact]
    public async Task Closed_sign_ups_say_so_and_a_confirmation_that_is_out_still_works()
    {
        await _browser.FillInAsync("/subscribe", new { Email = Reader });
        var link = await LinkAsync("confirm");
        var form = (await _browser.GetAsync("/subscribe")).Forms.OfType<AngleSharp.Html.Dom.IHtmlFormElement>().First();
        using (var owner = await _app.SignInAsync())
        {
            await owner.FillInAsync("/admin/settings", new { TakesSubscribers = (string?)null }, "main form");
            Assert.Equal(HttpStatusCode.OK, owner.Status);
        }
        var closed = await _browser.SubmitAsync(form, new { Email = "other@customer.example" });
        Assert.Equal(HttpStatusCode.Forbidden, _browser.Status);
        Assert.Contains("New subscriptions are not taken", closed.QuerySelector("h1")!.TextContent, StringComparison.Ordinal);
        Assert.Null((await _browser.GetAsync("/subscribe")).QuerySelector("form"));
        await _browser.FillInAsync(link, new { });
        Assert.Equal(SubscriptionState.Confirmed, (await OneAsync()).State);
    }

    [GeneratedRegex(@"http://\S+")]
    private static partial Regex Links();
}

/// <summary>Rows that are over are deleted, in either store.</summary>
public abstract class HousekeepingTests : IAsyncLifetime
{
    private Store _store = null!;

    protected abstract Task<string?> NewPostgresAsync();

    public async ValueTask InitializeAsync() => _store = await Store.CreateAsync(await NewPostgresAsync());

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _store.DisposeAsync();
    }

    private async Task<T> AddAsync<T>(T row)
        where T : class
    {
        await using var db = _store.Open();
        db.Add(row);
        await db.SaveChangesAsync();
        return row;
    }

    private async Task<Subscriber> FollowerAsync(string email, ComponentId[] components, params Incident[] incidents)
    {
        var subscriber = Subscriber.ByEmail(_store.Page.Id, email, An.Instant);
        subscriber.Choose(components, incidents.Select(incident => incident.Id));
        subscriber.Confirm(An.Instant);
        return await AddAsync(subscriber);
    }

    private async Task<Dictionary<string, Subscriber>> TidiedAsync(DateTimeOffset now)
    {
        await using var db = _store.Open();
        await RetentionWorker.TidyAsync(db, now, default);
        return await db.Subscribers.AsNoTracking().ToDictionaryAsync(row => row.Key);
    }

    [Fact]
    public async Task An_incident_that_is_over_for_a_week_is_followed_by_nobody()
    {
        var component = await AddAsync(A.Component(page: _store.Page.Id));
        var over = await AddAsync(An.Incident(page: _store.Page.Id).Resolved(An.Instant));
        var open = await AddAsync(An.Incident(page: _store.Page.Id));
        await FollowerAsync("one@example.com", [], over);
        await FollowerAsync("both@example.com", [], over, open);
        await FollowerAsync("component@example.com", [component.Id], over);
        var gone = await FollowerAsync("gone@example.com", [], over);
        await using (var db = _store.Open())
        {
            (await db.Subscribers.SingleAsync(row => row.Id == gone.Id)).Suppress("550", An.Instant);
            await db.SaveChangesAsync();
        }
        Assert.Equal(4, (await TidiedAsync(An.Instant.AddDays(7).AddSeconds(-1))).Count);
        var left = await TidiedAsync(An.Instant.AddDays(7).AddSeconds(1));
        Assert.Equal(["both@example.com", "component@example.com", "gone@example.com"], left.Keys.Order());
        Assert.Equal([open.Id], left["both@example.com"].IncidentIds);
        Assert.Equal((false, 0), (left["component@example.com"].WantsEverything, left["component@example.com"].IncidentIds.Count));
    }
}

public sealed class SqliteHousekeepingTests : HousekeepingTests
{
    protected override Task<string?> NewPostgresAsync() => Task.FromResult<string?>(null);
}

public sealed class PostgresHousekeepingTests(PostgresServer postgres) : HousekeepingTests
{
    protected override async Task<string?> NewPostgresAsync() => await postgres.CreateDatabaseAsync();
}
