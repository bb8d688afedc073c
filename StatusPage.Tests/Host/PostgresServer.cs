using System.Diagnostics;
using System.Globalization;
using Npgsql;

[assembly: AssemblyFixture(typeof(StatusPage.Tests.Host.PostgresServer))]

namespace StatusPage.Tests.Host;

/// <summary>
/// A real PostgreSQL with a folder and a port of its own, started when it is first needed. All tests share one; a test that stops it has its own.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    /// <summary>Does not wait for the disk. Commits still outlive the server, which synchronous_commit=off would not promise.</summary>
    private const string Fast = "-c fsync=off";
    private const string Options = "-c max_connections=600 -c listen_addresses=127.0.0.1";

    private static readonly string Programs = Directory.Exists("/usr/lib/postgresql")
        ? Directory
            .GetDirectories("/usr/lib/postgresql")
            .OrderByDescending(version => version, StringComparer.Ordinal)
            .Select(version => Path.Combine(version, "bin"))
            .First(bin => File.Exists(Path.Combine(bin, "initdb")))
        : "";

    /// <summary>Waits for the disk, as in production; the tests do not need that.</summary>
    public bool IsDurable { get; init; }

    private const string Template = "migrated";

    private readonly SemaphoreSlim _once = new(1);
    private readonly SemaphoreSlim _template = new(1);
    private readonly int _port = Ports.Next();
    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"statuspage-postgres-{Guid.NewGuid():N}");
    private bool _isStarted;
    private bool _hasTemplate;
    private int _databases;

    private string Data => Path.Combine(_folder, "data");

    /// <returns>The connection string of a new database with a schema and no rows. It is copied: migrations would take a second each time.</returns>
    public async Task<string> CreateDatabaseAsync()
    {
        await StartOnceAsync();
        await _template.WaitAsync();
        try
        {
            if (!_hasTemplate)
            {
                await EmptyStore.MigrateAsync(await CopyAsync("template0", Template) + ";Pooling=false");
                _hasTemplate = true;
            }
            return await CopyAsync(Template, NextName());
        }
        finally
        {
            _template.Release();
        }
    }

    /// <returns>The connection string of a new database without a schema.</returns>
    public async Task<string> CreateBareDatabaseAsync()
    {
        await StartOnceAsync();
        return await CopyAsync("template0", NextName());
    }

    private string NextName() => $"test{Interlocked.Increment(ref _databases)}";

    private async Task<string> CopyAsync(string template, string name)
    {
        await using var connection = new NpgsqlConnection(ConnectionString("postgres") + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand($"CREATE DATABASE {name} TEMPLATE {template}", connection);
        await command.ExecuteNonQueryAsync();
        return ConnectionString(name);
    }

    public Task StartAsync() =>
        RunAsync(
            "pg_ctl",
            "start",
            "-w",
            "-D",
            Data,
            "-l",
            Path.Combine(_folder, "log"),
            "-o",
            $"-p {_port} -k {_folder} {Options} {(IsDurable ? "" : Fast)}"
        );

    /// <summary>As if the machine were switched off.</summary>
    public Task StopAsync() => RunAsync("pg_ctl", "stop", "-w", "-m", "immediate", "-D", Data);

    /// <summary>The next start is that of a standby, which answers and refuses to write.</summary>
    public Task StandByAsync() => File.WriteAllTextAsync(Path.Combine(Data, "standby.signal"), "");

    /// <summary>Makes a standby a server like any other.</summary>
    public Task PromoteAsync() => RunAsync("pg_ctl", "promote", "-w", "-D", Data);

    /// <summary>SIGKILL to the server and all its processes at once.</summary>
    public async Task KillAsync()
    {
        var server = int.Parse((await File.ReadAllLinesAsync(Path.Combine(Data, "postmaster.pid")))[0], CultureInfo.InvariantCulture);
        var group = Process.GetProcesses().Where(process => process.Id == server || ParentOf(process.Id) == server).ToList();
        foreach (var process in group)
            process.Kill();
        foreach (var process in group)
        {
            await process.WaitForExitAsync();
            process.Dispose();
        }
    }

    /// <summary>See proc(5): the fourth field, which is the second after the name in brackets.</summary>
    private static int ParentOf(int process)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{process}/stat");
            return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0;
        }
    }

    public async ValueTask DisposeAsync()
    {
        Leftovers.Remove(this);
        if (File.Exists(Path.Combine(Data, "postmaster.pid")))
            await StopAsync();
        _once.Dispose();
        _template.Dispose();
        if (Directory.Exists(_folder))
            Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Runs SQL as the superuser, in the database of a connection string or any other.</summary>
    public static async Task<string?> AskAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return Convert.ToString(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture);
    }

    private string ConnectionString(string database) =>
        $"Host=127.0.0.1;Port={_port};Username=postgres;Database={database};Timeout=5;Maximum Pool Size=30;"
        + "Connection Idle Lifetime=5;Connection Pruning Interval=2";

    private async Task StartOnceAsync()
    {
        await _once.WaitAsync();
        try
        {
            if (_isStarted)
                return;
            Leftovers.Add(this, () => DisposeAsync().AsTask().GetAwaiter().GetResult());
            Directory.CreateDirectory(_folder);
            if (Environment.IsPrivilegedProcess)
                await RunAsync(new ProcessStartInfo("chown", ["postgres", _folder]));
            await RunAsync("initdb", "-D", Data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync");
            await StartAsync();
            _isStarted = true;
        }
        finally
        {
            _once.Release();
        }
    }

    private static Task RunAsync(string program, params string[] args)
    {
        var file = Path.Combine(Programs, program);
        // PostgreSQL refuses to run as root.
        return RunAsync(
            Environment.IsPrivilegedProcess ? new ProcessStartInfo("runuser", ["-u", "postgres", "--", file, .. args]) : new ProcessStartInfo(file, args)
        );
    }

    private static async Task RunAsync(ProcessStartInfo start)
    {
        (start.RedirectStandardOutput, start.RedirectStandardError, start.WorkingDirectory) = (true, true, Path.GetTempPath());
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{start.FileName} {string.Join(' ', start.ArgumentList)}: {await output}{await error}");
    }
}
