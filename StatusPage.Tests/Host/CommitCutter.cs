using System.Net;
using System.Net.Sockets;
using System.Text;

namespace StatusPage.Tests.Host;

/// <summary>
/// Stands between the program and its database, and cuts the connection at the worst moment: the commit has arrived, but its answer has not.
/// </summary>
public sealed class CommitCutter : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;
    private readonly int _server;
    private int _cuts;

    /// <param name="server">The port of the database.</param>
    public CommitCutter(int server)
    {
        _server = server;
        _listener.Start();
        _running = RunAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Cuts off the next commit of a transaction that writes to this table.</summary>
    public void CutNext(string table) => (Table, _cuts) = (table, 1);

    private string? Table { get; set; }

    private async Task RunAsync()
    {
        var lines = new List<Task>();
        try
        {
            while (true)
                lines.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(lines);
        }
    }

    private async Task ServeAsync(TcpClient program)
    {
        using (program)
        using (var server = new TcpClient())
        using (var line = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token))
        {
            try
            {
                await server.ConnectAsync(IPAddress.Loopback, _server, _stop.Token);
                var cut = false;
                var back = CopyAsync(server.GetStream(), program.GetStream(), _ => cut);
                var wrote = false;
                await CopyAsync(
                    program.GetStream(),
                    server.GetStream(),
                    said =>
                    {
                        var text = Encoding.Latin1.GetString(said.Span);
                        wrote |= Table is { } table && text.Contains($"INSERT INTO \"{table}\"", StringComparison.Ordinal);
                        if (wrote && text.Contains("COMMIT", StringComparison.OrdinalIgnoreCase) && Interlocked.Exchange(ref _cuts, 0) == 1)
                            cut = true;
                        return false;
                    }
                );
                await back;

                async Task CopyAsync(NetworkStream from, NetworkStream to, Func<ReadOnlyMemory<byte>, bool> ends)
                {
                    var buffer = new byte[64 * 1024];
                    int read;
                    try
                    {
                        while ((read = await from.ReadAsync(buffer, line.Token)) > 0)
                        {
                            if (ends(buffer.AsMemory(0, read)))
                                break;
                            await to.WriteAsync(buffer.AsMemory(0, read), line.Token);
                        }
                    }
                    finally
                    {
                        await line.CancelAsync();
                    }
                }
            }
            catch (Exception exception) when (exception is IOException or SocketException or OperationCanceledException)
            {
                // One of the two has gone.
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _running;
        _stop.Dispose();
    }
}
