using Microsoft.EntityFrameworkCore;
using StatusPage.Domain.Components;
using StatusPage.Domain.Deliveries;
using StatusPage.Domain.Maintenances;
using StatusPage.Domain.Pages;
using StatusPage.Tests.Host;
using StatusPage.Web.Data;

namespace StatusPage.Tests.Data;

/// <summary>A store's refusal counts as "another did it" only if the row is there already.</summary>
public abstract class ConflictTests : IAsyncLifetime
{
    private Store _store = null!;

    protected abstract Task<string?> NewPostgresAsync();

    public async ValueTask InitializeAsync() => _store = await Store.CreateAsync(await NewPostgresAsync());

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _store.DisposeAsync();
    }

    private async Task<Exception> RefusedAsync(Func<StatusDb, Task> act)
    {
        await using var db = _store.Open();
        return await Assert.ThrowsAnyAsync<Exception>(() => act(db));
    }

    private static Task<int> SaveAsync(StatusDb db, object row)
    {
        db.Add(row);
        return db.SaveChangesAsync();
    }

    [Fact]
    public async Task The_same_key_twice_is_a_duplicate()
    {
        FormPost Post() =>
            new()
            {
                Token = "a",
                Location = "/",
                At = An.Instant,
            };
        await using (var db = _store.Open())
            await SaveAsync(db, Post());
        var refused = await RefusedAsync(db => SaveAsync(db, Post()));
        Assert.True(StoreSetup.IsDuplicate(refused) && StoreSetup.IsConflict(refused) && !StoreSetup.IsOutage(refused), refused.ToString());
    }

    [Fact]
    public async Task A_unique_column_twice_is_a_duplicate()
    {
        var planned = Maintenance.Schedule(_store.Page.Id, "Upgrade", "We upgrade.", An.Instant.AddDays(1), An.Instant.AddDays(2), [], An.Instant);
        Announcement Told() => Announcement.Of(planned, MaintenanceEvent.Started, An.Instant, key: "once");
        await using (var db = _store.Open())
            await SaveAsync(db, Told());
        Assert.True(StoreSetup.IsDuplicate(await RefusedAsync(db => SaveAsync(db, Told()))));
    }

    [Fact]
    public async Task What_stands_on_nothing_is_a_conflict_and_no_duplicate()
    {
        var refused = await RefusedAsync(db => SaveAsync(db, Component.Create(Domain.PageId.New(), "Api", null, null, "api", 1, An.Instant)));
        Assert.False(StoreSetup.IsDuplicate(refused));
        Assert.True(StoreSetup.IsConflict(refused));
    }

    [Fact]
    public async Task A_refused_value_is_neither()
    {
        var refused = await RefusedAsync(db =>
            db.Database.ExecuteSqlRawAsync(
                db is PostgresStatusDb ? $"""UPDATE "Pages" SET "Name" = '{new string('x', 10_000)}'""" : """UPDATE "Pages" SET "Name" = NULL"""
            )
        );
        Assert.False(StoreSetup.IsDuplicate(refused) || StoreSetup.IsConflict(refused) || StoreSetup.IsOutage(refused), refused.ToString());
    }

    [Fact]
    public async Task Two_reads_in_one_scope_follow_each_other()
    {
        await using var db = _store.Open();
        for (var i = 0; i < 3; i++)
        {
            await using (await db.BeginReadAsync(default))
                Assert.Equal(1, await db.Pages.CountAsync());
            Assert.Null(db.Database.CurrentTransaction);
        }
        // A write can follow them.
        await SaveAsync(
            db,
            new FormPost
            {
                Token = "after",
                Location = "/",
                At = An.Instant,
            }
        );
    }

    [Fact]
    public async Task Two_that_lock_each_other_out_are_both_written()
    {
        var other = Page.Create("Other", Zones.Checked("Etc/UTC"), PageLocation.Of("other", null), An.Instant);
        await using (var db = _store.Open())
            await SaveAsync(db, other);
        const int rounds = 3;
        for (var round = 0; round < rounds; round++)
            await Task.WhenAll(WriteAsync(_store.Page.Id, other.Id, round), WriteAsync(other.Id, _store.Page.Id, round));
        await using var after = _store.Open();
        Assert.Equal([rounds, rounds], await after.Pages.AsNoTracking().Select(page => page.Version).ToListAsync());
        Assert.Equal(2 * rounds, await after.Audit.CountAsync(entry => entry.Action == "page.changed"));

        // Each locks its first page, then the other one.
        async Task WriteAsync(Domain.PageId first, Domain.PageId second, int round)
        {
            await using var db = _store.Open();
            (await db.Pages.SingleAsync(page => page.Id == second)).SetLanguage(round % 2 == 0 ? "de" : "fr", An.Instant.AddMinutes(round));
            db.Audit.Add(new(first, "ann", "page.changed", "x", An.Instant, null));
            await db.PublishAsync(first, An.Instant, default);
        }
    }

    [Fact]
    public void A_deadlock_is_seen_through_what_wraps_it()
    {
        var deadlock = new Npgsql.PostgresException("deadlock detected", "ERROR", "ERROR", Npgsql.PostgresErrorCodes.DeadlockDetected);
        var wrapped = new InvalidOperationException("likely due to a transient failure", new DbUpdateException("not saved", deadlock));
        Assert.True(
            StoreSetup.IsContention(wrapped) && StoreSetup.IsConflict(wrapped) && StoreSetup.IsOutage(wrapped) && !StoreSetup.IsDuplicate(wrapped)
        );
        Assert.False(StoreSetup.IsOutage(new InvalidOperationException("ours", new ArgumentException("x"))));
    }
}

public sealed class SqliteConflictTests : ConflictTests
{
    protected override Task<string?> NewPostgresAsync() => Task.FromResult<string?>(null);
}

public sealed class PostgresConflictTests(PostgresServer postgres) : ConflictTests
{
    protected override async Task<string?> NewPostgresAsync() => await postgres.CreateDatabaseAsync();
}
