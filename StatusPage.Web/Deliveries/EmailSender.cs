using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Channels;
using StatusPage.Domain.Deliveries;
using StatusPage.Domain.Languages;
using StatusPage.Domain.Readers;
using StatusPage.Domain.Subscriptions;
using StatusPage.Web.Data;
using StatusPage.Web.Hosting;
using StatusPage.Web.Incidents;
using StatusPage.Web.Maintenances;
using StatusPage.Web.Readers;
using StatusPage.Web.Subscriptions;

namespace StatusPage.Web.Deliveries;

/// <summary>Sends claimed rows by email: reads recipients and contents for a whole batch, then sends one message after the other.</summary>
public sealed class EmailSender(IServiceScopeFactory scopes, MailWriter writer, MailTransport transport, Throttle throttle, Settings settings)
    : IChannelSender
{
    private readonly PreparedMessages<PreparedMail> _kept = new();

    public Channel Channel => Channel.Email;
    public int AtOnce => settings.DeliveryConnections;
    public bool Blocks => true;
    public DateTimeOffset? PausedUntil => transport.PausedUntil;

    public async Task<ISending> BeginAsync(IReadOnlyList<Claim> claims, CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<StatusDb>();
        var ids = claims.Select(claim => claim.RecipientId.AsSubscriber).Distinct().ToList();
        var recipients = await db
            .Subscribers.WithMembers()
            .Where(row => ids.Contains(row.Id))
            .Select(row => new Recipient(row.Id, row.Email, row.Endpoint, row.State, row.Language, row.AudienceId != null))
            .ToDictionaryAsync(row => row.Id, cancel);
        var prepared = new Dictionary<(AnnouncementId, string?), PreparedMail>();
        foreach (
            var (announcement, language) in claims
                .Select(claim => (claim.AnnouncementId, recipients.GetValueOrDefault(claim.RecipientId.AsSubscriber)?.Language))
                .Distinct()
        )
        {
            var message = await _kept.FindAsync(db, announcement, cancel, language) ?? await PrepareAsync(db, announcement, language, recipients, cancel);
            prepared[(announcement, language)] = message;
            if (message.Mail is not null && message.Kind.IsOfIncident())
                _kept.Keep(announcement, message.Told, message, language);
        }
        return new Sending(prepared, recipients, await db.AccessAsync(claims.Select(claim => claim.AnnouncementId), cancel), transport, throttle);
    }

    private async Task<PreparedMail> PrepareAsync(
        StatusDb db,
        AnnouncementId id,
        string? language,
        IReadOnlyDictionary<SubscriberId, Recipient> recipients,
        CancellationToken cancel
    )
    {
        var announcement = await db.Announcements.AsNoTracking().FirstAsync(row => row.Id == id, cancel);
        try
        {
            var page = await db.Pages.AsNoTracking().FirstAsync(row => row.Id == announcement.PageId, cancel);
            var spoken = Language.Find(language) is { } wish ? new(wish, IsInAddress: true) : MailWriter.OfThePage(page);
            if (announcement.Kind.IsMaintenance())
                return new(
                    announcement.Kind,
                    await db.ToldOfMaintenanceAsync(announcement, cancel) is { } planned
                        ? await writer.MaintenanceAsync(page, announcement, planned, spoken, await NamesAsync(db, announcement, cancel))
                        : null,
                    null
                );
            if (!announcement.Kind.IsOfIncident())
            {
                var endpoint = announcement.SubscriberId is { } only ? recipients.GetValueOrDefault(only)?.Endpoint : null;
                var title = await db.Incidents.Where(row => row.Id == announcement.IncidentId).Select(row => row.Title).FirstOrDefaultAsync(cancel);
                return new(announcement.Kind, await writer.NoticeAsync(page, announcement, spoken, endpoint, title), null);
            }
            if (await db.ToldAsync(announcement, cancel) is not { } told)
                return new(announcement.Kind, null, null);
            var audience = await db.Audiences.AsNoTracking().FirstOrDefaultAsync(row => row.Id == announcement.AudienceId, cancel);
            return new(
                announcement.Kind,
                await writer.UpdateAsync(page, announcement, told.Incident, told.Update, spoken, audience),
                null,
                (told.Incident.Id, told.Incident.Version)
            );
        }
        catch (Exception exception) when (exception is not OperationCanceledException && !StoreSetup.IsOutage(exception))
        {
            // A template that fails for one announcement does not affect the others.
            return new(announcement.Kind, null, $"The message could not be written ({exception.GetType().Name}: {exception.Message}).");
        }
    }

    private static async Task<IReadOnlyList<string>> NamesAsync(StatusDb db, Announcement announcement, CancellationToken cancel) =>
        await db
            .Components.Where(row => row.PageId == announcement.PageId && announcement.ComponentIds.Contains(row.Id))
            .OrderBy(row => row.Position)
            .Select(row => row.Name)
            .ToListAsync(cancel);

    private sealed record Recipient(SubscriberId Id, string? Email, string? Endpoint, SubscriptionState State, string? Language, bool IsMember);

    /// <param name="Mail">Null when its subject was deleted, or it could not be written.</param>
    private sealed record PreparedMail(AnnouncementKind Kind, MailContent? Mail, string? Failure, (IncidentId Id, int Version)? Told = null);

    private sealed class Sending(
        IReadOnlyDictionary<(AnnouncementId, string?), PreparedMail> prepared,
        IReadOnlyDictionary<SubscriberId, Recipient> recipients,
        IReadOnlyDictionary<AnnouncementId, AccessRule> access,
        MailTransport transport,
        Throttle throttle
    ) : ISending
    {
        public async Task<SendResult> SendAsync(Claim claim)
        {
            var recipient = recipients.GetValueOrDefault(claim.RecipientId.AsSubscriber);
            var message = prepared[(claim.AnnouncementId, recipient?.Language)];
            if (message.Failure is not null)
                return new SendResult.OurFault(message.Failure);
            var unread = access
                .GetValueOrDefault(claim.AnnouncementId)
                ?.Objection(recipient?.Email, recipient?.IsMember == true);
            if (DeliveryRule.Objection(Channel.Email, message.Kind, message.Mail is not null, recipient?.State, unread) is { } objection)
                return objection;
            if (recipient?.Email is null)
                return new SendResult.Suppress("The subscriber was removed.");
            var domain = recipient.Email[(recipient.Email.LastIndexOf('@') + 1)..];
            if (throttle.Take(Channel.Email, domain) is { } later)
                return new SendResult.Postpone(later, "Waiting for its turn: the domain is not sent to faster.");
            return await transport.SendAsync(message.Mail!, recipient.Id, recipient.Email, CancellationToken.None);
        }
    }
}
