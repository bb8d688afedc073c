using System.Net;
using System.Net.Sockets;

namespace StatusPage.Tests.Host;

/// <summary>A server that accepts every connection and never answers.</summary>
public sealed class BlackHole : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly List<Socket> _taken = [];

    public BlackHole()
    {
        _listener.Start();
        _ = TakeAsync();
    }

    public string Address => _listener.LocalEndpoint.ToString()!;

    public int Taken
    {
        get
        {
            lock (_taken)
                return _taken.Count;
        }
    }

    private async Task TakeAsync()
    {
        try
        {
            while (true)
            {
                var socket = await _listener.AcceptSocketAsync();
                lock (_taken)
                    _taken.Add(socket);
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // It was stopped.
        }
    }

    public void Dispose()
    {
        _listener.Dispose();
        lock (_taken)
            foreach (var socket in _taken)
                socket.Dispose();
    }
}
