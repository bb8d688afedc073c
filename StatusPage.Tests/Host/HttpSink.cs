using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace StatusPage.Tests.Host;

/// <summary>A request as it came in.</summary>
/// <param name="Path">With the query.</param>
public sealed record ReceivedRequest(string Method, string Path, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public string Text => Encoding.UTF8.GetString(Body);
    public JsonElement Json => JsonDocument.Parse(Body).RootElement;

    public string? Header(string name) => Headers.GetValueOrDefault(name);
}

/// <summary>An answer of a sink.</summary>
public sealed record SinkAnswer(int Status, string Body = "", params (string Name, string Value)[] Headers)
{
    /// <summary>The connection is cut instead.</summary>
    public static readonly SinkAnswer Cut = new(0);

    /// <summary>No answer until the caller gives up; what was asked may be done all the same.</summary>
    public static readonly SinkAnswer Silence = new(-1);
}

/// <summary>A real web server on loopback that stands in for every service: it keeps the requests it gets, and gives the answers it is told to.</summary>
public sealed class HttpSink : IAsyncDisposable
{
    private readonly List<ReceivedRequest> _received = [];
    private readonly ConcurrentDictionary<string, ConcurrentQueue<SinkAnswer>> _next = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Func<ReceivedRequest, SinkAnswer>> _always = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _hanging = new(StringComparer.Ordinal);
    private readonly WebApplication _app;

    private HttpSink(WebApplication app, int port) => (_app, Port) = (app, port);

    public int Port { get; }
    public string Url => $"http://127.0.0.1:{Port}";

    public IReadOnlyList<ReceivedRequest> Received
    {
        get
        {
            lock (_received)
                return [.. _received];
        }
    }

    /// <param name="port">A port at which clients already expect it; null for any.</param>
    public static async Task<HttpSink> StartAsync(int? port = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var chosen = port ?? Ports.Next();
        builder.WebHost.UseUrls($"http://127.0.0.1:{chosen}");
        var app = builder.Build();
        var sink = new HttpSink(app, chosen);
        app.Run(sink.TakeAsync);
        await app.StartAsync();
        return sink;
    }

    public IReadOnlyList<ReceivedRequest> At(string path) => [.. Received.Where(request => request.Path.Split('?')[0] == path)];

    /// <summary>The next requests for a path get these answers, one after the other.</summary>
    public void Next(string path, params SinkAnswer[] answers)
    {
        var queue = _next.GetOrAdd(path, _ => new());
        foreach (var answer in answers)
            queue.Enqueue(answer);
    }

    public void Always(string path, Func<ReceivedRequest, SinkAnswer> answer) => _always[path] = answer;

    /// <summary>Asked for paths that nothing else was said of; null leaves it at that.</summary>
    public Func<ReceivedRequest, SinkAnswer>? Otherwise { get; set; }

    /// <summary>Requests for this path get no answer until the caller gives up.</summary>
    public void Hang(string path) => _hanging[path] = true;

    public async Task<IReadOnlyList<ReceivedRequest>> WaitAsync(string path, int count = 1)
    {
        await Eventually.TrueAsync(
            $"{count} requests for {path}; there were {string.Join(", ", Received.Select(request => request.Path))}",
            () => At(path).Count >= count
        );
        return At(path);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    /// <summary>Like a good receiver, it answers a challenge with the challenge.</summary>
    private static SinkAnswer? ChallengeIn(ReceivedRequest request) =>
        request.Header("Content-Type")?.StartsWith("application/json", StringComparison.Ordinal) == true
        && request.Json is { ValueKind: JsonValueKind.Object } body
        && body.TryGetProperty("challenge", out var challenge)
            ? new(200, $$"""{"challenge": {{challenge.GetRawText()}}}""")
            : null;

    private static async Task UntilGoneAsync(HttpContext context)
    {
        var gone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var _ = context.RequestAborted.Register(gone.SetResult);
        await gone.Task;
    }

    private async Task TakeAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var path = context.Request.Path.Value!;
        var request = new ReceivedRequest(
            context.Request.Method,
            path + context.Request.QueryString,
            context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            body.ToArray()
        );
        lock (_received)
            _received.Add(request);
        if (_hanging.ContainsKey(path))
        {
            await UntilGoneAsync(context);
            return;
        }
        var answer =
            _next.TryGetValue(path, out var queue) && queue.TryDequeue(out var next) ? next
            : _always.TryGetValue(path, out var always) ? always(request)
            : Otherwise is { } otherwise ? otherwise(request)
            : ChallengeIn(request) ?? new(200, "ok");
        if (answer == SinkAnswer.Silence)
        {
            await UntilGoneAsync(context);
            return;
        }
        if (answer == SinkAnswer.Cut)
        {
            context.Abort();
            return;
        }
        context.Response.StatusCode = answer.Status;
        foreach (var (name, value) in answer.Headers)
            context.Response.Headers[name] = value;
        if (answer.Status is not 204)
            await context.Response.WriteAsync(answer.Body);
    }
}
