using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using StatusPage.Tests.Host;

namespace StatusPage.Tests.Hosting;

/// <summary>How the program starts, and with which settings it refuses to.</summary>
public sealed class StartTests
{
    [Theory]
    [InlineData("Email:From", "nobody", "status@example.com")]
    [InlineData("PublicUrl", "status.example.com", "https://status.example.com")]
    [InlineData("PublicUrl", "https://example.com/status", "without a path")]
    [InlineData("PublicUrl", "ftp://example.com", "http or https")]
    [InlineData("Demo", "maybe", "empty, small or large")]
    [InlineData("Page:TimeZone", "Mars/Olympus", "America/Los_Angeles")]
    [InlineData("Theme", "nothing", "default")]
    [InlineData("Theme", "../themes/default", "default")]
    [InlineData("TrustedProxies", "10.0.0.0/99", "10.0.0.0/8")]
    [InlineData("Delivery:LeaseSeconds", "1", "from 2 to 3600")]
    [InlineData("Delivery:Connections", "many", "from 1 to 64")]
    [InlineData("Limits:SignInsPerMinute", "0", "from 1 to")]
    [InlineData("Log:Format", "xml", "text or json")]
    [InlineData("Log:Level", "Loud", "Warning")]
    public void A_wrong_value_is_refused_with_key_value_and_what_is_allowed(string key, string value, string allowed)
    {
        using var folder = new TempFolder();
        var refused = Assert.Throws<Web.Hosting.SettingException>(() => Web.Program.Build(["--DataDirectory", folder.Path, $"--{key}", value]));
        Assert.StartsWith($"Setting {key} is '{value}'. Allowed: ", refused.Message, StringComparison.Ordinal);
        Assert.Contains(allowed, refused.Message);
        Assert.DoesNotContain('\n', refused.Message);
    }

    [Theory]
    [InlineData("http://user:secret@host")]
    [InlineData("secret")]
    public void A_wrong_relay_is_refused_without_repeating_a_password(string value)
    {
        using var folder = new TempFolder();
        var refused = Assert.Throws<Web.Hosting.SettingException>(() => Web.Program.Build(["--DataDirectory", folder.Path, "--Email:Smtp", value]));
        Assert.Contains("Email:Smtp", refused.Message);
        Assert.DoesNotContain("secret", refused.Message);
    }

    [Fact]
    public async Task A_wrong_value_ends_the_program_with_one_line_and_code_1()
    {
        using var folder = new TempFolder();
        var (code, output) = await AppCommand.RunAsync("--urls", "http://127.0.0.1:0", "--DataDirectory", folder.Path, "--Demo", "maybe");
        Assert.Equal((1, "Setting Demo is 'maybe'. Allowed: empty, small or large."), (code, output.TrimEnd()));
    }

    [Fact]
    public async Task The_first_start_prints_a_link_to_make_the_owner_and_later_ones_do_not_once_there_is_one()
    {
        using var folder = new TempFolder();
        await using (var first = await AppHost.StartAsync(folder, null))
            await Eventually.TrueAsync(
                "the link is printed",
                () =>
                    first.Printed.Contains(
                        $"Set-up link, good until there is an account: {first.BaseAddress}admin/set-up?token=",
                        StringComparison.Ordinal
                    )
            );
        await using var second = await AppHost.StartAsync(
            folder,
            null,
            "--Admin:Email",
            "ann@example.com",
            "--Admin:Password",
            "correct horse battery",
            "--Log:Level",
            "Information"
        );
        await Eventually.TrueAsync("the desk's address is printed", () => second.Printed.Contains("Comms desk: ", StringComparison.Ordinal));
        Assert.DoesNotContain("token", second.Printed);
        Assert.DoesNotContain("ann@example.com", second.Printed);
        Assert.DoesNotContain("correct horse", second.Printed);
    }

    [Fact]
    public async Task Asked_to_stop_before_the_start_is_over_it_ends_like_at_any_other_time()
    {
        using var folder = new TempFolder();
        var (code, output) = await AppProcess.StopDuringStartAsync(folder, () => File.Exists(folder.File("status.db")));
        Assert.True(code == 0, output);
    }

    [Fact]
    public async Task A_store_that_is_away_at_the_first_start_leaves_the_link_for_later()
    {
        await using var postgres = new PostgresServer();
        var database = await postgres.CreateBareDatabaseAsync();
        await postgres.StopAsync();
        using var folder = new TempFolder();
        await using var app = await AppHost.StartWithoutPageAsync(folder, null, "--ConnectionStrings:Postgres", database);
        await postgres.StartAsync();
        await Eventually.TrueAsync("the link is printed", () => app.Printed.Contains("admin/set-up?token=", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_owner_is_made_on_the_first_start_only()
    {
        using var folder = new TempFolder();
        foreach (var email in new[] { "ann@example.com", "ben@example.com" })
        {
            await using var app = await AppHost.StartAsync(folder, null, "--Admin:Email", email, "--Admin:Password", "correct horse battery");
            Assert.Equal("ann@example.com", (await app.InStoreAsync(db => db.Users.SingleAsync())).Email);
        }
    }

    [Fact]
    public async Task Sample_data_is_added_once()
    {
        using var folder = new TempFolder();
        var counts = new List<(int, int, int, long)>();
        for (var start = 0; start < 2; start++)
        {
            await using var app = await AppHost.StartAsync(folder, null, "--Demo", "true");
            counts.Add(
                await app.InStoreAsync(async db =>
                    (
                        await db.Components.CountAsync(),
                        await db.Incidents.CountAsync(),
                        await db.Maintenances.CountAsync(),
                        (await db.Pages.SingleAsync()).Version
                    )
                )
            );
        }
        Assert.Equal((7, 7, 1, 1), counts[0]);
        Assert.Equal(counts[0], counts[1]);
    }

    [Fact]
    public async Task Sample_data_tells_nobody()
    {
        await using var app = await AppHost.StartAsync("--Demo", "true");
        Assert.Equal(0, await app.InStoreAsync(db => db.Announcements.CountAsync()));
    }

    [Fact]
    public async Task Keys_of_cookies_and_forms_survive_a_restart()
    {
        using var folder = new TempFolder();
        string kept;
        await using (var first = await AppHost.StartAsync(folder, null))
            kept = first.Services.GetDataProtectionProvider().CreateProtector("test").Protect("a secret");
        await using var second = await AppHost.StartAsync(folder, null);
        Assert.Equal("a secret", second.Services.GetDataProtectionProvider().CreateProtector("test").Unprotect(kept));
    }

    [Fact]
    public async Task Everything_that_is_written_lies_in_the_data_directory()
    {
        using var folder = new TempFolder();
        var before = Directory.GetFiles(AppContext.BaseDirectory, "*", SearchOption.AllDirectories).Order().ToList();
        await using (var app = await AppHost.StartAsync(folder, null))
            await app.Http.GetStringAsync("/");
        Assert.Equal(before, Directory.GetFiles(AppContext.BaseDirectory, "*", SearchOption.AllDirectories).Order().ToList());
        Assert.Contains(Directory.GetFiles(folder.Path), file => file.EndsWith("status.db", StringComparison.Ordinal));
    }

    [Fact]
    public async Task SQLite_keeps_its_journal_so_that_readers_and_the_writer_do_not_wait_for_each_other()
    {
        await using var app = await AppHost.StartAsync();
        Assert.Equal(
            "wal",
            await app.InStoreAsync(db =>
                Task.FromResult(db.Database.SqlQuery<string>($"SELECT journal_mode AS \"Value\" FROM pragma_journal_mode").Single())
            )
        );
    }
}
