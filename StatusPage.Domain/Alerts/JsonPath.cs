using System.Text.Json;
using System.Text.Json.Nodes;

namespace StatusPage.Domain.Alerts;

/// <summary>
/// Names one place in a JSON document: a singular query (RFC 9535, section 2.3.5.1), such as <c>$.data.alerts[0]['first name']</c>. What could name
/// several places (wildcards, slices, filters, descendants) is refused.
/// </summary>
public sealed class JsonPath
{
    /// <summary>Characters of a path.</summary>
    public const int MaxLength = 500;

    /// <summary>Steps of a path. No body is nested deeper than that.</summary>
    public const int MaxSteps = 32;

    private readonly string _text;
    private readonly List<JsonStep> _steps;

    private JsonPath(string text, List<JsonStep> steps) => (_text, _steps) = (text, steps);

    /// <param name="field">The form field that it stands in.</param>
    /// <param name="what">"the path of the key"</param>
    /// <exception cref="RuleViolation">It is none; the message says at which character and what to write there.</exception>
    public static JsonPath Parse(string? text, string field, Sentence what)
    {
        if (string.IsNullOrWhiteSpace(text))
            throw new RuleViolation($"Enter {what}, such as $.alert.id.", field);
        return TryParse(text, out var why) ?? throw new RuleViolation($"{what.Capital} cannot be read: {why}", field);
    }

    /// <summary>Null when it is none.</summary>
    public static JsonPath? TryParse(string text) => TryParse(text, out _);

    private static JsonPath? TryParse(string text, out Sentence? why)
    {
        var trimmed = text.Trim();
        var steps = new List<JsonStep>();
        why =
            trimmed.Length > MaxLength ? (Sentence)$"it is {trimmed.Length:N0} characters long; at most {MaxLength} fit."
            : Text.Shown(trimmed, "\t\r\n") != trimmed ? "it holds a character that cannot be shown. Write that one as \\uXXXX within quotes."
            : new JsonPathParser(trimmed).Read(steps);
        return why is null ? new(trimmed, steps) : null;
    }

    /// <summary>What stands there; null when nothing does.</summary>
    public JsonElement? Find(JsonElement root)
    {
        var at = root;
        foreach (var step in _steps)
            if (!step.TryTake(at, out at))
                return null;
        return at;
    }

    /// <summary>The document with a value at this place. What stands in the way is replaced.</summary>
    public JsonNode Put(JsonNode? root, string value)
    {
        JsonNode node = JsonValue.Create(value);
        for (var i = _steps.Count - 1; i >= 0; i--)
            node = _steps[i].With(At(root, i), node);
        return node;
    }

    private JsonNode? At(JsonNode? root, int steps)
    {
        var at = root;
        for (var i = 0; i < steps && at is not null; i++)
            at = _steps[i].Take(at);
        return at;
    }

    public override string ToString() => _text;
}

/// <summary>A member by its name, or an element by its index, counted from the end when negative.</summary>
internal readonly record struct JsonStep(string? Name, int Index)
{
    /// <summary>Elements before the one that is put in.</summary>
    private const int MostPadding = 100;

    public bool TryTake(JsonElement parent, out JsonElement child)
    {
        child = default;
        if (Name is not null)
            return parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(Name, out child);
        if (parent.ValueKind != JsonValueKind.Array)
            return false;
        var length = parent.GetArrayLength();
        var index = Index < 0 ? length + Index : Index;
        if (index < 0 || index >= length)
            return false;
        child = parent[index];
        return true;
    }

    public JsonNode? Take(JsonNode parent) =>
        Name is { } name ? (parent as JsonObject)?[name]
        : parent is JsonArray list && IndexIn(list) is { } index && index < list.Count ? list[index]
        : null;

    /// <summary>A parent with the child in this place; the others stay.</summary>
    public JsonNode With(JsonNode? parent, JsonNode child)
    {
        if (Name is { } name)
        {
            var map = parent?.DeepClone() as JsonObject ?? [];
            map[name] = child;
            return map;
        }
        var list = parent?.DeepClone() as JsonArray ?? [];
        var index = Math.Min(IndexIn(list) ?? 0, MostPadding);
        while (list.Count <= index)
            list.Add(null);
        list[index] = child;
        return list;
    }

    /// <summary>Null when it counts from the end, beyond the beginning.</summary>
    private int? IndexIn(JsonArray list) =>
        Index >= 0 ? Index
        : list.Count + Index >= 0 ? list.Count + Index
        : null;
}
