using Microsoft.EntityFrameworkCore;
using StatusPage.Domain.Pages;
using StatusPage.Domain.Postmortems;
using StatusPage.Web.Accounts.People;
using StatusPage.Web.Data;
using StatusPage.Web.Hosting;
using StatusPage.Web.Notices;
using StatusPage.Web.Pages;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Postmortems;

/// <summary>
/// Reminds owners of action items by mail, if they have an account at the page. Every node looks. The unique key of a notice ensures that only one node
/// writes it, also after a restart.
/// </summary>
public sealed partial class ActionWatch(IServiceScopeFactory scopes, TimeProvider time, ILogger<ActionWatch> logger)
{
    private const string TopicPrefix = "action.";

    public async Task LookAsync(CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<StatusDb>();
        var box = scope.ServiceProvider.GetRequiredService<NoticeBox>();
        foreach (var page in await db.Pages.AsNoTracking().Open().ToListAsync(cancel))
        {
            try
            {
                await LookAsync(db, box, page, cancel);
            }
            catch (Exception exception) when (exception is not OperationCanceledException && !StoreSetup.IsOutage(exception))
            {
                // The items of the other pages are looked at nevertheless.
                Log.PageFailed(logger, page.Id.Value, exception);
                db.ChangeTracker.Clear();
            }
        }
    }

    private async Task LookAsync(StatusDb db, NoticeBox box, Page page, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        var clock = ZoneClock.For(page.TimeZone, now);
        var today = clock.DateOf(now - ActionReminder.Morning);
        var until = today.AddDays(ActionReminder.Before);
        var due = await db.ItemsOf(page.Id)
            .Where(row => row.Item.State == ActionItemState.Open && row.Item.Owner != null && row.Item.DueOn != null && row.Item.DueOn <= until)
            .ToListAsync(cancel);
        // The item is done, or it is due on another day: what waits to be sent is not true any more.
        var held = due.Select(row => TopicOf(row.Item)).ToHashSet();
        await db.EndTopicsAsync(box, page.Id, TopicPrefix, topic => !held.Contains(topic), "The item is not due any more", now, cancel);
        if (due.Count == 0)
            return;
        var people = (
            await db.MembersOf(page.Id)
                .Where(row => row.Account.Email != null)
                .Select(row => new
                {
                    row.Account.Id,
                    row.Account.UserName,
                    row.Account.Email,
                })
                .ToListAsync(cancel)
        );
        var news = due.SelectMany(row => people.Where(one => row.Item.IsOf(one.Email!) || row.Item.IsOf(one.UserName!)).Select(one => (row, one)))
            .Select(pair =>
                (pair.row, pair.one.Email, Key: $"{TopicOf(pair.row.Item)}.{ActionReminder.StageOn(today, pair.row.Item.DueOn!.Value)}.{pair.one.Id}")
            )
            .ToList();
        var keys = news.ConvertAll(one => one.Key);
        var told = await db.Notices.Where(row => keys.Contains(row.Key)).Select(row => row.Key).ToListAsync(cancel);
        foreach (var (row, email, key) in news.Where(one => !told.Contains(one.Key)))
            box.Mail(page.Id, key, email!, Words(row, today, clock));
        try
        {
            await db.SaveChangesAsync(cancel);
        }
        catch (DbUpdateException exception) when (StoreSetup.IsDuplicate(exception))
        {
            // Another node wrote one of them at the same moment. The next look finds the rest.
            db.ChangeTracker.Clear();
        }
    }

    private static string TopicOf(ActionItem item) => $"{TopicPrefix}{item.Id}.{item.DueOn:yyyyMMdd}";

    private static NoticeText Words(ItemRow row, DateOnly today, ZoneClock clock)
    {
        var (item, due) = (row.Item, row.Item.DueOn!.Value);
        var date = clock.BareDate(due);
        var when =
            due > today ? $"Due on {date}"
            : due == today ? "Due today"
            : $"Overdue since {date}";
        return new(
            $"{when}: {item.Title}",
            $"You own an action item from the incident “{row.Incident}”: {item.Title}\n\n{when}. "
                + "When it is done, or when it is decided against, say so there; or choose another day.",
            "Open the action item",
            $"/admin/actions/{item.Id}",
            TopicOf(item)
        );
    }

    private static partial class Log
    {
        [LoggerMessage(
            640,
            LogLevel.Error,
            "The action items of page {Page} could not be looked through; they are in a minute, and those of the other pages are."
        )]
        public static partial void PageFailed(ILogger logger, string page, Exception exception);
    }
}

/// <summary>Looks every minute: reminders go out in the morning.</summary>
public sealed class ActionWorker(ActionWatch watch, WorkerTools tools, ILogger<ActionWorker> logger) : Worker("Action items", tools, logger)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMinutes(1);

    protected override async Task<TimeSpan> RoundAsync(CancellationToken stopping)
    {
        await watch.LookAsync(stopping);
        return Poll;
    }
}
