using System.Diagnostics;
using System.Net.Sockets;

namespace StatusPage.Tests.Host;

/// <summary>Postfix's smtp-sink as a process of its own: it accepts everything, fast, and can be killed.</summary>
public sealed class SmtpSink : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private readonly bool _keeps;
    private Process? _process;

    private SmtpSink(bool keeps) => _keeps = keeps;

    public int Port { get; } = Ports.Next();

    /// <summary>For --Email:Smtp.</summary>
    public string Url => $"smtp://127.0.0.1:{Port}";

    /// <param name="keeps">Whether each message is written to a file; see <see cref="Kept"/>.</param>
    public static async Task<SmtpSink> StartAsync(bool keeps = false)
    {
        var sink = new SmtpSink(keeps);
        await sink.StartAgainAsync();
        return sink;
    }

    public async Task StartAgainAsync()
    {
        string[] user = Environment.IsPrivilegedProcess ? ["-u", "nobody"] : [];
        string[] dump = _keeps ? ["-d", _folder.File("m.")] : [];
        // It runs as another user and has to get into the folder.
        if (Environment.IsPrivilegedProcess && !OperatingSystem.IsWindows())
            File.SetUnixFileMode(_folder.Path, (UnixFileMode)0b111_111_111);
        var program = File.Exists("/usr/sbin/smtp-sink") ? "/usr/sbin/smtp-sink" : "smtp-sink";
        _process = Process.Start(new ProcessStartInfo(program, [.. user, .. dump, $"127.0.0.1:{Port}", "1000"]) { RedirectStandardError = true })!;
        Leftovers.Add(this, _process.Kill);
        await Eventually.TrueAsync(
            "smtp-sink listens",
            async () =>
            {
                using var probe = new TcpClient();
                try
                {
                    await probe.ConnectAsync("127.0.0.1", Port);
                    return true;
                }
                catch (SocketException)
                {
                    return _process.HasExited ? throw new InvalidOperationException(await _process.StandardError.ReadToEndAsync()) : false;
                }
            }
        );
    }

    /// <summary>SIGKILL.</summary>
    public async Task KillAsync()
    {
        Leftovers.Remove(this);
        _process!.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    /// <summary>The messages it took, as text with the envelope on top, in no order.</summary>
    public IReadOnlyList<string> Kept() => [.. Directory.GetFiles(_folder.Path, "m.*").Select(File.ReadAllText)];

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
            await KillAsync();
        _folder.Dispose();
    }
}
