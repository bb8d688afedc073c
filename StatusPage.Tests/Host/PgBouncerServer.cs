using System.Diagnostics;
using Npgsql;

namespace StatusPage.Tests.Host;

/// <summary>A real PgBouncer in front of a PostgreSQL, in transaction mode: each transaction gets whichever connection is free.</summary>
public sealed class PgBouncerServer : IAsyncDisposable
{
    private static readonly string Program = new[] { "/usr/sbin/pgbouncer", "/usr/bin/pgbouncer" }.FirstOrDefault(File.Exists) ?? "pgbouncer";

    private readonly TempFolder _folder = new();
    private readonly int _port = Ports.Next();
    private Process? _process;

    /// <returns>The connection string for a database behind it, with the settings that docs/deploy.md asks for behind a pooler.</returns>
    public async Task<string> StartAsync(string database)
    {
        var to = new NpgsqlConnectionStringBuilder(database);
        await File.WriteAllTextAsync(
            _folder.File("pgbouncer.ini"),
            $"""
            [databases]
            * = host={to.Host} port={to.Port} user={to.Username}
            [pgbouncer]
            listen_addr = 127.0.0.1
            listen_port = {_port}
            unix_socket_dir =
            auth_type = any
            pool_mode = transaction
            default_pool_size = 6
            max_client_conn = 500
            ignore_startup_parameters = extra_float_digits
            """
        );
        // It refuses to run as root.
        if (Environment.IsPrivilegedProcess)
        {
            using var chown = Process.Start("chown", ["-R", "postgres", _folder.Path]);
            await chown.WaitForExitAsync();
        }
        string[] args = [_folder.File("pgbouncer.ini")];
        var start = Environment.IsPrivilegedProcess
            ? new ProcessStartInfo("runuser", ["-u", "postgres", "--", Program, .. args])
            : new ProcessStartInfo(Program, args);
        (start.RedirectStandardOutput, start.RedirectStandardError, start.WorkingDirectory) = (true, true, Path.GetTempPath());
        _process = Process.Start(start)!;
        Leftovers.Add(this, () => Stop(_process));
        _process.OutputDataReceived += (_, _) => { };
        _process.ErrorDataReceived += (_, _) => { };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        var through =
            $"Host=127.0.0.1;Port={_port};Username=postgres;Database={to.Database};Timeout=5;Maximum Pool Size=30;"
            + "No Reset On Close=true;Max Auto Prepare=0";
        await Eventually.TrueAsync(
            "PgBouncer answers",
            async () =>
            {
                try
                {
                    return await PostgresServer.AskAsync(through, "SELECT 1") == "1";
                }
                catch (NpgsqlException)
                {
                    return false;
                }
            }
        );
        return through;
    }

    public async ValueTask DisposeAsync()
    {
        Leftovers.Remove(this);
        if (_process is not null)
        {
            Stop(_process);
            await _process.WaitForExitAsync();
            _process.Dispose();
        }
        _folder.Dispose();
    }

    /// <summary>Stops the process and what runuser started for it.</summary>
    private static void Stop(Process process)
    {
        if (!process.HasExited)
            process.Kill(entireProcessTree: true);
    }
}
