using System.Globalization;
using System.Text.Json;
using StatusPage.Domain;

namespace StatusPage.Web.StatusApi;

/// <summary>A request body that cannot be used: the status and what to mend.</summary>
public sealed class ApiException(int status, string message) : Exception(message)
{
    public int Status { get; } = status;
}

/// <summary>The object under one key of a JSON body, read field by field with an error that names the field.</summary>
public sealed class Body
{
    private readonly JsonElement _fields;
    private readonly string _root;

    private readonly JsonElement _whole;

    private Body(JsonElement fields, string root, JsonElement whole) => (_fields, _root, _whole) = (fields, root, whole);

    /// <param name="root">"incident" in <c>{"incident": {…}}</c>.</param>
    /// <param name="mayBeBare">True: the fields may stand in the body itself, without the key around them.</param>
    public static async Task<Body> ReadAsync(HttpRequest request, string root, CancellationToken cancel, bool mayBeBare = false)
    {
        JsonElement json;
        var example = mayBeBare ? "{…}" : $"{{\"{root}\": {{…}}}}";
        if (request.HasFormContentType)
            json = await FormBody.ReadAsync(request, text => Parse(text, example), cancel);
        else
            json = await ParseAsync(request.Body, example, cancel);
        if (mayBeBare && json.ValueKind == JsonValueKind.Object && !TryFind(json, root, out _))
            return new(json, root, default);
        if (json.ValueKind != JsonValueKind.Object || !TryFind(json, root, out var fields) || fields.ValueKind != JsonValueKind.Object)
            throw new ApiException(
                StatusCodes.Status400BadRequest,
                mayBeBare ? "The body must be an object." : $"The body must be an object with the key '{root}': {example}."
            );
        return new(fields, root, json);
    }

    /// <summary>What stands beside the key, as a body of its own: <c>{"description": "…", "component_group": {…}}</c>. None where there is no key.</summary>
    public Body Around => new(_whole.ValueKind == JsonValueKind.Object ? _whole : JsonElement.Parse("{}"), "body", default);

    private static JsonElement Parse(string text, string example)
    {
        try
        {
            return JsonElement.Parse(text);
        }
        catch (JsonException exception)
        {
            throw Unreadable(exception, example);
        }
    }

    private static async Task<JsonElement> ParseAsync(Stream body, string example, CancellationToken cancel)
    {
        try
        {
            using var document = await JsonDocument.ParseAsync(body, cancellationToken: cancel);
            return document.RootElement.Clone();
        }
        catch (JsonException exception)
        {
            throw Unreadable(exception, example);
        }
    }

    private static ApiException Unreadable(JsonException why, string example) =>
        new(
            StatusCodes.Status400BadRequest,
            $"The body is not valid JSON (line {why.LineNumber + 1}, byte {why.BytePositionInLine + 1}). "
                + $"Send {example} with Content-Type: application/json."
        );

    /// <summary>The fields as they came.</summary>
    /// <exception cref="ApiException">It holds half a surrogate pair, which JSON may spell and which is no text.</exception>
    public JsonElement Element =>
        IsText(_fields) ? _fields : throw new ApiException(StatusCodes.Status400BadRequest, "The body holds text that is not valid Unicode.");

    /// <summary>Whether every text and name in it is valid Unicode.</summary>
    internal static bool IsText(JsonElement json)
    {
        try
        {
            return json.ValueKind switch
            {
                JsonValueKind.String => json.GetString() is not null,
                JsonValueKind.Array => json.EnumerateArray().All(IsText),
                JsonValueKind.Object => json.EnumerateObject().All(property => property.Name.Length >= 0 && IsText(property.Value)),
                _ => true,
            };
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>Whether the field has a value; null and empty count as absent.</summary>
    public bool Has(string name) => Find(name) is not null;

    /// <summary>Whether the field is there at all; null or empty takes away the value that there is.</summary>
    public bool Mentions(string name) => TryFind(_fields, name, out _);

    public bool IsText(string name) => Find(name)?.ValueKind == JsonValueKind.String;

    /// <summary>Null when it is absent, null or blank.</summary>
    public string? Text(string name) =>
        Find(name) is not { } value ? null
        : value.ValueKind == JsonValueKind.String ? Read(value, name)
        : throw Wrong(name, "a string");

    /// <summary>What is to be told: <c>body</c>, which several clients of Statuspage call <c>message</c>. Null without any.</summary>
    public string? Told() =>
        (Text("body"), Text("message")) switch
        {
            ({ } body, { } message) when body != message => throw Wrong("message", "left out where there is a body: both are the text of the update"),
            var (body, message) => body ?? message,
        };

    public bool Flag(string name, bool otherwise) => Flag(name) ?? otherwise;

    /// <summary>Null when it is absent, null or empty.</summary>
    public bool? Flag(string name) =>
        Find(name) is not { } value
            ? null
            : value.ValueKind switch
            {
                JsonValueKind.True => true,
                JsonValueKind.False => false,
                // A form has texts only, and those of PHP have 1 and 0.
                JsonValueKind.String when bool.TryParse(Read(value, name), out var flag) => flag,
                JsonValueKind.String or JsonValueKind.Number when value.ToString() is "1" or "0" => value.ToString() == "1",
                _ => throw Wrong(name, "true or false"),
            };

    /// <summary>Null when it is absent, null or empty.</summary>
    public double? Number(string name) =>
        Find(name) switch
        {
            null => null,
            { ValueKind: JsonValueKind.Number } value when value.TryGetDouble(out var number) && double.IsFinite(number) => number,
            // A form has texts only.
            { ValueKind: JsonValueKind.String } value
                when double.TryParse(Read(value, name), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) =>
                number,
            _ => throw Wrong(name, "a number"),
        };

    /// <summary>A day, or an instant.</summary>
    /// <param name="startOf">Where a day begins.</param>
    public DateTimeOffset? DayOrInstant(string name, Func<DateOnly, DateTimeOffset> startOf) =>
        Instants.Day(Text(name)) is { } day ? startOf(day) : Instant(name);

    public DateTimeOffset? Instant(string name)
    {
        if (Text(name) is not { } text)
            return null;
        // As Ruby writes it.
        if (text.EndsWith(" UTC", StringComparison.Ordinal))
            text = text[..^4] + "Z";
        // A time of day alone is refused, as its day would be a guess; a time without a zone is taken as UTC.
        return
            text.Length >= 16
            && text[4] == '-'
            && text[7] == '-'
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant)
            ? Instants.Contain(instant)
                ? instant.ToUniversalTime()
                : throw Wrong(name, $"a time {Instants.Range}")
            : throw Wrong(name, "a time in ISO 8601, such as 2026-11-24T23:15:00Z");
    }

    public T? OneOf<T>(string name, Func<string?, T?> parse, IEnumerable<string> allowed)
        where T : struct
    {
        if (Text(name) is not { Length: > 0 } text)
            return null;
        return parse(text) ?? throw Wrong(name, $"one of {string.Join(", ", allowed)}");
    }

    public IReadOnlyList<string>? Texts(string name)
    {
        if (Find(name) is not { } value)
            return null;
        // A form can spell an empty list by an empty item alone, and PHP gives each item its number.
        var items =
            value.ValueKind == JsonValueKind.Array ? value.EnumerateArray()
            : IsNumbered(value) ? value.EnumerateObject().Select(property => property.Value)
            : throw Wrong(name, "an array of strings");
        return
        [
            .. items
                .Select(item => item.ValueKind == JsonValueKind.String ? Read(item, name) : throw Wrong(name, "an array of strings"))
                .Where(item => item.Length > 0),
        ];
    }

    /// <summary>Values that are null or empty are null.</summary>
    public IReadOnlyDictionary<string, string?>? Map(string name)
    {
        if (Find(name) is not { } value)
            return null;
        if (IsEmptyList(value))
            return new Dictionary<string, string?>();
        if (value.ValueKind != JsonValueKind.Object)
            throw Wrong(name, "an object of strings");
        var map = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var property in value.EnumerateObject())
            map[NameOf(property, name)] = property.Value.ValueKind switch
            {
                JsonValueKind.Null => null,
                JsonValueKind.String => Read(property.Value, name) is { Length: > 0 } text ? text : null,
                _ => throw Wrong(name, "an object of strings"),
            };
        return map;
    }

    /// <summary>An object, as JSON.</summary>
    public string? JsonOf(string name) =>
        Find(name) is not { } value ? null
        : IsEmptyList(value) ? "{}"
        : value.ValueKind == JsonValueKind.Object ? JsonSerializer.Serialize(value)
        : throw Wrong(name, "an object");

    public ApiException Wrong(string name, string expected) =>
        new(StatusCodes.Status422UnprocessableEntity, $"{(_whole.ValueKind == JsonValueKind.Undefined ? "" : $"{_root}.")}{name} must be {expected}.");

    /// <summary>An object without fields, as PHP writes it.</summary>
    private static bool IsEmptyList(JsonElement value) => value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == 0;

    private static bool IsNumbered(JsonElement value) =>
        value.ValueKind == JsonValueKind.Object
        && value.EnumerateObject().All(property => int.TryParse(property.Name, CultureInfo.InvariantCulture, out _));

    public static ApiException From(RuleViolation violation) => new(StatusCodes.Status422UnprocessableEntity, violation.Message);

    private string NameOf(JsonProperty property, string name)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException)
        {
            throw Wrong(name, "an object whose keys are valid Unicode text");
        }
    }

    /// <summary>JSON may spell half of a surrogate pair, which is no text.</summary>
    private string Read(JsonElement value, string name)
    {
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw Wrong(name, "valid Unicode text");
        }
    }

    private JsonElement? Find(string name) =>
        TryFind(_fields, name, out var value)
        && value.ValueKind != JsonValueKind.Null
        && !(value.ValueKind == JsonValueKind.String && string.IsNullOrWhiteSpace(Read(value, name)))
            ? value
            : null;

    /// <summary>Looking at a key with half a surrogate pair in it throws; such a body is not text.</summary>
    private static bool TryFind(JsonElement json, string name, out JsonElement value)
    {
        try
        {
            return json.TryGetProperty(name, out value);
        }
        catch (InvalidOperationException)
        {
            throw new ApiException(StatusCodes.Status400BadRequest, "The body has a key that is not valid Unicode.");
        }
    }
}
