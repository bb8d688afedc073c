using System.Net;
using System.Security.Cryptography;
using System.Text;
using StatusPage.Tests.Host;
using StatusPage.Web.Hosting;

namespace StatusPage.Tests.Hosting;

/// <summary>Runs alone in the process while it measures the memory.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class MemoryAlone
{
    public const string Name = "memory";
}

/// <summary>Nothing that a stranger can name stays in memory: every cache has a size, and nothing is kept for what does not exist.</summary>
[Collection(MemoryAlone.Name)]
public sealed class MemoryTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int Requests = 20_000;

    /// <summary>For requests that each render a form, or are much like others. The limit per request is the same.</summary>
    private const int Fewer = 2_000;

    /// <summary>Requests before the measurement, so that everything that is made once exists and everything with a size is full.</summary>
    private const int Before = 300;

    /// <summary>Bytes for each request. An entry of any cache is larger.</summary>
    private const long Each = 200;

    /// <summary>Bytes by which a collection varies by itself.</summary>
    private const long Noise = 1_500_000;

    private AppHost _app = null!;
    private string _group = "";

    public async ValueTask InitializeAsync()
    {
        _app = await DirectServer.StartDirectAsync([
            .. Desk.Owner,
            "--Demo",
            "true",
            "--Limits:UnknownKeysPerMinute",
            "5",
            "--Limits:SubscriptionsPerMinute",
            "5",
            "--Log:Level",
            "Fatal",
        ]);
        await _app.AddPageAsync("Beside", "beside");
        await _app.AddPageAsync("Other", host: "other.example");
        _group = "demo";
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task Twenty_thousand_hostile_addresses_of_each_family_leave_nothing_behind()
    {
        // Counts hold at most this many, so they are filled first.
        for (var i = 0; i < CountTable.Most; i++)
            foreach (var limit in new[] { "limit.search", "limit.subscribe", "limit.sign-in", "api.unknown-key" })
                await Services<Counts>().AddAsync(limit, $"{i}", TimeSpan.FromHours(1), default);
        foreach (var (family, requests, ask) in Families())
        {
            await AskAsync(ask, Before);
            var before = GC.GetTotalMemory(forceFullCollection: true);
            var began = DateTime.UtcNow;
            await AskAsync(ask, requests);
            var grown = GC.GetTotalMemory(forceFullCollection: true) - before;
            output.WriteLine($"{family}: {grown / 1024:N0} KB, {(DateTime.UtcNow - began).TotalSeconds:N1} s");
            Assert.True(grown < Noise + Each * requests, $"{family}: {requests} requests left {grown / 1024:N0} KB behind.");
        }
    }

    private T Services<T>()
        where T : notnull => (T)_app.Services.GetService(typeof(T))!;

    private IEnumerable<(string Family, int Requests, Func<Task> Ask)> Families()
    {
        yield return ("audiences", Requests, () => GetAsync($"/audiences/{Any()}"));
        yield return ("audiences' incidents", Fewer, () => GetAsync($"/audiences/{_group}/incidents/{Any()}"));
        yield return ("incidents", Requests, () => GetAsync($"/incidents/{Any()}"));
        yield return ("incidents with good ids", Requests, () => GetAsync($"/incidents/{Domain.PublicId.NewValue()}"));
        yield return ("incidents' feeds", Fewer, () => GetAsync($"/incidents/{Any()}.atom"));
        yield return ("incidents for programs", Fewer, () => GetAsync($"/incidents/{Domain.PublicId.NewValue()}.json"));
        yield return ("pages of history for programs", Fewer, () => GetAsync($"/history.json?page={RandomNumberGenerator.GetInt32(1, 99999)}&x={Any()}"));
        yield return ("history", Requests, () => GetAsync($"/history/{Any()}"));
        yield return (
            "months",
            Requests,
            () => GetAsync($"/history/{RandomNumberGenerator.GetInt32(1, 9999):D4}-{RandomNumberGenerator.GetInt32(1, 13):D2}")
        );
        yield return ("components", Requests, () => GetAsync($"/components/{Any()}"));
        yield return ("components' feeds", Fewer, () => GetAsync($"/components/{Any()}/history.rss"));
        yield return ("badges", Requests, () => GetAsync($"/badges/{Any()}.svg"));
        yield return ("badges with wishes", Requests, () => GetAsync($"/badges/overall.svg?label={Any()}&color={Any()}&style={Any()}&lang={Any()}"));
        yield return ("feeds", Requests, () => GetAsync($"/history.rss?{Any()}={Any()}"));
        yield return ("languages", Requests, () => GetAsync($"/de/{Any()}"));
        yield return ("Accept-Language", Requests, () => GetAsync("/", ("Accept-Language", $"{Any()[..8]};q=0.5, {Any()[..2]}-{Any()[..5]}")));
        yield return ("searches", Requests, () => GetAsync($"/search?q={Any()}"));
        yield return ("searches in a language", Fewer, () => GetAsync($"/ar/search?q={Any()}"));
        yield return ("subscription links", Requests, () => GetAsync($"/subscribe/manage/{Any()}"));
        yield return ("unsubscription links", Fewer, () => GetAsync($"/subscribe/unsubscribe/{Domain.PublicId.NewValue()}.{Any()[..22]}"));
        yield return ("subscription forms", Fewer, () => GetAsync($"/subscribe?component={Any()}&incident={Any()}"));
        yield return (
            "browsers",
            Fewer,
            () =>
                SendAsync(
                    "POST",
                    "/subscribe/browser",
                    $$$"""{"endpoint":"https://{{{Any()[..60]}}}.example/","keys":{"p256dh":"x","auth":"y"}}""",
                    ("Content-Type", "application/json"),
                    ("Sec-Fetch-Site", "same-origin")
                )
        );
        yield return ("API v2", Requests, () => GetAsync($"/api/v2/{Any()}.json"));
        yield return ("unknown keys", Requests, () => GetAsync("/v1/pages", ("Authorization", $"OAuth {Any()}")));
        yield return ("prefixes of pages", Requests, () => GetAsync($"/{Any()}/history"));
        yield return ("paths of a page under a prefix", Fewer, () => GetAsync($"/beside/{Any()}"));
        yield return ("hosts", Requests, () => GetAsync($"/{Any()[..4]}", ("Host", $"{Any()}.example")));
        yield return ("files of themes", Requests, () => GetAsync($"/assets/{Any()}.css"));
        yield return ("previews of themes", Fewer, () => GetAsync($"/admin/theme/preview/auto/{Any()}/"));
        yield return ("the desk", Fewer, () => GetAsync($"/admin/{Any()}?returnUrl={Any()}"));
        yield return (
            "sign-in",
            Fewer,
            () => SendAsync("POST", "/admin/sign-in", $"Email={Any()}@example.com&Password=x", ("Content-Type", "application/x-www-form-urlencoded"))
        );
        yield return ("cookies", Fewer, () => GetAsync("/subscribe", ("Cookie", $"form={Any()}; note={Any()}; member={Any()}")));
        yield return ("no address at all", Requests, () => GetAsync($"/{Any()}"));
        yield return ("methods", Fewer, () => SendAsync(Any()[..8], "/", ""));
    }

    private static string Any() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(100));

    private Task GetAsync(string target, params (string, string)[] headers) => SendAsync("GET", target, null, headers);

    private async Task SendAsync(string method, string target, string? body, params (string, string)[] headers)
    {
        var answer = await _app.SendDirectAsync(
            method,
            target,
            headers,
            body is null ? null : Encoding.UTF8.GetBytes(body),
            new IPAddress(RandomNumberGenerator.GetBytes(16)),
            keeps: false
        );
        Assert.True(answer.Status != 500, $"{method} {target} → {answer.Status}");
    }

    private static Task AskAsync(Func<Task> ask, int times) =>
        Parallel.ForEachAsync(Enumerable.Range(0, times), new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (_, _) => await ask());
}
