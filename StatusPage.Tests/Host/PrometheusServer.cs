using System.Diagnostics;
using System.Globalization;

namespace StatusPage.Tests.Host;

/// <summary>Debian's Prometheus, which watches itself.</summary>
public sealed class PrometheusServer : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private readonly Process _process;

    private PrometheusServer(int port)
    {
        Url = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"));
        File.WriteAllText(
            _folder.File("prometheus.yml"),
            $"global: {{ scrape_interval: 1s }}\nscrape_configs: [ {{ job_name: self, static_configs: [ {{ targets: ['127.0.0.1:{port}'] }} ] }} ]\n"
        );
        _process = Process.Start(
            new ProcessStartInfo(
                "/usr/bin/prometheus",
                [
                    $"--config.file={_folder.File("prometheus.yml")}",
                    $"--storage.tsdb.path={_folder.File("data")}",
                    $"--web.listen-address=127.0.0.1:{port}",
                ]
            )
            {
                RedirectStandardError = true,
                RedirectStandardOutput = true,
            }
        )!;
        Leftovers.Add(this, _process.Kill);
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
    }

    public Uri Url { get; }

    public static async Task<PrometheusServer> StartAsync()
    {
        var server = new PrometheusServer(Ports.Next());
        using var http = new HttpClient { BaseAddress = server.Url };
        await Eventually.TrueAsync(
            "Prometheus has seen itself",
            async () =>
            {
                try
                {
                    return (await http.GetStringAsync(new Uri("/api/v1/query?query=up", UriKind.Relative))).Contains("\"1\"", StringComparison.Ordinal);
                }
                catch (HttpRequestException)
                {
                    return false;
                }
            }
        );
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        Leftovers.Remove(this);
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _folder.Dispose();
    }
}
