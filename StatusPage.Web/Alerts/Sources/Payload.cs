using System.Text.Json;
using System.Text.RegularExpressions;
using StatusPage.Domain.Alerts;

namespace StatusPage.Web.Alerts.Sources;

/// <summary>Takes what is there out of a body of which nothing is certain. What is absent, null, empty or of another kind is null.</summary>
internal static partial class Payload
{
    /// <summary>Parts of a list that are named in one field; a reader of the field sees no more.</summary>
    private const int MaxParts = 50;

    /// <summary>What stands under these names, each within the one before.</summary>
    public static JsonElement? At(this JsonElement body, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (body.ValueKind != JsonValueKind.Object || !body.TryGetProperty(name, out var child))
                return null;
            body = child;
        }
        return body.ValueKind == JsonValueKind.Null ? null : body;
    }

    /// <summary>A text, a number, true or false, as words. One that holds a variable nobody filled in counts as absent.</summary>
    public static string? Words(this JsonElement body, params ReadOnlySpan<string> names) =>
        body.At(names) is { } value && value.Scalar() is { } words && !LeftVariable().IsMatch(words) ? words : null;

    /// <summary>The words of a list, with commas between them; a single one stands for itself.</summary>
    public static string? List(this JsonElement body, params ReadOnlySpan<string> names) =>
        body.At(names) is not { } value ? null
        : value.ValueKind == JsonValueKind.Array ? Joined(value.EnumerateArray().Select(part => part.Words()))
        : value.Words();

    /// <summary>The same of things, by what each calls itself.</summary>
    public static string? Names(this JsonElement body, string list, string name) => Joined(body.Items(list).Select(item => item.Words(name)));

    /// <summary>A text as it was sent, for keys that no template writes, so that a dollar sign in one is a dollar sign.</summary>
    public static string? Verbatim(this JsonElement body, params ReadOnlySpan<string> names) => body.At(names)?.Scalar();

    public static IEnumerable<JsonElement> Items(this JsonElement body, params ReadOnlySpan<string> names) =>
        body.At(names) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : Enumerable.Empty<JsonElement>();

    /// <summary>Names and words of an object whose values are no objects themselves.</summary>
    public static IEnumerable<(string Name, string Words)> Pairs(this JsonElement body, params ReadOnlySpan<string> names) =>
        body.At(names) is { ValueKind: JsonValueKind.Object } map
            ? map.EnumerateObject().Select(pair => (pair.Name, Words: pair.Value.Words()!)).Where(pair => pair.Words is not null)
            : [];

    public static DateTimeOffset? Instant(this JsonElement body, params ReadOnlySpan<string> names) => PayloadTime.Parse(body.Words(names));

    /// <summary>The first of these that anybody can see; an event has a title.</summary>
    public static string Title(AlertSourceKind kind, params ReadOnlySpan<string?> words)
    {
        foreach (var title in words)
            if (AlertText.OptionalLine(title, AlertText.MaxTitle) is { } line)
                return line;
        return $"Alert from {kind.Label()}";
    }

    /// <summary>Null when there is nothing to join.</summary>
    public static string? Joined(IEnumerable<string?> parts, string between = ", ") =>
        string.Join(between, parts.OfType<string>().Distinct(StringComparer.Ordinal).Take(MaxParts)) is { Length: > 0 } joined ? joined : null;

    private static string? Scalar(this JsonElement value)
    {
        var words = value.ValueKind switch
        {
            JsonValueKind.String => value.GetString(),
            JsonValueKind.Number => value.GetRawText(),
            JsonValueKind.True => "true",
            JsonValueKind.False => "false",
            _ => null,
        };
        return string.IsNullOrWhiteSpace(words) ? null : words;
    }

    /// <summary>
    /// Datadog writes variables as $ALERT_TITLE (docs.datadoghq.com/integrations/webhooks), Splunk On-Call as ${{ALERT.entity_id}} (help.splunk.com,
    /// custom outgoing webhooks).
    /// </summary>
    [GeneratedRegex(@"\$\{\{[^}]*\}\}|\$[A-Z][A-Z0-9_]+", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex LeftVariable();
}
