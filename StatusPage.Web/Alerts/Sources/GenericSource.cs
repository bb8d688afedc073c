using System.Text.Json;
using StatusPage.Domain.Alerts;

namespace StatusPage.Web.Alerts.Sources;

/// <summary>Any JSON, read where a mapping says. Fields: those that the mapping names, and what stands at the top.</summary>
internal static class GenericSource
{
    public static AlertReading Read(JsonElement body, GenericMapping mapping)
    {
        if (Words(mapping.Key) is not { } key)
            return NotFound("key", mapping.Key);
        var signal = AlertSignal.Firing;
        if (!string.IsNullOrWhiteSpace(mapping.Signal))
        {
            if (Words(mapping.Signal) is not { } word)
                return NotFound("signal", mapping.Signal);
            if (mapping.SignalOf(word) is not { } said)
                return new AlertReading.Unused($"The signal '{AlertText.Line(word, 50)}' means neither firing nor resolved, as this source is set up.");
            signal = said;
        }
        var fields = new FieldList();
        foreach (var (name, path) in mapping.Fields)
            fields.Add(name, Find(path)?.List());
        // What else stands at the top can be asked for by its own name.
        if (body.ValueKind == JsonValueKind.Object)
            fields.With("", body, "key", "title", "text", "signal");
        return new AlertReading.Of(
            new AlertEvent(key, signal, Payload.Title(AlertSourceKind.Generic, Words(mapping.Title), key), Words(mapping.Text) ?? "")
            {
                SuggestedSeverity = AlertSeverity.Parse(Words(mapping.Severity)),
                Link = Words(mapping.Link),
                At = PayloadTime.Parse(Words(mapping.At)),
                Fields = fields.All,
            }
        );

        // A path that cannot be read is found out when it is saved. One that was stored all the same leads nowhere.
        JsonElement? Find(string? path) => path is null ? null : JsonPath.TryParse(path)?.Find(body);

        string? Words(string? path) => Find(path)?.Words();
    }

    private static AlertReading.NotThisShape NotFound(string what, string path) =>
        new($"There is no {what} at {path}, neither a text nor a number. Change the paths of this source, or what is sent.");
}
