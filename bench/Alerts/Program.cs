using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.Data.Sqlite;

// What the door of alerts takes, beside a bare Kestrel that writes the same bytes to the same kind of store.
//   Alerts serve PORT FILE            the reference: reads a body, inserts it, commits, answers 202
//   Alerts load URL SECRET SECONDS    sends alerts over 16 connections; prints events a second, and the median and p99 of an answer in ms
//   Alerts pace URL SECRET RATE SECONDS    sends RATE alerts a second, however slow the answers are; prints the same, and how many were not taken
//   Alerts read URL RATE SECONDS      asks for a page RATE times a second, however slow the answers are; prints its median and p99 in ms
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
switch (args)
{
    case ["serve", var port, var file]:
        await ServeAsync(int.Parse(port, CultureInfo.InvariantCulture), file);
        return 0;
    case ["load", var url, var secret, var seconds]:
        await LoadAsync(new Uri(url), secret, TimeSpan.FromSeconds(int.Parse(seconds, CultureInfo.InvariantCulture)));
        return 0;
    case ["pace", var url, var secret, var rate, var seconds]:
        await PaceAsync(Bearer(secret), i => new(HttpMethod.Post, url) { Content = Alert(i) }, Number(rate), Number(seconds));
        return 0;
    case ["read", var url, var rate, var seconds]:
        await PaceAsync(new(new SocketsHttpHandler()), _ => new(HttpMethod.Get, url), Number(rate), Number(seconds));
        return 0;
    default:
        return 2;
}

static async Task ServeAsync(int port, string file)
{
    var store = $"Data Source={file}";
    await using (var first = new SqliteConnection(store))
    {
        await first.OpenAsync();
        var make = first.CreateCommand();
        make.CommandText = "PRAGMA journal_mode=WAL; CREATE TABLE IF NOT EXISTS Deliveries (Id INTEGER PRIMARY KEY, At INTEGER, Body BLOB)";
        await make.ExecuteNonQueryAsync();
    }
    var builder = WebApplication.CreateEmptyBuilder(new());
    builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.ListenLocalhost(port));
    var app = builder.Build();
    app.Run(async context =>
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        await using var connection = new SqliteConnection(store);
        await connection.OpenAsync();
        await using var insert = connection.CreateCommand();
        insert.CommandText = "INSERT INTO Deliveries (At, Body) VALUES ($at, $body)";
        insert.Parameters.AddWithValue("$at", DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
        insert.Parameters.AddWithValue("$body", body.ToArray());
        await insert.ExecuteNonQueryAsync();
        context.Response.StatusCode = StatusCodes.Status202Accepted;
    });
    await app.RunAsync();
}

static async Task LoadAsync(Uri url, string secret, TimeSpan length)
{
    const int Connections = 16;
    using var http = Bearer(secret, Connections);
    var (times, number) = (new List<double>(), 0);
    var until = Stopwatch.StartNew();
    await Task.WhenAll(
        Enumerable
            .Range(0, Connections)
            .Select(async _ =>
            {
                while (until.Elapsed < length)
                {
                    var key = Interlocked.Increment(ref number) % 50;
                    using var content = Alert(key);
                    var began = Stopwatch.GetTimestamp();
                    using var answer = await http.PostAsync(url, content);
                    answer.EnsureSuccessStatusCode();
                    lock (times)
                        times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
                }
            })
    );
    times.Sort();
    Console.WriteLine($"{times.Count / until.Elapsed.TotalSeconds:0} {times[times.Count / 2]:0.0} {times[times.Count * 99 / 100]:0.0}");
}

static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

static HttpClient Bearer(string secret, int connections = 64)
{
    var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = connections });
    http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", secret);
    return http;
}

static StringContent Alert(int number) =>
    new(
        $$"""{"key":"alert-{{number % 50}}","title":"Alert {{number % 50}}","text":"{{new string('x', 500)}}","signal":"firing"}""",
        Encoding.UTF8,
        "application/json"
    );

static async Task PaceAsync(HttpClient http, Func<int, HttpRequestMessage> make, int rate, int seconds)
{
    var (times, refused, clock) = (new List<double>(), 0, Stopwatch.StartNew());
    var all = new List<Task>();
    for (var i = 0; i < rate * seconds; i++)
    {
        var due = TimeSpan.FromSeconds((double)i / rate);
        if (due > clock.Elapsed)
            await Task.Delay(due - clock.Elapsed);
        all.Add(SendAsync(i));
    }
    await Task.WhenAll(all);
    times.Sort();
    Console.WriteLine($"{times.Count / clock.Elapsed.TotalSeconds:0} {times[times.Count / 2]:0.0} {times[times.Count * 99 / 100]:0.0} {refused}");

    async Task SendAsync(int number)
    {
        using var request = make(number);
        var began = clock.Elapsed;
        using var answer = await http.SendAsync(request);
        var took = (clock.Elapsed - began).TotalMilliseconds;
        lock (times)
        {
            times.Add(took);
            refused += answer.IsSuccessStatusCode ? 0 : 1;
        }
    }
}
