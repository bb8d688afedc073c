using StatusPage.Domain.Alerts;
using StatusPage.Domain.Incidents;

namespace StatusPage.Tests.Alerts;

public sealed class PagerDutyTests
{
    private const string StatusUpdate = """
        {"event":{"id":"01CB","event_type":"incident.status_update_published","occurred_at":"2026-11-24T21:00:00.123Z","data":{"id":"P2LA89X",
        "type":"incident_status_update","trimmed":false,"message":"A fix for this incident is being developed",
        "incident":{"id":"PGR0VU2","summary":"API errors","html_url":"https://acme.pagerduty.com/incidents/PGR0VU2"}}}}
        """;

    private static string Of(string type) => Payloads.PagerDutyFiring.Replace("incident.triggered", type, StringComparison.Ordinal);

    [Theory]
    [InlineData("incident.triggered", AlertSignal.Firing)]
    [InlineData("incident.reopened", AlertSignal.Firing)]
    [InlineData("incident.unacknowledged", AlertSignal.Firing)]
    [InlineData("incident.acknowledged", AlertSignal.Acknowledged)]
    [InlineData("incident.resolved", AlertSignal.Resolved)]
    [InlineData("incident.annotated", AlertSignal.Updated)]
    [InlineData("incident.status_update_published", AlertSignal.Updated)]
    [InlineData("incident.priority_updated", AlertSignal.Updated)]
    [InlineData("incident.service_updated", AlertSignal.Updated)]
    [InlineData("incident.incident_type.changed", AlertSignal.Updated)]
    public void An_event_of_this_type_is_used(string type, AlertSignal signal) =>
        Assert.Equal(("PGR0VU2", signal), (Sent.Event(AlertSourceKind.PagerDuty, Of(type)).Key, Sent.Event(AlertSourceKind.PagerDuty, Of(type)).Signal));

    [Theory]
    [InlineData("incident.escalated")]
    [InlineData("incident.delegated")]
    [InlineData("incident.reassigned")]
    [InlineData("incident.responder.added")]
    [InlineData("incident.responder.replied")]
    [InlineData("incident.conference_bridge.updated")]
    [InlineData("incident.custom_field_values.updated")]
    [InlineData("incident.role.assigned")]
    [InlineData("incident.task.created")]
    [InlineData("incident.action_invocation.created")]
    [InlineData("incident.workflow.started")]
    [InlineData("incident.something.new")]
    [InlineData("service.updated")]
    [InlineData("pagey.ping")]
    public void An_event_of_this_type_is_none_of_ours_and_no_fault(string type) =>
        Assert.Contains(type, Sent.Unused(AlertSourceKind.PagerDuty, Of(type)), StringComparison.Ordinal);

    [Fact]
    public void A_ping_needs_no_incident() =>
        Assert.NotEmpty(
            Sent.Unused(
                AlertSourceKind.PagerDuty,
                """{"event":{"id":"1","event_type":"pagey.ping","data":{"message":"Hello from your friend Pagey!","type":"ping"}}}"""
            )
        );

    [Fact]
    public void A_status_update_is_the_text_and_the_impact_of_its_incident()
    {
        var alert = Sent.Event(AlertSourceKind.PagerDuty, StatusUpdate);
        Assert.Equal(("PGR0VU2", "API errors", "A fix for this incident is being developed"), (alert.Key, alert.Title, alert.Text));
        Assert.Equal((alert.Text, "https://acme.pagerduty.com/incidents/PGR0VU2", "01CB"), (alert.Impact, alert.Link, alert.DeliveryId));
        Assert.Equal(new DateTimeOffset(2026, 11, 24, 21, 0, 0, 123, TimeSpan.Zero), alert.At);
    }

    [Theory]
    [InlineData("\"trimmed\":true", 10)]
    [InlineData("\"trimmed\":false", 501)]
    public void Half_a_status_update_is_no_impact(string trimmed, int length)
    {
        var alert = Sent.Event(
            AlertSourceKind.PagerDuty,
            StatusUpdate
                .Replace("\"trimmed\":false", trimmed, StringComparison.Ordinal)
                .Replace("A fix for this incident is being developed", new string('x', length), StringComparison.Ordinal)
        );
        Assert.Equal((null, length), (alert.Impact, alert.Text.Length));
    }

    [Fact]
    public void A_note_is_the_text()
    {
        const string Note = """
            {"event":{"id":"1","event_type":"incident.annotated","data":{"id":"P2","content":"Looking.","incident":{"id":"PGR0VU2","summary":"API"}}}}
            """;
        var alert = Sent.Event(AlertSourceKind.PagerDuty, Note);
        Assert.Equal(("PGR0VU2", AlertSignal.Updated, "Looking.", null), (alert.Key, alert.Signal, alert.Text, alert.Impact));
    }

    [Theory]
    [InlineData("P1", Severity.Sev1)]
    [InlineData("SEV-2", Severity.Sev2)]
    [InlineData("P3 - minor", Severity.Sev3)]
    public void The_priority_suggests_the_severity(string priority, Severity severity) =>
        Assert.Equal(
            severity,
            Sent.Event(
                AlertSourceKind.PagerDuty,
                Payloads.PagerDutyFiring.Replace("\"priority\":null", $"\"priority\":{{\"summary\":\"{priority}\"}}", StringComparison.Ordinal)
            ).SuggestedSeverity
        );

    [Fact]
    public void Merged_is_resolved_and_says_so() =>
        Assert.Equal(
            "merge_resolve_reason",
            Sent.Event(
                AlertSourceKind.PagerDuty,
                Payloads.PagerDutyResolved.Replace(
                    "\"number\":2",
                    "\"resolve_reason\":{\"type\":\"merge_resolve_reason\",\"incident\":{\"id\":\"P3\"}}",
                    StringComparison.Ordinal
                )
            ).Fields["resolve_reason"]
        );

    [Theory]
    [InlineData("{}", "'event.event_type' is missing")]
    [InlineData("""{"messages":[{"event":"incident.trigger"}]}""", "version 3")]
    [InlineData("""{"event":{"event_type":"incident.triggered"}}""", "has no 'id'")]
    [InlineData("""{"event":{"event_type":"incident.triggered","data":{"id":null}}}""", "has no 'id'")]
    [InlineData("""{"event":{"event_type":["incident.triggered"],"data":7}}""", "'event.event_type' is missing")]
    public void What_is_no_event_is_refused(string body, string says) =>
        Assert.Contains(says, Sent.Refused(AlertSourceKind.PagerDuty, body), StringComparison.Ordinal);
}
