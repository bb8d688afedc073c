using System.Diagnostics;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using StatusPage.Domain;
using StatusPage.Tests.Host;

namespace StatusPage.Tests.Deploy;

/// <summary>Two nodes behind a proxy, published and run like in the image.</summary>
public sealed class TopologyTests(Topology topology) : IClassFixture<Topology>
{
    /// <summary>APP_UID of the .NET images.</summary>
    private const string AppUser = "1654";

    /// <summary>Enough for the proxy to have asked each node several times.</summary>
    private const int Rounds = 12;

    [Fact]
    public async Task The_page_answers_through_the_proxy()
    {
        using var http = new HttpClient { BaseAddress = topology.Proxy };
        Assert.Contains("href=\"/history\"", await http.GetStringAsync("/"));
        Assert.Contains($"{topology.Proxy}history.atom", await http.GetStringAsync("/history.atom"));
    }

    [Fact]
    public async Task Every_part_is_told_to_run() => Assert.Equal(0, (await topology.StatusAsync()).ExitCode);

    [Fact]
    public async Task A_post_through_one_node_shows_on_the_other()
    {
        using var api = await ApiAsync(topology.Node1);
        await api.OpenIncidentAsync(new { name = "Posted through the first node", body = "We are investigating." });
        await ShowsAsync(topology.Node2, "Posted through the first node");
    }

    [Fact]
    public async Task The_desk_works_whichever_node_answers()
    {
        for (var round = 0; round < 4; round++)
        {
            using var browser = new BrowserSession(topology.Proxy);
            await browser.FillInAsync("/admin/sign-in", new { Desk.Email, Desk.Password });
            Assert.Equal("/admin", browser.Location.AbsolutePath);
            await browser.GetAsync("/admin");
            Assert.Equal((HttpStatusCode.OK, "/admin"), (browser.Status, browser.Location.AbsolutePath));
        }
    }

    [Fact]
    public Task A_node_that_is_killed_leaves_the_page_up() =>
        topology.AndUpAgainAsync(async () =>
        {
            await topology.KillAsync("node1");
            Assert.Contains("node1 is down", (await topology.StatusAsync()).Output);
            await AnswersAsync(topology.Proxy);
            await topology.UpAsync();
            await AnswersAsync(topology.Node1);
        });

    [Fact]
    public Task A_node_that_hangs_leaves_the_page_up_even_when_the_other_dies_right_after_it_woke() =>
        topology.AndUpAgainAsync(async () =>
        {
            await topology.PauseAsync("node2");
            await AnswersAsync(topology.Proxy);
            await topology.ContinueAsync("node2");
            await AnswersAsync(topology.Node2);
            await topology.KillAsync("node1");
            await AnswersAsync(topology.Proxy);
        });

    [Fact]
    public Task Without_redis_a_post_still_reaches_the_other_node() =>
        topology.AndUpAgainAsync(async () =>
        {
            await topology.KillAsync("redis");
            using var api = await ApiAsync(topology.Node2);
            await api.OpenIncidentAsync(new { name = "Posted without Redis", body = "We are investigating." });
            await ShowsAsync(topology.Node1, "Posted without Redis");
        });

    [Fact]
    public Task Without_redis_and_the_database_the_page_stays_and_posting_comes_back_with_them() =>
        topology.AndUpAgainAsync(async () =>
        {
            using var api = await ApiAsync(topology.Node1);
            await topology.KillAsync("redis");
            await topology.KillAsync("postgres");
            await AnswersAsync(topology.Proxy);
            (await api.PostAsync("incidents", new { incident = new { name = "Lost", body = "Lost." } })).ExpectError(HttpStatusCode.ServiceUnavailable);
            await topology.UpAsync();
            await Eventually.TrueAsync(
                "a post is taken again",
                async () => (await api.PostAsync("incidents", new { incident = new { name = "Back", body = "Back." } })).Status == HttpStatusCode.Created
            );
            await ShowsAsync(topology.Node2, "Back");
        });

    [Fact]
    public async Task Nothing_is_written_outside_the_data_folder()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only root can start a program as somebody else.");
        // A form above the memory limit goes to a temporary file.
        using (var http = new HttpClient { BaseAddress = topology.Node1 })
        using (var form = new MultipartFormDataContent { { new ByteArrayContent(new byte[200_000]), "file", "file" } })
        {
            using var answer = await http.PostAsync("/subscribe", form);
            Assert.InRange((int)answer.StatusCode, 400, 499);
        }
        // Without that right a container cannot give a process a file system of its own; then only the search below remains.
        var isolated = (await RunAsync("unshare", "--mount", "true")).ExitCode == 0;
        foreach (var part in new[] { "node1", "node2" })
        {
            var process = $"/proc/{topology.ProcessId(part)}";
            Assert.Contains($"Uid:\t{AppUser}\t{AppUser}\t{AppUser}", await File.ReadAllTextAsync($"{process}/status"));
            if (isolated)
                Assert.Contains(await File.ReadAllLinesAsync($"{process}/mountinfo"), mount => mount.Contains(" / / ro,", StringComparison.Ordinal));
            Assert.True(File.Exists(Path.Combine(topology.Folder, part, "snapshot.json")));
        }
        Assert.Empty(
            await FindAsync(
                "/tmp",
                "/var/tmp",
                "/dev/shm",
                "/home",
                topology.Folder,
                "-user",
                AppUser,
                "-not",
                "-path",
                "*/node[12]*",
                "-not",
                "-name",
                "audit-key.pem"
            )
        );
        Assert.Empty(await FindAsync(Path.Combine(topology.Folder, "publish"), "-perm", "/022"));
    }

    [Fact]
    public async Task What_was_published_was_built_by_the_commands_of_the_image()
    {
        var log = await File.ReadAllTextAsync(Path.Combine(topology.Folder, "logs", "publish.log"));
        var commands = ImageTests.DotnetCommands.ToList();
        Assert.Equal(2, commands.Count);
        Assert.All(
            commands,
            command =>
                Assert.Matches(
                    "\\$ "
                        + Regex
                            .Escape(command)
                            .Replace("\\$TARGETARCH", "(amd64|arm64)", StringComparison.Ordinal)
                            .Replace("/app", ".*/publish\\.next", StringComparison.Ordinal)
                        + "\n",
                    log
                )
        );
    }

    [Fact]
    public async Task A_node_answers_its_health_check() =>
        Assert.Equal((0, ""), await AppCommand.RunAsync("healthcheck", "--urls", topology.Node1.ToString()));

    private static async Task AnswersAsync(Uri address)
    {
        using var http = new HttpClient { BaseAddress = address };
        for (var round = 0; round < Rounds; round++)
        {
            using var answer = await http.GetAsync("/");
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
    }

    private static async Task ShowsAsync(Uri address, string what)
    {
        using var http = new HttpClient { BaseAddress = address };
        await Eventually.TrueAsync($"{address} shows '{what}'", async () => (await http.GetStringAsync("/")).Contains(what, StringComparison.Ordinal));
    }

    private async Task<ApiClient> ApiAsync(Uri node)
    {
        using var folder = new TempFolder();
        // A process of its own: connections that are kept in this one do not survive the database that other tests kill.
        var (code, key) = await AppProcess.RunAsync(
            new Dictionary<string, string>(),
            "apikey",
            "create",
            "--name",
            "test",
            "--role",
            "comms",
            "--ConnectionStrings:Postgres",
            topology.Postgres,
            "--DataDirectory",
            folder.Path
        );
        Assert.True(code == 0, key);
        var http = new HttpClient { BaseAddress = node };
        using var status = JsonDocument.Parse(await http.GetStringAsync("/api/v2/status.json"));
        return new(http, new PageId(status.RootElement.GetProperty("page").GetProperty("id").GetString()!), key.Trim());
    }

    /// <summary>It complains about folders of other tests that vanish while it looks; that does not matter.</summary>
    private static async Task<string[]> FindAsync(params string[] args) =>
        (await RunAsync("find", args)).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static async Task<(int ExitCode, string Output)> RunAsync(string program, params string[] args)
    {
        using var process = Process.Start(new ProcessStartInfo(program, args) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output);
    }
}
