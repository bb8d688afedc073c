using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Deliveries;
using StatusPage.Domain.Pages;
using StatusPage.Domain.Subscriptions;
using StatusPage.Web.Data;
using StatusPage.Web.Incidents;

namespace StatusPage.Web.Deliveries;

/// <summary>Sends claimed rows by email: reads who and what for a whole batch, then one message after the other.</summary>
public sealed class EmailSender(IServiceScopeFactory scopes, MailWriter writer, MailTransport transport)
{
    /// <summary>Reads what the batch needs. A subscription that ended meanwhile is seen here.</summary>
    public async Task<Run> BeginAsync(IReadOnlyList<Claim> claims, CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<StatusDb>();
        var announcementIds = claims.Select(claim => claim.AnnouncementId).Distinct().ToList();
        var subscriberIds = claims.Select(claim => claim.SubscriberId).Distinct().ToList();
        var announcements = await db.Announcements.AsNoTracking().Where(row => announcementIds.Contains(row.Id)).ToListAsync(cancel);
        var subscribers = await db.Subscribers.AsNoTracking().Where(row => subscriberIds.Contains(row.Id))
            .ToDictionaryAsync(row => row.Id, cancel);
        var drafts = new Dictionary<AnnouncementId, (Announcement, Page, MailDraft?, string?)>();
        foreach (var announcement in announcements)
        {
            var page = await db.Pages.AsNoTracking().FirstAsync(row => row.Id == announcement.PageId, cancel);
            try
            {
                drafts[announcement.Id] = (announcement, page, await DraftAsync(db, page, announcement, cancel), null);
            }
            catch (Exception exception) when (exception is not OperationCanceledException && !StoreSetup.IsOutage(exception))
            {
                // A template that fails on one announcement leaves the others alone.
                drafts[announcement.Id] = (announcement, page, null, $"The message could not be written ({exception.GetType().Name}: {exception.Message}).");
            }
        }
        return new(drafts, subscribers, writer, transport);
    }

    private async Task<MailDraft?> DraftAsync(StatusDb db, Page page, Announcement announcement, CancellationToken cancel)
    {
        if (announcement.Kind != AnnouncementKind.IncidentUpdate) return await writer.NoticeAsync(page, announcement.Kind);
        var incident = await db.Incidents.AsNoTracking().Whole().FirstOrDefaultAsync(row => row.Id == announcement.IncidentId, cancel);
        var update = incident?.Updates.FirstOrDefault(row => row.Id == announcement.UpdateId);
        return update is null ? null : await writer.UpdateAsync(page, incident!, update);
    }

    /// <summary>One batch on its way.</summary>
    public sealed class Run(
        IReadOnlyDictionary<AnnouncementId, (Announcement Announcement, Page Page, MailDraft? Draft, string? Failure)> drafts,
        IReadOnlyDictionary<SubscriberId, Subscriber> subscribers, MailWriter writer, MailTransport transport)
    {
        public async Task<SendResult> SendAsync(Claim claim)
        {
            if (drafts.TryGetValue(claim.AnnouncementId, out var what) && what.Failure is not null) return new SendResult.TryAgain(what.Failure);
            if (what.Draft is not { } draft) return new SendResult.Suppress("What it told of was deleted.");
            if (!subscribers.TryGetValue(claim.SubscriberId, out var subscriber)) return new SendResult.Suppress("The subscriber was removed.");
            if (what.Announcement.Kind == AnnouncementKind.IncidentUpdate && subscriber.State != SubscriptionState.Confirmed)
                return new SendResult.Suppress("The subscription has ended.");
            if (what.Announcement.Kind == AnnouncementKind.Confirmation && subscriber.State != SubscriptionState.Pending)
                return new SendResult.Suppress("There is nothing left to confirm.");
            // A message that is begun is finished even when the program is asked to stop: its answer belongs into the ledger.
            return await transport.SendAsync(writer.Finish(draft, what.Page, claim.AnnouncementId, claim.SubscriberId, subscriber.Email), CancellationToken.None);
        }
    }
}
