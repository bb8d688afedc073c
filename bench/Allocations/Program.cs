using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using StatusPage.Web.Hosting;
using StatusPage.Web.Public;
using StatusPage.Web.Snapshot;

namespace StatusPage.Bench;

/// <summary>
/// How many bytes the program allocates for a request that it answers from memory. It runs in this process, and is asked
/// over one kept connection by a client that allocates nothing: one thread, one socket, the same buffers.
/// Usage: Allocations PORT DATA. Prints "200 BYTES" and "304 BYTES".
/// </summary>
public static class Allocations
{
    private const int WarmUp = 50_000;
    private const int Requests = 100_000;

    public static async Task Main(string[] args)
    {
        var port = int.Parse(args[0], CultureInfo.InvariantCulture);
        // The pages are looked for in the assembly that bears the application's name.
        await using var app = Web.Program.Build([
            "--applicationName",
            "StatusPage.Web",
            "--urls",
            $"http://127.0.0.1:{port}",
            "--DataDirectory",
            args[1],
            "--Demo",
            "true",
        ]);
        await app.StartAsync();
        var site = app.Services.GetRequiredService<PublicSite>();
        await site.First;
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect(IPAddress.Loopback, port);

        var get = "GET / HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip\r\n";
        var tag = site.Current!.Find("/")!.Gzip!.Tag;
        foreach (var (name, request) in new[] { ("200", get + "\r\n"), ("304", $"{get}If-None-Match: {tag}\r\n\r\n") })
        {
            var client = new Client(socket, Encoding.ASCII.GetBytes(request));
            client.Ask(WarmUp);
            var before = GC.GetTotalAllocatedBytes(precise: true);
            client.Ask(Requests);
            var bytes = (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)Requests;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name} {bytes:0}"));
        }
        await app.StopAsync();
    }

    private sealed class Client(Socket socket, byte[] request)
    {
        private readonly byte[] _answer = new byte[256 * 1024];
        private int _length;

        public void Ask(int times)
        {
            // Every answer has the same length, so that only the first is looked into.
            if (_length == 0)
                _length = Measure();
            for (var i = 0; i < times; i++)
            {
                socket.Send(request);
                for (var got = 0; got < _length; )
                    got += Receive(got);
            }
        }

        private int Receive(int at) =>
            socket.Receive(_answer, at, _answer.Length - at, SocketFlags.None) is > 0 and var got
                ? got
                : throw new IOException("The connection was closed.");

        private int Measure()
        {
            socket.Send(request);
            var got = 0;
            while (true)
            {
                got += Receive(got);
                var head = _answer.AsSpan(0, got).IndexOf("\r\n\r\n"u8);
                if (head < 0)
                    continue;
                var lines = Encoding.ASCII.GetString(_answer, 0, head).Split("\r\n");
                var body =
                    lines.FirstOrDefault(line => line.StartsWith("Content-Length: ", StringComparison.Ordinal))?["Content-Length: ".Length..] ?? "0";
                var whole = head + 4 + int.Parse(body, CultureInfo.InvariantCulture);
                while (got < whole)
                    got += Receive(got);
                return whole;
            }
        }
    }
}
