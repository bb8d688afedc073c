using System.Net;
using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using StatusPage.Domain.Channels;
using StatusPage.Domain.Deliveries;
using StatusPage.Domain.Subscriptions;
using StatusPage.Tests.Host;
using StatusPage.Web.Channels;
using StatusPage.Web.Hosting;

namespace StatusPage.Tests.Channels;

/// <summary>A browser names the address of its push service; somebody who imitates a browser can name any address.</summary>
public sealed class PushServicesTests
{
    [Theory]
    [InlineData("https://fcm.googleapis.com/fcm/send/abc", true)]
    [InlineData("https://updates.push.services.mozilla.com/wpush/v2/abc", true)]
    [InlineData("https://wns2-par02p.notify.windows.com/w/?token=abc", true)]
    [InlineData("https://web.push.apple.com/abc", true)]
    [InlineData("https://FCM.googleapis.com./abc", true)]
    [InlineData("http://fcm.googleapis.com/abc", false)]
    [InlineData("https://fcm.googleapis.com:8443/abc", false)]
    [InlineData("https://evil.fcm.googleapis.com/abc", false)]
    [InlineData("https://fcm.googleapis.com.evil.example/abc", false)]
    [InlineData("https://evilnotify.windows.com/abc", false)]
    [InlineData("https://notify.windows.com/abc", false)]
    [InlineData("https://fcm.googleapis.com@evil.example/abc", false)]
    [InlineData("https://user@fcm.googleapis.com/abc", false)]
    [InlineData("https://evil.example/?fcm.googleapis.com", false)]
    [InlineData("https://127.0.0.1/", false)]
    [InlineData("nonsense", false)]
    [InlineData(null, false)]
    public void Services_of_browsers_are_taken_and_no_others(string? endpoint, bool isTaken) =>
        Assert.Equal(isTaken, Services(null).Objection(endpoint) is null);

    [Theory]
    [InlineData("push.internal.example:8443, *.push.example", "https://push.internal.example:8443/x", true)]
    [InlineData("push.internal.example:8443, *.push.example", "https://push.internal.example/x", false)]
    [InlineData("push.internal.example:8443, *.push.example", "https://a.b.push.example/x", true)]
    [InlineData("push.internal.example:8443, *.push.example", "https://fcm.googleapis.com/x", false)]
    public void The_list_is_a_setting(string setting, string endpoint, bool isTaken) =>
        Assert.Equal(isTaken, Services(setting).Objection(endpoint) is null);

    [Theory]
    [InlineData("*")]
    [InlineData("*.com")]
    [InlineData("https://push.example")]
    [InlineData("push.example/path")]
    [InlineData("a*b.example")]
    [InlineData("two words.example")]
    public void A_list_that_means_nothing_stops_the_start(string setting) => Assert.Throws<SettingException>(() => Services(setting));

    [Fact]
    public async Task No_door_takes_another_service_and_nothing_is_sent_to_one()
    {
        await using var all = await Channels.Services.StartAsync();
        var list = await all.Owner.GetAsync("/admin/channels");
        await all.Owner.SubmitAsync(list.Form("Push"), new { });
        await using var strange = await HttpSink.StartAsync();
        using var browser = new PushReceiver();
        var subscription = browser.Subscription($"{strange.Url}/push");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/subscribe/browser")
        {
            Content = JsonContent.Create(subscription),
            Headers = { { "Sec-Fetch-Site", "same-origin" } },
        };
        using var refused = await all.App.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        Assert.Contains("Push:Services", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        var keys = System.Text.Json.JsonSerializer.SerializeToElement(subscription).GetProperty("keys");
        var (key, secret) = (keys.GetProperty("p256dh").GetString(), keys.GetProperty("auth").GetString());
        var desk = await all.Owner.FillInAsync(
            "/admin/notifications",
            new
            {
                Endpoint = $"{strange.Url}/push",
                PushKey = key,
                PushSecret = secret,
            },
            "form[data-push-form], form:has(input[name=Endpoint])"
        );
        Assert.Equal(HttpStatusCode.UnprocessableEntity, all.Owner.Status);
        Assert.Contains("Push:Services", desk.Body!.TextContent, StringComparison.Ordinal);

        // A subscription that an earlier release accepted.
        await all.App.InStoreAsync(async db =>
        {
            db.Subscribers.Add(Subscriber.ByBrowser((await db.Pages.FirstAsync()).Id, $"{strange.Url}/push", key, secret, DateTimeOffset.UtcNow));
            return await db.SaveChangesAsync();
        });
        await all.OpenAsync();
        Assert.Contains(
            "Push:Services",
            (await all.DeliveryAsync(Channel.WebPush, "it is given up", row => row.State == DeliveryState.Failed)).LastError,
            StringComparison.Ordinal
        );
        Assert.Empty(strange.Received);
    }

    private static PushServices Services(string? setting)
    {
        var settings = Settings.Read(
            new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["Push:Services"] = setting }).Build()
        );
        return new(settings, new OutboundGuard(settings));
    }
}
