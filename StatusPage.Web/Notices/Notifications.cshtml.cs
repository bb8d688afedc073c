using System.Security.Claims;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain.Deliveries;
using StatusPage.Domain.Notices;
using StatusPage.Web.Channels;
using StatusPage.Web.Data;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Notices;

/// <summary>The browsers in which the signed-in person gets the desk's notifications.</summary>
public sealed class NotificationsPage(
    ChangeWriter writer,
    ChannelSecrets secrets,
    NoticeBox box,
    NoticePost post,
    PushServices pushServices,
    IServiceProvider services
) : AdminPage(writer)
{
    private const string Here = "/admin/notifications";

    // The script fills these in from the browser's push subscription.
    [BindProperty]
    public string? Endpoint { get; set; }

    [BindProperty]
    public string? PushKey { get; set; }

    [BindProperty]
    public string? PushSecret { get; set; }

    public IReadOnlyList<DeskBrowser> Browsers { get; private set; } = [];
    public string Key { get; private set; } = "";

    /// <summary>The result of a test.</summary>
    public SendResult? Tested { get; private set; }

    private string Account => User.FindFirstValue(ClaimTypes.NameIdentifier)!;

    public Task OnGetAsync() => LoadAsync();

    public Task<IActionResult> OnPostAsync() =>
        AttemptAsync(
            true,
            async () =>
            {
                pushServices.Check(Endpoint);
                var browser = DeskBrowser.Of(StatusPage.Id, Account, Endpoint, PushKey, PushSecret, Now);
                var known = await Db
                    .DeskBrowsers.Where(row => (row.AccountId == Account && row.PageId == StatusPage.Id) || row.Key == browser.Key)
                    .OrderBy(row => row.Id)
                    .ToListAsync(Cancel);
                // A browser belongs to one person at a time: the last who turned it on.
                foreach (
                    var old in known
                        .Where(row => row.Key == browser.Key)
                        .Concat(known.Where(row => row.Key != browser.Key).SkipLast(DeskBrowser.MostForOne - 1))
                )
                    Db.DeskBrowsers.Remove(old);
                await Db.SaveChangesAsync(Cancel);
                Db.DeskBrowsers.Add(browser);
                await Writer.SaveAsync(StatusPage.Id, new(Actor, "notifications.turned_on", Actor), Cancel);
                Done = Say["This browser tells you from now on. Send a test to see it."];
                return Here;
            },
            LoadAsync
        );

    public Task<IActionResult> OnPostRemoveAsync(long id) =>
        AttemptAsync(
            true,
            async () =>
            {
                await Db.DeskBrowsers.Where(row => row.Id == id && row.AccountId == Account && row.PageId == StatusPage.Id).ExecuteDeleteAsync(Cancel);
                await Writer.SaveAsync(StatusPage.Id, new(Actor, "notifications.turned_off", Actor), Cancel);
                Done = Say["That browser does not tell you any more."];
                return Here;
            },
            LoadAsync
        );

    public async Task<IActionResult> OnPostTestAsync()
    {
        var text = new NoticeText(Say["This is a test"], Say["Notifications of {0} status arrive here.", StatusPage.Name], Say["Open the desk"], "/admin");
        Tested = await post.SendAsync(box.Make(StatusPage.Id, NoticeChannel.Browser, $"test.{NewToken()}", Account, text), null, services, Cancel);
        await LoadAsync();
        return Page();
    }

    private async Task LoadAsync()
    {
        Browsers = await Db
            .DeskBrowsers.AsNoTracking()
            .Where(row => row.AccountId == Account && row.PageId == StatusPage.Id)
            .OrderBy(row => row.Id)
            .ToListAsync(Cancel);
        var account = await Db.FindPushAsync(StatusPage.Id, Cancel);
        if (account is null)
        {
            // The same key pair as for visitors; creating it does not turn on notifications for them.
            account = PushKeys.Create(StatusPage.Id, secrets, Now);
            account.Turn(on: false, Now);
            Db.ChannelAccounts.Add(account);
            await Db.SaveChangesAsync(Cancel);
        }
        Key = account.Handle!;
    }
}
