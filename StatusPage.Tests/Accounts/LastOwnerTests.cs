using System.Net;
using AngleSharp.Html.Dom;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain.Accounts;
using StatusPage.Tests.Host;

namespace StatusPage.Tests.Accounts;

/// <summary>A page always has an owner, whatever happens at the same time.</summary>
public sealed class LastOwnerTests(PostgresServer server)
{
    private const string Other = "other@acme.example";

    [Theory]
    [InlineData(false, "Role")]
    [InlineData(false, "Remove")]
    [InlineData(true, "Role")]
    [InlineData(true, "Remove")]
    public async Task Two_owners_who_send_each_other_away_at_once_leave_one(bool isPostgres, string handler)
    {
        await using var app = await AppHost.StartAsync(
            isPostgres ? [.. Desk.Owner, "--ConnectionStrings:Postgres", await server.CreateDatabaseAsync()] : Desk.Owner
        );
        for (var round = 0; round < 5; round++)
        {
            await app.InStoreAsync(db => db.Memberships.ExecuteUpdateAsync(set => set.SetProperty(row => row.Role, Role.Owner)));
            if (!await app.InStoreAsync(db => db.Users.AnyAsync(row => row.Email == Other)))
                await app.AccountAsync(Other, Role.Owner);
            var owners = await app.InStoreAsync(db =>
                db.Users.Where(row => row.Email == Desk.Email || row.Email == Other).ToDictionaryAsync(row => row.Email!, row => row.Id)
            );
            if (owners.Count < 2)
                return;
            using BrowserSession one = await app.SignInAsync(),
                two = await app.SignInAsync(Other);
            await Task.WhenAll(SendAwayAsync(one, owners[Other]), SendAwayAsync(two, owners[Desk.Email]));
            Assert.Equal(1, await app.InStoreAsync(db => db.Memberships.CountAsync(row => row.Role == Role.Owner)));
            Assert.All([one, two], browser => Assert.True((int)browser.Status < 500, browser.Status.ToString()));
            if (handler == "Remove")
                return;
        }

        async Task SendAwayAsync(BrowserSession browser, string account)
        {
            var page = await browser.GetAsync("/admin/accounts");
            var form = page
                .Forms.OfType<IHtmlFormElement>()
                .First(form =>
                    (form.GetAttribute("action") ?? "").Contains($"handler={handler}", StringComparison.Ordinal)
                    && form.QuerySelector($"[value='{account}']") is not null
                );
            await browser.SubmitAsync(form, handler == "Role" ? new Dictionary<string, object?> { ["role"] = "comms" } : []);
        }
    }

    [Fact]
    public async Task Of_many_invitations_of_one_colleague_at_once_none_fails()
    {
        await using var app = await AppHost.StartBesideAsync(Desk.Owner);
        await app.AccountAsync(Other, Role.Comms, app.Beside!.Page.Id);
        using var owner = await app.SignInAsync();
        var form = (await owner.GetAsync("/admin/accounts")).Form("Invite");
        var browsers = Enumerable.Range(0, 5).Select(_ => owner).ToList();
        await Task.WhenAll(
            browsers.Select(async browser =>
            {
                await browser.SubmitAsync(form, new { Email = Other, Role = "comms" });
                Assert.True((int)browser.Status < 500, browser.Status.ToString());
            })
        );
        Assert.Equal(
            1,
            await app.InStoreAsync(async db =>
                await db.Memberships.CountAsync(row => row.PageId == (db.Pages.OrderBy(page => page.CreatedAt).First().Id) && row.Role == Role.Comms)
            )
        );
        Assert.Equal(HttpStatusCode.OK, (await app.Http.GetAsync("/")).StatusCode);
    }
}
