using System.Text.Json;
using StatusPage.Domain.Alerts;
using StatusPage.Domain.Incidents;

namespace StatusPage.Web.Alerts.Sources;

/// <summary>
/// PagerDuty, webhooks version 3 (developer.pagerduty.com/docs/webhooks/v3-overview). A stream is an incident there.
/// Fields: "event_type", "status", "number", "service", "service_id", "team", "priority", "urgency", "incident_key", "incident_type", "resolve_reason"
/// (one that was merged into another is resolved, too), "trimmed" (the text is longer there).
/// </summary>
internal static class PagerDutySource
{
    public static AlertReading Read(JsonElement body)
    {
        if (body.Words("event", "event_type") is not { } type)
            return new AlertReading.NotThisShape(
                "'event.event_type' is missing. Add a generic webhook of version 3 (Integrations > Generic Webhooks (v3)); older ones send something else."
            );
        if (SignalOf(type) is not { } signal)
            return new AlertReading.Unused($"Events of the type '{AlertText.Line(type, 100)}' change nothing here.");
        var data = body.At("event", "data") ?? default;
        // A note and a status update stand beside their incident, everything else is about the incident itself.
        var incident = data.At("incident") ?? data;
        if (incident.Verbatim("id") is not { } id)
            return new AlertReading.NotThisShape($"The incident of this {AlertText.Line(type, 100)} has no 'id'.");
        var message = data.Words("message");
        return new AlertReading.Of(
            new AlertEvent(
                id,
                signal,
                Payload.Title(AlertSourceKind.PagerDuty, incident.Words("title"), incident.Words("summary")),
                message ?? data.Words("content") ?? ""
            )
            {
                SuggestedSeverity = AlertSeverity.Parse(data.Words("priority", "summary")),
                // Half a message would say something else.
                Impact = message?.Trim() is { Length: <= UpdateContent.MaxFactLength } whole && data.Words("trimmed") != "true" ? whole : null,
                Link = incident.Words("html_url"),
                At = body.Instant("event", "occurred_at"),
                NeverRepeats = true,
                DeliveryId = body.Verbatim("event", "id"),
                Fields = Fields(type, data).All,
            }
        );
    }

    /// <summary>Null for those that are about who works on it and how, and for those that are to come.</summary>
    private static AlertSignal? SignalOf(string type) =>
        type switch
        {
            "incident.triggered" or "incident.reopened" or "incident.unacknowledged" => AlertSignal.Firing,
            "incident.acknowledged" => AlertSignal.Acknowledged,
            "incident.resolved" => AlertSignal.Resolved,
            "incident.status_update_published" or "incident.annotated" => AlertSignal.Updated,
            "incident.priority_updated" or "incident.service_updated" or "incident.incident_type.changed" => AlertSignal.Updated,
            _ => null,
        };

    private static FieldList Fields(string type, JsonElement data) =>
        new()
        {
            { "event_type", type },
            { "status", data.Words("status") },
            { "number", data.Words("number") },
            { "service", data.Words("service", "summary") },
            { "service_id", data.Words("service", "id") },
            { "team", data.Names("teams", "summary") },
            { "priority", data.Words("priority", "summary") },
            { "urgency", data.Words("urgency") },
            { "incident_key", data.Words("incident_key") },
            { "incident_type", data.Words("incident_type", "name") },
            { "resolve_reason", data.Words("resolve_reason", "type") ?? data.Words("resolve_reason") },
            { "trimmed", data.Words("trimmed") },
        };
}
