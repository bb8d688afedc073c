using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using StatusPage.Domain.Accounts;
using StatusPage.Domain.Channels;
using StatusPage.Domain.Deliveries;
using StatusPage.Domain.Subscriptions;
using StatusPage.Tests.Host;
using StatusPage.Web.Data;
using StatusPage.Web.Deliveries;

namespace StatusPage.Tests.Data;

/// <summary>Old rows are deleted, in either store; deliveries stay counted, and the audit stays whole.</summary>
public abstract class RetentionTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UtcNow;
    private AppHost _app = null!;

    protected abstract Task<string?> NewPostgresAsync();

    public async ValueTask InitializeAsync()
    {
        var postgres = await NewPostgresAsync();
        _app = await AppHost.StartAsync([.. Host.Desk.Owner, .. postgres is null ? Array.Empty<string>() : ["--ConnectionStrings:Postgres", postgres]]);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _app.DisposeAsync();
    }

    private Task RunAsync() => _app.Services.GetRequiredService<Retention>().RunAsync(default);

    [Fact]
    public async Task Old_deliveries_are_counted_and_the_report_says_the_same_as_before()
    {
        for (var i = 0; i < 30; i++)
            await _app.SubscriberAsync($"s{i}@customer.example");
        using var api = await _app.ApiAsync();
        await api.OpenIncidentAsync();
        await Eventually.TrueAsync(
            "all are sent",
            () => _app.InStoreAsync(async db => await db.Deliveries.CountAsync(row => row.State == DeliveryState.Sent) == 30)
        );
        await _app.InStoreAsync(db =>
            db.Deliveries.OrderBy(row => row.Id).Take(3).ExecuteUpdateAsync(set => set.SetProperty(row => row.State, DeliveryState.Failed))
        );
        var update = await _app.InStoreAsync(db => db.Announcements.Select(row => row.UpdateId!.Value).SingleAsync());
        await RunAsync();
        Assert.Equal(30, await _app.InStoreAsync(db => db.Deliveries.CountAsync()));

        await AgeAsync(-91);
        await RunAsync();
        await RunAsync();
        Assert.Equal(0, await _app.InStoreAsync(db => db.Deliveries.CountAsync()));
        var report = await _app.InStoreAsync(db => new DeliveryReports(TimeProvider.System).FindAsync(db, update, default));
        Assert.Equal((30, 27, 3, true), (report!.Total, report.Sent, report.Failed, report.IsDone));
        Assert.Equal(27, report.In(DeliveryState.Sent, Channel.Email));
        using var desk = await _app.SignInAsync();
        Assert.Contains("sent to 27", (await desk.GetAsync($"/admin/deliveries/{update}")).Body!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_word_to_one_person_goes_with_its_delivery()
    {
        var asked = Subscriber.ByEmail((await _app.PageAsync()).Id, "ann@customer.example", Now);
        await _app.InStoreAsync(db =>
        {
            db.AddRange(asked, Announcement.To(asked, AnnouncementKind.Confirmation, Now));
            return db.SaveChangesAsync();
        });
        await Eventually.TrueAsync("it is sent", () => _app.InStoreAsync(db => db.Deliveries.AnyAsync(row => row.State == DeliveryState.Sent)));
        await AgeAsync(-91);
        await RunAsync();
        Assert.Equal(
            (0, 0, 0),
            await _app.InStoreAsync(async db =>
                (await db.Announcements.CountAsync(), await db.Deliveries.CountAsync(), await db.DeliveryTotals.CountAsync())
            )
        );
    }

    [Fact]
    public async Task What_nobody_asks_for_any_more_goes_in_steps_and_the_rest_stays()
    {
        const int old = 4_500;
        await _app.InStoreAsync(db =>
        {
            for (var i = 0; i < old; i++)
                db.FormPosts.Add(
                    new()
                    {
                        Token = $"old-{i}",
                        Location = "/",
                        At = Now.AddDays(-8),
                    }
                );
            db.FormPosts.Add(
                new()
                {
                    Token = "new",
                    Location = "/",
                    At = Now.AddDays(-6),
                }
            );
            return db.SaveChangesAsync();
        });
        using (await _app.SignInAsync()) { }
        using var desk = await _app.SignInAsync();
        await _app.InStoreAsync(async db =>
        {
            var first = await db.DeskSessions.OrderBy(row => row.BegunAt).Select(row => row.Id).FirstAsync();
            return await db
                .DeskSessions.Where(row => row.Id == first)
                .ExecuteUpdateAsync(set => set.SetProperty(row => row.SeenAt, Now - DeskSession.IdleAtMost - TimeSpan.FromHours(1)));
        });
        var audit = await _app.InStoreAsync(db => db.Audit.CountAsync());
        await RunAsync();
        Assert.Equal(
            ["new"],
            await _app.InStoreAsync(db =>
                db.FormPosts.Where(row => row.Token.StartsWith("old") || row.Token == "new").Select(row => row.Token).ToListAsync()
            )
        );
        Assert.Equal(1, await _app.InStoreAsync(db => db.DeskSessions.CountAsync()));
        await desk.GetAsync("/admin");
        Assert.Equal("/admin", desk.Location.AbsolutePath);
        Assert.Equal(audit, await _app.InStoreAsync(db => db.Audit.CountAsync()));
    }

    [Fact]
    public async Task Files_of_mails_go_after_a_month()
    {
        var folder = Path.Combine(_app.DataDirectory, "mail");
        Directory.CreateDirectory(folder);
        foreach (var (name, age) in new[] { ("old.eml", 31), ("new.eml", 29), ("kept.txt", 99) })
        {
            await File.WriteAllTextAsync(Path.Combine(folder, name), "x");
            File.SetLastWriteTimeUtc(Path.Combine(folder, name), DateTime.UtcNow.AddDays(-age));
        }
        await RunAsync();
        Assert.Equal(["kept.txt", "new.eml"], Directory.EnumerateFiles(folder).Select(Path.GetFileName).Order());
    }

    private Task<int> AgeAsync(int days) =>
        _app.InStoreAsync(db => db.Announcements.ExecuteUpdateAsync(set => set.SetProperty(row => row.CreatedAt, Now.AddDays(days))));
}

public sealed class SqliteRetentionTests : RetentionTests
{
    protected override Task<string?> NewPostgresAsync() => Task.FromResult<string?>(null);
}

public sealed class PostgresRetentionTests(PostgresServer postgres) : RetentionTests
{
    protected override async Task<string?> NewPostgresAsync() => await postgres.CreateDatabaseAsync();
}
