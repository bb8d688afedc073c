using StatusPage.Domain.Alerts;
using StatusPage.Domain.Incidents;

namespace StatusPage.Tests.Alerts;

/// <summary>What each source sends, from the beginning to the end.</summary>
public sealed class ExampleTests
{
    private static readonly DateTimeOffset Began = new(2026, 11, 24, 20, 45, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Ended = new(2026, 11, 24, 21, 30, 0, TimeSpan.Zero);

    public static readonly IReadOnlyList<(AlertSourceKind Kind, string Key, string Firing, string Resolved)> All =
    [
        (AlertSourceKind.Alertmanager, "{}:{alertname=\"ApiErrors\"}", Payloads.AlertmanagerFiring, Payloads.AlertmanagerResolved),
        (AlertSourceKind.Grafana, "{}:{}", Payloads.GrafanaFiring, Payloads.GrafanaResolved),
        (AlertSourceKind.Datadog, "77", Payloads.DatadogFiring, Payloads.DatadogResolved),
        (AlertSourceKind.PagerDuty, "PGR0VU2", Payloads.PagerDutyFiring, Payloads.PagerDutyResolved),
        (AlertSourceKind.Opsgenie, "api-errors", Payloads.OpsgenieFiring, Payloads.OpsgenieResolved),
        (AlertSourceKind.SplunkOnCall, "checkout/api", Payloads.SplunkOnCallFiring, Payloads.SplunkOnCallResolved),
        (AlertSourceKind.FireHydrant, "04d9fd1a", Payloads.FireHydrantFiring, Payloads.FireHydrantResolved),
    ];

    [Fact]
    public void What_begins_ends_under_the_same_key()
    {
        foreach (var (kind, key, firing, resolved) in All)
        {
            Assert.Equal((kind, key, AlertSignal.Firing), (kind, Sent.Event(kind, firing).Key, Sent.Event(kind, firing).Signal));
            Assert.Equal((kind, key, AlertSignal.Resolved), (kind, Sent.Event(kind, resolved).Key, Sent.Event(kind, resolved).Signal));
        }
    }

    [Fact]
    public void What_another_source_sends_is_refused_in_words()
    {
        foreach (var (kind, _, firing, resolved) in All)
        foreach (var (other, _, _, _) in All.Where(other => other.Kind != kind))
        {
            Assert.EndsWith(".", Sent.Refused(other, firing), StringComparison.Ordinal);
            Assert.EndsWith(".", Sent.Refused(other, resolved), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void An_alert_of_Alertmanager_says_what_a_draft_needs()
    {
        var alert = Sent.Event(AlertSourceKind.Alertmanager, Payloads.AlertmanagerFiring);
        Assert.Equal(("ApiErrors", "Error rate above 5%", Severity.Sev1), (alert.Title, alert.Text, alert.SuggestedSeverity));
        Assert.Equal((Began, "http://am:9093", null), (alert.At, alert.Link, alert.DeliveryId));
        Assert.Equal(("critical", "statuspage", "1"), (alert.Fields["label.severity"], alert.Fields["receiver"], alert.Fields["alerts"]));
        Assert.Equal("1a30ba71cca2921f", alert.Fields["fingerprints"]);
        Assert.Equal(Ended, Sent.Event(AlertSourceKind.Alertmanager, Payloads.AlertmanagerResolved).At);
    }

    [Fact]
    public void An_alert_of_Grafana_says_what_a_draft_needs()
    {
        var alert = Sent.Event(AlertSourceKind.Grafana, Payloads.GrafanaFiring);
        Assert.Equal(("[FIRING:1]", "m", null), (alert.Title, alert.Text, alert.SuggestedSeverity));
        Assert.Equal((Began, "https://g/"), (alert.At, alert.Link));
        Assert.Equal(("High CPU", "s", "alerting"), (alert.Fields["label.alertname"], alert.Fields["annotation.summary"], alert.Fields["state"]));
        Assert.Equal(Ended, Sent.Event(AlertSourceKind.Grafana, Payloads.GrafanaResolved).At);
    }

    [Fact]
    public void An_alert_of_Datadog_says_what_a_draft_needs()
    {
        var alert = Sent.Event(AlertSourceKind.Datadog, Payloads.DatadogFiring);
        Assert.Equal(("[Triggered] API", "5xx", Severity.Sev1, Began), (alert.Title, alert.Text, alert.SuggestedSeverity, alert.At));
        Assert.Equal(("error", "P1"), (alert.Fields["type"], alert.Fields["priority"]));
    }

    [Fact]
    public void An_incident_of_PagerDuty_says_what_a_draft_needs()
    {
        var alert = Sent.Event(AlertSourceKind.PagerDuty, Payloads.PagerDutyFiring);
        Assert.Equal(("API errors", "", null, Began), (alert.Title, alert.Text, alert.SuggestedSeverity, alert.At));
        Assert.Equal(("https://acme.pagerduty.com/incidents/PGR0VU2", "01BZ"), (alert.Link, alert.DeliveryId));
        Assert.Equal(("API", "PF9KMXH", "high"), (alert.Fields["service"], alert.Fields["service_id"], alert.Fields["urgency"]));
    }

    [Fact]
    public void An_alert_of_Opsgenie_says_what_a_draft_needs()
    {
        var alert = Sent.Event(AlertSourceKind.Opsgenie, Payloads.OpsgenieFiring);
        Assert.Equal(("API errors", Severity.Sev1, Began), (alert.Title, alert.SuggestedSeverity, alert.At));
        Assert.Equal(("api", "api", "Create"), (alert.Fields["entity"], alert.Fields["tags"], alert.Fields["action"]));
    }

    [Fact]
    public void An_incident_of_Splunk_On_Call_says_what_a_draft_needs()
    {
        var alert = Sent.Event(AlertSourceKind.SplunkOnCall, Payloads.SplunkOnCallFiring);
        Assert.Equal(("Checkout API is down", "5xx above 5%", "checkout/api"), (alert.Title, alert.Text, alert.Fields["entity"]));
    }

    [Fact]
    public void An_incident_of_FireHydrant_says_what_a_draft_needs()
    {
        var alert = Sent.Event(AlertSourceKind.FireHydrant, Payloads.FireHydrantFiring);
        Assert.Equal(("API errors", "~15% of requests fail", Severity.Sev2, Began), (alert.Title, alert.Impact, alert.SuggestedSeverity, alert.At));
        Assert.Equal(("investigating", "SEV2", "~15% of requests fail"), (alert.Fields["milestone"], alert.Fields["severity"], alert.Fields["impact"]));
    }

    [Fact]
    public void A_heartbeat_needs_no_body()
    {
        foreach (var body in (string[])["", "{}", "not JSON"])
            Assert.Equal(
                ("heartbeat", AlertSignal.Resolved),
                (Sent.Event(AlertSourceKind.Heartbeat, body).Key, Sent.Event(AlertSourceKind.Heartbeat, body).Signal)
            );
    }

    [Fact]
    public void Every_kind_is_found_by_its_code_and_has_a_label()
    {
        foreach (var kind in AlertSourceKinds.All)
            Assert.Equal((kind, true), (AlertSourceKinds.Parse(kind.Code()), kind.Label().Length > 0));
        Assert.Equal(
            "alertmanager grafana datadog pagerduty opsgenie splunk-on-call firehydrant generic heartbeat",
            string.Join(' ', AlertSourceKinds.All.Select(kind => kind.Code()))
        );
        Assert.Null(AlertSourceKinds.Parse("SPLUNK-ON-CALL"));
        Assert.Null(AlertSourceKinds.Parse(null));
    }
}
