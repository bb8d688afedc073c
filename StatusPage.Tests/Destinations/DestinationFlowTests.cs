using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using StatusPage.Domain;
using StatusPage.Domain.Destinations;
using StatusPage.Domain.Postmortems;
using StatusPage.Tests.Host;
using StatusPage.Web.Destinations;

namespace StatusPage.Tests.Destinations;

/// <summary>From the API to a destination and back, on both stores.</summary>
public abstract class DestinationFlowTests : IAsyncLifetime
{
    private AppHost _app = null!;
    private ApiClient _api = null!;

    protected abstract Task<string[]> StoreAsync();

    public async ValueTask InitializeAsync()
    {
        _app = await AppHost.StartAsync([.. DestinationApp.Args, .. await StoreAsync()]);
        _api = await _app.ApiAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _api.Dispose();
        await _app.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_postmortem_is_sent_by_name_and_arrives_once_though_the_answer_is_lost()
    {
        await using var there = await ConfluenceServer.StartAsync();
        there.Fail("POST", "/wiki/api/v2/pages", SinkAnswer.Cut, isDone: true);
        await _app.ConfluenceAsync(there);
        var incident = await _api.LearnedAsync();
        var sent = (await _api.PostAsync($"incidents/{incident}/postmortem/send", new { destination = "Confluence" })).Expect(HttpStatusCode.Accepted);
        var first = Assert.Single(sent.Json.GetProperty("links").EnumerateArray().ToList());
        Assert.Equal(("postmortem", "Confluence"), (first.GetProperty("kind").GetString(), first.GetProperty("destination").GetString()));
        await _app.LinkAsync("the answer is lost", link => link is { State: LinkState.Creating, LeasedBy: null });
        await _app.HastenAsync();
        await _app.LinkAsync("it is linked", link => link is { State: LinkState.Linked, NextAttemptAt: null });
        Assert.Empty(there.Wrong);
        Assert.Single(there.Pages);
        var page = await _app.PageAsync();
        var links = await _app.InScopeAsync(services =>
            services.GetRequiredService<DestinationDesk>().LinksOfAsync(page.Id, IncidentId.Of(incident), default)
        );
        var view = Assert.Single(links);
        Assert.Equal((LinkState.Linked, there.Pages[0].Id, null), (view.State, view.Url?.Split('/')[^1], view.Error));
        Assert.Contains(await _app.InStoreAsync(db => db.Audit.AsNoTracking().ToListAsync()), entry => entry.Action == "postmortem.sent");
    }

    [Fact]
    public async Task What_cannot_be_sent_is_refused_in_words()
    {
        await using var there = await GitHubServer.StartAsync();
        await _app.GitHubAsync(there);
        var beside = await _app.AddPageAsync("Beside", "beside");
        await _app.DestinationAsync(DestinationKind.Webhook, there.Url, [], "Theirs", beside.Id);
        var incident = await _api.LearnedAsync();
        foreach (
            var (path, destination, words) in new[]
            {
                ("postmortem", "GitHub", "takes action items and no postmortems"),
                ("action_items", "GitHub", "There are no action items to send"),
                ("postmortem", "Nowhere", "There is no destination 'Nowhere'"),
                ("postmortem", "Theirs", "There is no destination 'Theirs'"),
            }
        )
            Assert.Contains(
                words,
                (await _api.PostAsync($"incidents/{incident}/{path}/send", new { destination }))
                    .Expect(HttpStatusCode.UnprocessableEntity)
                    .Text("message"),
                StringComparison.Ordinal
            );
        (await _api.PostAsync($"incidents/{incident}/postmortem/send", new { })).ExpectError(HttpStatusCode.UnprocessableEntity);
        (await _api.PostAsync("incidents/aaaaaaaaaaaa/postmortem/send", new { destination = "GitHub" })).ExpectError(HttpStatusCode.NotFound);
        Assert.Empty(there.Sink.Received);
    }

    [Fact]
    public async Task An_item_becomes_an_issue_and_follows_it_and_others_are_told()
    {
        await using var there = await GitHubServer.StartAsync();
        await using var told = await HttpSink.StartAsync();
        var github = await _app.GitHubAsync(there);
        await _app.DestinationAsync(DestinationKind.Webhook, $"{told.Url}/in", [], "Told");
        var incident = await _api.LearnedAsync();
        var (one, two) = (await _app.ItemAsync(incident, "Add alert for X"), await _app.ItemAsync(incident, "Update runbook"));
        there.Fail("POST", "/issues", SinkAnswer.Cut, isDone: true);
        await _api.PostAsync($"incidents/{incident}/action_items/send", new { destination = "GitHub" });
        await _app.LinkAsync("an answer is lost", link => link is { State: LinkState.Creating, LeasedBy: null, NextAttemptAt: not null });
        await _app.HastenAsync();
        var link = await _app.LinkAsync("the first is linked", row => row is { RemoteId: not null } && row.ObjectId == one.Id.Value);
        await _app.LinkAsync("the second is linked", row => row is { RemoteId: not null } && row.ObjectId == two.Id.Value);
        Assert.Equal(2, there.Made);
        Assert.Empty(there.Wrong);
        var number = int.Parse(link.RemoteId!, System.Globalization.CultureInfo.InvariantCulture);
        await _api.PostAsync($"incidents/{incident}/action_items/send", new { destination = "Told" });
        await told.WaitAsync("/in", 2);

        // Closed there, told by a webhook that comes twice.
        Assert.Equal(HttpStatusCode.Unauthorized, await _app.GitHubCallsAsync(github, "closed", number, "completed", "d-0", secret: "wrong"));
        Assert.Equal(HttpStatusCode.Accepted, await _app.GitHubCallsAsync(github, "closed", number, "completed", "d-0", repository: "acme/other"));
        Assert.Equal(HttpStatusCode.Accepted, await _app.GitHubCallsAsync(github, "closed", number, "completed", "d-foreign", text: "Of somebody else"));
        Assert.Equal(ActionItemState.Open, (await _app.ItemAsync(one.Id)).State);
        there.Close(number, "completed");
        Assert.Equal(HttpStatusCode.Accepted, await _app.GitHubCallsAsync(github, "closed", number, "completed", "d-1"));
        var done = await _app.ItemAsync(one.Id);
        Assert.Equal(ActionItemState.Done, done.State);
        Assert.Equal(HttpStatusCode.Accepted, await _app.GitHubCallsAsync(github, "closed", number, "completed", "d-1"));
        Assert.Equal(done.Version, (await _app.ItemAsync(one.Id)).Version);
        var entry = Assert.Single(await _app.InStoreAsync(db => db.Audit.AsNoTracking().Where(row => row.Action == "actionitem.done").ToListAsync()));
        Assert.Equal($"GitHub acme/api#{number}", entry.Actor);

        // The others hear of it; GitHub is told nothing back.
        _app.Services.GetRequiredService<DestinationBell>().Ring();
        var changed = (await told.WaitAsync("/in", 3))[2].Json;
        Assert.Equal(
            ("action_item.changed", "done"),
            (changed.GetProperty("type").GetString(), changed.GetProperty("data").GetProperty("state").GetString())
        );
        Assert.Equal(link.Url, changed.GetProperty("data").GetProperty("url").GetString());
        Assert.Equal(0, there.Count("PATCH", ""));

        // Opened again, with a webhook that never came: it is read.
        there.Set(number, "open", "reopened");
        await _app.HastenAsync();
        await Eventually.TrueAsync("it is open again", async () => (await _app.ItemAsync(one.Id)).State == ActionItemState.Open);

        // Both changed.
        await _app.InStoreAsync(async db =>
        {
            (await db.ActionItems.SingleAsync(row => row.Id == two.Id)).MoveTo(ActionItemState.Dropped, DateTimeOffset.UtcNow);
            return await db.SaveChangesAsync();
        });
        var other = number == 1 ? 2 : 1;
        there.Close(other, "completed");
        await _app.GitHubCallsAsync(github, "closed", other, "completed", "d-2");
        Assert.Equal(ActionItemState.Dropped, (await _app.ItemAsync(two.Id)).State);
        await _app.LinkAsync("that is said", row => row.LastError?.StartsWith("Both changed", StringComparison.Ordinal) == true);
    }

    /// <summary>The repository of a destination is another one now, in which somebody else's issue has the number of ours.</summary>
    [Fact]
    public async Task An_issue_of_the_former_repository_says_nothing_and_is_made_anew_when_it_is_sent()
    {
        await using var there = await GitHubServer.StartAsync();
        var github = await _app.GitHubAsync(there);
        var incident = await _api.LearnedAsync();
        var item = await _app.ItemAsync(incident, "Add alert for X");
        await _api.PostAsync($"incidents/{incident}/action_items/send", new { destination = "GitHub" });
        await _app.LinkAsync("it is linked", row => row is { RemoteId: "1", NextAttemptAt: null });
        await using var elsewhere = await GitHubServer.StartAsync();
        elsewhere.All.Add(new(1, "Theirs", "Of somebody else", "closed", "completed", []));
        await _app.InStoreAsync(db =>
            db.Destinations.Where(row => row.Id == github.Id).ExecuteUpdateAsync(set => set.SetProperty(row => row.BaseUrl, elsewhere.Url))
        );
        _app.Services.GetRequiredService<KnownDestinations>().Forget();
        await _app.HastenAsync();
        var link = await _app.LinkAsync("that is said", row => row.LastError?.Contains("former address", StringComparison.Ordinal) == true);
        Assert.Null(link.CheckAt);
        await _app.GitHubCallsAsync(github, "closed", 1, "completed", "d-1");
        Assert.Equal(ActionItemState.Open, (await _app.ItemAsync(item.Id)).State);
        await _api.PostAsync($"incidents/{incident}/action_items/send", new { destination = "GitHub" });
        link = await _app.LinkAsync("it is made anew", row => row is { RemoteId: "2", NextAttemptAt: null });
        Assert.Equal("https://github.com/acme/api/issues/1", link.FormerUrl);
        Assert.Equal(("Theirs", "Of somebody else"), (elsewhere.All[0].Title, elsewhere.All[0].Body));
    }

    [Fact]
    public async Task A_destination_that_ends_its_service_is_turned_off_and_one_in_trouble_says_so()
    {
        await using var there = await HttpSink.StartAsync();
        there.Next("/in", new SinkAnswer(503), new SinkAnswer(410));
        var destination = await _app.DestinationAsync(DestinationKind.Webhook, $"{there.Url}/in", []);
        var incident = await _api.LearnedAsync();
        await _api.PostAsync($"incidents/{incident}/postmortem/send", new { destination = "There" });
        await Eventually.TrueAsync(
            "its trouble is shown",
            () => _app.InStoreAsync(db => db.Destinations.AnyAsync(row => row.Id == destination.Id && row.Trouble != null && row.IsOn))
        );
        await _app.HastenAsync();
        await Eventually.TrueAsync("it is off", () => _app.InStoreAsync(db => db.Destinations.AnyAsync(row => row.Id == destination.Id && !row.IsOn)));
        var link = await _app.LinkAsync("it stopped", row => row.State == LinkState.Stopped);
        Assert.Contains("410", link.LastError, StringComparison.Ordinal);
        await Eventually.TrueAsync(
            "its owner is told",
            async () =>
                (await _app.InStoreAsync(db => db.Notices.AsNoTracking().Where(row => row.Address == Desk.Email).ToListAsync())).Exists(notice =>
                    notice.Subject.EndsWith("'There' waits for you", StringComparison.Ordinal)
                )
        );
    }

    [Fact]
    public async Task Two_nodes_never_work_on_the_same_and_who_lost_it_sends_nothing()
    {
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(DateTimeOffset.UtcNow.AddDays(10));
        var scopes = _app.Services.GetRequiredService<IServiceScopeFactory>();
        DestinationClaims first = new(scopes, new(), time),
            second = new(scopes, new(), time);
        var destination = await _app.DestinationAsync(DestinationKind.Webhook, "http://127.0.0.1:9", []);
        var incident = IncidentId.Of(await _api.LearnedAsync());
        await _app.InStoreAsync(db =>
        {
            // Due for those whose clock is ahead, and not for the host's own worker.
            foreach (var id in new[] { "aaaaaaaaaaaa", "bbbbbbbbbbbb" })
            {
                var link = DestinationLink.Of(destination, DestinationRef.Of(ActionItemId.Of(id)), incident, time.GetUtcNow());
                link.Ask(time.GetUtcNow());
                db.DestinationLinks.Add(link);
            }
            return db.SaveChangesAsync();
        });
        var claims = await Task.WhenAll(first.ClaimAsync(destination.Id, default), second.ClaimAsync(destination.Id, default));
        // One thing at a time, whoever was first.
        Assert.InRange(claims.Count(claim => claim is not null), 1, 2);
        Assert.Equal(claims.Count(claim => claim is not null), claims.OfType<ClaimedLink>().Select(claim => claim.Link.Id).Distinct().Count());
        var (mine, other) = claims[0] is { } taken ? (taken, second) : (claims[1]!, first);
        var owner = claims[0] is not null ? first : second;
        Assert.Null(await other.ClaimAsync(destination.Id, default));
        Assert.True(await owner.CommitAsync(mine));
        time.Advance(TimeSpan.FromMinutes(11));
        var ids = new List<long>();
        while (await other.ClaimAsync(destination.Id, default) is { } next)
        {
            ids.Add(next.Link.Id);
            next.Link.Stop("Done.", time.GetUtcNow());
            await other.FinishAsync(next);
        }
        Assert.Contains(mine.Link.Id, ids);
        Assert.False(await owner.CommitAsync(mine));
        mine.Link.Stop("Late.", time.GetUtcNow());
        await owner.FinishAsync(mine);
        Assert.All(await _app.InStoreAsync(db => db.DestinationLinks.AsNoTracking().ToListAsync()), row => Assert.Equal("Done.", row.LastError));
    }

    [Fact]
    public async Task What_is_asked_for_again_while_it_is_on_its_way_is_sent_again()
    {
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(DateTimeOffset.UtcNow.AddDays(10));
        var claims = new DestinationClaims(_app.Services.GetRequiredService<IServiceScopeFactory>(), new(), time);
        var destination = await _app.DestinationAsync(DestinationKind.Webhook, "http://127.0.0.1:9", []);
        var incident = IncidentId.Of(await _api.LearnedAsync());
        await _app.InStoreAsync(db =>
        {
            var link = DestinationLink.Of(destination, DestinationRef.Of(incident), incident, time.GetUtcNow());
            link.Ask(time.GetUtcNow());
            db.DestinationLinks.Add(link);
            return db.SaveChangesAsync();
        });
        var claim = (await claims.ClaimAsync(destination.Id, default))!;
        await _app.InScopeAsync(async services =>
        {
            await services.GetRequiredService<DestinationDesk>().SendPostmortemAsync(destination.PageId, incident, "There", "ann", default);
            return 0;
        });
        claim.Link.Stop("It did not work.", time.GetUtcNow());
        await claims.FinishAsync(claim);
        var row = await _app.InStoreAsync(db => db.DestinationLinks.AsNoTracking().SingleAsync());
        Assert.Equal((LinkState.None, 2, null, null), (row.State, row.Asked, row.LeasedBy, row.LastError));
        Assert.NotNull(row.NextAttemptAt);
    }
}

public sealed class SqliteDestinationFlowTests : DestinationFlowTests
{
    protected override Task<string[]> StoreAsync() => Task.FromResult<string[]>([]);
}

public sealed class PostgresDestinationFlowTests(PostgresServer postgres) : DestinationFlowTests
{
    protected override async Task<string[]> StoreAsync() => ["--ConnectionStrings:Postgres", await postgres.CreateDatabaseAsync()];
}
