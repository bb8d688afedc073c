using System.Diagnostics;
using System.Globalization;

namespace StatusPage.Tests.Host;

/// <summary>Debian's Prometheus and Alertmanager: a rule fires while the metric "broken" is 1, and the receiver is told at once.</summary>
public sealed class AlertmanagerServer : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private readonly List<Process> _processes = [];

    private AlertmanagerServer() { }

    /// <param name="receiver">The address of the webhook.</param>
    /// <param name="metrics">Where the metric is read.</param>
    public static async Task<AlertmanagerServer> StartAsync(Uri receiver, string secret, Uri metrics)
    {
        var server = new AlertmanagerServer();
        var (alerts, prometheus) = (Ports.Next(), Ports.Next());
        var folder = server._folder;
        await File.WriteAllTextAsync(
            folder.File("alertmanager.yml"),
            $$"""
            route: { receiver: statuspage, group_wait: 1s, group_interval: 1s, repeat_interval: 1h, group_by: [alertname] }
            receivers:
              - name: statuspage
                webhook_configs:
                  - url: {{receiver}}
                    http_config: { authorization: { credentials: {{secret}} } }
            """
        );
        await File.WriteAllTextAsync(
            folder.File("prometheus.yml"),
            string.Create(
                CultureInfo.InvariantCulture,
                $$"""
                global: { scrape_interval: 1s, evaluation_interval: 1s }
                rule_files: [ rules.yml ]
                alerting: { alertmanagers: [ { static_configs: [ { targets: ['127.0.0.1:{{alerts}}'] } ] } ] }
                scrape_configs: [ { job_name: api, static_configs: [ { targets: ['{{metrics.Authority}}'] } ] } ]
                """
            )
        );
        await File.WriteAllTextAsync(
            folder.File("rules.yml"),
            """
            groups:
              - name: api
                rules:
                  - alert: ApiErrors
                    expr: broken == 1
                    labels: { severity: critical, service: API }
                    annotations: { summary: Error rate above 5% }
            """
        );
        server.Start(
            "/usr/bin/prometheus-alertmanager",
            $"--config.file={folder.File("alertmanager.yml")}",
            $"--storage.path={folder.File("alerts")}",
            string.Create(CultureInfo.InvariantCulture, $"--web.listen-address=127.0.0.1:{alerts}"),
            "--cluster.listen-address="
        );
        server.Start(
            "/usr/bin/prometheus",
            $"--config.file={folder.File("prometheus.yml")}",
            $"--storage.tsdb.path={folder.File("data")}",
            string.Create(CultureInfo.InvariantCulture, $"--web.listen-address=127.0.0.1:{prometheus}")
        );
        return server;
    }

    private void Start(string program, params string[] args)
    {
        var process = Process.Start(new ProcessStartInfo(program, args) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        Leftovers.Add(process, process.Kill);
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        _processes.Add(process);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes)
        {
            Leftovers.Remove(process);
            if (!process.HasExited)
                process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }
        _folder.Dispose();
    }
}
