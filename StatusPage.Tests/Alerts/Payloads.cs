namespace StatusPage.Tests.Alerts;

/// <summary>What the sources send: once when it begins and once when it is over.</summary>
internal static class Payloads
{
    /// <summary>prometheus.io/docs/alerting/latest/notifications, version 4 of the payload.</summary>
    public const string AlertmanagerFiring = """
        {"version":"4","groupKey":"{}:{alertname=\"ApiErrors\"}","truncatedAlerts":0,"status":"firing","receiver":"statuspage",
        "notification_reason":"first notification","groupLabels":{"alertname":"ApiErrors"},"commonLabels":{"alertname":"ApiErrors",
        "severity":"critical"},"commonAnnotations":{"summary":"Error rate above 5%"},"externalURL":"http://am:9093",
        "alerts":[{"status":"firing","labels":{"alertname":"ApiErrors"},"annotations":{},"startsAt":"2026-11-24T20:45:00Z",
        "endsAt":"0001-01-01T00:00:00Z","fingerprint":"1a30ba71cca2921f"}]}
        """;

    public const string AlertmanagerResolved = """
        {"version":"4","groupKey":"{}:{alertname=\"ApiErrors\"}","truncatedAlerts":0,"status":"resolved",
        "receiver":"statuspage","notification_reason":"all alerts resolved","groupLabels":{},"commonLabels":{"alertname":"ApiErrors"},
        "commonAnnotations":{},"externalURL":"http://am:9093","alerts":[{"status":"resolved","labels":{},
        "annotations":{},"startsAt":"2026-11-24T20:45:00Z","endsAt":"2026-11-24T21:30:00Z","fingerprint":"1a30ba71cca2921f"}]}
        """;

    /// <summary>grafana.com/docs/grafana/latest/alerting, webhook notifier.</summary>
    public const string GrafanaFiring = """
        {"receiver":"statuspage","status":"firing","orgId":1,"alerts":[{"status":"firing","labels":{"alertname":"High CPU"},
        "annotations":{"summary":"s"},"startsAt":"2026-11-24T20:45:00Z","endsAt":"0001-01-01T00:00:00Z",
        "values":{"B":44.2},"fingerprint":"c6eadffa33fcdf37"}],"groupLabels":{},"commonLabels":{},"commonAnnotations":{},
        "externalURL":"https://g/","version":"1","groupKey":"{}:{}","truncatedAlerts":0,"title":"[FIRING:1]",
        "state":"alerting","message":"m"}
        """;

    public const string GrafanaResolved = """
        {"receiver":"statuspage","status":"resolved","orgId":1,"alerts":[{"status":"resolved","labels":{},
        "annotations":{},"startsAt":"2026-11-24T20:45:00Z","endsAt":"2026-11-24T21:30:00Z","fingerprint":"c6eadffa33fcdf37"}],
        "groupLabels":{},"commonLabels":{},"commonAnnotations":{},"version":"1","groupKey":"{}:{}","title":"[RESOLVED]",
        "state":"ok","message":"m"}
        """;

    /// <summary>docs.datadoghq.com/integrations/webhooks, with the payload that we tell people to write.</summary>
    public const string DatadogFiring = """
        {"key":"77","transition":"Triggered","title":"[Triggered] API","text":"5xx","priority":"P1","type":"error",
        "date":"1795553100000"}
        """;

    public const string DatadogResolved = """
        {"key":"77","transition":"Recovered","title":"[Recovered] API","text":"5xx","priority":"P1","type":"success",
        "date":"1795555800000"}
        """;

    /// <summary>developer.pagerduty.com/docs/webhooks/v3-overview.</summary>
    public const string PagerDutyFiring = """
        {"event":{"id":"01BZ","event_type":"incident.triggered","resource_type":"incident","occurred_at":"2026-11-24T20:45:00Z",
        "agent":null,"client":null,"data":{"id":"PGR0VU2","type":"incident","html_url":"https://acme.pagerduty.com/incidents/PGR0VU2",
        "number":2,"status":"triggered","title":"API errors","service":{"id":"PF9KMXH","summary":"API","type":"service_reference"},
        "priority":null,"urgency":"high"}}}
        """;

    public const string PagerDutyResolved = """
        {"event":{"id":"01CA","event_type":"incident.resolved","resource_type":"incident","occurred_at":"2026-11-24T21:30:00Z",
        "agent":null,"client":null,"data":{"id":"PGR0VU2","type":"incident","number":2,"status":"resolved",
        "title":"API errors","urgency":"high"}}}
        """;

    /// <summary>support.atlassian.com, "Alert action data".</summary>
    public const string OpsgenieFiring = """
        {"action":"Create","alert":{"alertId":"ec03","message":"API errors","alias":"api-errors","tinyId":"2",
        "tags":["api"],"entity":"api","priority":"P1","createdAt":1795553100000},"source":{"name":"web",
        "type":"API"},"integrationId":"daca","integrationName":"Webhook"}
        """;

    public const string OpsgenieResolved = """
        {"action":"Close","alert":{"alertId":"ec03","message":"API errors","alias":"api-errors","tinyId":"2",
        "username":"ana"},"source":{"name":"","type":"web"},"integrationId":"daca"}
        """;

    /// <summary>help.splunk.com, custom outgoing webhooks, with the payloads that we tell people to write.</summary>
    public const string SplunkOnCallFiring = """
        {"event":"triggered","entity_id":"checkout/api","title":"Checkout API is down","text":"5xx above 5%"}
        """;

    public const string SplunkOnCallResolved = """
        {"event":"resolved","entity_id":"checkout/api","title":"Checkout API is down"}
        """;

    /// <summary>docs.firehydrant.com/docs/webhooks.</summary>
    public const string FireHydrantFiring = """
        {"data":{"incident":{"id":"04d9fd1a","name":"API errors","customer_impact_summary":"~15% of requests fail",
        "current_milestone":"investigating","severity":{"slug":"SEV2"},"created_at":"2026-11-24 20:45:00 UTC"}}}
        """;

    public const string FireHydrantResolved = """
        {"data":{"incident":{"id":"04d9fd1a","name":"API errors","current_milestone":"resolved","severity":{"slug":"SEV2"}}}}
        """;
}
