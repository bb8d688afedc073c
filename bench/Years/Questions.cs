using System.Collections.Concurrent;
using System.Data.Common;
using System.Diagnostics;
using System.Text;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Npgsql;
using StatusPage.Domain.Deliveries;
using StatusPage.Tests.Host;
using StatusPage.Web.Data;

namespace Years;

/// <summary>Opens every page of the desk, posts, subscribes, lets the workers look; then asks the store how it answers each query.</summary>
internal static class Questions
{
    private const int Times = 5;

    /// <summary>Whose rows nobody should read from end to end.</summary>
    private static readonly string[] Big = ["Deliveries", "Subscribers", "Announcements", "IncidentUpdates", "Incidents", "Audit", "MetricPoints", "DeliveryTotals"];

    public static async Task AskAsync(TempFolder folder, string[] store)
    {
        using var heard = new Heard();
        await using var app = await AppHost.StartAsync(folder, null, [.. StatusPage.Tests.Host.Desk.Owner, .. store]);
        using var browser = await app.SignInAsync();
        Console.WriteLine("| page of the desk | median | worst | queries |");
        Console.WriteLine("|---|---|---|---|");
        foreach (var path in await PathsAsync(app))
        {
            await browser.GetAsync(path);
            var (times, before) = (new List<double>(), heard.Count);
            for (var i = 0; i < Times; i++)
            {
                var began = Stopwatch.GetTimestamp();
                await browser.GetAsync(path);
                times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            }
            times.Sort();
            Console.WriteLine($"| {path} {(browser.Status == System.Net.HttpStatusCode.OK ? "" : browser.Status)} | {times[Times / 2]:0} ms | {times[^1]:0} ms | {(heard.Count - before) / Times} |");
        }
        await ActAsync(app);
        Console.WriteLine();
        foreach (var line in await heard.ExplainAsync(app)) Console.WriteLine(line);
    }

    /// <summary>Every page without a parameter, and those with one for the newest that there is.</summary>
    private static async Task<IReadOnlyList<string>> PathsAsync(AppHost app) => await app.InStoreAsync(async db =>
    {
        var incident = await db.Incidents.OrderByDescending(row => row.StartedAt).FirstAsync();
        var told = await db.Announcements.Where(row => row.CountedAt == null && row.UpdateId != null).OrderByDescending(row => row.CreatedAt).FirstAsync();
        var counted = await db.Announcements.Where(row => row.CountedAt != null && row.UpdateId != null).OrderByDescending(row => row.CreatedAt).FirstAsync();
        var subscriber = await db.Subscribers.FirstAsync();
        var component = await db.Components.FirstAsync();
        return (IReadOnlyList<string>)
        [
            .. app.Services.GetRequiredService<Microsoft.AspNetCore.Routing.EndpointDataSource>().Endpoints.OfType<Microsoft.AspNetCore.Routing.RouteEndpoint>()
                .Select(endpoint => "/" + endpoint.RoutePattern.RawText?.TrimStart('/')).Where(path => path.StartsWith("/admin", StringComparison.Ordinal) && !path.Contains('{', StringComparison.Ordinal))
                .Where(path => path is not ("/admin/sign-out" or "/admin/denied" or "/admin/missing")).Distinct().Order(StringComparer.Ordinal),
            "/admin/incidents?q=certificate", "/admin/incidents?page=20", $"/admin/incidents/{incident.Id}", $"/admin/incidents/{incident.Id}/updates/{incident.Updates.FirstOrDefault()?.Id}",
            $"/admin/deliveries/{told.UpdateId}", $"/admin/deliveries/{told.UpdateId}?state=failed", $"/admin/deliveries/{told.UpdateId}?q=s4777", $"/admin/deliveries/{counted.UpdateId}",
            "/admin/subscribers?q=s49999", "/admin/subscribers?q=customer", "/admin/subscribers?page=900", $"/admin/subscribers/{subscriber.Id}",
            $"/admin/components/{component.Id}", "/admin/audit?actor=person7@acme.example", "/admin/audit?q=Case%2012345", "/admin/audit?page=300",
            "/", "/history", "/search?q=certificate", $"/history/{DateTime.UtcNow.AddYears(-3):yyyy-MM}", $"/incidents/{incident.Id}", "/system-metrics",
        ];
    });

    /// <summary>What people and programs do beside looking, and what workers do by themselves meanwhile.</summary>
    private static async Task ActAsync(AppHost app)
    {
        using var api = await app.ApiAsync();
        var began = Stopwatch.GetTimestamp();
        await api.OpenIncidentAsync();
        Console.WriteLine();
        Console.WriteLine($"A post: {Stopwatch.GetElapsedTime(began).TotalMilliseconds:0} ms.");
        using var reader = app.NewBrowser();
        for (var i = 0; i < Times; i++)
        {
            began = Stopwatch.GetTimestamp();
            await reader.FillInAsync("/subscribe", new { Email = $"new{i}@elsewhere.example" }, "form[action*='subscribe']");
            Console.WriteLine($"POST /subscribe: {Stopwatch.GetElapsedTime(began).TotalMilliseconds:0} ms, {reader.Status}.");
        }
        var id = await app.InStoreAsync(db => db.Announcements.Where(row => row.Kind == AnnouncementKind.IncidentUpdate).OrderByDescending(row => row.CreatedAt).Select(row => row.Id).FirstAsync());
        began = Stopwatch.GetTimestamp();
        while (await app.InStoreAsync(db => db.Announcements.AnyAsync(row => row.Id == id && row.FannedOutAt == null))) await Task.Delay(50);
        Console.WriteLine($"Its rows in the ledger: {Stopwatch.GetElapsedTime(began).TotalMilliseconds:0} ms after the last subscription.");
        began = Stopwatch.GetTimestamp();
        await app.InScopeAsync(async services => { await services.GetRequiredService<Retention>().RunAsync(default); return 0; });
        Console.WriteLine($"Retention, a round: {Stopwatch.GetElapsedTime(began).TotalMilliseconds:0} ms.");
    }

    /// <summary>Each query once, with the values it was first asked with, and what it took at most.</summary>
    private sealed class Heard : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>, IDisposable
    {
        private readonly ConcurrentDictionary<string, Query> _queries = new();
        private readonly List<IDisposable> _subscriptions = [];
        private readonly IDisposable _all;
        private int _count;

        public Heard() => _all = DiagnosticListener.AllListeners.Subscribe(this);

        public int Count => _count;

        public void OnNext(DiagnosticListener value)
        {
            if (value.Name == DbLoggerCategory.Name) _subscriptions.Add(value.Subscribe(this));
        }

        public void OnNext(KeyValuePair<string, object?> value)
        {
            if (value.Value is not CommandExecutedEventData { Command: var command, Duration: var took }) return;
            Interlocked.Increment(ref _count);
            var values = command.Parameters.Cast<DbParameter>().Select(parameter => new Given(parameter.ParameterName, parameter.Value, (parameter as NpgsqlParameter)?.NpgsqlDbType)).ToArray();
            _queries.AddOrUpdate(command.CommandText, _ => new(values, took, 1), (_, known) => known with { Worst = took > known.Worst ? took : known.Worst, Times = known.Times + 1 });
        }

        public Task<List<string>> ExplainAsync(AppHost app) => app.InStoreAsync(async db =>
        {
            var queries = _queries.ToArray();
            var lines = new List<string> { $"{queries.Length} different statements; those that read a big table from end to end, and those that took 50 ms:" };
            await db.Database.OpenConnectionAsync();
            foreach (var (text, query) in queries.OrderByDescending(one => one.Value.Worst))
            {
                if (!text.TrimStart().StartsWith("SELECT", StringComparison.OrdinalIgnoreCase) && query.Worst.TotalMilliseconds < 50) continue;
                var plan = await PlanAsync(db, text, query.Values);
                var scans = plan.Where(step => Big.Any(table => IsScan(step, table))).ToList();
                if (scans.Count == 0 && query.Worst.TotalMilliseconds < 50) continue;
                lines.Add($"--- worst {query.Worst.TotalMilliseconds:0} ms, {query.Times} times{(scans.Count > 0 ? ", reads from end to end" : "")}\n{text}\n{string.Join('\n', plan.Select(step => "      " + step))}");
            }
            return lines;
        });

        private static bool IsScan(string step, string table) =>
            step.Contains($"Seq Scan on \"{table}\"", StringComparison.Ordinal) || step.StartsWith("SCAN ", StringComparison.Ordinal) && step.Contains(table, StringComparison.Ordinal);

        private static async Task<List<string>> PlanAsync(StatusDb db, string text, Given[] values)
        {
            await using var command = db.Database.GetDbConnection().CreateCommand();
            command.CommandText = (db is PostgresStatusDb ? "EXPLAIN " : "EXPLAIN QUERY PLAN ") + text;
            command.CommandTimeout = 60;
            foreach (var value in values)
            {
                var parameter = command.CreateParameter();
                (parameter.ParameterName, parameter.Value) = (value.Name, value.Value ?? DBNull.Value);
                if (parameter is NpgsqlParameter npgsql && value.Type is { } type) npgsql.NpgsqlDbType = type;
                command.Parameters.Add(parameter);
            }
            var plan = new List<string>();
            try
            {
                await using var reader = await command.ExecuteReaderAsync();
                while (await reader.ReadAsync()) plan.Add(db is PostgresStatusDb ? reader.GetString(0) : NameTables(text, reader.GetString(3)));
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
            if (step.Split(' ') is not ["SCAN" or "SEARCH", var alias, ..]) return step;
            var at = text.IndexOf($"\" AS \"{alias}\"", StringComparison.Ordinal);
            if (at < 0) return step;
            var from = text.LastIndexOf('"', at - 1);
            return $"{step} [{text[(from + 1)..at]}]";
        }

        public void OnCompleted() { }

        public void OnError(Exception error) { }

        public void Dispose()
        {
            _all.Dispose();
            foreach (var subscription in _subscriptions) subscription.Dispose();
        }

        private sealed record Query(Given[] Values, TimeSpan Worst, int Times);

        private sealed record Given(string Name, object? Value, NpgsqlTypes.NpgsqlDbType? Type);
    }
}
