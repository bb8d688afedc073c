using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain.Accounts;
using StatusPage.Domain.Deliveries;
using StatusPage.Domain.Pages;
using StatusPage.Tests.Host;
using StatusPage.Web.Data;

namespace StatusPage.Tests.Deliveries;

/// <summary>
/// Real processes and real faults in the middle of a run: everybody gets the message. Only mails that were on their way in that moment may come twice,
/// and their Message-ID shows that they are the same.
/// </summary>
public sealed partial class FaultTests : IAsyncLifetime
{
    private const int Recipients = 1_500;
    private const int Sessions = 8;

    private readonly TempFolder _folder = new();
    private readonly TempFolder _otherFolder = new();
    private readonly PostgresServer _postgres = new();
    private SmtpSink _sink = null!;
    private string _database = "";
    private string[] _args = [];
    private Page _page = null!;
    private string _key = "";

    public async ValueTask InitializeAsync()
    {
        _sink = await SmtpSink.StartAsync(keeps: true);
        _database = await _postgres.CreateDatabaseAsync();
        _args =
        [
            "--Email:Smtp",
            _sink.Url,
            "--Delivery:LeaseSeconds",
            "6",
            "--Delivery:Connections",
            Sessions.ToString(CultureInfo.InvariantCulture),
            "--ConnectionStrings:Postgres",
            _database,
        ];
    }

    public async ValueTask DisposeAsync()
    {
        await _sink.DisposeAsync();
        await _postgres.DisposeAsync();
        _folder.Dispose();
        _otherFolder.Dispose();
    }

    [Fact]
    public async Task A_worker_that_is_killed_loses_nobody()
    {
        await using (var app = await StartAsync())
        {
            await PostAndWaitForSomeAsync(app);
            await app.KillAsync();
        }
        var unrecorded = await UnrecordedAsync();
        await using var again = await AppProcess.StartAsync(_folder, _args);
        await AllSentAsync();
        AssertEverybodyGotIt(atMostTwice: unrecorded);
    }

    [Fact]
    public async Task A_database_that_is_killed_loses_nobody()
    {
        await using var app = await StartAsync();
        await PostAndWaitForSomeAsync(app);
        await _postgres.KillAsync();
        await _postgres.StartAsync();
        await AllSentAsync();
        // Results are kept until they can be written, so even mails that were on their way are not sent again.
        AssertEverybodyGotIt(atMostTwice: 0);
    }

    [Fact]
    public async Task A_mail_server_that_is_killed_loses_nobody()
    {
        await using var app = await StartAsync();
        await PostAndWaitForSomeAsync(app);
        await _sink.KillAsync();
        await _sink.StartAgainAsync();
        await AllSentAsync();
        AssertEverybodyGotIt(atMostTwice: Sessions);
    }

    [Fact]
    public async Task A_node_that_stands_still_beyond_its_lease_and_goes_on_sends_nothing_that_another_took_over()
    {
        await using var app = await StartAsync();
        await PostAndWaitForSomeAsync(app);
        app.Pause();
        var unrecorded = await UnrecordedAsync();
        await using var other = await AppProcess.StartAsync(_otherFolder, _args);
        await AllSentAsync();
        app.Continue();
        // By the time it answers a new post, it has found out which deliveries it no longer holds.
        await PostAsync(app, "After the pause");
        await AllSentAsync(2 * Recipients);
        AssertEverybodyGotIt(atMostTwice: unrecorded + Sessions, messages: 2);
    }

    private PostgresStatusDb Open() => new(new DbContextOptionsBuilder<PostgresStatusDb>().UseNpgsql(_database + ";Pooling=false").Options);

    private async Task<AppProcess> StartAsync()
    {
        var app = await AppProcess.StartAsync(_folder, _args);
        await using var db = Open();
        _page = await db.Pages.AsNoTracking().SingleAsync();
        (var row, _key) = ApiKey.Create(_page.Id, "test", Role.Comms, DateTimeOffset.UtcNow);
        db.Add(row);
        await db.SaveChangesAsync();
        await ManySubscribers.AddAsync(db, _page.Id, Recipients);
        return app;
    }

    private async Task PostAsync(AppProcess app, string title)
    {
        using var http = new HttpClient { BaseAddress = app.BaseAddress };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("OAuth", _key);
        (await http.PostAsJsonAsync($"/v1/pages/{_page.Id}/incidents", new { incident = new { name = title, body = "Down." } })).EnsureSuccessStatusCode();
    }

    private async Task PostAndWaitForSomeAsync(AppProcess app)
    {
        await PostAsync(app, "Down");
        await Eventually.TrueAsync("some are told", () => Whole().Count > Recipients / 10);
    }

    private Task AllSentAsync(int count = Recipients) =>
        Eventually.TrueAsync(
            "the ledger says that all is sent",
            async () =>
            {
                try
                {
                    await using var db = Open();
                    return await db.Deliveries.CountAsync(row => row.State == DeliveryState.Sent) == count;
                }
                catch (Exception exception) when (StoreSetup.IsOutage(exception))
                {
                    return false;
                }
            }
        );

    /// <summary>Messages that the mail server has received whole and the ledger has not recorded.</summary>
    private async Task<int> UnrecordedAsync()
    {
        await using var db = Open();
        return Whole().Count - await db.Deliveries.CountAsync(row => row.State == DeliveryState.Sent);
    }

    private void AssertEverybodyGotIt(int atMostTwice, int messages = 1)
    {
        var kept = Whole().Select(mail => (To: Recipient().Match(mail).Groups[1].Value, Id: MessageId().Match(mail).Groups[1].Value)).ToList();
        var distinct = kept.Distinct().ToList();
        Assert.Equal(Recipients * messages, distinct.Count);
        Assert.Equal(Recipients, distinct.Select(mail => mail.To).Distinct().Count());
        TestContext.Current.TestOutputHelper?.WriteLine($"{kept.Count - distinct.Count} came twice; {atMostTwice} may.");
        Assert.InRange(kept.Count - distinct.Count, 0, atMostTwice);
    }

    /// <summary>The mails that a server received whole; a killed server leaves a few that it had begun.</summary>
    private List<string> Whole() => [.. _sink.Kept().Where(mail => End().IsMatch(mail))];

    [GeneratedRegex("^--=_[0-9a-f]{32}--\\s*\\z", RegexOptions.Multiline)]
    private static partial Regex End();

    [GeneratedRegex("^X-Rcpt-Args: <([^>]+)>", RegexOptions.Multiline)]
    private static partial Regex Recipient();

    [GeneratedRegex("^Message-Id: <([^>]+)>", RegexOptions.Multiline | RegexOptions.IgnoreCase)]
    private static partial Regex MessageId();
}
