using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;

namespace StatusPage.Tests.Host;

/// <summary>Two processes of the program, one PostgreSQL, one Redis. All are real, and a test can take each of them away.</summary>
public sealed class TwoNodes : IAsyncLifetime
{
    private readonly List<TempFolder> _folders = [new(), new()];
    private string[] _args = [];

    public PostgresServer Postgres { get; } = new();
    public RedisServer Redis { get; } = new();
    public AppProcess[] Nodes { get; } = new AppProcess[2];
    public ApiClient[] Apis { get; } = new ApiClient[2];
    public string Key { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        var database = await Postgres.CreateDatabaseAsync();
        await Redis.StartAsync();
        _args =
        [
            .. Desk.Owner,
            "--ConnectionStrings:Postgres",
            $"{database};Timeout=2;Command Timeout=4",
            "--ConnectionStrings:Redis",
            Redis.ConnectionString,
            "--PublicUrl",
            "http://status.acme.example",
            "--Audit:KeyFile",
            _folders[0].File("shared-audit-key.pem"),
        ];
        using (var key = ECDsa.Create(ECCurve.NamedCurves.nistP256))
            await File.WriteAllTextAsync(_folders[0].File("shared-audit-key.pem"), key.ExportPkcs8PrivateKeyPem());
        // Both start at once: the second waits for the first one's migrations.
        await Task.WhenAll(StartAsync(0), StartAsync(1));
        var (code, output) = await AppCommand.RunAsync([
            "apikey",
            "create",
            "--name",
            "test",
            "--role",
            "comms",
            "--DataDirectory",
            _folders[0].Path,
            .. _args,
        ]);
        Assert.True(code == 0, output);
        Key = output.Trim();
        for (var node = 0; node < 2; node++)
            await ConnectAsync(node);
    }

    public async Task StartAsync(int node)
    {
        Nodes[node] = await AppProcess.StartAsync(_folders[node], _args);
        if (Key.Length > 0)
            await ConnectAsync(node);
    }

    /// <summary>Stops a node and starts it again on the same folder.</summary>
    public async Task RestartAsync(int node)
    {
        await Nodes[node].StopAsync();
        await Nodes[node].DisposeAsync();
        await StartAsync(node);
    }

    public HttpClient Http(int node) => new() { BaseAddress = Nodes[node].BaseAddress };

    public async Task<string> HomeAsync(int node)
    {
        using var http = Http(node);
        return await http.GetStringAsync("/");
    }

    /// <summary>The node's own report on its state.</summary>
    public async Task<(string Public, string Posts)> ReadyAsync(int node)
    {
        using var http = Http(node);
        var ready = await http.GetFromJsonAsync<JsonElement>("/healthz/ready");
        return (ready.GetProperty("public").GetString()!, ready.GetProperty("posts").GetString()!);
    }

    /// <summary>Waits until everything runs again and the nodes know it.</summary>
    public Task HealedAsync() =>
        Eventually.TrueAsync(
            "both nodes accept posts again",
            async () =>
                await ReadyAsync(0) == ("ok", "ok")
                && await ReadyAsync(1) == ("ok", "ok")
                && !(await HomeAsync(0)).Contains("class=\"asof\"", StringComparison.Ordinal)
                && !(await HomeAsync(1)).Contains("class=\"asof\"", StringComparison.Ordinal)
        );

    public Task<ApiAnswer> PostAsync(int node, string title) => Apis[node].OpenIncidentAsync(new { name = title, body = "We are looking into it." });

    public Task ShownAsync(int node, string title) =>
        Eventually.TrueAsync($"node {node} shows '{title}'", async () => (await HomeAsync(node)).Contains(title, StringComparison.Ordinal));

    public async ValueTask DisposeAsync()
    {
        foreach (var node in Nodes)
            await node.DisposeAsync();
        await Redis.DisposeAsync();
        await Postgres.DisposeAsync();
        foreach (var folder in _folders)
            folder.Dispose();
    }

    private async Task ConnectAsync(int node)
    {
        using var http = Http(node);
        var summary = await http.GetFromJsonAsync<JsonElement>("/api/v2/status.json");
        Apis[node] = new(Http(node), Domain.PageId.Of(summary.GetProperty("page").GetProperty("id").GetString()!), Key);
    }
}
