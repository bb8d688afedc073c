using StatusPage.Domain.Alerts;

namespace StatusPage.Web.Alerts;

/// <summary>What each kind sends when something fires, for the test button.</summary>
internal static class AlertSamples
{
    /// <summary>What a source of one's own sends is made for its mapping, so that the test shows what the mapping does.</summary>
    public static string Of(AlertSource source) => AlertSetup.MappingOf(source) is { } mapping ? SampleFor.Mapping(mapping) : Of(source.Kind);

    public static string Of(AlertSourceKind kind) =>
        kind switch
        {
            AlertSourceKind.Alertmanager =>
                """{"version":"4","groupKey":"{}:{alertname=\"Test\"}","status":"firing","receiver":"statuspage","groupLabels":{"alertname":"Test"},"commonLabels":{"alertname":"Test","severity":"critical"},"commonAnnotations":{"summary":"This is a test"},"alerts":[{"status":"firing","labels":{"alertname":"Test"},"annotations":{},"startsAt":"2026-01-01T00:00:00Z","endsAt":"0001-01-01T00:00:00Z","fingerprint":"00"}]}""",
            AlertSourceKind.Grafana =>
                """{"receiver":"statuspage","status":"firing","orgId":1,"alerts":[{"status":"firing","labels":{"alertname":"Test"},"annotations":{},"startsAt":"2026-01-01T00:00:00Z","endsAt":"0001-01-01T00:00:00Z","fingerprint":"00"}],"groupLabels":{},"commonLabels":{},"commonAnnotations":{},"version":"1","groupKey":"{}:{test}","title":"Test","state":"alerting","message":"This is a test"}""",
            AlertSourceKind.Datadog => """{"key":"test","transition":"Triggered","title":"Test","text":"This is a test","priority":"P3","type":"error"}""",
            AlertSourceKind.PagerDuty =>
                """{"event":{"id":"TEST","event_type":"incident.triggered","resource_type":"incident","occurred_at":"2026-01-01T00:00:00Z","data":{"id":"TEST","type":"incident","number":1,"status":"triggered","title":"Test","service":{"id":"TEST","summary":"Test"},"urgency":"high"}}}""",
            AlertSourceKind.Opsgenie => """{"action":"Create","alert":{"alertId":"test","message":"Test","alias":"test","priority":"P3"}}""",
            AlertSourceKind.SplunkOnCall => """{"event":"triggered","entity_id":"test","title":"Test","text":"This is a test"}""",
            AlertSourceKind.FireHydrant =>
                """{"data":{"incident":{"id":"test","name":"Test","customer_impact_summary":"None, this is a test","current_milestone":"investigating","severity":{"slug":"SEV3"}}}}""",
            AlertSourceKind.Generic => """{"key":"test","title":"Test","text":"This is a test","signal":"firing"}""",
            _ => "",
        };
}
