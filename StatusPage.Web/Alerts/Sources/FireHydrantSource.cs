using System.Text.Json;
using StatusPage.Domain.Alerts;

namespace StatusPage.Web.Alerts.Sources;

/// <summary>
/// FireHydrant (docs.firehydrant.com/docs/webhooks). A stream is an incident there. It sends the whole incident at every change of it, a line of chat
/// included, so "milestone", "severity" and "impact" are compared with what it said before.
/// Fields: these three, "priority", "number", "operation", "description", "label.NAME".
/// </summary>
internal static class FireHydrantSource
{
    public static AlertReading Read(JsonElement body)
    {
        if (body.At("data", "incident") is not { ValueKind: JsonValueKind.Object } incident)
            return NotFound("data.incident");
        if (incident.Verbatim("id") is not { } id)
            return NotFound("data.incident.id");
        if (incident.Words("current_milestone") is not { } milestone)
            return NotFound("data.incident.current_milestone");
        var isOver = IsOver(milestone);
        var severity = incident.Words("severity", "slug") ?? incident.Words("severity");
        var priority = incident.Words("priority", "slug") ?? incident.Words("priority");
        var impact = incident.Words("customer_impact_summary");
        var fields = new FieldList
        {
            { "milestone", milestone },
            { "severity", severity },
            { "impact", impact },
            { "priority", priority },
            { "number", incident.Words("number") },
            { "operation", body.Words("event", "operation") },
            { "description", incident.Words("description") },
        };
        if (incident.At("labels") is { } labels)
            fields.With("label.", labels);
        return new AlertReading.Of(
            new AlertEvent(
                id,
                isOver ? AlertSignal.Resolved : AlertSignal.Firing,
                Payload.Title(AlertSourceKind.FireHydrant, incident.Words("name")),
                impact ?? ""
            )
            {
                SuggestedSeverity = AlertSeverity.Parse(severity) ?? AlertSeverity.Parse(priority),
                Impact = impact,
                Watched = ["milestone", "severity", "impact"],
                Link = incident.Words("incident_url"),
                At = isOver ? ResolvedAt(incident) : incident.Instant("started_at") ?? incident.Instant("created_at"),
                Fields = fields.All,
            }
        );
    }

    /// <summary>Resolved, and what comes after that: nobody wants to hear again of an incident because its retrospective begins.</summary>
    private static bool IsOver(string milestone) =>
        milestone is "resolved" or "closed"
        || milestone.StartsWith("postmortem_", StringComparison.Ordinal)
        || milestone.StartsWith("retrospective_", StringComparison.Ordinal);

    private static DateTimeOffset? ResolvedAt(JsonElement incident) =>
        incident
            .Items("milestones")
            .Where(milestone => milestone.Words("type") == "resolved")
            .Select(milestone => milestone.Instant("occurred_at"))
            .LastOrDefault();

    private static AlertReading.NotThisShape NotFound(string name) =>
        new($"'{name}' is missing. In FireHydrant's webhook, tick Incidents and nothing else.");
}
