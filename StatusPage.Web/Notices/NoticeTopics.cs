using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Deliveries;
using StatusPage.Domain.Notices;
using StatusPage.Web.Data;

namespace StatusPage.Web.Notices;

internal static class NoticeTopics
{
    /// <summary>Ends what notices called for: alerts in other systems are closed, and waiting notices are not sent.</summary>
    /// <param name="prefix">Of the topics that are looked at.</param>
    /// <param name="isOver">Whether nobody needs to hear of a topic any more.</param>
    /// <param name="reason">Why, as the alert says that is closed.</param>
    public static async Task EndTopicsAsync(
        this StatusDb db,
        NoticeBox box,
        PageId page,
        string prefix,
        Func<string, bool> isOver,
        string reason,
        DateTimeOffset now,
        CancellationToken cancel
    )
    {
        var since = now - Notice.KeptFor;
        var told = await db
            .Notices.AsNoTracking()
            .Where(row =>
                row.PageId == page
                && row.CreatedAt > since
                && row.Topic != null
                && row.Topic.StartsWith(prefix)
                && !row.Closes
                && (
                    row.State == DeliveryState.Queued
                    || (
                        (row.Channel == NoticeChannel.PagerDuty || row.Channel == NoticeChannel.Opsgenie)
                        && (row.State == DeliveryState.Sending || row.State == DeliveryState.Sent)
                        && !db.Notices.Any(other => other.Topic == row.Topic && other.Address == row.Address && other.Closes)
                    )
                )
            )
            .Select(row => new
            {
                row.Id,
                row.Topic,
                row.Channel,
                row.Address,
                row.State,
                row.Attempts,
            })
            .ToListAsync(cancel);
        var over = told.Where(row => isOver(row.Topic!)).ToList();
        if (over.Count == 0)
            return;
        // An alert whose sending failed may have arrived nevertheless, so it is closed, too.
        var alerts = over.Where(row =>
                row.Channel is NoticeChannel.PagerDuty or NoticeChannel.Opsgenie && (row.State != DeliveryState.Queued || row.Attempts > 0)
            )
            .DistinctBy(row => (row.Topic, row.Address))
            .ToList();
        foreach (var alert in alerts)
            box.Add(page, alert.Channel, $"{alert.Topic}.over.{alert.Address}", alert.Address, new(reason, "", Topic: alert.Topic, Closes: true));
        var waiting = over.Where(row => row.State == DeliveryState.Queued).Select(row => row.Id).ToList();
        try
        {
            await db.SaveChangesAsync(cancel);
            await db
                .Notices.Where(row => waiting.Contains(row.Id) && row.State == DeliveryState.Queued)
                .ExecuteUpdateAsync(
                    set =>
                        set.SetProperty(row => row.State, DeliveryState.Suppressed)
                            .SetProperty(row => row.FinishedAt, now)
                            .SetProperty(row => row.Link, (string?)null)
                            .SetProperty(row => row.LastError, $"{reason} before it could be sent."),
                    cancel
                );
        }
        catch (DbUpdateException exception) when (StoreSetup.IsDuplicate(exception))
        {
            db.ChangeTracker.Clear();
        }
    }
}
