using Microsoft.AspNetCore.DataProtection.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Accounts;
using StatusPage.Domain.Audit;
using StatusPage.Domain.Components;
using StatusPage.Domain.Deliveries;
using StatusPage.Domain.Incidents;
using StatusPage.Domain.Maintenances;
using StatusPage.Tests.Host;
using StatusPage.Web.Accounts.People;
using StatusPage.Web.Data;

namespace StatusPage.Tests.Data;

/// <summary>What each kind of store promises.</summary>
public abstract class StoreTests : IAsyncLifetime
{
    private protected Store Store { get; private set; } = null!;

    /// <summary>Null for SQLite.</summary>
    protected abstract Task<string?> NewPostgresAsync(bool bare = false);

    public async ValueTask InitializeAsync() => Store = await Store.CreateAsync(await NewPostgresAsync());

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await Store.DisposeAsync();
    }

    /// <returns>The saved row, read again; the newest one if there were others already.</returns>
    private async Task<T> SavedAsync<T>(T row)
        where T : class
    {
        await using (var db = Store.Open())
        {
            db.Add(row);
            await db.SaveChangesAsync();
        }
        await using var again = Store.Open();
        return (await again.Set<T>().AsNoTracking().ToListAsync())[^1];
    }

    private static void AssertSame(object before, object after)
    {
        foreach (var property in before.GetType().GetProperties().Where(property => property.GetIndexParameters().Length == 0))
            Assert.Equivalent(property.GetValue(before), property.GetValue(after), strict: true);
    }

    [Fact]
    public async Task Migrations_lead_from_nothing_to_the_model()
    {
        await using var db = Store.Open();
        Assert.Empty(await db.Database.GetPendingMigrationsAsync());
        Assert.False(db.Database.HasPendingModelChanges());
    }

    [Fact]
    public async Task Two_nodes_may_migrate_at_once()
    {
        await using var fresh = await Store.CreateAsync(await NewPostgresAsync(bare: true), migrate: false);
        await Task.WhenAll(
            Enumerable
                .Range(0, 2)
                .Select(_ =>
                    Task.Run(async () =>
                    {
                        await using var db = fresh.Open();
                        await db.MigrateAsync(fresh.Settings, default);
                    })
                )
        );
        await using var after = fresh.Open();
        Assert.Empty(await after.Database.GetPendingMigrationsAsync());
    }

    [Fact]
    public async Task A_page_comes_back_as_it_was() => AssertSame(Store.Page, await Store.Open().Pages.AsNoTracking().SingleAsync());

    [Fact]
    public async Task A_component_comes_back_as_it_was()
    {
        var group = ComponentGroup.Create(Store.Page.Id, "Platform", 2, An.Instant);
        AssertSame(group, await SavedAsync(group));
        var component = Component.Create(Store.Page.Id, "Datenbank für Größe 😀", "Line", group.Id, "db", 3, An.Instant);
        AssertSame(component, await SavedAsync(component));
        var manual = component.Set(ComponentStatus.PartialOutage, An.Instant.AddMilliseconds(7));
        AssertSame(manual, await SavedAsync(manual));
    }

    [Fact]
    public async Task An_incident_comes_back_with_its_updates()
    {
        var api = A.Component(page: Store.Page.Id);
        await SavedAsync(api);
        var incident = An.Incident(
            page: Store.Page.Id,
            draft: An.Update(promise: An.Instant.AddMinutes(30), components: (api, ComponentStatus.MajorOutage)),
            components: api
        );
        incident.Post(An.Update(Phase.Monitoring, "Two\n\nparagraphs"), ComponentStates.Of(), "ben", An.Instant.AddMinutes(10));
        incident.Describe("Title", Severity.Sev1, Impact.Critical, An.Instant.AddMinutes(11));
        await using (var db = Store.Open())
        {
            db.Add(incident);
            await db.SaveChangesAsync();
        }
        AssertSame(incident, await Store.Open().Incidents.AsNoTracking().Include(row => row.Updates.OrderBy(update => update.Number)).SingleAsync());
    }

    [Fact]
    public async Task A_maintenance_comes_back_as_it_was()
    {
        var work = Maintenance.Schedule(
            Store.Page.Id,
            "Upgrade",
            "Body",
            An.Instant,
            An.Instant.AddHours(2),
            [ComponentId.New(), ComponentId.New()],
            An.Instant
        );
        AssertSame(work, await SavedAsync(work));
    }

    [Fact]
    public async Task A_subscriber_comes_back_as_it_was()
    {
        var subscriber = An.Subscriber(Store.Page.Id, "Ann@example.com", [ComponentId.New()], An.Instant);
        subscriber.Confirm(An.Instant.AddMinutes(1));
        AssertSame(subscriber, await SavedAsync(subscriber));
    }

    [Fact]
    public async Task An_announcement_and_its_delivery_come_back_as_they_were()
    {
        var incident = An.Incident(page: Store.Page.Id);
        var announcement = Announcement.Of(incident, incident.Latest).Single();
        AssertSame(announcement, await SavedAsync(announcement));
        var delivery = new Delivery
        {
            AnnouncementId = announcement.Id,
            RecipientId = RecipientId.Of(SubscriberId.New()),
            State = DeliveryState.Failed,
            Attempts = 3,
            NextAttemptAt = An.Instant,
            LeasedBy = "me",
            LastError = "No",
            RemoteId = "post 1",
            FinishedAt = An.Instant.AddHours(1),
        };
        AssertSame(delivery, await SavedAsync(delivery));
    }

    [Fact]
    public async Task What_else_there_is_comes_back_as_it_was()
    {
        var audit = new AuditEntry(Store.Page.Id, "ann", "incident.opened", "x", An.Instant);
        AssertSame(audit, await SavedAsync(audit));
        var (key, _) = ApiKey.Create(Store.Page.Id, "ci", Role.Comms, An.Instant);
        AssertSame(key, await SavedAsync(key));
        var token = new SetUpToken { Hash = ApiKey.HashOf("x"), CreatedAt = An.Instant };
        AssertSame(token, await SavedAsync(token));
        var post = new FormPost
        {
            Token = "t",
            Location = "/admin",
            At = An.Instant,
        };
        AssertSame(post, await SavedAsync(post));
        var ring = new DataProtectionKey { FriendlyName = "k", Xml = "<key/>" };
        AssertSame(ring, await SavedAsync(ring));
        var account = new Account
        {
            UserName = "ann@example.com",
            Email = "ann@example.com",
            CreatedAt = An.Instant,
        };
        AssertSame(account, await SavedAsync(account));
        var membership = Membership.Of(account.Id, Store.Page.Id, Role.Owner, An.Instant);
        AssertSame(membership, await SavedAsync(membership));
    }

    [Fact]
    public async Task Publishing_writes_all_and_raises_the_version_by_one()
    {
        await using var db = Store.Open();
        db.Add(A.Component(page: Store.Page.Id));
        Assert.Equal(1, await db.PublishAsync(Store.Page.Id, An.Instant.AddMinutes(5), default));
        Assert.Equal(2, await db.PublishAsync(Store.Page.Id, An.Instant.AddMinutes(6), default));
        await using var after = Store.Open();
        var page = await after.Pages.SingleAsync();
        Assert.Equal((2, An.Instant.AddMinutes(6), 1), (page.Version, page.ChangedAt, await after.Components.CountAsync()));
    }

    [Fact]
    public async Task Publishing_that_fails_leaves_nothing_behind()
    {
        await SavedAsync(A.Component(page: Store.Page.Id));
        await using (var db = Store.Open())
        {
            db.Audit.Add(new AuditEntry(Store.Page.Id, "ann", "component.created", "API", An.Instant));
            // The slug is taken.
            db.Add(A.Component(page: Store.Page.Id));
            await Assert.ThrowsAsync<DbUpdateException>(() => db.PublishAsync(Store.Page.Id, An.Instant, default));
        }
        await using var after = Store.Open();
        Assert.Equal((0, 0, 1), ((await after.Pages.SingleAsync()).Version, await after.Audit.CountAsync(), await after.Components.CountAsync()));
    }

    [Fact]
    public async Task Posts_at_once_get_versions_one_after_the_other()
    {
        var versions = await Task.WhenAll(
            Enumerable
                .Range(0, 10)
                .Select(i =>
                    Task.Run(async () =>
                    {
                        await using var db = Store.Open();
                        db.Add(A.Component($"Component {i}", page: Store.Page.Id));
                        return await db.PublishAsync(Store.Page.Id, An.Instant, default);
                    })
                )
        );
        Assert.Equal(Enumerable.Range(1, 10).Select(i => (long)i), versions.Order());
    }

    [Fact]
    public async Task Of_two_who_change_one_incident_the_second_is_told()
    {
        var incident = An.Incident(page: Store.Page.Id);
        await SavedAsync(incident);
        await using var first = Store.Open();
        await using var second = Store.Open();
        (await first.Incidents.Include(row => row.Updates.OrderBy(update => update.Number)).SingleAsync()).Describe("First", null, null, An.Instant);
        (await second.Incidents.Include(row => row.Updates.OrderBy(update => update.Number)).SingleAsync()).Describe("Second", null, null, An.Instant);
        await first.PublishAsync(Store.Page.Id, An.Instant, default);
        await Assert.ThrowsAsync<DbUpdateConcurrencyException>(() => second.PublishAsync(Store.Page.Id, An.Instant, default));
    }

    [Fact]
    public async Task One_announcement_reaches_one_subscriber_over_one_channel_once()
    {
        var incident = An.Incident(page: Store.Page.Id);
        var announcement = await SavedAsync(Announcement.Of(incident, incident.Latest).Single());
        var subscriber = SubscriberId.New();
        await SavedAsync(
            new Delivery
            {
                AnnouncementId = announcement.Id,
                RecipientId = RecipientId.Of(subscriber),
                NextAttemptAt = An.Instant,
            }
        );
        await using var db = Store.Open();
        db.Add(
            new Delivery
            {
                AnnouncementId = announcement.Id,
                RecipientId = RecipientId.Of(subscriber),
                NextAttemptAt = An.Instant,
            }
        );
        await Assert.ThrowsAsync<DbUpdateException>(() => db.SaveChangesAsync());
    }

    [Fact]
    public async Task One_address_subscribes_to_one_page_once()
    {
        await SavedAsync(An.Subscriber(Store.Page.Id, "ann@example.com", [], An.Instant));
        await using var db = Store.Open();
        db.Add(An.Subscriber(Store.Page.Id, "ANN@example.com", [], An.Instant));
        await Assert.ThrowsAsync<DbUpdateException>(() => db.SaveChangesAsync());
    }

    [Fact]
    public async Task Instants_are_ordered_and_compared_by_the_store()
    {
        await using var db = Store.Open();
        db.Audit.AddRange(
            Enumerable
                .Range(0, 3)
                .Select(hour => new AuditEntry(Store.Page.Id, "ann", "a.b", $"{hour}", An.Instant.AddHours(hour).ToOffset(TimeSpan.FromHours(hour))))
        );
        await db.SaveChangesAsync();
        Assert.Equal(
            ["2", "1"],
            await db.Audit.Where(entry => entry.At > An.Instant).OrderByDescending(entry => entry.At).Select(entry => entry.Subject).ToListAsync()
        );
    }
}

public sealed class SqliteStoreTests : StoreTests
{
    protected override Task<string?> NewPostgresAsync(bool bare = false) => Task.FromResult<string?>(null);
}

public sealed class PostgresStoreTests(PostgresServer postgres) : StoreTests
{
    protected override async Task<string?> NewPostgresAsync(bool bare = false) =>
        bare ? await postgres.CreateBareDatabaseAsync() : await postgres.CreateDatabaseAsync();
}
