using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using StatusPage.Tests.Host;

namespace Fanout;

/// <summary>A post to very many: how long until the ledger has all its rows, and what the page and a second post feel of it.</summary>
internal static class Many
{
    public static async Task MeasureAsync(string store, int subscribers)
    {
        await using var sink = await SmtpSink.StartAsync();
        await using var site = await Site.StartAsync(store == "PostgreSQL", subscribers, "--Email:Smtp", $"smtp://127.0.0.1:{sink.Port}");
        var calm = await PageAsync(site, () => Task.Delay(3000));
        var quiet = await PostsAsync(site, () => Task.Delay(3000));
        var began = Stopwatch.GetTimestamp();
        var incident = await site.PostAsync("To very many");
        await using var db = site.Open();
        var written = WrittenAsync();
        var busy = PageAsync(site, () => written);
        var posts = await PostsAsync(site, () => written);
        var took = await written;
        Console.WriteLine();
        Console.WriteLine($"| {store}, {subscribers:N0} subscribers | measured | target |");
        Console.WriteLine("|---|---|---|");
        Console.WriteLine($"| ledger rows written, mails going out meanwhile | {took.TotalSeconds:0.0} s | < 10 s |");
        Console.WriteLine($"| a page meanwhile, median / p99 | {Of(await busy)} (calm: {Of(calm)}) | not slowed |");
        Console.WriteLine($"| another post meanwhile, median / worst | {Worst(posts)} (calm: {Worst(quiet)}) | not blocked |");

        async Task<TimeSpan> WrittenAsync()
        {
            await using var own = site.Open();
            var id = StatusPage.Domain.IncidentId.Of(incident);
            while (!await own.Announcements.AnyAsync(row => row.IncidentId == id && row.FannedOutAt != null))
                await Task.Delay(20);
            var span = Stopwatch.GetElapsedTime(began);
            var rows = await own.Deliveries.CountAsync();
            if (rows < subscribers)
                throw new InvalidOperationException($"{rows} rows for {subscribers} subscribers.");
            return span;
        }
    }

    /// <returns>Milliseconds of each GET of the page while something goes on.</returns>
    private static async Task<List<double>> PageAsync(Site site, Func<Task> during)
    {
        using var http = new HttpClient { BaseAddress = site.App.BaseAddress };
        var times = new List<double>();
        var running = during();
        while (!running.IsCompleted)
        {
            var began = Stopwatch.GetTimestamp();
            await http.GetByteArrayAsync("/");
            times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            await Task.Delay(5);
        }
        return times;
    }

    /// <returns>Milliseconds of each post, until its author sees it.</returns>
    private static async Task<List<double>> PostsAsync(Site site, Func<Task> during)
    {
        var times = new List<double>();
        var running = during();
        do
        {
            var began = Stopwatch.GetTimestamp();
            await site.PostAsync("Another one", silent: true);
            times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            await Task.Delay(500);
        } while (!running.IsCompleted);
        return times;
    }

    private static string Of(List<double> times)
    {
        times.Sort();
        return $"{Rate.Median(times):0.0} / {times[Math.Max(0, (int)Math.Ceiling(times.Count * 0.99) - 1)]:0.0} ms";
    }

    private static string Worst(List<double> times) => $"{Rate.Median(times):0} / {times.Max():0} ms";
}
