using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using StatusPage.Tests.Host;
using StatusPage.Web.Accounts.People;
using StatusPage.Web.Accounts.SigningIn;
using StatusPage.Web.Data;
using Desk = StatusPage.Tests.Host.Desk;

namespace StatusPage.Tests.Accounts;

/// <summary>A session that was left open, or a password alone, cannot change how somebody signs in.</summary>
public sealed class ProofTests
{
    private const string Prove = "/admin/account/prove";

    /// <summary>Moves the sign-in into the past.</summary>
    private static async Task AgeAsync(AppHost app, TimeSpan by)
    {
        foreach (var row in await app.InStoreAsync(db => db.DeskSessions.AsNoTracking().ToListAsync()))
            await app.InStoreAsync(db =>
                db.DeskSessions.Where(one => one.Id == row.Id).ExecuteUpdateAsync(set => set.SetProperty(one => one.ProvenAt, row.ProvenAt - by))
            );
    }

    private static Task<string[]> FactsAsync(AppHost app) =>
        app.InStoreAsync(async db =>
        {
            var account = await db.Users.AsNoTracking().SingleAsync();
            return (string[])
                [
                    account.PasswordHash!,
                    $"{account.TwoFactorEnabled}",
                    .. await db.UserTokens.Select(row => row.Value!).ToListAsync(),
                    $"{await db.UserPasskeys.CountAsync()}",
                ];
        });

    [Fact]
    public async Task After_ten_minutes_nothing_is_changed_without_a_new_proof()
    {
        await using var app = await AppHost.StartAsync(Desk.Owner);
        using var owner = await app.SignInAsync();
        var page = await owner.GetAsync("/admin/account");
        var forms = new[] { "Password", "AddPasskey" }.Select(page.Form).ToList();
        await owner.SetUpAppAsync();
        page = await owner.GetAsync("/admin/account");
        forms.AddRange([page.Form("AppOff"), (await owner.GetAsync("/admin/account/codes")).QuerySelector<IHtmlFormElement>("main form")!]);
        await AgeAsync(app, TimeSpan.FromMinutes(10));
        var before = await FactsAsync(app);
        foreach (var form in forms)
        {
            await owner.SubmitAsync(
                form,
                new
                {
                    OldPassword = Desk.Password,
                    NewPassword = "a-rather-different-sentence",
                    Name = "Mine",
                    credential = "{}",
                    id = "AAAA",
                }
            );
            Assert.Equal(Prove, owner.Location.AbsolutePath);
        }
        await owner.GetAsync("/admin/account/codes");
        Assert.Equal(Prove, owner.Location.AbsolutePath);
        Assert.Equal(before, await FactsAsync(app));
        Assert.Null((await owner.GetAsync("/admin/account")).QuerySelector("form[action*=Password]"));
    }

    [Fact]
    public async Task Where_there_is_a_factor_the_password_alone_is_no_proof_and_neither_is_the_code()
    {
        await using var app = await AppHost.StartAsync(Desk.Owner);
        using var owner = await app.SignInAsync();
        var (key, codes) = await owner.SetUpAppAsync();
        await AgeAsync(app, TimeSpan.FromMinutes(10));
        foreach (
            var (password, code) in new[]
            {
                (Desk.Password, ""),
                (Desk.Password, "000000"),
                ("not-the-password", codes[0]),
                ("", People.CodeOf(key, later: 1)),
            }
        )
        {
            await owner.FillInAsync(Prove, new { Password = password, Code = code }, "main form:not([data-passkey])");
            Assert.Equal(Prove, owner.Location.AbsolutePath);
        }
        // A code beside a wrong password is not used up.
        await owner.FillInAsync(Prove + "?then=/admin/account/codes", new { Desk.Password, Code = codes[0] }, "main form:not([data-passkey])");
        Assert.Equal("/admin/account/codes", owner.Location.AbsolutePath);
    }

    [Fact]
    public async Task A_proof_leads_to_nowhere_but_the_desk_and_is_throttled()
    {
        await using var app = await AppHost.StartAsync(Desk.Owner);
        using var owner = await app.SignInAsync();
        await AgeAsync(app, TimeSpan.FromMinutes(10));
        for (var i = 0; i < 5; i++)
            await owner.FillInAsync(Prove, new { Password = "not-the-password" }, "main form");
        var refused = await owner.FillInAsync(Prove, new { Desk.Password }, "main form");
        Assert.Contains("Too many tries", refused.Summary(), StringComparison.Ordinal);
        using var another = await app.SignInAsync();
        await AgeAsync(app, TimeSpan.FromMinutes(10));
        await another.FillInAsync(Prove + "?then=https://evil.example/admin", new { Desk.Password }, "main form");
        Assert.Equal(new Uri(app.BaseAddress, "/admin"), another.Location);
    }

    [Fact]
    public async Task Every_change_is_told_to_the_owner_of_the_account_by_mail()
    {
        await using var app = await AppHost.StartAsync(Desk.Owner);
        using var owner = await app.SignInAsync();
        await owner.SetUpAppAsync();
        await owner.FillInAsync("/admin/account/codes", new { }, "main form");
        await owner.SubmitAsync((await owner.GetAsync("/admin/account")).Form("AppOff"), new { });
        await owner.FillInAsync(
            "/admin/account",
            new { OldPassword = Desk.Password, NewPassword = "a-rather-different-sentence" },
            "form[action*=Password]"
        );
        var mails = await app.InStoreAsync(db => db.Notices.Where(row => row.Key.StartsWith("account:")).OrderBy(row => row.Id).ToListAsync());
        Assert.Equal(
            ["An authenticator app was added", "New recovery codes were made", "The authenticator app was removed", "The password was changed"],
            mails.Select(mail => mail.Subject.Split(':')[0])
        );
        Assert.All(
            mails,
            mail =>
            {
                Assert.Equal(Desk.Email, mail.Address);
                Assert.Contains("127.0.0.1", mail.Body, StringComparison.Ordinal);
            }
        );
        // A refused change sends no notice.
        await owner.FillInAsync(
            "/admin/account",
            new { OldPassword = "wrong-one-entirely", NewPassword = "a-rather-different-sentence" },
            "form[action*=Password]"
        );
        Assert.Equal(4, await app.InStoreAsync(db => db.Notices.CountAsync(row => row.Key.StartsWith("account:"))));
    }

    [Fact]
    public async Task A_code_works_once_even_when_it_is_sent_many_times_at_once_and_on_two_nodes()
    {
        await using var app = await AppHost.StartAsync(Desk.Owner);
        using var owner = await app.SignInAsync();
        var (key, _) = await owner.SetUpAppAsync();
        var account = await app.InStoreAsync(db => db.Users.AsNoTracking().SingleAsync());
        // The code that set the app up is used.
        Assert.False(await TakeAsync(app, account, People.CodeOf(key)));
        Assert.False(await TakeAsync(app, account, People.CodeOf(key, later: 2)));
        var next = People.CodeOf(key, later: 1);
        var taken = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => TakeAsync(app, account, next)));
        Assert.Single(taken, good => good);
        // Identity writes the whole row, but the step of the last used code stays.
        await app.InStoreAsync(async db =>
        {
            db.Update(account);
            return await db.SaveChangesAsync();
        });
        Assert.False(await TakeAsync(app, account, next));
        await app.InStoreAsync(db => db.Users.ExecuteUpdateAsync(set => set.SetProperty(row => row.LastCodeStep, (long?)null)));
        Assert.False(await TakeAsync(app, account, People.CodeOf(key, later: -2)));
        Assert.True(await TakeAsync(app, account, People.CodeOf(key, later: -1)));
        Assert.True(await TakeAsync(app, account, People.CodeOf(key)));
        Assert.False(await TakeAsync(app, account, People.CodeOf(key, later: -1)));
    }

    private static Task<bool> TakeAsync(AppHost app, Account account, string code) =>
        app.InScopeAsync(async services =>
        {
            var here = await services.GetRequiredService<StatusDb>().Users.AsNoTracking().SingleAsync(row => row.Id == account.Id);
            return await services.GetRequiredService<Factors>().TakeAsync(here, code);
        });

    [Fact]
    public async Task A_step_that_was_begun_before_the_password_changed_leads_nowhere()
    {
        await using var app = await AppHost.StartAsync(Desk.Owner);
        using var owner = await app.SignInAsync();
        var (_, codes) = await owner.SetUpAppAsync();
        using var thief = app.NewBrowser();
        await thief.FillInAsync("/admin/sign-in", new { Desk.Email, Desk.Password });
        var second = await thief.GetAsync("/admin/sign-in/second");
        await owner.FillInAsync(
            "/admin/account",
            new { OldPassword = Desk.Password, NewPassword = "a-rather-different-sentence" },
            "form[action*=Password]"
        );
        await thief.SubmitAsync(second.QuerySelector<IHtmlFormElement>("form[data-code]")!, new { Code = codes[0] });
        Assert.Equal("/admin/sign-in", thief.Location.AbsolutePath);
    }
}
