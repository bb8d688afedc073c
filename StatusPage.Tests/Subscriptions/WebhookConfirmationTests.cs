using System.Net;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain.Channels;
using StatusPage.Domain.Subscriptions;
using StatusPage.Tests.Host;
using StatusPage.Web.Channels;
using StatusPage.Web.Data;
using StatusPage.Web.Subscriptions;

namespace StatusPage.Tests.Subscriptions;

/// <summary>An endpoint answers a challenge, which shows whose it is. Others who ask for it, before or after, get nothing of its owner's.</summary>
public sealed partial class WebhookConfirmationTests : IAsyncLifetime
{
    private const string Owner = "owner@customer.example";
    private const string Thief = "thief@evil.example";

    private readonly MailServer _mail = new();
    private AppHost _app = null!;
    private HttpSink _sink = null!;
    private string Endpoint => $"{_sink.Url}/status";

    public async ValueTask InitializeAsync()
    {
        _sink = await HttpSink.StartAsync();
        _app = await AppHost.StartAsync([.. Desk.Owner, "--Email:Smtp", _mail.Url, "--Outbound:Allow", "127.0.0.0/8"]);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await _sink.DisposeAsync();
        await _mail.DisposeAsync();
    }

    [Fact]
    public async Task Two_requests_for_one_endpoint_share_neither_link_nor_secret()
    {
        var thiefs = await AskAsync(Thief);
        var owners = await AskAsync(Owner);
        var again = await AskAsync(Owner);
        Assert.Equal(3, new[] { thiefs, owners, again }.Distinct().Count());
        using var browser = _app.NewBrowser();
        var secrets = new List<string>();
        foreach (var link in new[] { thiefs, owners, again })
            secrets.Add(SecretIn((await browser.GetAsync(link)).Body!.TextContent));
        Assert.Equal(3, secrets.Distinct().Count());
    }

    [Fact]
    public async Task Who_confirms_has_the_only_links_that_work()
    {
        var thiefs = await AskAsync(Thief);
        var owners = await AskAsync(Owner);
        using var browser = _app.NewBrowser();
        await browser.FillInAsync(owners, new { });
        Assert.Equal([SubscriptionState.Confirmed], (await RowsAsync(Owner)).Select(row => row.State));
        Assert.Equal([SubscriptionState.Ended], (await RowsAsync(Thief)).Select(row => row.State));
        var (thief, owner) = ((await RowsAsync(Thief)).Single().Id, (await RowsAsync(Owner)).Single().Id);
        var key = (await _app.PageAsync()).LinkKey;
        await browser.GetAsync(thiefs);
        Assert.Equal(HttpStatusCode.NotFound, browser.Status);
        await browser.GetAsync(SignedLink.PathFor(SignedLinkPurpose.Manage, thief, key));
        Assert.Equal(HttpStatusCode.NotFound, browser.Status);
        await _app.Http.PostAsync(SignedLink.PathFor(SignedLinkPurpose.Unsubscribe, thief, key), null);
        Assert.Equal(SubscriptionState.Confirmed, (await RowsAsync(Owner)).Single().State);
        Assert.Equal(owner, (await RowsAsync(Owner)).Single().Id);
    }

    [Fact]
    public async Task A_receiver_that_looks_at_signatures_cannot_be_taken_over()
    {
        using var browser = _app.NewBrowser();
        var owners = await AskAsync(Owner);
        var secret = SecretIn((await browser.GetAsync(owners)).Body!.TextContent);
        // Like the receiver in docs/channels.md, it answers only requests that are signed with the secret.
        _sink.Always(
            "/status",
            request => IsSigned(request, secret) ? new(200, $$"""{"challenge":{{request.Json.GetProperty("challenge").GetRawText()}}}""") : new(401)
        );
        await browser.FillInAsync(owners, new { });
        Assert.Equal(SubscriptionState.Confirmed, (await RowsAsync(Owner)).Single().State);

        var thiefs = await AskAsync(Thief);
        var refused = await browser.FillInAsync(thiefs, new { });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, browser.Status);
        Assert.Contains("answered 401", refused.QuerySelector("[role=alert]")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(
            (SubscriptionState.Confirmed, SubscriptionState.Pending),
            ((await RowsAsync(Owner)).Single().State, (await RowsAsync(Thief)).Single().State)
        );
    }

    [Theory]
    [InlineData(200, "ok", "not with the challenge")]
    [InlineData(200, "{\"challenge\": \"else\"}", "not with the challenge")]
    [InlineData(302, "", "redirects are not followed")]
    [InlineData(500, "", "answered 500")]
    public async Task An_endpoint_that_does_not_answer_is_not_subscribed_and_nothing_is_lost(int status, string body, string reason)
    {
        var link = await AskAsync(Owner);
        _sink.Next("/status", new SinkAnswer(status, body, ("Location", "/elsewhere")));
        using var browser = _app.NewBrowser();
        var page = await browser.FillInAsync(link, new { });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, browser.Status);
        Assert.Contains(reason, page.QuerySelector("[role=alert]")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(SubscriptionState.Pending, (await RowsAsync(Owner)).Single().State);
        Assert.Empty(_sink.At("/elsewhere"));
        await browser.FillInAsync(link, new { });
        Assert.Equal(SubscriptionState.Confirmed, (await RowsAsync(Owner)).Single().State);
    }

    [Fact]
    public async Task A_link_is_no_way_to_have_an_endpoint_called_over_and_over()
    {
        _sink.Always("/status", _ => new(500));
        var link = await AskAsync(Owner);
        using var browser = _app.NewBrowser();
        for (var i = 0; i < 13; i++)
            await browser.FillInAsync(link, new { });
        Assert.Equal(HttpStatusCode.TooManyRequests, browser.Status);
        Assert.Equal(10, _sink.At("/status").Count);
    }

    [Fact]
    public async Task Who_asks_for_an_endpoint_in_vain_does_not_use_up_what_its_owner_has()
    {
        _sink.Always("/status", _ => new(500));
        var (thiefs, owners) = (await AskAsync(Thief), await AskAsync(Owner));
        using var browser = _app.NewBrowser();
        for (var i = 0; i < 12; i++)
            await browser.FillInAsync(thiefs, new { });
        Assert.Equal(HttpStatusCode.TooManyRequests, browser.Status);
        _sink.Always("/status", request => new(200, $$"""{"challenge":{{request.Json.GetProperty("challenge").GetRawText()}}}"""));
        await browser.FillInAsync(owners, new { });
        Assert.Equal(SubscriptionState.Confirmed, (await RowsAsync(Owner)).Single().State);
    }

    [Fact]
    public async Task Of_two_who_confirm_at_once_one_is_left()
    {
        string[] links = [await AskAsync(Thief), await AskAsync(Owner)];
        using BrowserSession thief = _app.NewBrowser(),
            owner = _app.NewBrowser();
        var forms = (await thief.GetAsync(links[0]), await owner.GetAsync(links[1]));
        await Task.WhenAll(
            thief.SubmitAsync(forms.Item1.Forms.OfType<AngleSharp.Html.Dom.IHtmlFormElement>().Single(), new { }),
            owner.SubmitAsync(forms.Item2.Forms.OfType<AngleSharp.Html.Dom.IHtmlFormElement>().Single(), new { })
        );
        var rows = await _app.InStoreAsync(db => db.Subscribers.AsNoTracking().ToListAsync());
        Assert.Equal([SubscriptionState.Confirmed, SubscriptionState.Ended], rows.Select(row => row.State).Order());
    }

    [Fact]
    public async Task What_was_confirmed_before_this_rule_goes_on_until_somebody_confirms_anew()
    {
        var old = Subscriber.ByWebhook((await _app.PageAsync()).Id, Endpoint, Owner, DateTimeOffset.UtcNow);
        old.Confirm(DateTimeOffset.UtcNow);
        await _app.InStoreAsync(async db =>
        {
            db.Subscribers.Add(old);
            await db.SaveChangesAsync();
            return await db.Subscribers.ExecuteUpdateAsync(set => set.SetProperty(row => row.Key, Endpoint));
        });
        using var api = await _app.ApiAsync();
        await api.OpenIncidentAsync();
        Assert.EndsWith($".{old.Id}", Assert.Single(await _sink.WaitAsync("/status")).Header("StatusPage-Delivery"), StringComparison.Ordinal);
        using var browser = _app.NewBrowser();
        await browser.FillInAsync(await AskAsync(Owner), new { });
        Assert.Equal([SubscriptionState.Confirmed, SubscriptionState.Ended], (await RowsAsync(Owner)).Select(row => row.State).Order());
        Assert.Equal(SubscriptionState.Ended, (await RowsAsync(Owner)).Single(row => row.Id == old.Id).State);
    }

    [Fact]
    public async Task The_api_and_the_desk_know_no_shorter_way()
    {
        using var api = await _app.ApiAsync();
        _sink.Next("/status", new SinkAnswer(200, "ok"));
        var refused = await api.PostAsync(
            "subscribers",
            new
            {
                subscriber = new
                {
                    email = Owner,
                    endpoint = Endpoint,
                    skip_confirmation_notification = true,
                },
            }
        );
        refused.ExpectError(HttpStatusCode.UnprocessableEntity);
        Assert.Empty(await RowsAsync(Owner));
        var made = (await api.PostAsync("subscribers", new { subscriber = new { email = Owner, endpoint = Endpoint } })).Expect(HttpStatusCode.Created);
        _sink.Next("/status", new SinkAnswer(500));
        using var desk = await _app.SignInAsync();
        var page = await desk.GetAsync($"/admin/subscribers/{made.Id}");
        var answer = await desk.SubmitAsync(page.Form("Confirm"), new { });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, desk.Status);
        Assert.Contains("answered 500", answer.Body!.TextContent, StringComparison.Ordinal);
        await desk.SubmitAsync(answer.Form("Confirm"), new { });
        Assert.Equal(SubscriptionState.Confirmed, (await RowsAsync(Owner)).Single().State);
        var second = (
            await api.PostAsync(
                "subscribers",
                new
                {
                    subscriber = new
                    {
                        email = Owner,
                        endpoint = Endpoint,
                        skip_confirmation_notification = true,
                    },
                }
            )
        ).Expect(HttpStatusCode.Created);
        Assert.NotEqual(made.Text("signing_secret"), second.Text("signing_secret"));
        Assert.Equal(SubscriptionState.Ended, (await RowsAsync(Owner)).Single(row => row.Id.Value == made.Id).State);
    }

    [Fact]
    public async Task An_endpoint_inside_is_not_even_asked()
    {
        await using var app = await AppHost.StartAsync();
        using var api = await app.ApiAsync();
        var subscriber = Subscriber.ByWebhook((await app.PageAsync()).Id, Endpoint, Owner, DateTimeOffset.UtcNow);
        await app.InStoreAsync(async db =>
        {
            db.Subscribers.Add(subscriber);
            return await db.SaveChangesAsync();
        });
        using var browser = app.NewBrowser();
        var page = await browser.FillInAsync(SignedLink.PathFor(SignedLinkPurpose.Confirm, subscriber.Id, (await app.PageAsync()).LinkKey), new { });
        Assert.Contains("is not a public address", page.Body!.TextContent, StringComparison.Ordinal);
        Assert.Empty(_sink.Received);
    }

    [Fact]
    public async Task A_request_that_nobody_confirms_goes_after_a_week()
    {
        await AskAsync(Thief);
        await _app.InStoreAsync(async db =>
        {
            await RetentionWorker.TidyAsync(db, DateTimeOffset.UtcNow.AddDays(6), default);
            return 0;
        });
        Assert.Single(await RowsAsync(Thief));
        await _app.InStoreAsync(async db =>
        {
            await RetentionWorker.TidyAsync(db, DateTimeOffset.UtcNow.AddDays(8), default);
            return 0;
        });
        Assert.Empty(await RowsAsync(Thief));
    }

    /// <returns>The path of the confirmation link.</returns>
    private async Task<string> AskAsync(string email)
    {
        var before = _mail.To(email).Count;
        using var browser = _app.NewBrowser();
        await browser.FillInAsync(
            "/subscribe",
            new
            {
                By = "webhook",
                Email = email,
                Endpoint,
            }
        );
        Assert.Equal(HttpStatusCode.OK, browser.Status);
        await Eventually.TrueAsync("the mail is there", () => _mail.To(email).Count > before);
        return new Uri(Confirmations().Match(_mail.To(email)[^1].Text).Value).PathAndQuery;
    }

    private Task<List<Subscriber>> RowsAsync(string email) =>
        _app.InStoreAsync(db => db.Subscribers.AsNoTracking().Where(row => row.Email == email && row.Channel == Channel.Webhook).ToListAsync());

    private static string SecretIn(string text) =>
        Secrets().Match(text) is { Success: true } found ? found.Value : throw new InvalidOperationException(text);

    private static bool IsSigned(ReceivedRequest request, string secret)
    {
        var parts = request.Header("StatusPage-Signature")!.Split(',').Select(part => part.Split('=')).ToDictionary(part => part[0], part => part[1]);
        return WebhookSecret.Hash(secret, long.Parse(parts["t"], System.Globalization.CultureInfo.InvariantCulture), request.Body) == parts["v1"];
    }

    [GeneratedRegex("http[^ \\s]*/subscribe/confirm/[^\\s]+")]
    private static partial Regex Confirmations();

    [GeneratedRegex("whsec_[0-9a-f]+")]
    private static partial Regex Secrets();
}
