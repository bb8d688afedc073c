using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Audit;
using StatusPage.Domain.Components;
using StatusPage.Domain.Deliveries;
using StatusPage.Domain.Subscriptions;
using StatusPage.Web.Channels;
using StatusPage.Web.Data;

namespace StatusPage.Web.Subscriptions;

/// <summary>Who is subscribed and to what: for the public form, the desk and the API alike.</summary>
public sealed class SubscriptionDesk(Desk desk, OutboundGuard guard)
{
    /// <summary>Mails that others than its owner can have sent to one address in an hour.</summary>
    private const int NoticesPerHour = 3;

    public Task<Subscriber?> FindAsync(PageId page, string? id, CancellationToken cancel) => PublicId.LooksLikeOne(id)
        ? desk.Db.Subscribers.FirstOrDefaultAsync(row => row.PageId == page && row.Id == SubscriberId.Of(id!), cancel)
        : Task.FromResult<Subscriber?>(null);

    public Task<Subscriber?> FindSameAsync(Subscriber wanted, CancellationToken cancel) =>
        desk.Db.Subscribers.FirstOrDefaultAsync(row => row.PageId == wanted.PageId && row.Key == wanted.Key, cancel);

    /// <exception cref="RuleViolation">An address that nothing could ever be sent to.</exception>
    public Subscriber NewWebhook(PageId page, string? endpoint, string? email)
    {
        var wanted = Subscriber.ByWebhook(page, endpoint, email, desk.Now);
        return guard.Objection(new Uri(wanted.Endpoint!)) is { } objection ? throw new RuleViolation(objection, "Endpoint") : wanted;
    }

    /// <summary>Asks the owner of the address. Who is confirmed already is told so and where to change it, and nothing changes.</summary>
    /// <param name="about">The incident that it was asked for.</param>
    public async Task<Subscriber> RequestAsync(Subscriber wanted, IncidentId? about, string actor, CancellationToken cancel)
    {
        var known = await FindSameAsync(wanted, cancel);
        if (known is null) desk.Db.Subscribers.Add(known = wanted);
        else if (known.State != SubscriptionState.Confirmed)
        {
            known.RequestAgain(wanted.ComponentIds, wanted.IncidentIds, wanted.Email);
            known.Read(wanted.Language);
        }
        await AnnounceAsync(known, about, cancel);
        await desk.SaveAsync(known.PageId, new(actor, "subscriber.requested", known.Id.Value), cancel);
        return known;
    }

    /// <summary>Sends the confirmation again; who was suppressed or had ended it is pending from now on.</summary>
    /// <returns>False: too many were sent in the last hour.</returns>
    public async Task<bool> AskAgainAsync(Subscriber subscriber, string actor, CancellationToken cancel)
    {
        if (subscriber.Email is null) throw new RuleViolation("A browser has no address to which a confirmation could be sent. It subscribes anew by itself.");
        if (subscriber.State == SubscriptionState.Confirmed) throw new RuleViolation($"{subscriber.Label} is confirmed already.");
        subscriber.RequestAgain(subscriber.ComponentIds, subscriber.IncidentIds);
        var sent = await AnnounceAsync(subscriber, null, cancel);
        if (sent) await desk.SaveAsync(subscriber.PageId, new(actor, "subscriber.asked", subscriber.Id.Value), cancel);
        return sent;
    }

    /// <summary>By somebody who has the owner's word for it. Who unsubscribed, or whose mail comes back, has to say so themselves.</summary>
    public async Task ConfirmAsync(Subscriber subscriber, string actor, CancellationToken cancel)
    {
        if (subscriber.State is SubscriptionState.Ended or SubscriptionState.Suppressed)
            throw new RuleViolation($"{subscriber.Label} {(subscriber.State == SubscriptionState.Ended ? "unsubscribed" : "is suppressed")}. Send a confirmation: only its owner can bring it back.");
        subscriber.Confirm(desk.Now);
        await desk.SaveAsync(subscriber.PageId, new(actor, "subscriber.confirmed", subscriber.Id.Value), cancel);
    }

    public async Task ChooseAsync(Subscriber subscriber, IEnumerable<ComponentId> components, IEnumerable<IncidentId> incidents, string actor, CancellationToken cancel)
    {
        subscriber.Choose(components, incidents);
        await desk.SaveAsync(subscriber.PageId, new(actor, "subscriber.chose", subscriber.Id.Value), cancel);
    }

    public async Task EndAsync(IReadOnlyCollection<Subscriber> subscribers, PageId page, string actor, CancellationToken cancel)
    {
        foreach (var subscriber in subscribers) subscriber.End(desk.Now);
        foreach (var subscriber in subscribers.Skip(1)) desk.Db.Audit.Add(new AuditEntry(page, actor, "subscriber.ended", subscriber.Id.Value, desk.Now));
        if (subscribers.FirstOrDefault() is { } first) await desk.SaveAsync(page, new(actor, "subscriber.ended", first.Id.Value), cancel);
    }

    /// <summary>The row goes, and the address with it.</summary>
    public async Task RemoveAsync(PageId page, SubscriberId subscriber, string actor, CancellationToken cancel)
    {
        if (await desk.Db.Subscribers.Where(row => row.PageId == page && row.Id == subscriber).ExecuteDeleteAsync(cancel) > 0)
            await desk.SaveAsync(page, new(actor, "subscriber.removed", subscriber.Value), cancel);
    }

    /// <summary>The components of the page among these ids.</summary>
    public Task<List<Component>> ComponentsAsync(PageId page, CancellationToken cancel) =>
        desk.Db.Components.AsNoTracking().Where(row => row.PageId == page && row.ArchivedAt == null).OrderBy(row => row.Position).ToListAsync(cancel);

    private async Task<bool> AnnounceAsync(Subscriber subscriber, IncidentId? about, CancellationToken cancel)
    {
        var sent = await desk.Db.Database.SqlQueryRaw<int>("""
            SELECT CAST(COUNT(*) AS INTEGER) AS "Value" FROM "Announcements" a JOIN "Subscribers" s ON s."Id" = a."SubscriberId"
            WHERE a."CreatedAt" > {0} AND (s."Id" = {1} OR lower(s."Email") = {2})
            """, desk.Now.AddHours(-1).ToUnixTimeMilliseconds(), subscriber.Id.Value, EmailAddress.Key(subscriber.Email!)).SingleAsync(cancel);
        if (sent >= NoticesPerHour) return false;
        var kind = subscriber.State == SubscriptionState.Confirmed ? AnnouncementKind.AlreadySubscribed : AnnouncementKind.Confirmation;
        desk.Db.Announcements.Add(Announcement.To(subscriber, kind, desk.Now, about));
        return true;
    }
}
