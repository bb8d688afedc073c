using System.Net;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain.Subscriptions;
using StatusPage.Tests.Host;

namespace StatusPage.Tests.Subscriptions;

public sealed partial class SubscribeTests : IAsyncLifetime
{
    private const string Reader = "reader@customer.example";

    private MailServer _mail = null!;
    private AppHost _app = null!;
    private BrowserSession _browser = null!;

    public async ValueTask InitializeAsync()
    {
        _mail = new MailServer();
        _app = await AppHost.StartAsync("--Email:Smtp", _mail.Url, "--Email:From", "Acme <status@acme.example>");
        _browser = _app.NewBrowser();
    }

    public async ValueTask DisposeAsync()
    {
        _browser.Dispose();
        await _app.DisposeAsync();
        await _mail.DisposeAsync();
    }

    [Fact]
    public async Task Looking_at_the_link_confirms_nothing_and_pressing_its_button_does()
    {
        var link = await RequestAsync();
        await _browser.GetAsync(link);
        Assert.Equal(SubscriptionState.Pending, await StateAsync());
        await _browser.FillInAsync(link, new { });
        Assert.Equal(SubscriptionState.Confirmed, await StateAsync());
    }

    [Fact]
    public async Task Nothing_is_sent_to_an_address_that_was_not_confirmed()
    {
        await RequestAsync();
        using var api = await _app.ApiAsync();
        await _app.SubscriberAsync("other@customer.example");
        await api.OpenIncidentAsync();
        await _mail.WaitForAsync(mail => mail.To == "other@customer.example");
        Assert.Single(_mail.To(Reader));
    }

    [Fact]
    public async Task The_answer_is_the_same_whether_the_address_is_known_or_not()
    {
        var first = await SendAsync();
        await _mail.WaitForCountAsync(1);
        await _browser.FillInAsync(LinkIn(_mail.Received[0], "confirm"), new { });
        var second = await SendAsync();
        Assert.Equal(first, second);
        await _mail.WaitForAsync(mail => mail.Message.Subject!.StartsWith("You are subscribed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task One_address_cannot_be_flooded_with_requests()
    {
        for (var i = 0; i < 6; i++)
            await SendAsync();
        await _mail.WaitForCountAsync(3);
        await Eventually.TrueAsync(
            "all is delivered",
            () =>
                _app.InStoreAsync(async db =>
                    !await db.Deliveries.AnyAsync(row => row.FinishedAt == null) && !await db.Announcements.AnyAsync(row => row.FannedOutAt == null)
                )
        );
        Assert.Equal(3, _mail.To(Reader).Count);
    }

    [Fact]
    public async Task Chosen_components_decide_what_is_sent()
    {
        var api = await _app.ComponentAsync();
        var website = await _app.ComponentAsync("Website");
        var link = await RequestAsync(api.Id.Value);
        await _browser.FillInAsync(link, new { });
        using var program = await _app.ApiAsync();
        await program.OpenIncidentAsync(
            new
            {
                name = "Website trouble",
                body = "x",
                components = new Dictionary<string, string> { [website.Id.Value] = "partial_outage" },
            }
        );
        await program.OpenIncidentAsync(
            new
            {
                name = "API trouble",
                body = "x",
                components = new Dictionary<string, string> { [api.Id.Value] = "partial_outage" },
            }
        );
        await _mail.WaitForAsync(mail => mail.Message.Subject!.Contains("API trouble", StringComparison.Ordinal));
        Assert.DoesNotContain(_mail.To(Reader), mail => mail.Message.Subject!.Contains("Website", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Choices_can_be_changed_by_the_link_in_the_mail()
    {
        var website = await _app.ComponentAsync("Website");
        var update = await SubscribedAsync();
        var manage = LinkIn(update, "manage");
        await _browser.FillInAsync(manage, new { Scope = "components", ComponentIds = website.Id.Value }, "form.card");
        var subscriber = await _app.InStoreAsync(db => db.Subscribers.SingleAsync());
        Assert.False(subscriber.WantsEverything);
        Assert.Equal([website.Id], subscriber.ComponentIds);
    }

    [Fact]
    public async Task Everything_is_everything_whatever_else_is_ticked()
    {
        var website = await _app.ComponentAsync("Website");
        var manage = LinkIn(await SubscribedAsync(), "manage");
        await _browser.FillInAsync(manage, new { Scope = "components", ComponentIds = website.Id.Value }, "form.card");
        await _browser.FillInAsync(manage, new { Scope = "everything" }, "form.card");
        Assert.True((await _app.InStoreAsync(db => db.Subscribers.SingleAsync())).WantsEverything);
        var page = await _browser.FillInAsync(manage, new { Scope = "components", ComponentIds = (string?)null }, "form.card");
        Assert.Contains("Tick at least one component", page.ErrorFor("Scope"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_form_shows_what_would_be_sent_in_each_way_and_in_the_readers_language()
    {
        var page = await _browser.GetAsync("/de/subscribe");
        Assert.Equal(["only-email", "only-chat", "only-webhook"], page.QuerySelectorAll(".example pre").Select(example => example.ClassName));
        Assert.All(
            page.QuerySelectorAll(".example pre"),
            example => Assert.Contains("Erhöhte Fehlerraten unserer API", example.TextContent, StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task One_POST_without_a_cookie_unsubscribes()
    {
        var update = await SubscribedAsync();
        var header = update.Message.Headers["List-Unsubscribe"]!.Trim('<', '>', ' ');
        Assert.Equal("List-Unsubscribe=One-Click", update.Message.Headers["List-Unsubscribe-Post"]);
        using var answer = await _app.Http.PostAsync(new Uri(header).PathAndQuery, new FormUrlEncodedContent([new("List-Unsubscribe", "One-Click")]));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(SubscriptionState.Ended, await StateAsync());
    }

    [Fact]
    public async Task A_link_for_one_purpose_is_no_good_for_another()
    {
        var update = await SubscribedAsync();
        var token = LinkIn(update, "unsubscribe").Split('/')[^1];
        await _browser.GetAsync($"/subscribe/manage/{token}");
        Assert.Equal(HttpStatusCode.NotFound, _browser.Status);
        using var answer = await _app.Http.PostAsync($"/subscribe/unsubscribe/{token[..^1]}{(token[^1] == 'A' ? 'B' : 'A')}", null);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal(SubscriptionState.Confirmed, await StateAsync());
    }

    [Fact]
    public async Task An_old_mail_does_not_bring_an_ended_subscription_back()
    {
        var link = await RequestAsync();
        await _browser.FillInAsync(link, new { });
        await _app.InStoreAsync(db => db.Subscribers.ExecuteUpdateAsync(set => set.SetProperty(row => row.State, SubscriptionState.Ended)));
        await _browser.GetAsync(link);
        Assert.Equal(HttpStatusCode.NotFound, _browser.Status);
    }

    [Theory]
    [InlineData("")]
    [InlineData("no address")]
    [InlineData("a@b@c.example")]
    [InlineData("a@x.example\r\nBcc: b@x.example")]
    [InlineData("Reader <reader@customer.example>")]
    public async Task A_bad_address_is_told_beside_the_field(string address)
    {
        var page = await _browser.FillInAsync("/subscribe", new { Email = address });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, _browser.Status);
        Assert.NotEqual("", page.ErrorFor("Email"));
        Assert.Equal(0, await _app.InStoreAsync(db => db.Subscribers.CountAsync()));
    }

    [Fact]
    public async Task A_form_of_another_site_is_refused()
    {
        using var answer = await _app.Http.PostAsync("/subscribe", new FormUrlEncodedContent([new("Email", Reader)]));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task The_page_is_not_stored_and_its_cookie_is_out_of_reach()
    {
        using var answer = await _app.Http.GetAsync("/subscribe");
        Assert.True(answer.Headers.CacheControl!.NoStore);
        var cookie = Assert.Single(answer.Headers.GetValues("Set-Cookie"));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
    }

    private async Task<string> SendAsync(string? component = null)
    {
        var page = await _browser.FillInAsync(
            "/subscribe",
            component is null
                ? new { Email = Reader }
                : new
                {
                    Email = Reader,
                    Scope = "components",
                    ComponentIds = component,
                }
        );
        Assert.Equal(HttpStatusCode.OK, _browser.Status);
        return page.QuerySelector("main")!.TextContent;
    }

    private async Task<string> RequestAsync(string? component = null)
    {
        await SendAsync(component);
        return LinkIn(await _mail.WaitForAsync(mail => mail.To == Reader), "confirm");
    }

    /// <summary>Subscribes, posts, and returns the mail that arrived.</summary>
    private async Task<ReceivedMail> SubscribedAsync()
    {
        await _browser.FillInAsync(await RequestAsync(), new { });
        using var api = await _app.ApiAsync();
        await api.OpenIncidentAsync();
        return await _mail.WaitForAsync(mail => mail.Message.Subject!.Contains("Elevated", StringComparison.Ordinal));
    }

    private Task<SubscriptionState> StateAsync() =>
        _app.InStoreAsync(db => db.Subscribers.Where(row => row.Key == Reader).Select(row => row.State).SingleAsync());

    private static string LinkIn(ReceivedMail mail, string purpose) =>
        new Uri(
            Links().Matches(mail.Text).Select(match => match.Value).First(link => link.Contains($"/{purpose}/", StringComparison.Ordinal))
        ).PathAndQuery;

    [GeneratedRegex(@"http://\S+")]
    private static partial Regex Links();
}
