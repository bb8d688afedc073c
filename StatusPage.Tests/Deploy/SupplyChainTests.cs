using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using StatusPage.Tests.Host;

namespace StatusPage.Tests.Deploy;

/// <summary>Everything that comes from elsewhere is pinned down to its bytes.</summary>
public sealed partial class SupplyChainTests
{
    [Fact]
    public void Every_project_has_its_packages_locked_and_every_build_takes_these()
    {
        foreach (var project in Directory.EnumerateFiles(Topology.Root, "*.csproj", SearchOption.AllDirectories))
        {
            using var locked = JsonDocument.Parse(File.ReadAllText(Path.Combine(Path.GetDirectoryName(project)!, "packages.lock.json")));
            foreach (
                var package in locked
                    .RootElement.GetProperty("dependencies")
                    .EnumerateObject()
                    .SelectMany(framework => framework.Value.EnumerateObject())
                    .Where(package => package.Value.GetProperty("type").GetString() != "Project")
            )
                Assert.False(string.IsNullOrEmpty(package.Value.GetProperty("contentHash").GetString()), $"{project}: {package.Name}");
        }
        Assert.Contains(
            "--locked-mode",
            Assert.Single(ImageTests.DotnetCommands, command => command.StartsWith("dotnet restore", StringComparison.Ordinal)),
            StringComparison.Ordinal
        );
        var ci = File.ReadAllText(Path.Combine(Topology.Root, ".ci", "run"));
        Assert.All(
            ci.Split('\n').Where(line => line.Contains("dotnet restore", StringComparison.Ordinal)),
            line => Assert.Contains("--locked-mode", line, StringComparison.Ordinal)
        );
        Assert.Contains(".ci/vulnerable", ci, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_version_than_the_one_asked_for_is_an_error() =>
        Assert.DoesNotContain(
            XDocument.Load(Path.Combine(Topology.Root, "Directory.Build.props")).Descendants(),
            element => element.Name.LocalName is "WarningsNotAsErrors" or "NoWarn"
        );

    [Fact]
    public void Every_image_is_named_by_its_digest()
    {
        var images = File.ReadAllLines(Path.Combine(Topology.Root, "Dockerfile"))
            .Concat(File.ReadAllLines(Path.Combine(Topology.Root, "compose.yaml")))
            .Select(line => Image().Match(line))
            .Where(match => match.Success)
            .Select(match => match.Groups["name"].Value)
            .Where(name => name != "statuspage")
            .ToList();
        Assert.Equal(5, images.Count);
        Assert.All(images, image => Assert.Matches(Pinned(), image));
    }

    [Theory]
    [InlineData("""echo '{ "projects": [ { "vulnerabilities": [ { "severity": "High" } ] } ] }'""", 1, "is known to be vulnerable")]
    [InlineData("""echo '{ "projects": [] }'""", 0, "none")]
    [InlineData("echo 'error: Unable to load the service index.'; exit 1", 0, "did not answer: error: Unable to load")]
    [InlineData("exec sleep 600", 0, "did not answer within 1 s")]
    public async Task A_finding_stops_and_a_feed_that_is_silent_does_not(string dotnet, int code, string said)
    {
        using var folder = new TempFolder();
        var stub = folder.File("dotnet");
        await File.WriteAllTextAsync(stub, $"#!/bin/sh\n{dotnet}\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(stub, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var start = new ProcessStartInfo("bash", [Path.Combine(Topology.Root, ".ci", "vulnerable")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PATH"] = $"{folder.Path}:{Environment.GetEnvironmentVariable("PATH")}";
        start.Environment["PATIENCE"] = "1";
        using var script = Process.Start(start)!;
        var output = await script.StandardOutput.ReadToEndAsync() + await script.StandardError.ReadToEndAsync();
        await script.WaitForExitAsync().WaitAsync(Eventually.Deadline);
        Assert.Equal(code, script.ExitCode);
        Assert.Contains(said, output, StringComparison.Ordinal);
    }

    [GeneratedRegex("^(FROM (--platform=[^ ]+ )?| *image: )(?<name>[^ ]+)")]
    private static partial Regex Image();

    [GeneratedRegex("^[a-z./]+(/[a-z]+)*:[A-Za-z0-9.-]+@sha256:[0-9a-f]{64}$")]
    private static partial Regex Pinned();
}
