using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain.Accounts;
using StatusPage.Domain.Deliveries;
using StatusPage.Domain.Pages;
using StatusPage.Tests.Alerts;
using StatusPage.Tests.Host;
using StatusPage.Web.Alerts;
using StatusPage.Web.Data;

namespace StatusPage.Tests.Deliveries;

/// <summary>The real program, killed or stopped in the middle of its work.</summary>
public abstract class CrashTests : IAsyncLifetime
{
    private const int Subscribers = 40;

    private readonly TempFolder _folder = new();
    private readonly MailServer _mail = new();
    private string? _postgres;
    private string[] _args = [];
    private Page _page = null!;
    private string _key = "";

    protected abstract Task<string?> NewPostgresAsync();

    public async ValueTask InitializeAsync()
    {
        _postgres = await NewPostgresAsync();
        // A fixed public address, as the port differs from start to start.
        _args =
        [
            "--Email:Smtp",
            _mail.Url,
            "--Delivery:LeaseSeconds",
            "5",
            .. _postgres is null ? [] : new[] { "--ConnectionStrings:Postgres", _postgres },
        ];
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _mail.DisposeAsync();
        _folder.Dispose();
    }

    private StatusDb Open() =>
        _postgres is null
            ? new SqliteStatusDb(new DbContextOptionsBuilder<SqliteStatusDb>().UseSqlite($"Data Source={_folder.File("status.db")}").Options)
            : new PostgresStatusDb(new DbContextOptionsBuilder<PostgresStatusDb>().UseNpgsql(_postgres).Options);

    private async Task<AppProcess> StartWithSubscribersAsync()
    {
        var app = await AppProcess.StartAsync(_folder, _args);
        await using var db = Open();
        _page = await db.Pages.AsNoTracking().SingleAsync();
        (var row, _key) = ApiKey.Create(_page.Id, "test", Role.Comms, DateTimeOffset.UtcNow);
        db.Add(row);
        for (var i = 0; i < Subscribers; i++)
        {
            var subscriber = An.Subscriber(_page.Id, $"s{i}@customer.example", [], DateTimeOffset.UtcNow);
            subscriber.Confirm(DateTimeOffset.UtcNow);
            db.Add(subscriber);
        }
        await db.SaveChangesAsync();
        return app;
    }

    private async Task PostAsync(AppProcess app)
    {
        using var http = new HttpClient { BaseAddress = app.BaseAddress };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("OAuth", _key);
        (
            await http.PostAsJsonAsync($"/v1/pages/{_page.Id}/incidents", new { incident = new { name = "Down", body = "Down." } })
        ).EnsureSuccessStatusCode();
    }

    private async Task<HttpResponseMessage> PostAsync(AppProcess app, string key)
    {
        using var http = new HttpClient { BaseAddress = app.BaseAddress };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("OAuth", _key);
        http.DefaultRequestHeaders.Add("Idempotency-Key", key);
        return await http.PostAsJsonAsync(
            $"/v1/pages/{_page.Id}/incidents",
            new
            {
                incident = new
                {
                    name = $"Down {key}",
                    body = "Down.",
                    deliver_notifications = false,
                },
            }
        );
    }

    [Fact]
    public async Task Killed_among_posts_with_keys_each_sent_again_is_answered_and_there_once_and_no_alert_is_lost()
    {
        const int rounds = 2;
        Caller caller;
        await using (var host = await AppHost.StartAsync(["--DataDirectory", _folder.Path, .. _args]))
            caller = await host.AlertSourceAsync();
        var taken = new ConcurrentBag<string>();
        var answered = new ConcurrentDictionary<string, string>();
        var keys = new List<string>();
        for (var round = 0; round < rounds; round++)
        {
            await using var app = round == 0 ? await StartWithSubscribersAsync() : await AppProcess.StartAsync(_folder, _args);
            var (now, enough) = (Enumerable.Range(0, 40).Select(i => $"{round}-{i}").ToList(), new TaskCompletionSource());
            keys.AddRange(now);
            var posters = now.Chunk(10)
                .Select(async mine =>
                {
                    try
                    {
                        foreach (var key in mine)
                        {
                            await NoteAsync(key, await PostAsync(app, key));
                            if (answered.Count >= (round * now.Count) + 12)
                                enough.TrySetResult();
                        }
                    }
                    catch (Exception exception) when (exception is HttpRequestException or IOException)
                    {
                        // It was killed before it answered.
                    }
                })
                .Append(AlertAsync(app, round))
                .ToList();
            await enough.Task.WaitAsync(Eventually.Deadline);
            await app.KillAsync();
            await Task.WhenAll(posters);

            await using var next = await AppProcess.StartAsync(_folder, _args);
            foreach (var key in now)
                await NoteAsync(key, await PostAsync(next, key));
            // What was answered with 202 is worked on, even if the program died before it could begin.
            await Eventually.TrueAsync(
                "each alert that was taken is a case",
                async () =>
                {
                    await using var store = Open();
                    var keys = await store.AlertEpisodes.Select(row => row.Key).ToListAsync();
                    Assert.Equal(keys.Distinct().Count(), keys.Count);
                    return taken.All(keys.Contains);
                }
            );
        }
        Assert.NotEmpty(taken);
        Assert.Equal(keys.Count, answered.Values.Distinct().Count());
        await using var db = Open();
        Assert.Equal(keys.Select(key => $"Down {key}").Order(), (await db.Incidents.Select(row => row.Title).ToListAsync()).Order());

        async Task AlertAsync(AppProcess app, int round)
        {
            using var http = new HttpClient { BaseAddress = app.BaseAddress };
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", caller.Secret);
            try
            {
                for (var i = 0; ; i++)
                {
                    var body = new
                    {
                        key = $"{round}-{i}",
                        title = "API errors",
                        signal = "firing",
                    };
                    if ((await http.PostAsJsonAsync(AlertSetup.PathOf(caller.Source), body)).StatusCode == HttpStatusCode.Accepted)
                        taken.Add(body.key);
                }
            }
            catch (Exception exception) when (exception is HttpRequestException or IOException)
            {
                // It was killed before it answered.
            }
        }

        async Task NoteAsync(string key, HttpResponseMessage response)
        {
            var body = await response.Content.ReadAsStringAsync();
            Assert.True(response.StatusCode == HttpStatusCode.Created, body);
            var id = JsonElement.Parse(body).GetProperty("id").GetString()!;
            Assert.Equal(id, answered.GetOrAdd(key, id));
        }
    }

    private Task AllSentAsync() =>
        Eventually.TrueAsync(
            "the ledger says that all is sent",
            async () =>
            {
                await using var db = Open();
                return await db.Deliveries.CountAsync(row => row.State == DeliveryState.Sent) == Subscribers;
            }
        );

    private async Task<HashSet<string>> RecordedAsync()
    {
        await using var db = Open();
        var emails = await db.Subscribers.ToDictionaryAsync(row => row.Id, row => row.Email!);
        return
        [
            .. (await db.Deliveries.Where(row => row.State == DeliveryState.Sent).Select(row => row.RecipientId).ToListAsync()).Select(id =>
                emails[id.AsSubscriber]
            ),
        ];
    }

    [Fact]
    public async Task Killed_in_the_middle_it_tells_everybody_and_nobody_twice_who_was_recorded()
    {
        HashSet<string> recorded;
        await using (var app = await StartWithSubscribersAsync())
        {
            await PostAsync(app);
            await _mail.WaitForCountAsync(10);
            _mail.HoldAnswers();
            await Eventually.TrueAsync("something is recorded", async () => (await RecordedAsync()).Count > 0);
            await app.KillAsync();
            recorded = await RecordedAsync();
        }
        var before = _mail.Received.Count;
        _mail.Release();
        await using var again = await AppProcess.StartAsync(_folder, _args);
        await AllSentAsync();

        Assert.Equal(Subscribers, _mail.Received.Select(mail => mail.To).Distinct().Count());
        Assert.All(recorded, address => Assert.Single(_mail.To(address)));
        Assert.All(_mail.Received.GroupBy(mail => mail.To), mails => Assert.Single(mails.Select(mail => mail.Message.MessageId).Distinct()));
        // Only mails that were on their way in that moment and not yet recorded may come twice.
        Assert.InRange(_mail.Received.Count, Subscribers, Subscribers + before - recorded.Count);
        AssertNothingLeaks(again.Output);
    }

    [Fact]
    public async Task Asked_to_stop_in_the_middle_it_finishes_what_it_began_and_nobody_is_told_twice()
    {
        await using (var app = await StartWithSubscribersAsync())
        {
            _mail.HoldAnswers();
            await PostAsync(app);
            await _mail.WaitForCountAsync(4);
            app.AskToStop();
            _mail.Release();
            Assert.Equal(0, await app.EndAsync());
            AssertNothingLeaks(app.Output);
        }
        Assert.Equal(_mail.Received.Select(mail => mail.To).Order(), (await RecordedAsync()).Order());
        await using var again = await AppProcess.StartAsync(_folder, _args);
        await AllSentAsync();
        Assert.Equal(Subscribers, _mail.Received.Count);
        Assert.Equal(Subscribers, _mail.Received.Select(mail => mail.To).Distinct().Count());
    }

    /// <summary>The output holds no address, key or token except the set-up link, which is printed on purpose.</summary>
    private void AssertNothingLeaks(string output)
    {
        var lines = output.Split('\n').Where(line => !line.StartsWith("Set-up link", StringComparison.Ordinal)).ToList();
        Assert.DoesNotContain(lines, line => line.Contains('@', StringComparison.Ordinal));
        Assert.DoesNotContain(
            lines,
            line =>
                line.Contains(_key, StringComparison.Ordinal)
                || line.Contains("sp_", StringComparison.Ordinal)
                || line.Contains("token", StringComparison.OrdinalIgnoreCase)
        );
    }
}

public sealed class SqliteCrashTests : CrashTests
{
    protected override Task<string?> NewPostgresAsync() => Task.FromResult<string?>(null);
}

public sealed class PostgresCrashTests(PostgresServer postgres) : CrashTests
{
    protected override async Task<string?> NewPostgresAsync() => await postgres.CreateDatabaseAsync();
}
