using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Channels;
using StatusPage.Domain.Deliveries;
using StatusPage.Domain.Subscriptions;
using StatusPage.Web.Data;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Deliveries;

/// <summary>Answers "Did they get it?" in a line for each matching recipient.</summary>
/// <param name="inFull">Whether the reader may publish.</param>
public sealed class RecipientSearch(StatusDb db, ZoneClock clock, bool inFull)
{
    public async Task<IReadOnlyList<string>> AnswerAsync(PageId page, UpdateId update, string name, CancellationToken cancel)
    {
        var announcement = await db
            .Announcements.AsNoTracking()
            .FirstOrDefaultAsync(row => row.UpdateId == update && row.Kind == AnnouncementKind.IncidentUpdate, cancel);
        if (announcement is null)
            return ["This update was posted silently, so nobody was told."];
        name = name.Trim();
        var key = EmailAddress.KeyOf(name);
        var answers = new List<string>();
        var accounts = await db.ChannelAccounts.AsNoTracking().Where(row => row.PageId == page).ToListAsync(cancel);
        foreach (var account in accounts.Where(row => string.Equals(row.Name, name, StringComparison.OrdinalIgnoreCase)))
            answers.Add(
                await RowAsync(announcement, RecipientId.Of(account.Id), $"{account.Name} ({account.Channel.Label()})", cancel)
                    ?? $"{account.Name}: nothing was sent there. It was off, or was added after the update was posted."
            );
        foreach (var subscriber in await SubscribersAsync(page, name, key, cancel))
            answers.Add(
                await RowAsync(announcement, RecipientId.Of(subscriber.Id), Name(subscriber), cancel)
                    ?? $"{Name(subscriber)}: {await WhyNotAsync(announcement, subscriber, cancel)}"
            );
        return answers.Count > 0 ? answers : [$"{name} is not subscribed, and no account has that name. Who was removed leaves no trace here."];
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
                    DeliveryState.Sent when row.LastError is { } instead => $"not sent, at {At(row.FinishedAt)}: {instead}",
                    DeliveryState.Sent => $"sent at {At(row.FinishedAt)}{Attempt(row)}.",
                    DeliveryState.Sending => "on its way at this moment.",
                    DeliveryState.Queued when row.Attempts > 0 =>
                        $"waiting for attempt {row.Attempts + 1} at {At(row.NextAttemptAt)}, since the last one failed: {row.LastError}",
                    DeliveryState.Queued => "queued; it waits for its turn.",
                    DeliveryState.Failed => $"not delivered, given up at {At(row.FinishedAt)}{Attempt(row)}: {row.LastError}",
                    _ => $"not sent, on purpose: {row.LastError}",
                };
    }

    private async Task<string> WhyNotAsync(Announcement announcement, Subscriber subscriber, CancellationToken cancel)
    {
        if (announcement.FannedOutAt is null)
            return "not in the queue yet; recipients are still being looked for.";
        if (subscriber.State == SubscriptionState.Pending)
            return $"asked for updates at {At(subscriber.CreatedAt)}, but never confirmed.";
        if (subscriber.State == SubscriptionState.Suppressed)
            return $"suppressed since {At(subscriber.EndedAt)}: {subscriber.SuppressedFor}";
        if (subscriber.State == SubscriptionState.Ended)
            return $"not subscribed any more, since {At(subscriber.EndedAt)}.";
        if (subscriber.ConfirmedAt > announcement.CreatedAt)
            return $"subscribed later, at {At(subscriber.ConfirmedAt)}.";
        if (subscriber.Wants(announcement.ComponentIds, announcement.IncidentId))
            return "wants it now, but did not when it was posted: the choices were changed since.";
        var names = await db
            .Components.Where(row => row.PageId == announcement.PageId && subscriber.ComponentIds.Contains(row.Id))
            .OrderBy(row => row.Position)
            .Select(row => row.Name)
            .ToListAsync(cancel);
        return names.Count > 0 ? $"chose other components: {string.Join(", ", names)}." : "follows other incidents only.";
    }

    private string Name(Subscriber subscriber) =>
        subscriber.Channel == Channel.Email ? subscriber.Label : $"{subscriber.LabelFor(inFull)} ({subscriber.Channel.Label()})";

    private static string Attempt(Delivery row) => row.Attempts > 1 ? $", after {row.Attempts} attempts" : "";

    private string At(DateTimeOffset? instant) => instant is { } at ? clock.DateAndTime(at) : "an unknown time";
}
