using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Audit;
using StatusPage.Domain.Channels;
using StatusPage.Domain.Components;
using StatusPage.Domain.Deliveries;
using StatusPage.Domain.Subscriptions;
using StatusPage.Web.Channels;
using StatusPage.Web.Data;
using StatusPage.Web.Hosting;

namespace StatusPage.Web.Subscriptions;

/// <summary>Who is subscribed and to what: for the public form, the desk and the API alike.</summary>
public sealed class SubscriptionDesk(
    ChangeWriter writer,
    OutboundGuard guard,
    WebhookChallenge challenge,
    ChatServices chats,
    ChannelSecrets secrets,
    Counts counts,
    ConfirmationLimits limits
)
{
    /// <summary>Challenges for one subscriber in an hour, so that nobody can use a link of their own to have others called.</summary>
    private const int ChallengesPerHour = 10;

    /// <summary>Challenges to one endpoint in an hour, whoever asked for it.</summary>
    private const int ChallengesOfAllPerHour = 60;

    public Task<Subscriber?> FindAsync(PageId page, string? id, CancellationToken cancel) =>
        PublicId.LooksLikeOne(id)
            ? writer.Db.Subscribers.FirstOrDefaultAsync(row => row.PageId == page && row.Id == SubscriberId.Of(id!), cancel)
            : Task.FromResult<Subscriber?>(null);

    public Task<Subscriber?> FindSameAsync(Subscriber wanted, CancellationToken cancel) =>
        writer.Db.Subscribers.FirstOrDefaultAsync(row => row.PageId == wanted.PageId && row.Key == wanted.Key, cancel);

    /// <exception cref="RuleViolation">An address that nothing could ever be sent to.</exception>
    /// <param name="mayLackEmail">True: it may be confirmed by its answer to a challenge alone.</param>
    public Subscriber NewWebhook(PageId page, string? endpoint, string? email, bool mayLackEmail = false)
    {
        var wanted = Subscriber.ByWebhook(page, endpoint, email, writer.Now);
        if (!mayLackEmail)
            EmailAddress.Checked(wanted.Email);
        return guard.Objection(new Uri(wanted.Endpoint!)) is { } objection ? throw new RuleViolation(objection, "Endpoint") : wanted;
    }

    /// <exception cref="RuleViolation">It is not the address of an incoming webhook of a chat service.</exception>
    public Subscriber NewChat(PageId page, string? typed)
    {
        var (service, address) = chats.Checked(typed);
        return Subscriber.ByChat(page, service, new(address), secrets.Protect(new Dictionary<string, string> { [Chat.Address] = address }), writer.Now);
    }

    /// <summary>
    /// Asks the owner of the address, a chat channel by a message there. A subscriber who is confirmed already is told so and where to change it, and
    /// nothing changes. A webhook is asked for anew each time.
    /// </summary>
    /// <param name="about">The incident that it was asked for.</param>
    /// <returns>Null: too many mails were sent to this mailbox in the last hour, and there is nothing that could wait for an answer.</returns>
    /// <exception cref="LimitReached">The page sends no more confirmations for now.</exception>
    public async Task<Subscriber?> RequestAsync(Subscriber wanted, IncidentId? about, string actor, CancellationToken cancel)
    {
        var isSent = await limits.TakeAsync(wanted.PageId, MailboxOf(wanted), cancel);
        var known = await FindSameAsync(wanted, cancel);
        if (known is null && !isSent)
            return null;
        if (known is null)
            writer.Db.Subscribers.Add(known = wanted);
        else if (known.State != SubscriptionState.Confirmed)
        {
            known.RequestAgain(wanted.ComponentIds, wanted.IncidentIds);
            known.Read(wanted.Language);
            known.Renew(wanted);
        }
        if (isSent)
            Announce(known, about);
        await writer.SaveAsync(known.PageId, new(actor, "subscriber.requested", known.Id.Value), cancel);
        return known;
    }

    /// <summary>Sends the confirmation again; a subscriber who was suppressed or had ended it is pending from now on.</summary>
    /// <returns>False: too many were sent in the last hour.</returns>
    public async Task<bool> AskAgainAsync(Subscriber subscriber, string actor, CancellationToken cancel)
    {
        if (subscriber is { Email: null, IsProgram: true })
            throw new RuleViolation("This webhook has no email address that could be asked. Remove it and add it anew: it is then asked itself.");
        if (subscriber is { Email: null, Chat: null })
            throw new RuleViolation("A browser has no address to which a confirmation could be sent. It subscribes anew by itself.");
        if (subscriber.State == SubscriptionState.Confirmed)
            throw new RuleViolation($"{subscriber.Label} is confirmed already.");
        if (!await limits.TakeAsync(subscriber.PageId, MailboxOf(subscriber), cancel))
            return false;
        subscriber.RequestAgain(subscriber.ComponentIds, subscriber.IncidentIds);
        Announce(subscriber, null);
        await writer.SaveAsync(subscriber.PageId, new(actor, "subscriber.asked", subscriber.Id.Value), cancel);
        return true;
    }

    /// <summary>
    /// Confirms for somebody who has the owner's word for it. A subscriber who unsubscribed, or whose mail comes back, has to say so themselves.
    /// </summary>
    public async Task ConfirmAsync(Subscriber subscriber, string actor, CancellationToken cancel)
    {
        if (subscriber.State is SubscriptionState.Ended or SubscriptionState.Suppressed)
            throw subscriber.State == SubscriptionState.Ended
                ? new RuleViolation($"{subscriber.Label} unsubscribed. Send a confirmation: only its owner can bring it back.")
                : new RuleViolation($"{subscriber.Label} is suppressed. Send a confirmation: only its owner can bring it back.");
        if (!subscriber.IsProgram)
        {
            subscriber.Confirm(writer.Now);
            await writer.SaveAsync(subscriber.PageId, new(actor, "subscriber.confirmed", subscriber.Id.Value), cancel);
        }
        else if (await ConfirmWebhookAsync(subscriber, actor, cancel) is { } problem)
            throw new RuleViolation(problem, "Endpoint");
    }

    /// <summary>
    /// A webhook is confirmed when it has answered a challenge. Earlier subscriptions of its endpoint end with their links, confirmed or not, so that the
    /// only links that work belong to the party that answers for the endpoint now.
    /// </summary>
    /// <param name="subscriber">Pending, or new; nothing of a new one is left if it does not answer.</param>
    /// <returns>Null when it is confirmed; else why not, and nothing has changed.</returns>
    /// <exception cref="LimitReached">It was asked too often.</exception>
    public async Task<Sentence?> ConfirmWebhookAsync(Subscriber subscriber, string actor, CancellationToken cancel)
    {
        if (subscriber.State == SubscriptionState.Confirmed)
            return null;
        // Limited for each subscriber, so that a stranger who asks for an endpoint in vain does not use up what its owner has; and in all, so that nobody
        // is made to knock there without end.
        await TakeChallengeAsync("webhook.challenge", $"{subscriber.PageId} {subscriber.Id}", ChallengesPerHour, cancel);
        await TakeChallengeAsync("webhook.challenges", $"{subscriber.PageId} {subscriber.Endpoint}", ChallengesOfAllPerHour, cancel);
        var page = subscriber.PageId;
        var linkKey = await writer.Db.Pages.Where(row => row.Id == page).Select(row => row.LinkKey).SingleAsync(cancel);
        if (guard.Objection(new Uri(subscriber.Endpoint!)) is { } objection)
            return objection;
        if (await challenge.AskAsync(subscriber, linkKey) is { } problem)
            return problem;
        await using var transaction = await writer.Db.Database.BeginTransactionAsync(cancel);
        // One after the other, so that of two who confirm at once only one is left.
        await writer.Db.HoldAsync(page, cancel);
        var isNew = writer.Db.Entry(subscriber).State is EntityState.Detached or EntityState.Added;
        if (!isNew)
            await writer.Db.Entry(subscriber).ReloadAsync(cancel);
        if (!isNew && subscriber.State != SubscriptionState.Pending)
            return "Somebody else confirmed this webhook in the meantime, or it was ended. Subscribe it anew.";
        var others = await writer
            .Db.Subscribers.Where(row =>
                row.PageId == page
                && row.Endpoint == subscriber.Endpoint
                && row.Channel == Channel.Webhook
                && row.Chat == null
                && row.Id != subscriber.Id
                && (row.State == SubscriptionState.Pending || row.State == SubscriptionState.Confirmed)
            )
            .ToListAsync(cancel);
        foreach (var other in others)
        {
            other.End(writer.Now);
            writer.Record(page, new(actor, "subscriber.superseded", $"{other.Id} by {subscriber.Id}"));
        }
        if (isNew)
            writer.Db.Subscribers.Add(subscriber);
        subscriber.Confirm(writer.Now);
        await writer.SaveAsync(page, new(actor, "subscriber.confirmed", subscriber.Id.Value), cancel);
        await transaction.CommitAsync(CancellationToken.None);
        return null;
    }

    private async Task TakeChallengeAsync(string what, string key, int perHour, CancellationToken cancel)
    {
        var asked = await counts.TakeAsync(what, key, TimeSpan.FromHours(1), cancel);
        if (asked.Number > perHour)
            throw new LimitReached($"The webhook was asked {perHour} times within an hour. Wait a while, then try again.", asked.EndsIn);
    }

    public async Task ChooseAsync(
        Subscriber subscriber,
        IEnumerable<ComponentId> components,
        IEnumerable<IncidentId> incidents,
        string actor,
        CancellationToken cancel
    )
    {
        subscriber.Choose(components, incidents);
        await writer.SaveAsync(subscriber.PageId, new(actor, "subscriber.chose", subscriber.Id.Value), cancel);
    }

    public async Task EndAsync(IReadOnlyCollection<Subscriber> subscribers, PageId page, string actor, CancellationToken cancel)
    {
        foreach (var subscriber in subscribers)
            subscriber.End(writer.Now);
        foreach (var subscriber in subscribers.Skip(1))
            writer.Db.Audit.Add(new AuditEntry(page, actor, "subscriber.ended", subscriber.Id.Value, writer.Now));
        if (subscribers.FirstOrDefault() is { } first)
            await writer.SaveAsync(page, new(actor, "subscriber.ended", first.Id.Value), cancel);
    }

    /// <summary>Deletes the row, and the address with it.</summary>
    public async Task RemoveAsync(PageId page, SubscriberId subscriber, string actor, CancellationToken cancel)
    {
        if (await writer.Db.Subscribers.Where(row => row.PageId == page && row.Id == subscriber).ExecuteDeleteAsync(cancel) > 0)
            await writer.SaveAsync(page, new(actor, "subscriber.removed", subscriber.Value), cancel);
    }

    /// <summary>The components of the page among these ids.</summary>
    public Task<List<Component>> ComponentsAsync(PageId page, CancellationToken cancel) =>
        writer.Db.Components.AsNoTracking().Where(row => row.PageId == page && row.ArchivedAt == null).OrderBy(row => row.Position).ToListAsync(cancel);

    /// <summary>What the limit on confirmations counts.</summary>
    private static string MailboxOf(Subscriber subscriber) =>
        subscriber.Email
        ?? (subscriber.Chat is null ? throw new RuleViolation("There is no email address that could be asked.", "Email") : subscriber.Key);

    private void Announce(Subscriber subscriber, IncidentId? about)
    {
        var kind = subscriber.State == SubscriptionState.Confirmed ? AnnouncementKind.AlreadySubscribed : AnnouncementKind.Confirmation;
        writer.Db.Announcements.Add(Announcement.To(subscriber, kind, writer.Now, about));
    }
}
