using System.Security.Cryptography;
using System.Text;
using Lib.Net.Http.WebPush;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain.Channels;
using StatusPage.Domain.Deliveries;
using StatusPage.Domain.Notices;
using StatusPage.Web.Channels;
using StatusPage.Web.Data;

namespace StatusPage.Web.Notices;

/// <summary>Notifies all browsers in which a member of the team turned this on. One success is enough; browsers that are gone are removed.</summary>
public sealed class BrowserNotice(IServiceScopeFactory scopes, BrowserPush push) : INoticeSender
{
    /// <summary>Seconds; a reminder that is older than an hour does not help.</summary>
    private const int TimeToLive = 60 * 60;
    private const int MaxBody = 300;

    public NoticeChannel Channel => NoticeChannel.Browser;

    public async Task<SendResult> SendAsync(Outgoing outgoing, CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<StatusDb>();
        var notice = outgoing.Notice;
        var browsers = await db.DeskBrowsers.Where(row => row.AccountId == notice.Address && row.PageId == outgoing.Page.Id).ToListAsync(cancel);
        if (browsers.Count == 0)
            return new SendResult.Suppress("No browser of this person takes notifications of this page.");
        if (await db.FindPushAsync(outgoing.Page.Id, cancel) is not { } account)
            return new SendResult.Suppress("There is no key for browser notifications.");
        var tag = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(outgoing.Topic)).AsSpan(0, 16));
        var payload = BrowserPush.Payload(notice.Subject, PostText.Cut(notice.Body, MaxBody, cut => cut.Length), outgoing.Link, tag);
        var results = new List<SendResult>();
        foreach (var browser in browsers)
        {
            var result = await push.SendAsync(
                new(browser.Endpoint, browser.PushKey, browser.PushSecret),
                payload,
                tag,
                TimeToLive,
                PushMessageUrgency.High,
                account
            );
            if (result is SendResult.GiveUp { EndsSubscription: true })
                db.DeskBrowsers.Remove(browser);
            results.Add(result);
        }
        await db.SaveChangesAsync(cancel);
        return results.Find(result => result is SendResult.Sent) ?? results.Find(result => result is not SendResult.GiveUp) ?? results[0];
    }
}
