using Microsoft.EntityFrameworkCore;
using StatusPage.Tests.Host;
using Desk = StatusPage.Tests.Host.Desk;

namespace StatusPage.Tests.Audit;

/// <summary>The audit entries of sign-ins, failed sign-ins and sign-outs.</summary>
public sealed class SignInAuditTests
{
    [Fact]
    public async Task The_first_start_and_every_way_in_and_out_is_on_record_and_no_password_is()
    {
        await using var app = await AppHost.StartAsync(Desk.Owner);
        using var browser = app.NewBrowser();
        await browser.FillInAsync("/admin/sign-in", new { Email = Desk.Email, Password = "not-the-password-1" });
        await browser.FillInAsync("/admin/sign-in", new { Email = "nobody@acme.example", Password = "not-the-password-2" });
        await browser.FillInAsync("/admin/sign-in", new { Desk.Email, Desk.Password });
        await browser.FillInAsync("/admin", new { }, "form[action$='sign-out']");
        var rows = await app.InStoreAsync(db => db.Audit.AsNoTracking().OrderBy(row => row.Id).ToListAsync());
        Assert.Equal(["page.created", "account.created", "session.refused", "session.begun", "session.ended"], rows.Select(row => row.Action));
        Assert.All(
            rows.Skip(2),
            row =>
            {
                Assert.Equal(Desk.Email, row.Actor);
                Assert.Equal("127.0.0.1", row.From);
            }
        );
        Assert.Equal($"{Desk.Email} (password)", rows[3].Subject);
        Assert.All(rows, row => Assert.DoesNotContain("password-", $"{row.Subject}{row.Changes}", StringComparison.Ordinal));
        Assert.All(rows, row => Assert.DoesNotContain(Desk.Password, $"{row.Subject}{row.Changes}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_wrong_code_in_the_second_step_is_on_record()
    {
        await using var app = await AppHost.StartAsync(Desk.Owner);
        await app.InStoreAsync(async db =>
        {
            (await db.Users.SingleAsync()).TwoFactorEnabled = true;
            return await db.SaveChangesAsync();
        });
        using var browser = app.NewBrowser();
        await browser.FillInAsync("/admin/sign-in", new { Desk.Email, Desk.Password });
        Assert.Equal("/admin/sign-in/second", browser.Location.AbsolutePath);
        await browser.FillInAsync(browser.Location.PathAndQuery, new { Code = "000000" });
        Assert.Equal(
            ["session.refused"],
            await app.InStoreAsync(db => db.Audit.Where(row => row.Action.StartsWith("session.")).Select(row => row.Action).ToListAsync())
        );
    }
}
