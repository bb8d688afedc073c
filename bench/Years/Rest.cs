using System.Diagnostics;
using StatusPage.Tests.Host;

namespace Years;

/// <summary>The queries and the CPU time of a node that nobody asks anything.</summary>
internal static class Rest
{
    private static readonly TimeSpan Settles = TimeSpan.FromSeconds(45);
    private static readonly TimeSpan Watched = TimeSpan.FromMinutes(2);

    public static async Task MeasureAsync(TempFolder folder, string[] store)
    {
        using var heard = new Heard();
        await using var app = await AppHost.StartAsync(folder, null, ["--Demo", "true", .. store]);
        await Task.Delay(Settles);
        heard.Forget();
        using var process = Process.GetCurrentProcess();
        var before = process.TotalProcessorTime;
        await Task.Delay(Watched);
        process.Refresh();
        var used = process.TotalProcessorTime - before;
        Console.WriteLine(
            $"At rest with the demo, {(store.Length > 0 ? "PostgreSQL" : "SQLite")}: "
                + $"{heard.Count / Watched.TotalMinutes:0} queries and {used.TotalSeconds / Watched.TotalMinutes:0.00} s of CPU a minute."
        );
        foreach (var (text, times) in heard.Times.OrderByDescending(one => one.Value).Take(12))
        {
            var line = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
            Console.WriteLine($"{times / Watched.TotalMinutes, 6:0.0}  {line[..Math.Min(150, line.Length)]}");
        }
    }
}
