using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace StatusPage.Tests.Host;

/// <summary>
/// The whole of compose.yaml as processes, started by docs/deploy/topology.sh. The tests of a class share it and restart what they stop.
/// </summary>
public sealed class Topology : IAsyncLifetime
{
    private static readonly TimeSpan PublishedWithin = TimeSpan.FromMinutes(10);

    private Dictionary<string, string> _values = [];

    /// <summary>The root of the repository.</summary>
    public static string Root { get; } = Path.GetFullPath(Path.Combine(Here(), "..", ".."));

    /// <summary>Unlike a <see cref="TempFolder"/>, it is open to the users as which the parts run.</summary>
    public string Folder { get; } = Path.Combine(Path.GetTempPath(), $"statuspage-topology-{Guid.NewGuid():N}");

    public Uri Proxy => new(_values["PROXY_URL"]);
    public Uri Node1 => new(_values["NODE1_URL"]);
    public Uri Node2 => new(_values["NODE2_URL"]);
    public string Postgres =>
        $"Host=127.0.0.1;Port={_values["POSTGRES_PORT"]};Username=statuspage;Database=statuspage;Password={_values["POSTGRES_PASSWORD"]}";

    public async ValueTask InitializeAsync()
    {
        try
        {
            await UpAsync();
        }
        catch
        {
            // The parts that did start would outlive the tests.
            await DisposeAsync();
            throw;
        }
        _values = (await File.ReadAllLinesAsync(Path.Combine(Folder, "ports.env")))
            .Select(line => line.Split('=', 2))
            .ToDictionary(pair => pair[0], pair => pair[1].Trim('\''));
    }

    public async ValueTask DisposeAsync()
    {
        await RunAsync("down", Folder);
        Directory.Delete(Folder, recursive: true);
    }

    /// <summary>Starts the parts that do not run, and returns when all of them answer.</summary>
    public async Task UpAsync()
    {
        var (code, output) = await RunAsync(["up", Folder, "--", .. Desk.Owner]);
        Assert.True(code == 0, output);
    }

    /// <summary>Runs a test and restarts all parts, even if it fails, so that the next test finds them running.</summary>
    public async Task AndUpAgainAsync(Func<Task> test)
    {
        try
        {
            await test();
        }
        finally
        {
            await UpAsync();
        }
    }

    public Task<(int ExitCode, string Output)> StatusAsync() => RunAsync("status", Folder);

    /// <param name="part">A name from <c>status</c>: postgres, redis, node1, node2 or proxy.</param>
    public int ProcessId(string part) => int.Parse(File.ReadAllText(Path.Combine(Folder, "pids", part + ".pid")), CultureInfo.InvariantCulture);

    /// <summary>Sends SIGKILL and waits until it is gone.</summary>
    public async Task KillAsync(string part)
    {
        using var process = Process.GetProcessById(ProcessId(part));
        process.Kill();
        await process.WaitForExitAsync().WaitAsync(Eventually.Deadline);
    }

    public Task PauseAsync(string part) => SignalAsync(part, "STOP");

    public Task ContinueAsync(string part) => SignalAsync(part, "CONT");

    private async Task SignalAsync(string part, string signal)
    {
        using var kill = Process.Start("kill", ["-s", signal, $"{ProcessId(part)}"]);
        await kill.WaitForExitAsync();
    }

    private static async Task<(int ExitCode, string Output)> RunAsync(params string[] args)
    {
        var start = new ProcessStartInfo(Path.Combine(Root, "docs", "deploy", "topology.sh"), args)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // The build of these tests has run the analyzers already.
        start.Environment["RunAnalyzers"] = "false";
        // Compiling ahead changes nothing but the speed, and takes a minute of two cores.
        start.Environment["PublishReadyToRun"] = "false";
        using var script = Process.Start(start)!;
        var output = script.StandardOutput.ReadToEndAsync();
        var error = script.StandardError.ReadToEndAsync();
        await script.WaitForExitAsync().WaitAsync(PublishedWithin);
        return (script.ExitCode, await output + await error);
    }

    private static string Here([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
