using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using StatusPage.Tests.Host;

namespace StatusPage.Tests.Acceptance;

/// <summary>Follows the first steps of the README in the source tree, which the build of these tests has built.</summary>
public sealed partial class ReadmeTests
{
    private static readonly TimeSpan BuildsWithin = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task Its_first_command_starts_a_page_to_which_a_script_can_post()
    {
        using var data = new TempFolder();
        var tree = Source.Root;
        var command = FirstCommand().Match(await File.ReadAllTextAsync(Path.Combine(tree, "README.md"))).Groups[1].Value.Trim();
        Assert.Equal("dotnet run --project StatusPage.Web", command);
        // Only address and folder differ from the README: the usual ones may be taken on this machine.
        using var program = Start(tree, $"{command} -- --urls http://127.0.0.1:{Ports.Next()} --DataDirectory {data.Path}", out var output);
        try
        {
            var link = new Uri(await WaitForAsync(output, SetUpLink(), program));
            using var owner = new BrowserSession(new Uri(link.GetLeftPart(UriPartial.Authority)));
            await owner.FillInAsync(
                link.PathAndQuery,
                new
                {
                    Name = "Acme",
                    TimeZone = "Etc/UTC",
                    Desk.Email,
                    Desk.Password,
                }
            );
            Assert.Equal("/admin", owner.Location.AbsolutePath);

            using var create = Start(tree, $"{command} -- apikey create --name ci --role comms --DataDirectory {data.Path}", out var printed);
            var key = await WaitForAsync(printed, Key(), create);
            await create.WaitForExitAsync();
            using var http = new HttpClient { BaseAddress = owner.Location };
            var status = System.Text.Json.JsonDocument.Parse(await http.GetStringAsync("/api/v2/summary.json")).RootElement;
            using var api = new ApiClient(http, Domain.PageId.Of(status.GetProperty("page").GetProperty("id").GetString()!), key);
            (
                await api.PostAsync(
                    "incidents",
                    new
                    {
                        incident = new
                        {
                            name = "Elevated error rates",
                            body = "We are investigating.",
                            severity = "SEV2",
                        },
                    }
                )
            ).Expect(HttpStatusCode.Created);
            using var reader = new HttpClient { BaseAddress = owner.Location };
            await Eventually.TrueAsync(
                "readers see the post",
                async () => (await reader.GetStringAsync("/")).Contains("Elevated error rates", StringComparison.Ordinal)
            );
        }
        finally
        {
            program.Kill(entireProcessTree: true);
            await program.WaitForExitAsync();
        }
    }

    private static async Task<string> WaitForAsync(StringBuilder output, Regex wanted, Process program)
    {
        var until = Stopwatch.StartNew();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (await timer.WaitForNextTickAsync())
        {
            string soFar;
            lock (output)
                soFar = output.ToString();
            if (wanted.Match(soFar) is { Success: true } match)
                return match.Value.Trim();
            Assert.True(until.Elapsed < BuildsWithin && !program.HasExited, $"Waited for {wanted}, got: {soFar}");
        }
        throw new InvalidOperationException("The timer ended.");
    }

    private static Process Start(string folder, string command, out StringBuilder output)
    {
        var lines = output = new StringBuilder();
        var start = new ProcessStartInfo("/bin/sh", ["-c", $"exec {command}"])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // The test host's own environment must not leak into another build.
        foreach (
            var name in start
                .Environment.Keys.Where(name =>
                    name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase) || name.StartsWith("TESTINGPLATFORM", StringComparison.Ordinal)
                )
                .ToList()
        )
            start.Environment.Remove(name);
        var process = Process.Start(start)!;
        process.OutputDataReceived += Keep;
        process.ErrorDataReceived += Keep;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;

        void Keep(object sender, DataReceivedEventArgs line)
        {
            if (line.Data is null)
                return;
            lock (lines)
                lines.AppendLine(line.Data);
        }
    }

    [GeneratedRegex("```\\w*\n(.+?)\n```")]
    private static partial Regex FirstCommand();

    [GeneratedRegex(@"http://\S+/admin/set-up\?token=\S+")]
    private static partial Regex SetUpLink();

    [GeneratedRegex("^sp_\\w+\\s*$", RegexOptions.Multiline)]
    private static partial Regex Key();
}
