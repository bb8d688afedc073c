using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using StatusPage.Domain;
using StatusPage.Domain.Channels;
using StatusPage.Domain.Components;
using StatusPage.Domain.Deliveries;
using StatusPage.Domain.Subscriptions;
using StatusPage.Tests.Data;
using StatusPage.Tests.Host;
using StatusPage.Web.Data;
using StatusPage.Web.Deliveries;
using StatusPage.Web.Hosting;

namespace StatusPage.Tests.Deliveries;

/// <summary>The ledger is the truth about delivery, in either store.</summary>
public abstract class LedgerTests : IAsyncLifetime
{
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);

    private Store _store = null!;
    private Ledger _ledger = null!;

    protected abstract Task<string?> NewPostgresAsync();

    public async ValueTask InitializeAsync()
    {
        _store = await Store.CreateAsync(await NewPostgresAsync());
        _ledger = NewLedger();
    }

    private Ledger NewLedger(Node? node = null) =>
        new(_store.Scopes, node ?? new Node(), new Pauses(_store.Settings), _store.Time, NullLogger<Ledger>.Instance);

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _store.DisposeAsync();
    }

    private async Task<Subscriber> SubscriberAsync(string email, params ComponentId[] components)
    {
        var subscriber = An.Subscriber(_store.Page.Id, email, components, An.Instant);
        subscriber.Confirm(An.Instant);
        await AddAsync(subscriber);
        return subscriber;
    }

    private async Task AddAsync(object row)
    {
        await using var db = _store.Open();
        db.Add(row);
        await db.SaveChangesAsync();
    }

    private async Task<Announcement> AnnounceAsync(params Component[] touched)
    {
        var draft = An.Update(components: [.. touched.Select(component => (component, ComponentStatus.MajorOutage))]);
        var incident = An.Incident(page: _store.Page.Id, draft: draft, components: touched);
        var announcement = Announcement.Of(incident, incident.Latest).Single();
        await AddAsync(announcement);
        return announcement;
    }

    private async Task<List<Delivery>> RowsAsync()
    {
        await using var db = _store.Open();
        return await db.Deliveries.AsNoTracking().OrderBy(row => row.Id).ToListAsync();
    }

    /// <summary>Fans out like the worker, stretch by stretch.</summary>
    private async Task<int> FanOutAsync()
    {
        var before = (await RowsAsync()).Count;
        var fanOut = new FanOut(_store.Scopes, _store.Time);
        while (await fanOut.NextAsync(default)) { }
        return (await RowsAsync()).Count - before;
    }

    private async Task<Claim> ClaimOneAsync() => Assert.Single(await _ledger.ClaimAsync(Channel.Email, 10, Lease, default));

    private async Task QueueAsync(int count)
    {
        for (var i = 0; i < count; i++)
            await SubscriberAsync($"s{i}@example.com");
        await AnnounceAsync();
        Assert.Equal(count, await FanOutAsync());
    }

    [Fact]
    public async Task Who_wants_everything_gets_everything()
    {
        var subscriber = await SubscriberAsync("ann@example.com");
        await AnnounceAsync();
        await AnnounceAsync(A.Component());
        Assert.Equal(2, await FanOutAsync());
        Assert.All(
            await RowsAsync(),
            row => Assert.Equal((subscriber.Id, DeliveryState.Queued, 0), (row.RecipientId.AsSubscriber, row.State, row.Attempts))
        );
    }

    [Fact]
    public async Task Who_chose_components_gets_what_touches_them()
    {
        var (api, web, other) = (A.Component(), A.Component(), A.Component());
        var subscriber = await SubscriberAsync("ann@example.com", api.Id, web.Id);
        await SubscriberAsync("ben@example.com", other.Id);
        await AnnounceAsync(web, A.Component());
        await FanOutAsync();
        Assert.Equal(subscriber.Id, Assert.Single(await RowsAsync()).RecipientId.AsSubscriber);
    }

    [Fact]
    public async Task The_store_and_the_domain_agree_on_who_wants_what()
    {
        Component[] components = [A.Component(), A.Component(), A.Component()];
        var subscribers = new List<Subscriber>();
        for (var mask = 0; mask < 8; mask++)
            subscribers.Add(
                await SubscriberAsync($"s{mask}@example.com", [.. components.Where((_, i) => (mask & 1 << i) != 0).Select(component => component.Id)])
            );
        for (var mask = 0; mask < 8; mask++)
        {
            Component[] touched = [.. components.Where((_, i) => (mask & 1 << i) != 0)];
            var announcement = await AnnounceAsync(touched);
            await FanOutAsync();
            Assert.Equal(
                subscribers
                    .Where(subscriber => subscriber.Wants(touched.Select(component => component.Id)))
                    .Select(subscriber => subscriber.Id.Value)
                    .Order(),
                (await RowsAsync()).Where(row => row.AnnouncementId == announcement.Id).Select(row => row.RecipientId.Value).Order()
            );
        }
    }

    [Fact]
    public async Task Who_has_not_confirmed_or_has_ended_gets_nothing()
    {
        await AddAsync(An.Subscriber(_store.Page.Id, "pending@example.com", [], An.Instant));
        var ended = An.Subscriber(_store.Page.Id, "ended@example.com", [], An.Instant);
        ended.Confirm(An.Instant);
        ended.End(An.Instant);
        await AddAsync(ended);
        await AnnounceAsync();
        Assert.Equal(0, await FanOutAsync());
    }

    [Fact]
    public async Task An_announcement_to_one_goes_to_that_one()
    {
        await SubscriberAsync("everybody@example.com");
        var pending = An.Subscriber(_store.Page.Id, "pending@example.com", [], An.Instant);
        await AddAsync(pending);
        await AddAsync(Announcement.To(pending, AnnouncementKind.Confirmation, An.Instant));
        await FanOutAsync();
        Assert.Equal(pending.Id, Assert.Single(await RowsAsync()).RecipientId.AsSubscriber);
    }

    [Fact]
    public async Task Fanning_out_twice_writes_once()
    {
        await QueueAsync(3);
        Assert.Equal(0, await FanOutAsync());
        await using (var db = _store.Open())
            await db.Announcements.ExecuteUpdateAsync(set => set.SetProperty(row => row.FannedOutAt, (DateTimeOffset?)null));
        Assert.Equal(0, await FanOutAsync());
        Assert.Equal(3, (await RowsAsync()).Count);
    }

    [Fact]
    public async Task Many_are_written_stretch_by_stretch_and_whoever_goes_on_misses_nobody()
    {
        const int many = 5_000;
        await using (var db = _store.Open())
            await ManySubscribers.AddAsync(db, _store.Page.Id, many);
        var announcement = await AnnounceAsync();
        Assert.True(await new FanOut(_store.Scopes, _store.Time).NextAsync(default));
        await using (var db = _store.Open())
        {
            // The first can be sent while the others are not written yet.
            Assert.InRange(await db.Deliveries.CountAsync(), 1, many - 1);
            Assert.Null((await db.Announcements.SingleAsync()).FannedOutAt);
        }
        // As if the process had died here.
        await FanOutAsync();
        await using var after = _store.Open();
        Assert.Equal(many, await after.Deliveries.CountAsync(row => row.AnnouncementId == announcement.Id));
        Assert.NotNull((await after.Announcements.SingleAsync()).FannedOutAt);
    }

    [Fact]
    public async Task Two_who_fan_out_at_once_write_once()
    {
        for (var i = 0; i < 20; i++)
            await SubscriberAsync($"s{i}@example.com");
        await AnnounceAsync();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => FanOutAsync())));
        Assert.Equal(20, (await RowsAsync()).Count);
    }

    [Fact]
    public async Task Two_workers_never_hold_the_same_row()
    {
        await QueueAsync(40);
        var claims = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => NewLedger().ClaimAsync(Channel.Email, 5, Lease, default))));
        Assert.Equal(40, claims.SelectMany(list => list).Select(claim => claim.Id).Distinct().Count());
        Assert.Equal(40, claims.Sum(list => list.Count));
    }

    [Fact]
    public async Task A_claimed_row_is_not_to_be_had_until_its_lease_ends()
    {
        await QueueAsync(1);
        await ClaimOneAsync();
        var other = NewLedger();
        _store.Time.Advance(Lease - TimeSpan.FromMilliseconds(1));
        Assert.Empty(await other.ClaimAsync(Channel.Email, 10, Lease, default));
        _store.Time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(2, Assert.Single(await other.ClaimAsync(Channel.Email, 10, Lease, default)).Attempts);
    }

    [Fact]
    public async Task Whose_lease_went_to_another_writes_nothing()
    {
        await QueueAsync(1);
        var late = await ClaimOneAsync();
        _store.Time.Advance(Lease);
        var other = NewLedger();
        await other.ClaimAsync(Channel.Email, 10, Lease, default);
        await _ledger.FinishAsync([(late, new SendResult.GiveUp("too late"))], default);
        Assert.Equal(DeliveryState.Sending, Assert.Single(await RowsAsync()).State);
    }

    [Fact]
    public async Task Results_of_a_batch_are_written_each_as_it_was()
    {
        await QueueAsync(5);
        var claims = await _ledger.ClaimAsync(Channel.Email, 10, Lease, default);
        await _ledger.FinishAsync(
            [
                (claims[0], SendResult.Ok),
                (claims[1], SendResult.Ok),
                (claims[2], new SendResult.TryAgain("busy")),
                (claims[3], new SendResult.GiveUp("no such mailbox")),
                (claims[4], new SendResult.Suppress("ended")),
            ],
            default
        );
        var rows = claims.Select(claim => RowsAsync().Result.Single(row => row.Id == claim.Id)).ToList();
        Assert.Equal(
            [DeliveryState.Sent, DeliveryState.Sent, DeliveryState.Queued, DeliveryState.Failed, DeliveryState.Suppressed],
            rows.Select(row => row.State)
        );
        Assert.Equal([null, null, "busy", "no such mailbox", "ended"], rows.Select(row => row.LastError));
        Assert.Equal([An.Instant, An.Instant, null, An.Instant, An.Instant], rows.Select(row => row.FinishedAt));
        Assert.Equal(An.Instant + RetrySchedule.After(1), rows[2].NextAttemptAt);
        Assert.All(rows, row => Assert.Null(row.LeasedBy));
    }

    [Fact]
    public async Task What_is_finished_is_never_claimed_again()
    {
        await QueueAsync(1);
        await _ledger.FinishAsync([(await ClaimOneAsync(), SendResult.Ok)], default);
        _store.Time.Advance(TimeSpan.FromDays(365));
        Assert.Empty(await _ledger.ClaimAsync(Channel.Email, 10, Lease, default));
    }

    [Fact]
    public async Task What_is_given_back_can_be_had_at_once_and_counts_no_attempt()
    {
        await QueueAsync(1);
        await _ledger.ReleaseAsync([await ClaimOneAsync()], default);
        Assert.Equal(1, (await ClaimOneAsync()).Attempts);
    }

    [Fact]
    public async Task It_is_tried_again_by_the_schedule_and_then_given_up()
    {
        await QueueAsync(1);
        for (var attempt = 1; attempt < RetrySchedule.MaxAttempts; attempt++)
        {
            var claim = await ClaimOneAsync();
            Assert.Equal(attempt, claim.Attempts);
            await _ledger.FinishAsync([(claim, new SendResult.TryAgain("busy"))], default);
            Assert.Empty(await _ledger.ClaimAsync(Channel.Email, 10, Lease, default));
            _store.Time.Advance(RetrySchedule.After(attempt)!.Value);
        }
        await _ledger.FinishAsync([(await ClaimOneAsync(), new SendResult.TryAgain("busy"))], default);
        var row = Assert.Single(await RowsAsync());
        Assert.Equal((DeliveryState.Failed, $"Given up after {RetrySchedule.MaxAttempts} attempts: busy"), (row.State, row.LastError));
    }

    [Fact]
    public async Task A_long_reason_is_cut()
    {
        await QueueAsync(1);
        await _ledger.FinishAsync([(await ClaimOneAsync(), new SendResult.GiveUp(new string('x', 2_000)))], default);
        Assert.Equal(500, Assert.Single(await RowsAsync()).LastError!.Length);
    }

    [Fact]
    public async Task Our_own_fault_is_given_up_in_time_and_ends_no_subscription()
    {
        var webhook = await WebhookAsync();
        await AnnounceAsync();
        await FanOutAsync();
        for (var attempt = 1; attempt <= RetrySchedule.MaxAttempts; attempt++)
        {
            var claim = Assert.Single(await _ledger.ClaimAsync(Channel.Webhook, 10, Lease, default));
            // Only the last attempt reached the endpoint, which refused: that is one refusal in all.
            await _ledger.FinishAsync(
                [(claim, attempt == RetrySchedule.MaxAttempts ? new SendResult.TryAgain("refused") : new SendResult.OurFault("not made"))],
                default
            );
            _store.Time.Advance(RetrySchedule.After(attempt) ?? TimeSpan.Zero);
        }
        var row = Assert.Single(await RowsAsync());
        Assert.Equal((DeliveryState.Failed, RetrySchedule.MaxAttempts, RetrySchedule.MaxAttempts - 1), (row.State, row.Attempts, row.OurFaults));
        Assert.Equal(SubscriptionState.Confirmed, await StateAsync(webhook.Id));
    }

    [Fact]
    public async Task Two_refusals_of_one_webhook_in_a_batch_end_it_once()
    {
        var webhook = await WebhookAsync();
        await AnnounceAsync();
        await AnnounceAsync();
        await FanOutAsync();
        var claims = await _ledger.ClaimAsync(Channel.Webhook, 10, Lease, default);
        Assert.Equal(2, claims.Count);
        await _ledger.FinishAsync(
            [.. claims.Select((claim, i) => (claim, (SendResult)new SendResult.GiveUp($"gone {i}", EndsSubscription: true)))],
            default
        );
        Assert.Equal(SubscriptionState.Suppressed, await StateAsync(webhook.Id));
        await using var db = _store.Open();
        Assert.Equal(1, await db.Announcements.CountAsync(row => row.Kind == AnnouncementKind.WebhookStopped));
        Assert.Equal(1, await db.Audit.CountAsync(row => row.Action == "subscriber.suppressed"));
    }

    [Fact]
    public async Task A_result_whose_subscriber_is_gone_keeps_no_other_from_being_written()
    {
        var webhook = await WebhookAsync();
        await WebhookAsync("https://other.example/hook");
        await AnnounceAsync();
        await FanOutAsync();
        var claims = await _ledger.ClaimAsync(Channel.Webhook, 10, Lease, default);
        await using (var db = _store.Open())
            await db.Subscribers.Where(row => row.Id == webhook.Id).ExecuteDeleteAsync();
        await _ledger.FinishAsync([.. claims.Select(claim => (claim, (SendResult)new SendResult.GiveUp("gone", EndsSubscription: true)))], default);
        Assert.All(await RowsAsync(), row => Assert.Equal(DeliveryState.Failed, row.State));
    }

    [Fact]
    public async Task What_the_other_side_says_is_cleaned_where_it_is_said()
    {
        const string said = "a \0 and half \uD83D a pair",
            kept = "a  and half  a pair";
        await QueueAsync(2);
        var claims = await _ledger.ClaimAsync(Channel.Email, 10, Lease, default);
        await _ledger.FinishAsync(
            [(claims[0], new SendResult.TryAgain(said)), (claims[1], new SendResult.Sent(new string('7', SendResult.MaxRemoteId + 1)))],
            default
        );
        var rows = await RowsAsync();
        Assert.Equal([kept, null], rows.Select(row => row.LastError));
        Assert.Equal([DeliveryState.Queued, DeliveryState.Sent], rows.Select(row => row.State));
        Assert.All(rows, row => Assert.Null(row.RemoteId));
    }

    [Fact]
    public async Task A_batch_that_cannot_be_written_is_written_row_by_row()
    {
        await QueueAsync(3);
        var claims = await _ledger.ClaimAsync(Channel.Email, 10, Lease, default);
        await RefuseAsync(claims[1].Id);
        await _ledger.FinishAsync([(claims[0], SendResult.Ok), (claims[1], SendResult.Ok), (claims[2], SendResult.Ok)], default);
        // The refused row cannot be written by itself either, and is the only one to be sent again.
        Assert.Equal([DeliveryState.Sent, DeliveryState.Sending, DeliveryState.Sent], (await RowsAsync()).Select(row => row.State));
    }

    [Fact]
    public async Task A_node_that_comes_back_has_its_own_again_and_leaves_others_theirs()
    {
        await QueueAsync(3);
        using var folder = new TempFolder();
        using (var node = Node.In(folder.Path))
            Assert.Single(await NewLedger(node).ClaimAsync(Channel.Email, 1, Lease, default));
        Assert.Single(await _ledger.ClaimAsync(Channel.Email, 1, Lease, default));
        using var again = Node.In(folder.Path);
        var back = NewLedger(again);
        Assert.Equal(1, await back.TakeBackAsync(Channel.Email, default));
        Assert.Equal([1, 2], (await back.ClaimAsync(Channel.Email, 10, Lease, default)).Select(claim => claim.Attempts).Order());
        // A second program in the same folder is another node.
        using var second = Node.In(folder.Path);
        Assert.NotEqual(again.Id, second.Id);
        Assert.Equal(0, await NewLedger(second).TakeBackAsync(Channel.Email, default));
    }

    [Fact]
    public async Task What_is_renewed_stays_with_who_holds_it()
    {
        await QueueAsync(2);
        var claims = await _ledger.ClaimAsync(Channel.Email, 10, Lease, default);
        _store.Time.Advance(Lease * 0.9);
        await _ledger.RenewAsync([claims[0].Id], Lease, default);
        _store.Time.Advance(Lease * 0.5);
        Assert.Equal(claims[1].Id, Assert.Single(await NewLedger().ClaimAsync(Channel.Email, 10, Lease, default)).Id);
        // A node that stood still learns from the renewal which claims it has lost.
        Assert.Equal([claims[0].Id], await _ledger.RenewAsync([claims[0].Id, claims[1].Id], Lease, default));
    }

    private async Task<Subscriber> WebhookAsync(string endpoint = "https://hook.example/hook")
    {
        var webhook = Subscriber.ByWebhook(_store.Page.Id, endpoint, "ops@hook.example", _store.Time.GetUtcNow());
        webhook.Confirm(_store.Time.GetUtcNow());
        await using var db = _store.Open();
        db.Subscribers.Add(webhook);
        await db.SaveChangesAsync();
        return webhook;
    }

    private async Task<SubscriptionState> StateAsync(SubscriberId id)
    {
        await using var db = _store.Open();
        return await db.Subscribers.Where(row => row.Id == id).Select(row => row.State).SingleAsync();
    }

    /// <summary>Makes the store refuse to finish one row.</summary>
    private async Task RefuseAsync(long id)
    {
        await using var db = _store.Open();
        var sql =
            db is PostgresStatusDb
                ? $"""ALTER TABLE "Deliveries" ADD CONSTRAINT refused CHECK ("Id" <> {id} OR "State" <> 2)"""
                : $"""CREATE TRIGGER refused BEFORE UPDATE ON "Deliveries" WHEN NEW."Id" = {id} AND NEW."State" = 2 """
                    + "BEGIN SELECT RAISE(ABORT, 'refused'); END";
        await db.Database.ExecuteSqlRawAsync(sql);
    }
}

public sealed class SqliteLedgerTests : LedgerTests
{
    protected override Task<string?> NewPostgresAsync() => Task.FromResult<string?>(null);
}

public sealed class PostgresLedgerTests(PostgresServer postgres) : LedgerTests
{
    protected override async Task<string?> NewPostgresAsync() => await postgres.CreateDatabaseAsync();
}
