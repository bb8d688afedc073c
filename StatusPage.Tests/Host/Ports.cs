using System.Net;
using System.Net.Sockets;

namespace StatusPage.Tests.Host;

/// <summary>Free ports on loopback, from below the range that the system itself hands out, so that nothing else takes one meanwhile.</summary>
public static class Ports
{
    private const int First = 15_000;
    private const int Last = 30_000;

    private static int _next = First + Environment.ProcessId * 97 % (Last - First);

    public static int Next()
    {
        for (var tries = 0; tries < 1_000; tries++)
        {
            var port = First + Interlocked.Increment(ref _next) % (Last - First);
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
                return port;
            }
            catch (SocketException)
            {
                // Taken; the next one.
            }
        }
        throw new InvalidOperationException("No free port was found.");
    }
}
