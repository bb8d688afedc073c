using System.Globalization;
using Microsoft.Extensions.Primitives;

// The floor to measure against: Kestrel, and nothing around it, writes ready bytes from memory with the headers they came with.
// Usage: BareKestrel PORT HEADERS BODY, where HEADERS is a file with a header on each line, as `curl --dump-header` writes it.
var headers = File.ReadLines(args[1])
    .Select(line => line.Split(": ", 2))
    .Where(parts => parts.Length == 2)
    .Where(parts => parts[0] is not ("Date" or "Server" or "Content-Length"))
    .Select(parts => KeyValuePair.Create(parts[0], new StringValues(parts[1])))
    .ToArray();
var unchanged = headers.Where(header => header.Key is not ("Content-Type" or "Content-Encoding")).ToArray();
var body = await File.ReadAllBytesAsync(args[2]);
var tag = headers.Single(header => header.Key == "ETag").Value.ToString();

var builder = WebApplication.CreateEmptyBuilder(new());
var port = int.Parse(args[0], CultureInfo.InvariantCulture);
builder
    .WebHost.UseKestrelCore()
    .ConfigureKestrel(kestrel =>
    {
        kestrel.AddServerHeader = false;
        kestrel.ListenLocalhost(port);
    });
var app = builder.Build();
app.Run(context =>
{
    var response = context.Response;
    if (context.Request.Headers.IfNoneMatch == tag)
    {
        foreach (var (name, value) in unchanged)
            response.Headers[name] = value;
        response.StatusCode = StatusCodes.Status304NotModified;
        return Task.CompletedTask;
    }
    foreach (var (name, value) in headers)
        response.Headers[name] = value;
    response.ContentLength = body.Length;
    return response.Body.WriteAsync(body, 0, body.Length);
});
await app.RunAsync();
