using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain.Channels;
using StatusPage.Domain.Deliveries;
using StatusPage.Domain.Subscriptions;
using StatusPage.Tests.Host;

namespace StatusPage.Tests.Channels;

/// <summary>The same on PostgreSQL, whose SQL differs.</summary>
public sealed class PostgresChannelTests(PostgresServer postgres)
{
    [Fact]
    public async Task Every_channel_is_told_in_order_on_PostgreSQL()
    {
        await using var all = await Services.StartAsync(
            ["--ConnectionStrings:Postgres", await postgres.CreateDatabaseAsync()],
            [.. ChannelKinds.OfAccounts]
        );
        var list = await all.Owner.GetAsync("/admin/channels");
        list = await all.Owner.SubmitAsync(list.Form("Push"), new { });
        Assert.Equal(6, list.QuerySelectorAll("tbody tr").Length);
        var component = await all.App.ComponentAsync();
        using var browser = new PushReceiver();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/subscribe/browser")
        {
            Content = JsonContent.Create(browser.Subscription($"{all.Sink.Url}/push", component.Id.Value)),
        };
        request.Headers.Add("Sec-Fetch-Site", "same-origin");
        (await all.App.Http.SendAsync(request)).EnsureSuccessStatusCode();
        var hook = Subscriber.ByWebhook((await all.App.PageAsync()).Id, $"{all.Sink.Url}/hook", "ann@example.com", DateTimeOffset.UtcNow);
        hook.Confirm(DateTimeOffset.UtcNow);
        await all.App.InStoreAsync(async db =>
        {
            db.Subscribers.Add(hook);
            return await db.SaveChangesAsync();
        });
        all.Sink.Always("/push", _ => new(201));

        var incident = await all.Api.OpenIncidentAsync(
            new
            {
                name = "Errors",
                body = "Looking.",
                component_ids = new[] { component.Id.Value },
            }
        );
        await all.Api.PatchAsync($"incidents/{incident.Id}", new { incident = new { status = "resolved", body = "Rolled back." } });
        await Eventually.TrueAsync(
            "all sixteen are sent",
            () => all.App.InStoreAsync(async db => await db.Deliveries.CountAsync(row => row.State == DeliveryState.Sent) == 16)
        );
        foreach (var path in new[] { "/2/tweets", "/slack/SECRETslackpath" })
            Assert.Equal(["[Investigating]", "[Resolved]"], all.Sink.At(path).Select(post => post.Json.GetProperty("text").GetString()!.Split(' ')[0]));
        Assert.Equal("1", all.Sink.At("/2/tweets")[1].Json.GetProperty("reply").GetProperty("in_reply_to_tweet_id").GetString());
        Assert.All(
            await all.App.InStoreAsync(db => db.ChannelAccounts.Where(row => row.Channel != Channel.WebPush).ToListAsync()),
            account => Assert.NotNull(account.LastSentAt)
        );
    }
}
