using System.Net;
using StatusPage.Tests.Host;

namespace StatusPage.Tests.Data;

/// <summary>Nodes that reach PostgreSQL through a PgBouncer in transaction mode, with the connection string that docs/deploy.md gives for it.</summary>
public sealed class PoolerTests(PostgresServer postgres)
{
    [Fact]
    public async Task Two_nodes_that_start_at_once_through_it_on_an_empty_database_migrate_it_post_and_deliver()
    {
        await using var bouncer = new PgBouncerServer();
        await using var mails = new MailServer();
        var through = await bouncer.StartAsync(await postgres.CreateBareDatabaseAsync());
        using var keys = new TempFolder();
        using (var key = System.Security.Cryptography.ECDsa.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP256))
            await File.WriteAllTextAsync(keys.File("audit.pem"), key.ExportPkcs8PrivateKeyPem());
        string[] args =
        [
            .. Desk.Owner,
            "--ConnectionStrings:Postgres",
            through,
            "--Email:Smtp",
            mails.Url,
            "--PublicUrl",
            "http://status.acme.example",
            "--Audit:KeyFile",
            keys.File("audit.pem"),
        ];
        using var firstFolder = new TempFolder();
        using var secondFolder = new TempFolder();
        var nodes = await Task.WhenAll(AppProcess.StartAsync(firstFolder, args), AppProcess.StartAsync(secondFolder, args));
        await using var first = nodes[0];
        await using var second = nodes[1];
        foreach (var node in nodes)
            await Eventually.TrueAsync(
                "it takes posts",
                async () => (await GetAsync(node, "/healthz/ready")).Contains("\"posts\":\"ok\"", StringComparison.Ordinal)
            );
        var (code, output) = await AppCommand.RunAsync([
            "apikey",
            "create",
            "--name",
            "test",
            "--role",
            "comms",
            "--DataDirectory",
            firstFolder.Path,
            .. args,
        ]);
        Assert.True(code == 0, output);
        foreach (var node in nodes)
            AssertNoError(node);

        await using var writer = await AppHost.StartAsync(args);
        await writer.SubscriberAsync("ann@example.com");
        for (var i = 0; i < 2; i++)
        {
            using var api = new ApiClient(new HttpClient { BaseAddress = nodes[i].BaseAddress }, (await writer.PageAsync()).Id, output.Trim());
            Assert.Equal(HttpStatusCode.Created, (await api.OpenIncidentAsync(new { name = $"Trouble {i}", body = "We are looking into it." })).Status);
            await Eventually.TrueAsync(
                "the other shows it",
                async () => (await GetAsync(nodes[1 - i], "/")).Contains($"Trouble {i}", StringComparison.Ordinal)
            );
            await mails.WaitForCountAsync(i + 1);
        }
        foreach (var node in nodes)
        {
            AssertNoError(node);
            // NOTIFY does not get through; the nodes find that out instead of waiting for it.
            await Eventually.TrueAsync(
                "it says that it does not hear the others",
                () => node.Output.Contains("looks every second", StringComparison.Ordinal)
            );
        }
    }

    private static async Task<string> GetAsync(AppProcess node, string path)
    {
        using var http = new HttpClient { BaseAddress = node.BaseAddress };
        using var answer = await http.GetAsync(path);
        return await answer.Content.ReadAsStringAsync();
    }

    /// <summary>A busy machine may take longer for a write than the program waits for its probe; it says so, and goes on.</summary>
    private static void AssertNoError(AppProcess node) =>
        Assert.DoesNotContain(
            node.Output.Split('\n'),
            line => line.Contains(" ERR ", StringComparison.Ordinal) && !line.Contains("Nothing can be saved", StringComparison.Ordinal)
        );
}
