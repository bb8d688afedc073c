using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Channels;
using StatusPage.Domain.Deliveries;
using StatusPage.Domain.Readers;
using StatusPage.Web.Data;
using StatusPage.Web.Deliveries;
using StatusPage.Web.Hosting;
using StatusPage.Web.Incidents;
using StatusPage.Web.Maintenances;
using StatusPage.Web.Readers;

namespace StatusPage.Web.Channels;

/// <summary>Posts claimed rows on one service, in the order of the incident's updates, each as a reply to the one before.</summary>
public sealed class AccountSender(
    IAccountService service,
    IServiceScopeFactory scopes,
    ChannelSecrets secrets,
    PublicAddresses addresses,
    TimeProvider time
) : IChannelSender
{
    /// <summary>How soon to look again whether the previous update has been posted.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    public Channel Channel => service.Channel;

    /// <summary>A page has few accounts, so two at a time are enough.</summary>
    public int AtOnce => 2;

    public string TextOf(News news) => service.TextOf(news);

    public async Task<ISending> BeginAsync(IReadOnlyList<Claim> claims, CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<StatusDb>();
        var ids = claims.Select(claim => claim.RecipientId.AsAccount).Distinct().ToList();
        var accounts = await db.ChannelAccounts.AsNoTracking().Where(row => ids.Contains(row.Id)).ToDictionaryAsync(row => row.Id, cancel);
        var news = new Dictionary<AnnouncementId, News?>();
        foreach (var id in claims.Select(claim => claim.AnnouncementId).Distinct())
            news[id] = await db.ReadNewsAsync(id, addresses, cancel);
        var threads = new Dictionary<long, Place>();
        foreach (var claim in claims)
            if (news[claim.AnnouncementId] is { } told)
                threads[claim.Id] = await PlaceAsync(db, claim, told, cancel);
        return new Sending(this, accounts, news, threads, await db.AccessAsync(news.Keys, cancel));
    }

    /// <summary>Posts, and removes secrets from the result, whatever the service answers.</summary>
    public async Task<SendResult> PostAsync(ChannelAccount account, News news, PostThread? thread, int attempt)
    {
        if (secrets.Read(account) is not { } clear)
            return new SendResult.OurFault("Its secrets can no longer be read. Enter them again.");
        var result = await service.PostAsync(new(new(account.Id, account.Channel, account.BaseAddress, account.Handle, clear), news, thread, attempt));
        return result is SendResult.NotSent failed ? failed with { Reason = HideAll(failed.Reason) } : result;

        string HideAll(string reason) => clear.Values.Aggregate(reason, Hide);
    }

    /// <summary>The reason without any secret that the other side may have repeated in it.</summary>
    public static string Hide(string reason, string secret) =>
        Parts(secret).Aggregate(reason, (text, value) => text.Replace(value, "(hidden)", StringComparison.Ordinal));

    /// <summary>The secret; and if it is an address, the parts that a service may repeat alone: its path, and each long segment of the path.</summary>
    private static IEnumerable<string> Parts(string secret)
    {
        const int longEnough = 8;
        if (secret.Length > 0)
            yield return secret;
        if (!Uri.TryCreate(secret, UriKind.Absolute, out var url))
            yield break;
        if (url.PathAndQuery.Length >= longEnough)
            yield return url.PathAndQuery;
        foreach (var part in url.PathAndQuery.Split('/', '?', '&', '='))
            if (part.Length >= longEnough)
                yield return part;
    }

    /// <summary>The position of a post in the thread of its incident, and whether the previous post is still on its way.</summary>
    private static async Task<Place> PlaceAsync(StatusDb db, Claim claim, News news, CancellationToken cancel)
    {
        var announced = await EarlierAsync(db, news, cancel);
        if (announced.Count == 0)
            return new(false, null);
        var announcements = announced.Select(row => row.Id).ToList();
        var rows = await db
            .Deliveries.AsNoTracking()
            .Where(row => announcements.Contains(row.AnnouncementId) && row.RecipientId == claim.RecipientId && row.Channel == claim.Channel)
            .Select(row => new
            {
                row.AnnouncementId,
                row.State,
                row.RemoteId,
            })
            .ToListAsync(cancel);
        var isWaiting =
            rows.Exists(row => row.State is DeliveryState.Queued or DeliveryState.Sending)
            || announced.Any(row => row.FannedOutAt is null && row.FannedOutTo is null);
        var numbers = announced.ToDictionary(row => row.Id, row => row.Number);
        var posts = rows.Where(row => row is { State: DeliveryState.Sent, RemoteId: not null })
            .OrderBy(row => numbers[row.AnnouncementId])
            .Select(row => row.RemoteId!)
            .ToList();
        return new(isWaiting, posts.Count == 0 ? null : new(posts[0], posts[^1]));
    }

    /// <summary>The earlier announcements of the same incident or maintenance.</summary>
    private static async Task<IReadOnlyList<Earlier>> EarlierAsync(StatusDb db, News news, CancellationToken cancel)
    {
        if (news is { Incident: { } incident, Update: { } told })
        {
            var earlier = incident.Updates.Where(update => update.Number < told.Number).ToDictionary(update => update.Id, update => update.Number);
            if (earlier.Count == 0)
                return [];
            List<UpdateId?> updates = [.. earlier.Keys];
            var rows = await db
                .Announcements.AsNoTracking()
                .Where(row => row.Kind == AnnouncementKind.IncidentUpdate && updates.Contains(row.UpdateId))
                .Select(row => new
                {
                    row.Id,
                    row.UpdateId,
                    row.FannedOutAt,
                    row.FannedOutTo,
                })
                .ToListAsync(cancel);
            return [.. rows.Select(row => new Earlier(row.Id, earlier[row.UpdateId!.Value], row.FannedOutAt, row.FannedOutTo))];
        }
        var maintenance = news.Maintenance!.Maintenance.Id;
        var before = await db
            .Announcements.AsNoTracking()
            .Where(row => row.MaintenanceId == maintenance && row.CreatedAt < news.Maintenance.At)
            .OrderBy(row => row.CreatedAt)
            .Select(row => new
            {
                row.Id,
                row.FannedOutAt,
                row.FannedOutTo,
            })
            .ToListAsync(cancel);
        return [.. before.Select((row, index) => new Earlier(row.Id, index, row.FannedOutAt, row.FannedOutTo))];
    }

    private sealed record Earlier(AnnouncementId Id, int Number, DateTimeOffset? FannedOutAt, SubscriberId? FannedOutTo);

    private sealed record Place(bool IsWaiting, PostThread? Thread);

    private sealed class Sending(
        AccountSender sender,
        IReadOnlyDictionary<ChannelAccountId, ChannelAccount> accounts,
        IReadOnlyDictionary<AnnouncementId, News?> news,
        IReadOnlyDictionary<long, Place> places,
        IReadOnlyDictionary<AnnouncementId, AccessRule> access
    ) : ISending
    {
        public async Task<SendResult> SendAsync(Claim claim)
        {
            if (!accounts.TryGetValue(claim.RecipientId.AsAccount, out var account))
                return new SendResult.Suppress("The account was removed.");
            if (account.IsSilentFor(isPrivate: access.ContainsKey(claim.AnnouncementId)))
                return new SendResult.Suppress("The page is private, and everybody can read what is posted there.");
            if (news[claim.AnnouncementId] is not { } told)
                return new SendResult.Suppress("What it told of was withdrawn or deleted.");
            var place = places[claim.Id];
            if (place.IsWaiting)
                return new SendResult.Postpone(sender.Now + Pause, "Waiting for the update before it.");
            return await sender.PostAsync(account, told, place.Thread, claim.Attempts);
        }
    }

    private DateTimeOffset Now => time.GetUtcNow();
}

internal static class NewsQueries
{
    /// <summary>Null when the subject was deleted meanwhile.</summary>
    public static async Task<News?> ReadNewsAsync(this StatusDb db, AnnouncementId id, PublicAddresses addresses, CancellationToken cancel)
    {
        var announcement = await db.Announcements.AsNoTracking().FirstAsync(row => row.Id == id, cancel);
        var page = await db.Pages.AsNoTracking().FirstAsync(row => row.Id == announcement.PageId, cancel);
        if (announcement.Kind.IsMaintenance())
            return await db.ToldOfMaintenanceAsync(announcement, cancel) is { } planned
                ? News.Of(id, page, planned, addresses.Of(page.Location).Of($"/incidents/{planned.Maintenance.Id}"))
                : null;
        if (await db.ToldAsync(announcement, cancel) is not { } told)
            return null;
        return News.Of(id, page, told.Incident, told.Update, addresses.Of(page.Location).Of($"/incidents/{told.Incident.Id}"), announcement.IsCorrection);
    }
}
