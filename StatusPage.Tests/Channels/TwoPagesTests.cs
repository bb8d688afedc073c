using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using StatusPage.Domain;
using StatusPage.Domain.Channels;
using StatusPage.Domain.Components;
using StatusPage.Domain.Deliveries;
using StatusPage.Domain.Incidents;
using StatusPage.Domain.Pages;
using StatusPage.Domain.Subscriptions;
using StatusPage.Tests.Host;
using StatusPage.Web.Channels;
using StatusPage.Web.Deliveries;

namespace StatusPage.Tests.Channels;

/// <summary>A batch may hold deliveries of several pages; each is sent with the settings of its own page.</summary>
public sealed class TwoPagesTests : IAsyncLifetime
{
    private readonly MailServer _mail = new();
    private HttpSink _sink = null!;
    private AppHost _app = null!;
    private Page _first = null!,
        _second = null!;

    public async ValueTask InitializeAsync()
    {
        _sink = await HttpSink.StartAsync();
        _app = await AppHost.StartAsync(
            "--Outbound:Allow",
            "127.0.0.0/8",
            "--Push:Services",
            $"127.0.0.1:{_sink.Port}",
            "--Email:Smtp",
            _mail.Url,
            "--Page:Name",
            "First"
        );
        (_first, _second) = (await _app.PageAsync(), await _app.AddPageAsync("Second", "second"));
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await _sink.DisposeAsync();
        await _mail.DisposeAsync();
    }

    /// <summary>An update of the page with a delivery to the given recipient, claimed by one worker.</summary>
    private async Task<Claim> ClaimAsync(Page page, RecipientId recipient, Channel channel)
    {
        var incident = Incident.Open(page.Id, $"Trouble at {page.Name}", null, null, An.Update(), ComponentStates.Of(), "ann", DateTimeOffset.UtcNow);
        var announcement = Announcement.Of(incident, incident.Latest).Single();
        await _app.InStoreAsync(db =>
        {
            db.AddRange(incident, announcement);
            // Only the test sends it.
            db.Entry(announcement).Property(row => row.FannedOutAt).CurrentValue = DateTimeOffset.UtcNow;
            return db.SaveChangesAsync();
        });
        return new(0, announcement.Id, recipient, channel, 1);
    }

    private Task<int> SaveAsync(params object[] rows) =>
        _app.InStoreAsync(db =>
        {
            db.AddRange(rows);
            return db.SaveChangesAsync();
        });

    private async Task<IReadOnlyList<SendResult>> SendAsync(params Claim[] claims)
    {
        var sender = _app.Services.GetServices<IChannelSender>().Single(one => one.Channel == claims[0].Channel);
        var run = await sender.BeginAsync(claims, default);
        return await Task.WhenAll(claims.Select(run.SendAsync));
    }

    [Fact]
    public async Task A_browser_is_told_with_the_key_of_its_own_page()
    {
        using var receiver = new PushReceiver();
        var secrets = _app.Services.GetRequiredService<ChannelSecrets>();
        var (one, two) = (PushKeys.Create(_first.Id, secrets, DateTimeOffset.UtcNow), PushKeys.Create(_second.Id, secrets, DateTimeOffset.UtcNow));
        await SaveAsync(one, two);
        _sink.Always("/push/1", _ => new(201));
        _sink.Always("/push/2", _ => new(201));
        var claims = new[]
        {
            await ClaimAsync(_first, await BrowserAsync(_first, receiver, 1), Channel.WebPush),
            await ClaimAsync(_second, await BrowserAsync(_second, receiver, 2), Channel.WebPush),
        };
        Assert.All(await SendAsync(claims), result => Assert.IsType<SendResult.Sent>(result));
        Assert.Contains($"k={one.Handle}", Assert.Single(await _sink.WaitAsync("/push/1")).Header("Authorization"), StringComparison.Ordinal);
        Assert.Contains($"k={two.Handle}", Assert.Single(await _sink.WaitAsync("/push/2")).Header("Authorization"), StringComparison.Ordinal);

        // When the first page turns the channel off, the second goes on.
        await _app.InStoreAsync(db =>
            db.ChannelAccounts.Where(row => row.Id == one.Id).ExecuteUpdateAsync(set => set.SetProperty(row => row.IsOn, false))
        );
        Assert.Collection(await SendAsync(claims), first => Assert.IsType<SendResult.Suppress>(first), second => Assert.IsType<SendResult.Sent>(second));
    }

    private async Task<RecipientId> BrowserAsync(Page page, PushReceiver receiver, int number)
    {
        var browser = receiver.SubscriberOf(page.Id, $"{_sink.Url}/push/{number}");
        browser.Confirm(DateTimeOffset.UtcNow);
        await SaveAsync(browser);
        return RecipientId.Of(browser.Id.Value);
    }

    [Fact]
    public async Task A_webhook_is_told_of_its_own_page_and_signed_with_its_key()
    {
        var claims = new List<Claim>();
        foreach (var page in new[] { _first, _second })
        {
            var webhook = Subscriber.ByWebhook(page.Id, $"{_sink.Url}/hook/{page.Name}", "ops@customer.example", DateTimeOffset.UtcNow);
            webhook.Confirm(DateTimeOffset.UtcNow);
            await SaveAsync(webhook);
            claims.Add(await ClaimAsync(page, RecipientId.Of(webhook.Id.Value), Channel.Webhook));
        }
        Assert.All(await SendAsync([.. claims]), result => Assert.IsType<SendResult.Sent>(result));
        foreach (var (page, claim) in new[] { _first, _second }.Zip(claims))
        {
            var request = Assert.Single(await _sink.WaitAsync($"/hook/{page.Name}"));
            Assert.Contains(page.Id.Value, request.Text, StringComparison.Ordinal);
            Assert.Contains($"Trouble at {page.Name}", request.Text, StringComparison.Ordinal);
            var seconds = long.Parse(request.Header("StatusPage-Signature")!.Split(',')[0][2..], System.Globalization.CultureInfo.InvariantCulture);
            var signature = WebhookSecret.Hash(WebhookSecret.For(claim.RecipientId.AsSubscriber, page.LinkKey), seconds, request.Body);
            Assert.EndsWith($"v1={signature}", request.Header("StatusPage-Signature"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Mails_and_posts_speak_of_their_own_page()
    {
        var mails = new List<Claim>();
        var posts = new List<Claim>();
        var secrets = _app.Services.GetRequiredService<ChannelSecrets>();
        foreach (var page in new[] { _first, _second })
        {
            var reader = Subscriber.ByEmail(page.Id, $"{page.Name}@customer.example", DateTimeOffset.UtcNow);
            reader.Confirm(DateTimeOffset.UtcNow);
            var slack = ChannelAccount.Add(
                page.Id,
                Channel.Slack,
                "Room",
                null,
                null,
                secrets.Protect(new Dictionary<string, string> { ["url"] = $"{_sink.Url}/slack/{page.Name}" }),
                DateTimeOffset.UtcNow
            );
            await SaveAsync(reader, slack);
            mails.Add(await ClaimAsync(page, RecipientId.Of(reader.Id.Value), Channel.Email));
            posts.Add(await ClaimAsync(page, RecipientId.Of(slack.Id.Value), Channel.Slack));
        }
        Assert.All(await SendAsync([.. mails]), result => Assert.IsType<SendResult.Sent>(result));
        Assert.All(await SendAsync([.. posts]), result => Assert.IsType<SendResult.Sent>(result));
        foreach (var page in new[] { _first, _second })
        {
            Assert.Contains(
                $"Trouble at {page.Name}",
                (await _mail.WaitForAsync(mail => mail.To.StartsWith(page.Name, StringComparison.Ordinal))).Text,
                StringComparison.Ordinal
            );
            Assert.Contains($"Trouble at {page.Name}", Assert.Single(await _sink.WaitAsync($"/slack/{page.Name}")).Text, StringComparison.Ordinal);
        }
    }
}
