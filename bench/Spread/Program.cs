using System.Diagnostics;
using System.Globalization;
using StatusPage.Tests.Host;

// How long after a post on one node the other node shows it: two real processes, one PostgreSQL, with and without Redis.
// The clock starts before the request is sent, so the time of posting itself is included.
var posts = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 200;
Console.WriteLine("| with | posts | median | p99 | worst |");
Console.WriteLine("|---|---:|---:|---:|---:|");
await MeasureAsync("Redis (backplane)", withRedis: true, posts);
await MeasureAsync("PostgreSQL alone (polling)", withRedis: false, Math.Max(20, posts / 5));

static async Task MeasureAsync(string name, bool withRedis, int posts)
{
    await using var site = new TwoNodes();
    await site.InitializeAsync();
    if (!withRedis)
        await site.Redis.StopAsync();
    // The first posts find cold code.
    for (var i = 0; i < 10; i++)
        await PostAsync(site, $"warm-{i}");
    var times = new List<double>();
    for (var i = 0; i < posts; i++)
        times.Add(await PostAsync(site, $"measured-{i}-"));
    times.Sort();
    Console.WriteLine(
        string.Create(
            CultureInfo.InvariantCulture,
            $"| {name} | {posts} | {times[posts / 2]:0} ms | {times[Math.Min(posts - 1, (int)Math.Ceiling(posts * 0.99) - 1)]:0} ms | {times[^1]:0} ms |"
        )
    );
}

static async Task<double> PostAsync(TwoNodes site, string title)
{
    using var other = site.Http(1);
    var began = Stopwatch.GetTimestamp();
    var posting = Task.Run(() => site.PostAsync(0, title));
    while (!(await other.GetStringAsync("/api/v2/incidents/unresolved.json")).Contains(title, StringComparison.Ordinal))
        await Task.Delay(1);
    var took = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
    var posted = await posting;
    // Closed again, so that the page does not grow while it is measured.
    await site.Apis[0].DeleteAsync($"incidents/{posted.Id}");
    return took;
}
