using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace StatusPage.Tests.Host;

/// <summary>A mail server over sockets that gives the answers it is told to, so that it can also refuse before a recipient is named.</summary>
public sealed class ScriptedMailServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;
    private int _connections,
        _taken;

    public ScriptedMailServer()
    {
        _listener.Start();
        _running = RunAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>The number of messages.</summary>
    public int Taken => Volatile.Read(ref _taken);

    /// <summary>Each line that clients sent, in order and without messages.</summary>
    public ConcurrentQueue<string> Said { get; } = new();

    /// <summary>The certificate for STARTTLS; null offers none.</summary>
    public X509Certificate2? Certificate { get; set; }

    /// <summary>Whether it takes addresses with letters beyond ASCII (RFC 6531).</summary>
    public bool OffersLetters { get; set; }
    public string Greeting { get; set; } = "220 ready";
    public string SignedIn { get; set; } = "235 signed in";
    public Func<string, string> Recipient { get; set; } = _ => "250 ok";

    private async Task RunAsync()
    {
        var sessions = new List<Task>();
        try
        {
            while (true)
                sessions.Add(TalkAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(sessions);
        }
    }

    private async Task TalkAsync(TcpClient client)
    {
        Interlocked.Increment(ref _connections);
        using (client)
        {
            try
            {
                Stream stream = client.GetStream();
                var reader = new StreamReader(stream, Encoding.UTF8);
                await SayAsync(Greeting);
                if (Greeting[0] != '2')
                    return;
                while (await reader.ReadLineAsync(_stop.Token) is { } line)
                {
                    Said.Enqueue(line);
                    var verb = line.Split(' ', ':')[0].ToUpperInvariant();
                    if (verb == "STARTTLS")
                    {
                        await SayAsync("220 go on");
                        var secured = new SslStream(stream);
                        await secured.AuthenticateAsServerAsync(Certificate!);
                        (stream, reader) = (secured, new StreamReader(secured, Encoding.UTF8));
                        continue;
                    }
                    if (verb == "DATA")
                    {
                        await SayAsync("354 go on");
                        while (await reader.ReadLineAsync(_stop.Token) is { } text && text != ".") { }
                        Interlocked.Increment(ref _taken);
                    }
                    await SayAsync(
                        verb switch
                        {
                            "EHLO" when OffersLetters => "250-localhost\r\n250-8BITMIME\r\n250 SMTPUTF8",
                            "EHLO" => Certificate is null || stream is SslStream
                                ? "250-localhost\r\n250 AUTH PLAIN"
                                : "250-localhost\r\n250-STARTTLS\r\n250 AUTH PLAIN",
                            "AUTH" => SignedIn,
                            "RCPT" => Recipient(line),
                            "QUIT" => "221 bye",
                            _ => "250 ok",
                        }
                    );
                    if (verb == "QUIT")
                        return;
                }

                async Task SayAsync(string words) => await stream.WriteAsync(Encoding.ASCII.GetBytes(words + "\r\n"), _stop.Token);
            }
            catch (Exception exception) when (exception is IOException or OperationCanceledException or AuthenticationException)
            {
                // The other side is gone, or the test is over.
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
