using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using StatusPage.Domain.Accounts;
using StatusPage.Tests.Host;
using StatusPage.Web.Accounts.People;
using StatusPage.Web.Accounts.SigningIn;
using Desk = StatusPage.Tests.Host.Desk;

namespace StatusPage.Tests.Accounts;

/// <summary>Only those who guess are slowed down.</summary>
public sealed class ThrottleTests
{
    private const string Here = "198.51.100.7";

    /// <summary>Each client states its own address, as a proxy would.</summary>
    private static readonly string[] ByProxy = ["--TrustedProxies", "127.0.0.1"];

    private static async Task<bool> IsInAsync(AppHost app, string password, string from, BrowserSession? browser = null)
    {
        using var fresh = browser is null ? app.NewBrowser() : null;
        var tries = browser ?? fresh!;
        tries.From = from;
        await tries.FillInAsync("/admin/sign-in", new { Desk.Email, Password = password });
        return tries.Location.AbsolutePath == "/admin";
    }

    [Fact]
    public async Task Five_wrong_passwords_from_one_address_close_that_address_for_that_account_alone()
    {
        await using var app = await AppHost.StartAsync([.. Desk.Owner, .. ByProxy]);
        await app.AccountAsync("ann@acme.example", Role.Comms);
        for (var i = 0; i < 5; i++)
            Assert.False(await IsInAsync(app, "not-the-password", Here));
        Assert.False(await IsInAsync(app, Desk.Password, Here));
        Assert.True(await IsInAsync(app, Desk.Password, "198.51.100.8"));
        using var ann = app.NewBrowser();
        ann.From = Here;
        await ann.FillInAsync("/admin/sign-in", new { Email = "ann@acme.example", Desk.Password });
        Assert.Equal("/admin", ann.Location.AbsolutePath);
    }

    [Fact]
    public async Task Whatever_strangers_do_a_browser_that_was_used_before_comes_in()
    {
        await using var app = await AppHost.StartAsync([.. Desk.Owner, .. ByProxy]);
        using var owner = app.NewBrowser();
        Assert.True(await IsInAsync(app, Desk.Password, Here, owner));
        await owner.FillInAsync("/admin", new { }, "form[action='/admin/sign-out']");
        for (var i = 0; i < 60; i++)
            Assert.False(await IsInAsync(app, "not-the-password", $"198.51.{i / 5}.9"));
        // The account is closed to strangers from any address, and to its owner in a new browser.
        Assert.False(await IsInAsync(app, Desk.Password, "203.0.113.1"));
        for (var i = 0; i < 6; i++)
            Assert.False(await IsInAsync(app, "not-the-password", Here));
        Assert.True(await IsInAsync(app, Desk.Password, Here, owner));
    }

    [Fact]
    public async Task A_known_browser_guesses_no_more_than_five_times_either_and_its_cookie_is_good_for_its_account_alone()
    {
        await using var app = await AppHost.StartAsync(Desk.Owner);
        await app.AccountAsync("ann@acme.example", Role.Comms);
        using var ann = await app.SignInAsync("ann@acme.example");
        await ann.FillInAsync("/admin", new { }, "form[action='/admin/sign-out']");
        for (var i = 0; i < 5; i++)
            await ann.FillInAsync("/admin/sign-in", new { Desk.Email, Password = "not-the-password" });
        await ann.FillInAsync("/admin/sign-in", new { Desk.Email, Desk.Password });
        Assert.Equal("/admin/sign-in", ann.Location.AbsolutePath);
        for (var i = 0; i < 5; i++)
            await ann.FillInAsync("/admin/sign-in", new { Email = "ann@acme.example", Password = "not-the-password" });
        await ann.FillInAsync("/admin/sign-in", new { Email = "ann@acme.example", Desk.Password });
        Assert.Equal("/admin/sign-in", ann.Location.AbsolutePath);
    }

    [Fact]
    public async Task After_the_window_one_may_try_again()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var app = await AppHost.StartAsync(null, builder => builder.Services.AddSingleton<TimeProvider>(time), Desk.Owner);
        for (var i = 0; i < 6; i++)
            Assert.False(await IsInAsync(app, "not-the-password", Here));
        Assert.False(await IsInAsync(app, Desk.Password, Here));
        time.Advance(TimeSpan.FromMinutes(5));
        Assert.True(await IsInAsync(app, Desk.Password, Here));
    }

    [Fact]
    public async Task Wrong_codes_are_counted_as_well()
    {
        await using var app = await AppHost.StartAsync(Desk.Owner);
        using var owner = await app.SignInAsync();
        var (key, _) = await owner.SetUpAppAsync();
        using var thief = app.NewBrowser();
        await thief.FillInAsync("/admin/sign-in", new { Desk.Email, Desk.Password });
        for (var i = 0; i < 5; i++)
            await thief.FillInAsync("/admin/sign-in/second", new { Code = $"00000{i}" });
        await thief.FillInAsync("/admin/sign-in/second", new { Code = People.CodeOf(key, later: 1) });
        Assert.Equal("/admin/sign-in/second", thief.Location.AbsolutePath);
        // A refused code is not used up, and the owner's own browser has a count of its own.
        await owner.FillInAsync("/admin", new { }, "form[action='/admin/sign-out']");
        await owner.FillInAsync("/admin/sign-in", new { Desk.Email, Desk.Password });
        await owner.FillInAsync("/admin/sign-in/second", new { Code = People.CodeOf(key, later: 1) });
        Assert.Equal("/admin", owner.Location.AbsolutePath);
    }

    [Fact]
    public async Task One_hash_is_made_for_every_try_whether_there_is_an_account_or_not_and_whether_it_counts_or_not()
    {
        var hasher = new Counting();
        await using var app = await AppHost.StartAsync(null, builder => builder.Services.AddSingleton<IPasswordHasher<Account>>(hasher), Desk.Owner);
        foreach (var email in new[] { Desk.Email, "nobody@acme.example", "", new string('x', 400) })
            for (var i = 0; i < 7; i++)
            {
                using var browser = app.NewBrowser();
                var before = hasher.Count;
                await browser.FillInAsync("/admin/sign-in", new { Email = email, Password = "not-the-password" });
                Assert.Equal(before + 1, hasher.Count);
            }
    }

    [Fact]
    public async Task An_old_hash_is_renewed_at_the_sign_in_and_sessions_go_on()
    {
        Assert.InRange(Passwords.Iterations, 210_000, int.MaxValue);
        using var folder = new TempFolder();
        string before;
        await using (var app = await AppHost.StartAsync(folder, null, Desk.Owner))
            before = await HashAsync(app);
        await using var after = await AppHost.StartAsync(
            folder,
            builder => builder.Services.PostConfigure<PasswordHasherOptions>(options => options.IterationCount = 2_000)
        );
        using var first = await after.SignInAsync();
        var renewed = await HashAsync(after);
        Assert.NotEqual(before, renewed);
        using var second = await after.SignInAsync();
        Assert.Equal(renewed, await HashAsync(after));
        await first.GetAsync("/admin");
        Assert.Equal("/admin", first.Location.AbsolutePath);
    }

    private static Task<string> HashAsync(AppHost app) => app.InStoreAsync(db => Task.FromResult(db.Users.Single().PasswordHash!));

    private sealed class Counting : IPasswordHasher<Account>
    {
        private readonly PasswordHasher<Account> _inner = new(Options.Create(new PasswordHasherOptions { IterationCount = 1_000 }));
        private int _count;

        public int Count => _count;

        public string HashPassword(Account user, string password)
        {
            Interlocked.Increment(ref _count);
            return _inner.HashPassword(user, password);
        }

        public PasswordVerificationResult VerifyHashedPassword(Account user, string hashedPassword, string providedPassword)
        {
            Interlocked.Increment(ref _count);
            return _inner.VerifyHashedPassword(user, hashedPassword, providedPassword);
        }
    }
}
