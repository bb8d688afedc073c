using System.Diagnostics;

namespace StatusPage.Tests.Host;

/// <summary>Programs that others publish at npm, installed into a folder of their own. Nothing of them is part of this repository.</summary>
public sealed class NpmPackages : IAsyncLifetime
{
    /// <summary>Its dependencies are a whole server, of which its client needs nothing.</summary>
    private const string WithoutDependencies = "@axis-backstage/plugin-statuspage-backend@0.10.6";

    private static readonly string[] Unreachable = ["ENOTFOUND", "ECONNREFUSED", "ECONNRESET", "ETIMEDOUT", "EAI_AGAIN", "E404", "ERR_SOCKET_TIMEOUT"];

    private readonly TempFolder _folder = new();

    /// <summary>Why there are none: there is no npm, or no registry that it reaches.</summary>
    public string? Missing { get; private set; }

    public async ValueTask InitializeAsync()
    {
        if (!IsInstalled("npm") || !IsInstalled("node"))
        {
            Missing = "There is no npm.";
            return;
        }
        foreach (var file in Directory.GetFiles(Path.Combine(Source.Root, "StatusPage.Tests", "Clients")))
            System.IO.File.Copy(file, _folder.File(Path.GetFileName(file)));
        await RunAsync("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund");
        if (Missing is null)
            await RunAsync("npm", "pack", WithoutDependencies);
        if (Missing is null)
            await RunAsync("tar", "xzf", Path.GetFileName(Directory.GetFiles(_folder.Path, "*.tgz").Single()));
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return default;
    }

    /// <summary>A file of a package: "node_modules/statuspage.io/…", or "package/…" of the one that came without what it depends on.</summary>
    public string File(string path) => _folder.File(path);

    /// <summary>Runs a script of Node in the folder, and returns what it printed.</summary>
    public async Task<string> NodeAsync(string script)
    {
        var (code, printed) = await StartAsync("node", "--input-type=commonjs", "--eval", script);
        Assert.True(code == 0, printed);
        return printed;
    }

    private static bool IsInstalled(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => System.IO.File.Exists(Path.Combine(folder, name)));

    private async Task RunAsync(string name, params string[] args)
    {
        var (code, printed) = await StartAsync(name, args);
        if (code == 0)
            return;
        Missing = $"{name} {args[0]} did not reach a registry.";
        Assert.True(Array.Exists(Unreachable, word => printed.Contains(word, StringComparison.Ordinal)), printed);
    }

    private async Task<(int Code, string Printed)> StartAsync(string name, params string[] args)
    {
        using var process = Process.Start(
            new ProcessStartInfo(name, args)
            {
                WorkingDirectory = _folder.Path,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
        var printed = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync()).WaitAsync(Eventually.Deadline);
        await process.WaitForExitAsync();
        return (process.ExitCode, process.ExitCode == 0 ? printed[0] : string.Concat(printed));
    }
}
