using System.Text.Json;
using System.Text.Json.Nodes;
using StatusPage.Tests.Host;

namespace StatusPage.Tests.Destinations;

/// <summary>
/// A server that behaves as a vendor documents it, and holds each request against the documented shape. It misbehaves when it is told to: before it did
/// what was asked, or after.
/// </summary>
public abstract class Vendor : IAsyncDisposable
{
    private readonly List<Fault> _faults = [];

    protected Vendor(HttpSink sink)
    {
        Sink = sink;
        sink.Otherwise = Answer;
    }

    public HttpSink Sink { get; }
    public string Url => Sink.Url;

    /// <summary>What was wrong with the requests.</summary>
    public List<string> Wrong { get; } = [];

    /// <summary>Objects that exist.</summary>
    public abstract int Made { get; }

    /// <summary>The next request of this kind gets this answer.</summary>
    /// <param name="isDone">Whether what was asked is done all the same.</param>
    public void Fail(string method, string part, SinkAnswer answer, bool isDone = false)
    {
        lock (_faults)
            _faults.Add(new(method, part, answer, isDone));
    }

    public int Count(string method, string part) =>
        Sink.Received.Count(request => request.Method == method && request.Path.Contains(part, StringComparison.Ordinal));

    public async ValueTask DisposeAsync()
    {
        await Sink.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected abstract SinkAnswer Do(ReceivedRequest request, string path);

    protected void Must(bool isSo, string what)
    {
        if (!isSo)
            Wrong.Add(what);
    }

    protected static SinkAnswer Json(int status, JsonNode body) => new(status, body.ToJsonString(), ("Content-Type", "application/json"));

    protected static string? Query(ReceivedRequest request, string name) =>
        Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(new Uri("http://x" + request.Path).Query).TryGetValue(name, out var value)
            ? value.ToString()
            : null;

    protected JsonElement Body(ReceivedRequest request)
    {
        Must(request.Header("Content-Type") == "application/json", $"{request.Method} {request.Path}: the body is {request.Header("Content-Type")}.");
        return request.Json;
    }

    /// <summary>The names of an object, in any order.</summary>
    protected void MustHave(JsonElement body, string where, params string[] names) =>
        Must(
            body.EnumerateObject().Select(property => property.Name).Order(StringComparer.Ordinal).SequenceEqual(names.Order(StringComparer.Ordinal)),
            $"{where} has {string.Join(", ", body.EnumerateObject().Select(property => property.Name))}."
        );

    private SinkAnswer Answer(ReceivedRequest request)
    {
        lock (_faults)
        {
            var fault = _faults.Find(one => one.Method == request.Method && request.Path.Contains(one.Part, StringComparison.Ordinal));
            if (fault is not null)
                _faults.Remove(fault);
            if (fault is { IsDone: false })
                return fault.Answer;
            var answer = Do(request, request.Path.Split('?')[0]);
            return fault?.Answer ?? answer;
        }
    }

    private sealed record Fault(string Method, string Part, SinkAnswer Answer, bool IsDone);
}
