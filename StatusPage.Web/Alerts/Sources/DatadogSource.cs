using System.Text.Json;
using StatusPage.Domain;
using StatusPage.Domain.Alerts;

namespace StatusPage.Web.Alerts.Sources;

/// <summary>
/// Datadog, whose payload is whatever the user writes (docs.datadoghq.com/integrations/webhooks); we say what to write. A stream is an alert cycle of a
/// monitor.
/// Fields: "transition", "priority", "type", "scope", "tags", "service", "tag.NAME", and what the user added to the payload, by its own name.
/// </summary>
internal static class DatadogSource
{
    private static readonly Sentence WhatToDo = "Copy the payload of this source's set-up into the webhook, and leave its variables as they are.";

    public static AlertReading Read(JsonElement body)
    {
        if (body.Words("key") is not { } key)
            return NotFound("key");
        if (body.Words("transition") is not { } transition)
            return NotFound("transition");
        if (SignalOf(transition.Trim()) is not { } signal)
            return new AlertReading.Unused($"The transition '{AlertText.Line(transition, 50)}' is none that opens or ends an alert.");
        var tags = Tags(body).ToList();
        var fields = new FieldList
        {
            { "transition", transition },
            { "priority", body.Words("priority") },
            { "type", body.Words("type") },
            { "scope", body.Words("scope") },
            { "tags", body.List("tags") },
        };
        fields.With("", body, "key", "title", "text", "link", "date");
        fields.Add("service", Payload.Joined(tags.Where(tag => tag.Name == "service").Select(tag => tag.Value)));
        foreach (var tag in tags.GroupBy(tag => tag.Name, tag => tag.Value, StringComparer.Ordinal))
            fields.Add($"tag.{tag.Key}", Payload.Joined(tag));
        return new AlertReading.Of(
            new AlertEvent(key, signal, Payload.Title(AlertSourceKind.Datadog, body.Words("title")), body.Words("text") ?? "")
            {
                SuggestedSeverity = AlertSeverity.Parse(body.Words("priority")),
                Link = body.Words("link"),
                At = body.Instant("date"),
                NeverRepeats = true,
                Fields = fields.All,
            }
        );
    }

    /// <summary>The values of $ALERT_TRANSITION.</summary>
    private static AlertSignal? SignalOf(string transition) =>
        transition.ToUpperInvariant() switch
        {
            "TRIGGERED" or "RE-TRIGGERED" or "WARN" or "RE-WARN" or "NO DATA" or "RE-NO DATA" or "RENOTIFY" => AlertSignal.Firing,
            "RECOVERED" => AlertSignal.Resolved,
            _ => null,
        };

    /// <summary>"env:prod,service:checkout"; a tag without a value says nothing more than "tags" does.</summary>
    private static IEnumerable<(string Name, string Value)> Tags(JsonElement body) =>
        from tag in (body.List("tags") ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        let colon = tag.IndexOf(':', StringComparison.Ordinal)
        where colon > 0 && colon < tag.Length - 1
        select (tag[..colon], tag[(colon + 1)..]);

    private static AlertReading.NotThisShape NotFound(string name) => new($"'{name}' is missing, or its variable was not filled in. {WhatToDo}");
}
