using System.Text.Json;
using StatusPage.Domain.Alerts;

namespace StatusPage.Web.Alerts.Sources;

/// <summary>
/// Opsgenie, and Jira Service Management, which took its payload over (support.atlassian.com, "Alert action data"). A stream is an alias.
/// Fields: "action", "priority", "entity", "source", "tags", "team", "integration", "alert_id", "number", "detail.NAME".
/// </summary>
internal static class OpsgenieSource
{
    public static AlertReading Read(JsonElement body)
    {
        if (body.Words("action") is not { } action)
            return NotFound("action");
        if (SignalOf(action) is not { } signal)
            return new AlertReading.Unused($"The action '{AlertText.Line(action, 100)}' changes nothing here.");
        if (body.At("alert") is not { ValueKind: JsonValueKind.Object } alert)
            return NotFound("alert");
        if ((alert.Words("alias") ?? alert.Words("alertId")) is not { } key)
            return NotFound("alert.alias");
        return new AlertReading.Of(
            new AlertEvent(
                key,
                signal,
                Payload.Title(AlertSourceKind.Opsgenie, alert.Words("message")),
                alert.Words("note") ?? alert.Words("description") ?? ""
            )
            {
                SuggestedSeverity = AlertSeverity.Parse(alert.Words("priority")),
                At = signal == AlertSignal.Firing ? alert.Instant("createdAt") : alert.Instant("updatedAt"),
                // One that was closed never opens again; the same alias is another alert then.
                Occasions = alert.Verbatim("alertId") is { } id ? [AlertOccasion.Of(null, id)] : [],
                NeverRepeats = true,
                Fields = Fields(body, action, alert).All,
            }
        );
    }

    /// <summary>What was deleted never tells of its end, so that it ends here; "action" tells the two apart.</summary>
    private static AlertSignal? SignalOf(string action) =>
        action switch
        {
            "Create" or "UnAcknowledge" => AlertSignal.Firing,
            "Acknowledge" => AlertSignal.Acknowledged,
            "Close" or "Delete" => AlertSignal.Resolved,
            "AddNote" or "UpdatePriority" or "UpdateMessage" or "UpdateDescription" => AlertSignal.Updated,
            _ => null,
        };

    private static FieldList Fields(JsonElement body, string action, JsonElement alert)
    {
        var fields = new FieldList
        {
            { "action", action },
            { "priority", alert.Words("priority") },
            { "entity", alert.Words("entity") },
            { "source", alert.Words("source") },
            { "tags", alert.List("tags") },
            { "team", alert.List("teams") },
            { "integration", body.Words("integrationName") },
            { "alert_id", alert.Words("alertId") },
            { "number", alert.Words("tinyId") },
        };
        return alert.At("details") is { } details ? fields.With("detail.", details) : fields;
    }

    private static AlertReading.NotThisShape NotFound(string name) =>
        new($"'{name}' is missing. Add an outgoing webhook integration to Opsgenie or Jira Service Management, and leave its payload as it is.");
}
