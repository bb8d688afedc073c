using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Channels;
using StatusPage.Domain.Deliveries;
using StatusPage.Domain.Subscriptions;
using StatusPage.Web.Data;
using StatusPage.Web.Languages;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Deliveries;

/// <summary>Answers "Did they get it?" in a line for each matching recipient.</summary>
/// <param name="inFull">Whether the reader may publish.</param>
public sealed class RecipientSearch(StatusDb db, ZoneClock clock, bool inFull)
{
    private Words Say => clock.Say;

    public async Task<IReadOnlyList<string>> AnswerAsync(PageId page, UpdateId update, string name, CancellationToken cancel)
    {
        var announcement = await db
            .Announcements.AsNoTracking()
            .FirstOrDefaultAsync(row => row.UpdateId == update && row.Kind == AnnouncementKind.IncidentUpdate, cancel);
        if (announcement is null)
            return [Say["This update was posted silently, so nobody was told."]];
        name = name.Trim();
        var key = EmailAddress.KeyOf(name);
        var answers = new List<string>();
        var accounts = await db.ChannelAccounts.AsNoTracking().Where(row => row.PageId == page).ToListAsync(cancel);
        foreach (var account in accounts.Where(row => string.Equals(row.Name, name, StringComparison.OrdinalIgnoreCase)))
            answers.Add(
                await RowAsync(announcement, RecipientId.Of(account.Id), $"{account.Name} ({Say[account.Channel.Label()]})", cancel)
                    ?? Say["{0}: nothing was sent there. It was off, or was added after the update was posted.", account.Name]
            );
        foreach (var subscriber in await SubscribersAsync(page, name, key, cancel))
            answers.Add(
                await RowAsync(announcement, RecipientId.Of(subscriber.Id), Name(subscriber), cancel)
                    ?? $"{Name(subscriber)}: {await WhyNotAsync(announcement, subscriber, cancel)}"
            );
        return answers.Count > 0 ? answers : [Say["{0} is not subscribed, and no account has that name. Who was removed leaves no trace here.", name]];
    }

    /// <summary>Finds subscribers by address or endpoint; a webhook also by the email address that was given with it.</summary>
    private Task<List<Subscriber>> SubscribersAsync(PageId page, string name, string key, CancellationToken cancel) =>
        db
            .Subscribers.AsNoTracking()
            .Where(row => row.PageId == page && (row.Key == key || row.Key == name || (row.Channel == Channel.Webhook && row.Email == name)))
            .OrderBy(row => row.Channel)
            .Take(20)
            .ToListAsync(cancel);

    private async Task<string?> RowAsync(Announcement announcement, RecipientId recipient, string name, CancellationToken cancel)
    {
        var row = await db
            .Deliveries.AsNoTracking()
            .Where(row => row.AnnouncementId == announcement.Id && row.RecipientId == recipient)
            .FirstOrDefaultAsync(cancel);
        return row is null
            ? null
            : $"{name}: "
                + row.State switch
                {
                    DeliveryState.Sent when row.LastError is { } instead => Say["not sent, at {0}: {1}", At(row.FinishedAt), Say[instead]],
                    DeliveryState.Sent when row.Attempts > 1 => Say["sent at {0}, after {1} attempts.", At(row.FinishedAt), row.Attempts],
                    DeliveryState.Sent => Say["sent at {0}.", At(row.FinishedAt)],
                    DeliveryState.Sending => Say["on its way at this moment."],
                    DeliveryState.Queued when row.Attempts > 0 => Say[
                        "waiting for attempt {0} at {1}, since the last one failed: {2}",
                        row.Attempts + 1,
                        At(row.NextAttemptAt),
                        Why(row)
                    ],
                    DeliveryState.Queued => Say["queued; it waits for its turn."],
                    DeliveryState.Failed when row.Attempts > 1 => Say[
                        "not delivered, given up at {0}, after {1} attempts: {2}",
                        At(row.FinishedAt),
                        row.Attempts,
                        Why(row)
                    ],
                    DeliveryState.Failed => Say["not delivered, given up at {0}: {1}", At(row.FinishedAt), Why(row)],
                    _ => Say["not sent, on purpose: {0}", Why(row)],
                };
    }

    private async Task<string> WhyNotAsync(Announcement announcement, Subscriber subscriber, CancellationToken cancel)
    {
        if (announcement.FannedOutAt is null)
            return Say["not in the queue yet; recipients are still being looked for."];
        if (subscriber.State == SubscriptionState.Pending)
            return Say["asked for updates at {0}, but never confirmed.", At(subscriber.CreatedAt)];
        if (subscriber.State == SubscriptionState.Suppressed)
            return Say["suppressed since {0}: {1}", At(subscriber.EndedAt), Say[subscriber.SuppressedFor ?? ""]];
        if (subscriber.State == SubscriptionState.Ended)
            return Say["not subscribed any more, since {0}.", At(subscriber.EndedAt)];
        if (subscriber.ConfirmedAt > announcement.CreatedAt)
            return Say["subscribed later, at {0}.", At(subscriber.ConfirmedAt)];
        if (subscriber.Wants(announcement.ComponentIds, announcement.IncidentId))
            return Say["wants it now, but did not when it was posted: the choices were changed since."];
        var names = await db
            .Components.Where(row => row.PageId == announcement.PageId && subscriber.ComponentIds.Contains(row.Id))
            .OrderBy(row => row.Position)
            .Select(row => row.Name)
            .ToListAsync(cancel);
        return names.Count > 0 ? Say["chose other components: {0}.", string.Join(", ", names)] : Say["follows other incidents only."];
    }

    private string Name(Subscriber subscriber) =>
        subscriber.Channel == Channel.Email ? subscriber.Label : $"{subscriber.LabelFor(inFull)} ({Say[subscriber.Channel.Label()]})";

    private string Why(Delivery row) => Say[row.LastError ?? ""];

    private string At(DateTimeOffset? instant) => instant is { } at ? clock.DateAndTime(at) : Say["an unknown time"];
}
