using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using StackExchange.Redis;

namespace StatusPage.Tests.Host;

/// <summary>A real Redis with a port of its own, which can be stopped and started again.</summary>
public sealed class RedisServer : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private Process? _process;

    public int Port { get; } = Ports.Next();

    public string ConnectionString => $"127.0.0.1:{Port}";

    public async Task StartAsync()
    {
        _process = Process.Start(
            new ProcessStartInfo(
                "redis-server",
                ["--port", $"{Port}", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", _folder.Path, "--logfile", _folder.File("log")]
            )
        )!;
        Leftovers.Add(this, _process.Kill);
        await Eventually.TrueAsync("Redis answers", AnswersAsync);
    }

    public async Task StopAsync()
    {
        if (_process is null)
            return;
        Leftovers.Remove(this);
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    public async Task<bool> AnswersAsync()
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, Port);
            await using var stream = client.GetStream();
            await stream.WriteAsync("PING\r\n"u8.ToArray());
            var answer = new byte[7];
            await stream.ReadExactlyAsync(answer);
            return answer.AsSpan().SequenceEqual("+PONG\r\n"u8);
        }
        catch (Exception exception) when (exception is SocketException or IOException)
        {
            return false;
        }
    }

    /// <summary>Everything that lies there, as whoever can connect reads it.</summary>
    public async Task<string> DumpAsync()
    {
        await using var connection = await ConnectionMultiplexer.ConnectAsync(ConnectionString);
        var (store, all) = (connection.GetDatabase(), new StringBuilder());
        await foreach (var key in connection.GetServers()[0].KeysAsync())
            if (await store.KeyTypeAsync(key) == RedisType.Hash)
                all.AppendJoin('\n', await store.HashGetAllAsync(key)).AppendLine();
            else
                all.Append(await store.StringGetAsync(key)).AppendLine();
        return all.ToString();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _folder.Dispose();
    }
}
