using System.Collections.Concurrent;
using System.Data.Common;
using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Npgsql;
using StatusPage.Tests.Host;
using StatusPage.Web.Data;

namespace Years;

/// <summary>Each query once, with the values it was first asked with, and the longest time it took.</summary>
internal sealed class Heard : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>, IDisposable
{
    private readonly ConcurrentDictionary<string, Query> _queries = new();
    private readonly List<IDisposable> _subscriptions = [];
    private readonly IDisposable _all;
    private int _count;

    /// <summary>Tables that no query should read from end to end.</summary>
    private static readonly string[] Big =
    [
        "Deliveries",
        "Subscribers",
        "Announcements",
        "IncidentUpdates",
        "Incidents",
        "Audit",
        "MetricPoints",
        "DeliveryTotals",
    ];

    public Heard() => _all = DiagnosticListener.AllListeners.Subscribe(this);

    public int Count => _count;

    /// <summary>Each statement, and how often it was asked.</summary>
    public IReadOnlyDictionary<string, int> Times => _queries.ToDictionary(one => one.Key, one => one.Value.Times);

    public void Forget()
    {
        _queries.Clear();
        Interlocked.Exchange(ref _count, 0);
    }

    public void OnNext(DiagnosticListener value)
    {
        if (value.Name == DbLoggerCategory.Name)
            _subscriptions.Add(value.Subscribe(this));
    }

    public void OnNext(KeyValuePair<string, object?> value)
    {
        if (value.Value is not CommandExecutedEventData { Command: var command, Duration: var took })
            return;
        Interlocked.Increment(ref _count);
        var values = command
            .Parameters.Cast<DbParameter>()
            .Select(parameter => new Given(parameter.ParameterName, parameter.Value, (parameter as NpgsqlParameter)?.NpgsqlDbType))
            .ToArray();
        _queries.AddOrUpdate(
            command.CommandText,
            _ => new(values, took, 1),
            (_, known) => known with { Worst = took > known.Worst ? took : known.Worst, Times = known.Times + 1 }
        );
    }

    public Task<List<string>> ExplainAsync(AppHost app) =>
        app.InStoreAsync(async db =>
        {
            var queries = _queries.ToArray();
            var lines = new List<string>
            {
                $"{queries.Length} different statements; those that read a big table from end to end, and those that took 50 ms:",
            };
            await db.Database.OpenConnectionAsync();
            foreach (var (text, query) in queries.OrderByDescending(one => one.Value.Worst))
            {
                if (!text.TrimStart().StartsWith("SELECT", StringComparison.OrdinalIgnoreCase) && query.Worst.TotalMilliseconds < 50)
                    continue;
                var plan = await PlanAsync(db, text, query.Values);
                var scans = plan.Where(step => Big.Any(table => IsScan(step, table))).ToList();
                if (scans.Count == 0 && query.Worst.TotalMilliseconds < 50)
                    continue;
                lines.Add(
                    $"--- worst {query.Worst.TotalMilliseconds:0} ms, {query.Times} times{(scans.Count > 0 ? ", reads from end to end" : "")}\n"
                        + $"{text}\n{string.Join('\n', plan.Select(step => "      " + step))}"
                );
            }
            return lines;
        });

    private static bool IsScan(string step, string table) =>
        step.Contains($"Seq Scan on \"{table}\"", StringComparison.Ordinal)
        || step.StartsWith("SCAN ", StringComparison.Ordinal) && step.Contains(table, StringComparison.Ordinal);

    private static async Task<List<string>> PlanAsync(StatusDb db, string text, Given[] values)
    {
        await using var command = db.Database.GetDbConnection().CreateCommand();
        command.CommandText = (db is PostgresStatusDb ? "EXPLAIN " : "EXPLAIN QUERY PLAN ") + text;
        command.CommandTimeout = 60;
        foreach (var value in values)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (value.Name, value.Value ?? DBNull.Value);
            if (parameter is NpgsqlParameter npgsql && value.Type is { } type)
                npgsql.NpgsqlDbType = type;
            command.Parameters.Add(parameter);
        }
        var plan = new List<string>();
        try
        {
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
                plan.Add(db is PostgresStatusDb ? reader.GetString(0) : NameTables(text, reader.GetString(3)));
        }
        catch (Exception exception) when (exception is DbException or InvalidOperationException)
        {
            plan.Add("no plan: " + exception.Message.Split('\n')[0]);
        }
        return plan;
    }

    /// <summary>SQLite names what it reads by the alias alone.</summary>
    private static string NameTables(string text, string step)
    {
        if (step.Split(' ') is not ["SCAN" or "SEARCH", var alias, ..])
            return step;
        var at = text.IndexOf($"\" AS \"{alias}\"", StringComparison.Ordinal);
        if (at < 0)
            return step;
        var from = text.LastIndexOf('"', at - 1);
        return $"{step} [{text[(from + 1)..at]}]";
    }

    public void OnCompleted() { }

    public void OnError(Exception error) { }

    public void Dispose()
    {
        _all.Dispose();
        foreach (var subscription in _subscriptions)
            subscription.Dispose();
    }

    private sealed record Query(Given[] Values, TimeSpan Worst, int Times);

    private sealed record Given(string Name, object? Value, NpgsqlTypes.NpgsqlDbType? Type);
}
