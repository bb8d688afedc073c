using System.Net;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain.Deliveries;
using StatusPage.Tests.Host;

namespace StatusPage.Tests.Deliveries;

/// <summary>A copy of a store that would send what the original has sent already.</summary>
public sealed class PauseTests(PostgresServer postgres)
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task While_the_setting_says_so_nothing_is_sent_and_posts_go_on(bool onPostgres)
    {
        using var folder = new TempFolder();
        await using var mails = new MailServer();
        string[] args =
        [
            .. Desk.Owner,
            "--Email:Smtp",
            mails.Url,
            .. onPostgres ? new[] { "--ConnectionStrings:Postgres", await postgres.CreateDatabaseAsync() } : [],
        ];
        await using (var app = await AppHost.StartAsync(folder, null, [.. args, "--Delivery:Paused", "true"]))
        {
            await QueueAsync(app);
            Assert.Contains("Elevated error rates", await app.Http.GetStringAsync("/"), StringComparison.Ordinal);
            Assert.Contains("\"deliveries\":\"paused\"", await app.Http.GetStringAsync("/healthz/ready"), StringComparison.Ordinal);
            using var owner = await app.SignInAsync();
            Assert.Contains("Nothing is sent, as Delivery:Paused is set", (await owner.GetAsync("/admin")).Body!.TextContent, StringComparison.Ordinal);
            Assert.Empty((await owner.GetAsync("/admin/paused")).QuerySelectorAll("main form"));
            Assert.Empty(mails.Received);
        }
        await using var again = await AppHost.StartAsync(folder, null, args);
        await mails.WaitForCountAsync(1);
        await Eventually.TrueAsync(
            "readiness tells",
            async () => (await again.Http.GetStringAsync("/healthz/ready")).Contains("\"deliveries\":\"ok\"", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task A_restored_file_sends_nothing_until_an_owner_says_so_and_that_is_in_the_audit()
    {
        using var folder = new TempFolder();
        using var elsewhere = new TempFolder();
        await using var mails = new MailServer();
        string[] args = [.. Desk.Owner, "--Email:Smtp", mails.Url];
        await using (var app = await AppHost.StartAsync(folder, null, [.. args, "--Delivery:Paused", "true"]))
        {
            await QueueAsync(app);
            await DoneAsync("backup", elsewhere.File("copy.db"), "--DataDirectory", folder.Path);
            var (code, output) = await AppCommand.RunAsync("backup", elsewhere.File("copy.db"), "--DataDirectory", folder.Path);
            Assert.True(code == 1 && output.Contains("is there already", StringComparison.Ordinal), output);
        }
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(elsewhere.File("copy.db")));
        SqliteConnection.ClearAllPools();
        // A restore never overwrites an existing store.
        var (refused, why) = await AppCommand.RunAsync("restore", elsewhere.File("copy.db"), "--DataDirectory", folder.Path);
        Assert.True(refused == 1 && why.Contains("is there already", StringComparison.Ordinal), why);
        foreach (var file in Directory.GetFiles(folder.Path, "status.db*"))
            File.Delete(file);
        await DoneAsync("restore", elsewhere.File("copy.db"), "--DataDirectory", folder.Path);

        await using var restored = await AppHost.StartAsync(folder, null, args);
        await GoOnAsync(restored, mails);
    }

    [Fact]
    public async Task A_restored_database_is_marked_by_the_command_and_sends_nothing_until_an_owner_says_so()
    {
        using var folder = new TempFolder();
        await using var mails = new MailServer();
        string[] args = [.. Desk.Owner, "--Email:Smtp", mails.Url, "--ConnectionStrings:Postgres", await postgres.CreateDatabaseAsync()];
        await using (var app = await AppHost.StartAsync(folder, null, [.. args, "--Delivery:Paused", "true"]))
            await QueueAsync(app);
        await DoneAsync(["restore", "--DataDirectory", folder.Path, .. args]);
        await using var restored = await AppHost.StartAsync(folder, null, args);
        await GoOnAsync(restored, mails);
    }

    [Fact]
    public async Task What_is_no_backup_of_a_page_is_not_put_in_place()
    {
        using var folder = new TempFolder();
        await using (await AppHost.StartAsync(folder, null)) { }
        SqliteConnection.ClearAllPools();
        foreach (var file in Directory.GetFiles(folder.Path, "status.db*"))
            File.Move(file, file.Replace("status.db", "aside.db", StringComparison.Ordinal));
        await using (var file = File.Open(folder.File("aside.db"), FileMode.Open))
            file.SetLength(40_000);
        await File.WriteAllTextAsync(
            folder.File("text.db"),
            "nothing of the kind, and a good deal longer than a header would be: " + new string('x', 200)
        );
        await File.WriteAllBytesAsync(folder.File("empty.db"), []);
        foreach (var name in new[] { "aside.db", "text.db", "empty.db", "nowhere.db" })
        {
            var (code, output) = await AppCommand.RunAsync("restore", folder.File(name), "--DataDirectory", folder.Path);
            Assert.True(code == 1 && output.Trim().Split('\n').Length == 1, $"{name}: {output}");
            Assert.DoesNotContain(Directory.GetFiles(folder.Path, "status.db*"), file => !file.EndsWith(".migrating", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task It_is_said_once_in_the_log()
    {
        using var folder = new TempFolder();
        var app = await AppHost.StartAsync(folder, null, "--Delivery:Paused", "true", "--Log:Level", "Warning");
        await Eventually.TrueAsync(
            "it is said",
            () => app.Logged.Any(line => line.StartsWith("Nothing is sent, as Delivery:Paused is set", StringComparison.Ordinal))
        );
        await app.DisposeAsync();
        Assert.Single(app.Logged, line => line.Contains("Nothing is sent", StringComparison.Ordinal));
    }

    /// <summary>A post with one subscriber, whose delivery waits.</summary>
    private static async Task QueueAsync(AppHost app)
    {
        await app.SubscriberAsync("ann@example.com");
        using var api = await app.ApiAsync();
        Assert.Equal(HttpStatusCode.Created, (await api.OpenIncidentAsync()).Status);
        await Eventually.TrueAsync(
            "it is queued",
            async () => await app.InStoreAsync(db => db.Deliveries.AnyAsync(row => row.State == DeliveryState.Queued))
        );
    }

    private static async Task GoOnAsync(AppHost app, MailServer mails)
    {
        await Eventually.TrueAsync(
            "posting is possible",
            async () => (await app.Http.GetStringAsync("/healthz/ready")).Contains("\"posts\":\"ok\"", StringComparison.Ordinal)
        );
        Assert.Contains("\"deliveries\":\"paused\"", await app.Http.GetStringAsync("/healthz/ready"), StringComparison.Ordinal);
        using var api = await app.ApiAsync();
        Assert.Equal(HttpStatusCode.Created, (await api.OpenIncidentAsync(new { name = "After the restore", body = "x" })).Status);
        await Eventually.TrueAsync(
            "both are queued",
            async () => await app.InStoreAsync(db => db.Deliveries.CountAsync(row => row.State == DeliveryState.Queued)) == 2
        );
        Assert.Empty(mails.Received);

        using var owner = await app.SignInAsync();
        Assert.Contains("the database was restored from a backup", (await owner.GetAsync("/admin/incidents")).Body!.TextContent, StringComparison.Ordinal);
        var page = await owner.GetAsync("/admin/paused");
        Assert.Contains("2 messages of all pages wait.", page.Body!.TextContent, StringComparison.Ordinal);
        await owner.SubmitAsync((AngleSharp.Html.Dom.IHtmlFormElement)page.QuerySelector("main form")!, new { });
        await mails.WaitForCountAsync(2);
        Assert.Equal(
            ["store.restored", "delivery.resumed"],
            await app.InStoreAsync(db =>
                db.Audit.Where(row => row.Action == "store.restored" || row.Action == "delivery.resumed")
                    .OrderBy(row => row.Id)
                    .Select(row => row.Action)
                    .ToListAsync()
            )
        );
        Assert.Contains("\"deliveries\":\"ok\"", await app.Http.GetStringAsync("/healthz/ready"), StringComparison.Ordinal);
        Assert.Null((await owner.GetAsync("/admin/paused")).QuerySelector("main form"));
    }

    private static async Task DoneAsync(params string[] command)
    {
        var (code, output) = await AppCommand.RunAsync(command);
        Assert.True(code == 0, output);
    }
}
