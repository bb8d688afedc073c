using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

// An alert storm: a script gone wrong opens incident after incident through the API, several at once, and none is ever resolved.
//   Storm ADDRESS KEY PROCESS INCIDENTS
// Readers ask for the page, the history and the open incidents meanwhile. Prints a row of a table at each step: the time from the sending of one
// more post until the page had it, what the process holds in memory, and the CPU time since the row before.
const int Posters = 4;
const int Components = 20;
const int Probes = 3;
if (args is not [var address, var key, var process, var incidents])
    return 2;
var (pid, total) = (int.Parse(process, CultureInfo.InvariantCulture), int.Parse(incidents, CultureInfo.InvariantCulture));
using var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 64 }) { BaseAddress = new Uri(address) };
using var api = new HttpClient { BaseAddress = new Uri(address), Timeout = TimeSpan.FromMinutes(1) };
api.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("OAuth", key);
var page = (await http.GetFromJsonAsync<JsonElement>("/api/v2/status.json")).GetProperty("page").GetProperty("id").GetString();
var components = new List<string>();
for (var i = 0; i < Components; i++)
    components.Add(
        (await SendAsync("components", new { component = new { name = $"Service {i}", status = "operational" } })).GetProperty("id").GetString()!
    );

Console.WriteLine("| open incidents | from post to page, median of three / worst | resident | peak so far | CPU since the row before | for each post |");
Console.WriteLine("|---:|---:|---:|---:|---:|---:|");
var (posted, cpu) = (0, CpuSeconds());
using var readers = new CancellationTokenSource();
var reading = Task.WhenAll(ReadAsync("/"), ReadAsync("/history"), ReadAsync("/api/v2/incidents/unresolved.json"));
int[] steps = [100, 200, 700, 1_000, 1_500, 2_000, 3_000, 5_000];
foreach (var step in steps.Where(step => step <= total))
{
    var before = posted;
    var next = posted;
    await Task.WhenAll(
        Enumerable
            .Range(0, Posters)
            .Select(async _ =>
            {
                while (Interlocked.Increment(ref next) is var number && number <= step - Probes)
                    await OpenAsync($"Alert {number}", number);
            })
    );
    var took = new List<double>();
    for (var i = 0; i < Probes; i++)
        took.Add(await ProbeAsync($"Probe {step}-{i}"));
    posted = step;
    took.Sort();
    var used = CpuSeconds() - cpu;
    cpu += used;
    Console.WriteLine(
        string.Create(
            CultureInfo.InvariantCulture,
            $"| {step:N0} | {took[1]:N0} / {took[^1]:N0} ms | "
                + $"{Status("VmRSS") / 1024:N0} MB | {Status("VmHWM") / 1024:N0} MB | {used:N1} s | {used / (step - before) * 1000:N0} ms |"
        )
    );
}
await readers.CancelAsync();
await reading;
return 0;

Task OpenAsync(string title, int number) =>
    SendAsync(
        "incidents",
        new
        {
            incident = new
            {
                name = $"{title}: error rate above the threshold",
                status = "investigating",
                body = "The share of failing requests is above **2 %** for more than five minutes. "
                    + "Nobody has looked at it yet; this was opened by the monitoring.",
                component_ids = new[] { components[number % Components] },
                components = new Dictionary<string, string> { [components[number % Components]] = "degraded_performance" },
            },
        }
    );

async Task<JsonElement> SendAsync(string path, object body)
{
    using var answer = await api.PostAsJsonAsync($"/v1/pages/{page}/{path}", body);
    var json = await answer.Content.ReadFromJsonAsync<JsonElement>();
    return answer.IsSuccessStatusCode ? json : throw new InvalidOperationException($"{(int)answer.StatusCode}: {json}");
}

// Critical, so that it stands in full at the top.
async Task<double> ProbeAsync(string title)
{
    var began = Stopwatch.GetTimestamp();
    var posting = SendAsync(
        "incidents",
        new
        {
            incident = new
            {
                name = title,
                status = "investigating",
                body = "Is it there?",
                impact_override = "critical",
            },
        }
    );
    while (!(await http.GetStringAsync("/")).Contains(title, StringComparison.Ordinal))
        await Task.Delay(5);
    var took = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
    await posting;
    return took;
}

async Task ReadAsync(string path)
{
    while (!readers.IsCancellationRequested)
    {
        await http.GetByteArrayAsync(path);
        await Task.Delay(200);
    }
}

// From proc(5): kB.
long Status(string name) =>
    long.Parse(
        File.ReadLines($"/proc/{pid}/status").First(line => line.StartsWith(name, StringComparison.Ordinal)).Split(':')[1].Trim().Split(' ')[0],
        CultureInfo.InvariantCulture
    );

// From proc(5): user and system time in ticks of a hundredth of a second.
double CpuSeconds()
{
    var stat = File.ReadAllText($"/proc/{pid}/stat");
    var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
    return (long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)) / 100.0;
}
