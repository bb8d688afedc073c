using System.Net;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using StatusPage.Domain.Accounts;
using StatusPage.Domain.Audiences;
using StatusPage.Domain.Channels;
using StatusPage.Domain.Subscriptions;
using StatusPage.Tests.Channels;
using StatusPage.Tests.Host;
using StatusPage.Web.Public;

namespace StatusPage.Tests.Exercises;

/// <summary>A game day at the desk: it runs from the alert to the end, and nothing of it leaves.</summary>
public sealed class ExerciseDeskTests(PostgresServer postgres)
{
    private const string Secret = "Vesuvius";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_whole_exercise_reaches_no_channel_no_subscriber_and_no_public_byte(bool onPostgres)
    {
        string[] store = onPostgres ? ["--ConnectionStrings:Postgres", await postgres.CreateDatabaseAsync()] : [];
        await using var all = await Services.StartAsync(store, [.. ChannelKinds.OfAccounts]);
        var (app, owner) = (all.App, all.Owner);
        var page = await app.PageAsync();
        var audience = Audience.Create(page.Id, "Support", new HashSet<string>(), DateTimeOffset.UtcNow);
        var member = Subscriber.Member(page.Id, audience.Id, "agent@acme.example", DateTimeOffset.UtcNow);
        var mail = await app.SubscriberAsync("ann@customer.example");
        var hook = Subscriber.ByWebhook(page.Id, $"{all.Sink.Url}/hook", "ann@example.com", DateTimeOffset.UtcNow);
        hook.Confirm(DateTimeOffset.UtcNow);
        await app.InStoreAsync(db =>
        {
            db.AddRange(audience, member, hook);
            return db.SaveChangesAsync();
        });
        await app.AccountAsync("rita@acme.example", Role.Responder);
        using var rita = await app.SignInAsync("rita@acme.example");
        var (version, asked) = ((await app.PageAsync()).Version, all.Sink.Received.Count);

        await owner.FillInAsync("/admin/gamedays", new { }, "form:has(input[value=full-outage])");
        var path = owner.Location.AbsolutePath;
        Assert.Matches("^/admin/gamedays/[a-z0-9]{12}$", path);
        Assert.Null((await rita.GetAsync(path)).QuerySelector("form[action*=Update]"));
        await owner.FillInAsync(path, new { }, "form[action*=Reveal]");
        var shown = await rita.GetAsync(path);
        Assert.Contains("nothing of it leaves the desk", shown.QuerySelector(".exercise")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("no region answers", shown.QuerySelector(".timeline")!.TextContent, StringComparison.Ordinal);
        // The script is the leader's alone.
        Assert.DoesNotContain("Synthetic checks", shown.Body!.TextContent, StringComparison.Ordinal);
        Assert.Contains("Synthetic checks", (await owner.GetAsync(path)).Body!.TextContent, StringComparison.Ordinal);
        await rita.FillInAsync(path, new { }, "form[action*=Take]");
        foreach (var phase in new[] { "investigating", "identified", "monitoring", "resolved" })
            await rita.FillInAsync(
                path,
                new
                {
                    Phase = phase,
                    Body = $"{Secret} is {phase}.",
                    ImpactSummary = Secret,
                    TeamStatus = Secret,
                },
                "form[action*=Update]"
            );
        await rita.FillInAsync(path, new { Note = $"{Secret} smokes." }, "form[action*=Note]");
        var refused = await rita.FillInAsync(path, new { Body = "{{name}} fails." }, "form[action*=Update]");
        Assert.NotEqual("", refused.ErrorFor("Body"));
        var end = (await owner.GetAsync(path)).Form("End");
        var token = (await rita.GetAsync(path)).QuerySelector("input[name=__RequestVerificationToken]")!.GetAttribute("value");
        var unmoved = await rita.SubmitAsync(end, new Dictionary<string, object?> { ["__RequestVerificationToken"] = token });
        Assert.Contains("leads this exercise and ends it.", unmoved.Summary(), StringComparison.Ordinal);
        await owner.FillInAsync(path, new { }, "form[action*=End]");
        shown = await rita.GetAsync(path);
        Assert.Contains($"{Secret} is resolved.", shown.Body!.TextContent, StringComparison.Ordinal);
        var asRead = await rita.GetAsync($"{path}/page");
        Assert.Contains("Exercise. Nothing of this is real", asRead.QuerySelector(".asof")!.TextContent, StringComparison.Ordinal);
        Assert.Contains($"{Secret} is resolved.", asRead.QuerySelector(".timeline")!.TextContent, StringComparison.Ordinal);
        var learned = Assert.Single(shown.QuerySelectorAll("main form")).QuerySelector("textarea")!.TextContent;
        Assert.Contains("## Root Cause", learned, StringComparison.Ordinal);
        Assert.Contains($"{Secret} is identified.", learned, StringComparison.Ordinal);
        shown = await rita.FillInAsync(path, new { Learned = $"{Secret}: rita forgot the drill." }, "form[action*=Learn]");
        Assert.Contains("hard to overlook", shown.QuerySelector(".blame")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(
            ["under a minute", "under a minute", "under a minute", "under a minute"],
            shown.QuerySelectorAll("table tbody td:nth-of-type(1)").Select(cell => cell.TextContent)
        );

        // Nothing was ordered to be told, ...
        await app.InStoreAsync(async db =>
        {
            Assert.Empty(await db.Incidents.ToListAsync());
            Assert.Empty(await db.Announcements.ToListAsync());
            Assert.Empty(await db.Deliveries.ToListAsync());
            Assert.Empty(await db.Notices.ToListAsync());
            Assert.Empty(await db.Drafts.ToListAsync());
            Assert.Equal(9, (await db.Exercises.Include(row => row.Lines).SingleAsync()).Lines.Count);
            return 0;
        });
        Assert.Equal(version, (await app.PageAsync()).Version);
        // ... and after a real post, which renders and sends everything, it is told alone.
        await owner.FillInAsync(
            "/admin/incidents/new",
            new Dictionary<string, object?>(Desk.Example()) { ["Update.Audiences"] = audience.Id.Value },
            "form[data-compose]"
        );
        await Eventually.TrueAsync(
            "every channel is told of the real incident",
            () =>
                app.InStoreAsync(async db =>
                    await db.Deliveries.CountAsync(row => row.State == Domain.Deliveries.DeliveryState.Sent) == ChannelKinds.OfAccounts.Count + 3
                )
        );
        foreach (var request in all.Sink.Received.Skip(asked))
            AssertNone(request.Text, request.Path);
        foreach (var file in Directory.EnumerateFiles(Path.Combine(app.DataDirectory, "mail")))
            AssertNone(await File.ReadAllTextAsync(file), file);
        foreach (var (address, made) in await app.Services.GetRequiredService<PublicSites>().First.Current!.AllAsync())
            AssertNone(Encoding.UTF8.GetString(made.Document.Plain.Body), address);
        foreach (var list in new[] { "incidents", "incidents/unresolved", "drafts" })
            AssertNone((await all.Api.GetAsync(list)).Json.GetRawText(), list);
        Assert.Equal(HttpStatusCode.NotFound, (await app.Http.GetAsync(new Uri($"/incidents/{path.Split('/')[^1]}", UriKind.Relative))).StatusCode);
        Assert.DoesNotContain(Secret, (await owner.GetAsync("/admin/record?handler=Export")).Body!.TextContent, StringComparison.Ordinal);
        Assert.NotNull(mail);
    }

    [Fact]
    public async Task An_exercise_belongs_to_its_page_and_an_auditor_watches()
    {
        await using var app = await AppHost.StartAsync(Desk.Owner);
        using var owner = await app.SignInAsync();
        await owner.FillInAsync("/admin/gamedays", new { }, "form:has(input[value=bad-deploy])");
        var path = owner.Location.AbsolutePath;
        await app.AccountAsync("adam@acme.example", Role.Auditor);
        using var adam = await app.SignInAsync("adam@acme.example");
        Assert.Empty((await adam.GetAsync(path)).QuerySelectorAll("main form"));
        Assert.Empty((await adam.GetAsync("/admin/gamedays")).QuerySelectorAll("main form"));
        var beside = await app.AddPageAsync("Beside", "beside");
        await app.AccountAsync("eve@acme.example", Role.Owner, beside.Id);
        using var eve = app.NewBrowser();
        await eve.FillInAsync("/beside/admin/sign-in", new { Email = "eve@acme.example", Desk.Password });
        await eve.GetAsync($"/beside{path}");
        Assert.Equal(HttpStatusCode.NotFound, eve.Status);
    }

    private static void AssertNone(string text, string where)
    {
        foreach (var word in new[] { Secret, "Synthetic checks", "no region answers", "Everything is down" })
            Assert.False(text.Contains(word, StringComparison.OrdinalIgnoreCase), $"'{word}' is in {where}.");
    }
}
