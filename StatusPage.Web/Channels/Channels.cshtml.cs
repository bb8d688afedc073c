using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Channels;
using StatusPage.Domain.Deliveries;
using StatusPage.Domain.Subscriptions;
using StatusPage.Web.Accounts;
using StatusPage.Web.Data;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Channels;

/// <summary>The page's own accounts, and whether sending on them works.</summary>
[Authorize(Policy = Permissions.Manage)]
public sealed class ChannelsPage(ChangeWriter writer, ChannelSecrets secrets) : AdminPage(writer)
{
    private const string Here = "/admin/channels";

    public IReadOnlyList<ChannelAccount> Accounts { get; private set; } = [];
    public IReadOnlyDictionary<RecipientId, int> Waiting { get; private set; } = new Dictionary<RecipientId, int>();
    public ChannelAccount? Push { get; private set; }
    public int Browsers { get; private set; }

    public Task OnGetAsync() => LoadAsync();

    public Task<IActionResult> OnPostTurnAsync(string id, bool on) =>
        AttemptAsync(
            MayManage,
            async () =>
            {
                if (await Db.FindAccountAsync(StatusPage.Id, id, Cancel) is { } account)
                    await TurnAsync(account, on);
                return Here;
            },
            LoadAsync
        );

    public Task<IActionResult> OnPostPushAsync(bool on) =>
        AttemptAsync(
            MayManage,
            async () =>
            {
                if (await Db.FindPushAsync(StatusPage.Id, Cancel) is { } account)
                    await TurnAsync(account, on);
                else if (on)
                {
                    account = PushKeys.Create(StatusPage.Id, secrets, Now);
                    Db.ChannelAccounts.Add(account);
                    await Writer.SaveAsync(StatusPage.Id, new(Actor, "channel.added", account.Name), Cancel);
                    Done = Say["Browser notifications are on: the page for subscribing offers them now."];
                }
                return Here;
            },
            LoadAsync
        );

    public Task<IActionResult> OnPostRemoveAsync(string id) =>
        AttemptAsync(
            MayManage,
            async () =>
            {
                if (await Db.FindAccountAsync(StatusPage.Id, id, Cancel) is { Channel: not Channel.WebPush } account)
                {
                    Db.ChannelAccounts.Remove(account);
                    await Writer.SaveAsync(StatusPage.Id, new(Actor, "channel.removed", account.Subject()), Cancel);
                    Done = Say["'{0}' is removed. What was still waiting for it is not sent.", account.Name];
                }
                return Here;
            },
            LoadAsync
        );

    private async Task TurnAsync(ChannelAccount account, bool on)
    {
        account.Turn(on, Now);
        await Writer.SaveAsync(StatusPage.Id, new(Actor, on ? "channel.turned_on" : "channel.turned_off", account.Subject()), Cancel);
        Done = on ? Say["'{0}' is on.", account.Name] : Say["'{0}' is off. Nothing new is sent there.", account.Name];
    }

    private async Task LoadAsync()
    {
        var all = await Db
            .ChannelAccounts.AsNoTracking()
            .Where(row => row.PageId == StatusPage.Id)
            .OrderBy(row => row.Channel)
            .ThenBy(row => row.Name)
            .ToListAsync(Cancel);
        Accounts = [.. all.Where(row => row.Channel != Channel.WebPush)];
        Push = all.Find(row => row.Channel == Channel.WebPush);
        Waiting = await Db
            .Deliveries.Where(row =>
                ChannelKinds.OfAccounts.Contains(row.Channel) && (row.State == DeliveryState.Queued || row.State == DeliveryState.Sending)
            )
            .GroupBy(row => row.RecipientId)
            .Select(group => new { group.Key, Count = group.Count() })
            .ToDictionaryAsync(row => row.Key, row => row.Count, Cancel);
        if (Push is not null)
            Browsers = await Db.Subscribers.CountAsync(
                row => row.PageId == StatusPage.Id && row.Channel == Channel.WebPush && row.State == SubscriptionState.Confirmed,
                Cancel
            );
    }
}

internal static class AccountQueries
{
    public static Task<ChannelAccount?> FindAccountAsync(this StatusDb db, PageId page, string? id, CancellationToken cancel) =>
        PublicId.LooksLikeOne(id)
            ? db.ChannelAccounts.FirstOrDefaultAsync(row => row.PageId == page && row.Id == ChannelAccountId.Of(id!), cancel)
            : Task.FromResult<ChannelAccount?>(null);

    /// <summary>The account's name in the audit.</summary>
    public static string Subject(this ChannelAccount account) => $"{account.Name} ({account.Channel.Label()})";
}
