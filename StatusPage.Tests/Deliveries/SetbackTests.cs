using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using StatusPage.Domain;
using StatusPage.Domain.Channels;
using StatusPage.Domain.Deliveries;
using StatusPage.Tests.Data;
using StatusPage.Tests.Host;
using StatusPage.Web.Deliveries;

namespace StatusPage.Tests.Deliveries;

/// <summary>An announcement that cannot be delivered does not hold up the others.</summary>
public sealed class SetbackTests
{
    [Fact]
    public async Task One_that_cannot_be_turned_into_deliveries_lets_the_others_go_first()
    {
        await using var store = await Store.CreateAsync(null);
        await using var db = store.Open();
        var subscriber = An.Subscriber(store.Page.Id, "ann@example.com", [], An.Instant);
        subscriber.Confirm(An.Instant);
        var (bad, good) = (An.Incident(page: store.Page.Id), An.Incident(at: An.Instant.AddMinutes(1), page: store.Page.Id));
        var (first, second) = (Announcement.Of(bad, bad.Latest).Single(), Announcement.Of(good, good.Latest).Single());
        db.AddRange(subscriber, first, second);
        await db.SaveChangesAsync();
        // Ids contain only letters and digits.
        var trigger =
            $"""CREATE TRIGGER "Refused" BEFORE INSERT ON "Deliveries" WHEN NEW."AnnouncementId" = '{first.Id}' """
            + "BEGIN SELECT RAISE(ABORT, 'refused'); END";
        await db.Database.ExecuteSqlRawAsync(trigger);
        var fanOut = new FanOut(store.Scopes, store.Time);
        var failure = await Assert.ThrowsAnyAsync<Exception>(() => fanOut.NextAsync(default));
        Assert.Contains(first.Id.Value, failure.Message, StringComparison.Ordinal);

        Assert.True(await fanOut.NextAsync(default));
        Assert.False(await fanOut.NextAsync(default));
        Assert.Equal(second.Id, (await db.Deliveries.AsNoTracking().SingleAsync()).AnnouncementId);

        await db.Database.ExecuteSqlRawAsync("""DROP TRIGGER "Refused" """);
        store.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.True(await fanOut.NextAsync(default));
        Assert.Equal(2, await db.Deliveries.CountAsync());
    }

    [Fact]
    [Logs(209)]
    public async Task One_of_which_no_message_can_be_made_fails_alone()
    {
        var sender = new PickySender();
        await using var app = await AppHost.StartAsync(
            null,
            (WebApplicationBuilder builder) =>
            {
                builder.Services.RemoveAll<IChannelSender>();
                builder.Services.AddSingleton<IChannelSender>(sender);
            }
        );
        await app.SubscriberAsync("ann@customer.example");
        using var api = await app.ApiAsync();
        await api.OpenIncidentAsync(new { name = "Bad", body = "x" });
        await api.OpenIncidentAsync(new { name = "Good", body = "x" });
        await Eventually.TrueAsync("both wait", () => app.InStoreAsync(async db => await db.Deliveries.CountAsync() == 2));
        sender.Refused = await app.InStoreAsync(db => db.Announcements.OrderBy(row => row.CreatedAt).Select(row => (AnnouncementId?)row.Id).FirstAsync());
        sender.PausedUntil = null;
        await Eventually.TrueAsync(
            "the good one is sent, the bad one was tried",
            () =>
                app.InStoreAsync(async db =>
                {
                    var rows = await db.Deliveries.AsNoTracking().ToListAsync();
                    return rows.Single(row => row.AnnouncementId != sender.Refused).State == DeliveryState.Sent
                        && rows.Single(row => row.AnnouncementId == sender.Refused) is { Attempts: > 0, LastError: { } reason }
                        && reason.Contains("could not be made", StringComparison.Ordinal);
                })
        );
    }

    /// <summary>Cannot make the messages of one announcement, and fails for the whole batch.</summary>
    private sealed class PickySender : IChannelSender, ISending
    {
        public AnnouncementId? Refused { get; set; }
        public Channel Channel => Channel.Email;
        public int AtOnce => 1;
        public DateTimeOffset? PausedUntil { get; set; } = DateTimeOffset.MaxValue;
        public ConcurrentBag<Claim> Sent { get; } = [];

        public Task<ISending> BeginAsync(IReadOnlyList<Claim> claims, CancellationToken cancel) =>
            claims.Any(claim => claim.AnnouncementId == Refused) ? throw new InvalidOperationException("no message") : Task.FromResult<ISending>(this);

        public Task<SendResult> SendAsync(Claim claim)
        {
            Sent.Add(claim);
            return Task.FromResult<SendResult>(SendResult.Ok);
        }
    }
}
