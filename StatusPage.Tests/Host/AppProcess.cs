using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;

namespace StatusPage.Tests.Host;

/// <summary>The real program as a process of its own, which can be killed.</summary>
public sealed partial class AppProcess : IAsyncDisposable
{
    private const int TermSignal = 15;
    private const int StopSignal = 19;
    private const int ContinueSignal = 18;
    private static readonly TimeSpan StopsWithin = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly TaskCompletionSource<Uri> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private AppProcess(IEnumerable<string> args, IReadOnlyDictionary<string, string>? environment)
    {
        // The tests' output folder holds the program with everything that it needs, including the themes.
        var start = new ProcessStartInfo(
            Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet",
            [.. NextVersion.Host(environment), Path.Combine(AppContext.BaseDirectory, "StatusPage.Web.dll"), .. args]
        )
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = AppContext.BaseDirectory,
        };
        // No program of a test lives long enough for it.
        start.Environment["DOTNET_TieredPGO"] = "0";
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.Exited += (_, _) => _listening.TrySetException(new InvalidOperationException("The program ended before it listened."));
        _process.Start();
        Leftovers.Add(this, _process.Kill);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public Uri BaseAddress { get; private set; } = new("http://127.0.0.1:0");

    /// <summary>The memory that it holds now.</summary>
    public long ResidentBytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <summary>Everything that was printed so far.</summary>
    public string Output
    {
        get
        {
            lock (_output)
                return _output.ToString();
        }
    }

    /// <summary>Starts it on a free port and waits until it answers.</summary>
    public static async Task<AppProcess> StartAsync(TempFolder folder, string[] args, IReadOnlyDictionary<string, string>? environment = null)
    {
        // The first start on an empty folder migrates, which takes longer than all the rest.
        if (!args.Contains("--DataDirectory") && !args.Contains("--ConnectionStrings:Postgres"))
            await EmptyStore.CopyToAsync(folder.Path);
        var app = new AppProcess(["--urls", "http://127.0.0.1:0", "--DataDirectory", folder.Path, .. args], environment);
        try
        {
            app.BaseAddress = await app._listening.Task.WaitAsync(Eventually.Deadline);
            using var http = new HttpClient { BaseAddress = app.BaseAddress };
            await Eventually.TrueAsync("the program is live", async () => (await http.GetAsync("/healthz/live")).IsSuccessStatusCode);
            return app;
        }
        catch (Exception exception)
        {
            var output = app.Output;
            await app.DisposeAsync();
            throw new InvalidOperationException($"The program did not start:\n{output}", exception);
        }
    }

    /// <summary>A browser without JavaScript, once the page is shown.</summary>
    public async Task<BrowserSession> BrowseAsync()
    {
        using var http = new HttpClient { BaseAddress = BaseAddress };
        await Eventually.TrueAsync("the page is shown", async () => (await http.GetAsync("/")).IsSuccessStatusCode);
        return new(BaseAddress);
    }

    /// <summary>Starts it, and asks it to stop as soon as a condition holds, however far the start has got.</summary>
    public static async Task<(int ExitCode, string Output)> StopDuringStartAsync(TempFolder folder, Func<bool> when)
    {
        await using var app = new AppProcess(["--urls", "http://127.0.0.1:0", "--DataDirectory", folder.Path], null);
        await Eventually.TrueAsync("the start has got that far", when);
        return (await app.StopAsync(), app.Output);
    }

    /// <summary>Starts it without waiting.</summary>
    public static AppProcess Begin(TempFolder folder, string[] args, IReadOnlyDictionary<string, string>? environment = null) =>
        new(["--urls", "http://127.0.0.1:0", "--DataDirectory", folder.Path, .. args], environment);

    /// <summary>Runs it to its end. Where the environment does not matter, <see cref="AppCommand"/> does the same for less.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(IReadOnlyDictionary<string, string> environment, params string[] args)
    {
        await using var app = new AppProcess(args, environment);
        await app._process.WaitForExitAsync().WaitAsync(Eventually.Deadline);
        return (app._process.ExitCode, app.Output);
    }

    /// <summary>SIGKILL: no chance to finish anything.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>SIGSTOP: as if the machine stood still.</summary>
    public void Pause() => _ = Signal(_process.Id, StopSignal);

    public void Continue() => _ = Signal(_process.Id, ContinueSignal);

    /// <summary>Sends SIGTERM and waits until it has ended.</summary>
    public async Task<int> StopAsync()
    {
        AskToStop();
        return await EndAsync();
    }

    /// <summary>Sends SIGTERM and does not wait.</summary>
    public void AskToStop() => _ = Signal(_process.Id, TermSignal);

    public async Task<int> EndAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(StopsWithin);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        Leftovers.Remove(this);
        if (!_process.HasExited)
            await KillAsync();
        _process.Dispose();
    }

    private void Keep(string? line)
    {
        if (line is null)
            return;
        lock (_output)
            _output.AppendLine(line);
        if (Address().Match(line) is { Success: true } match)
            _listening.TrySetResult(new Uri(match.Groups[1].Value));
    }

    [GeneratedRegex("^(?:Listening on|Status page): (http\\S+)")]
    private static partial Regex Address();

    [System.Runtime.InteropServices.LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Signal(int process, int signal);
}
