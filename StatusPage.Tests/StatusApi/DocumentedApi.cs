using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Json.Schema;

namespace StatusPage.Tests.StatusApi;

/// <summary>
/// The OpenAPI document as it is served, and which operations were seen. Every answer that passes through is checked against its description.
/// </summary>
public sealed class DocumentedApi(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    private readonly List<Operation> _operations = [];
    private readonly HashSet<(Operation, int)> _seen = [];
    private JsonObject _schemas = [];

    private sealed record Operation(string Method, string Path, Regex Pattern, JsonObject Responses);

    /// <summary>Operations that were not seen to succeed.</summary>
    public IEnumerable<string> Unseen =>
        _operations
            .Where(operation => !_seen.Any(seen => seen.Item1 == operation && seen.Item2 < 300))
            .Select(operation => $"{operation.Method} {operation.Path}");

    public int Operations => _operations.Count;

    public void Read(string json)
    {
        // JSON Schema keeps definitions elsewhere than OpenAPI. Answers must not have undocumented properties.
        var document = JsonNode.Parse(json.Replace("#/components/schemas/", "#/$defs/", StringComparison.Ordinal))!;
        Close(document);
        _schemas = document["components"]!["schemas"]!.AsObject();
        foreach (var (path, item) in document["paths"]!.AsObject())
        foreach (var (method, operation) in item!.AsObject().Where(part => part.Value is JsonObject value && value.ContainsKey("responses")))
        {
            var template = Regex.Escape(path).Replace("\\{", "{", StringComparison.Ordinal);
            _operations.Add(
                new(method.ToUpperInvariant(), path, new($"^{Regex.Replace(template, "{[a-z_]+}", "[0-9a-z]{12}")}$"), operation!["responses"]!.AsObject())
            );
        }
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        var path = request.RequestUri!.AbsolutePath;
        var matches = _operations.Where(operation => operation.Method == request.Method.Method && operation.Pattern.IsMatch(path)).ToList();
        // "/subscribers/count" cannot be an id, because it is shorter; "unsubscribed" is as long as an id, but has an operation of its own.
        var found =
            matches.Find(operation => operation.Path.EndsWith(path[(path.LastIndexOf('/') + 1)..], StringComparison.Ordinal)) ?? matches.FirstOrDefault();
        if (found is null)
            return response;
        var status = (int)response.StatusCode;
        var written = found.Responses[status.ToString(System.Globalization.CultureInfo.InvariantCulture)];
        Assert.True(written is not null, $"{found.Method} {found.Path} answered {status}, of which nothing is written.");
        _seen.Add((found, status));
        await response.Content.LoadIntoBufferAsync(cancellationToken);
        var body = await response.Content.ReadAsStringAsync(cancellationToken);
        if (written["content"] is not JsonObject content)
            Assert.Equal("", body);
        else
        {
            Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
            Hold(content["application/json"]!["schema"]!, body, $"{found.Method} {found.Path} {status}");
        }
        return response;
    }

    private void Hold(JsonNode schema, string body, string what)
    {
        var whole = new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["allOf"] = new JsonArray(schema.DeepClone()),
            ["$defs"] = _schemas.DeepClone(),
        };
        var result = JsonSchema
            .FromText(whole.ToJsonString())
            .Evaluate(System.Text.Json.JsonElement.Parse(body), new() { OutputFormat = OutputFormat.List, RequireFormatValidation = true });
        var complaints =
            result
                .Details?.Where(detail => detail.Errors is { Count: > 0 })
                .Select(detail => $"{detail.InstanceLocation}: {string.Join("; ", detail.Errors!.Values)}")
            ?? [];
        Assert.True(result.IsValid, $"{what} is not as written:\n{string.Join('\n', complaints.Take(8))}\n{body}");
    }

    private static void Close(JsonNode? node)
    {
        if (node is JsonObject json)
        {
            if (json.ContainsKey("properties") && !json.ContainsKey("additionalProperties") && json["type"] is not null)
                json["additionalProperties"] = false;
            foreach (var (_, value) in json.ToList())
                Close(value);
        }
        else if (node is JsonArray list)
            foreach (var value in list)
                Close(value);
    }
}
