using System.Net;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain.Audiences;
using StatusPage.Tests.Host;
using StatusPage.Web.Subscriptions;

namespace StatusPage.Tests.Audiences;

/// <summary>Many people add the same members at once: each member is there once, and nobody sees a failure.</summary>
public sealed class TwoClicksTests(PostgresServer postgres)
{
    private const int Clicks = 6;
    private const int Rounds = 4;
    private const int Members = 40;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Clicks_at_the_same_moment_make_no_failure(bool onPostgres)
    {
        await using var app = await AppHost.StartAsync([
            .. Desk.Owner,
            .. onPostgres ? ["--ConnectionStrings:Postgres", await postgres.CreateDatabaseAsync()] : Array.Empty<string>(),
        ]);
        var page = await app.PageAsync();
        var audience = Audience.Create(page.Id, "Board", new HashSet<string>(), DateTimeOffset.UtcNow);
        await app.InStoreAsync(async db =>
        {
            db.Add(audience);
            return await db.SaveChangesAsync();
        });
        var people = new List<BrowserSession>();
        for (var i = 0; i < Clicks; i++)
            people.Add(await app.SignInAsync());
        for (var round = 0; round < Rounds; round++)
        {
            var addresses = Enumerable.Range(0, Members).Select(i => $"member{i}@round{round}.example").ToList();
            var forms = new List<AngleSharp.Html.Dom.IHtmlFormElement>();
            foreach (var person in people)
                forms.Add((await person.GetAsync($"/admin/audiences/{audience.Id}")).Form("Add"));
            await Task.WhenAll(
                people.Select(
                    async (person, i) =>
                    {
                        // The order alternates, so that each waits for rows that another has locked.
                        await person.SubmitAsync(forms[i], new { Addresses = string.Join('\n', i % 2 == 0 ? addresses : Enumerable.Reverse(addresses)) });
                        Assert.Equal(HttpStatusCode.OK, person.Status);
                    }
                )
            );
        }
        Assert.Equal(Rounds * Members, await app.InStoreAsync(db => db.Subscribers.WithMembers().CountAsync(row => row.AudienceId == audience.Id)));
        foreach (var person in people)
            person.Dispose();
    }
}
