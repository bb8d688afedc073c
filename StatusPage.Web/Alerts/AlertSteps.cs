using StatusPage.Domain;
using StatusPage.Domain.Alerts;

namespace StatusPage.Web.Alerts;

/// <summary>What to do at the other side, step by step. A step may end with a text to copy.</summary>
/// <param name="Copy">Null: nothing to copy.</param>
public sealed record AlertStep(Sentence Do, string? Copy = null);

/// <summary>How each source is set up, with the address filled in. Read at the vendors' documentation, November 2026.</summary>
public static class AlertSteps
{
    private const string DatadogPayload =
        """{"key":"$ALERT_CYCLE_KEY","transition":"$ALERT_TRANSITION","title":"$EVENT_TITLE","text":"$TEXT_ONLY_MSG","priority":"$ALERT_PRIORITY","type":"$ALERT_TYPE","scope":"$ALERT_SCOPE","tags":"$TAGS","link":"$LINK","date":"$DATE"}""";

    /// <param name="secret">As it is shown: the secret itself once, and a word that stands for it afterwards.</param>
    public static IReadOnlyList<AlertStep> Of(AlertSourceKind kind, string url, string secret) =>
        kind switch
        {
            AlertSourceKind.Alertmanager =>
            [
                new(
                    "Add a receiver to alertmanager.yml:",
                    $"""
                    receivers:
                      - name: statuspage
                        webhook_configs:
                          - url: {url}
                            http_config:
                              authorization:
                                credentials: {secret}
                    """
                ),
                new("Name the receiver in a route. Leave send_resolved on, and set no payload of your own."),
                new("Reload Alertmanager."),
            ],
            AlertSourceKind.Grafana =>
            [
                new("Open Alerting, Contact points, and add one with the integration Webhook."),
                new("The URL is:", url),
                new("Under HMAC Signature enter the secret, and a name for the timestamp header:", secret),
                new("The timestamp header is:", Sources.AlertSignatures.GrafanaTimestampHeader),
                new("Use the contact point in a notification policy. Leave the payload as it is."),
            ],
            AlertSourceKind.Datadog =>
            [
                new("Open Integrations, Webhooks, New, and enter a name and this URL:", url),
                new("Custom headers:", $$"""{"Authorization":"Bearer {{secret}}"}"""),
                new("Payload, with 'Encode as form' off:", DatadogPayload),
                new("Write @webhook-NAME into the message of each monitor that is to be heard."),
            ],
            AlertSourceKind.PagerDuty =>
            [
                new("Open Integrations, Generic Webhooks (v3), New Webhook."),
                new("The URL is:", url),
                new("Choose the service or team, and the events triggered, acknowledged, resolved, reopened and status_update_published."),
                new("PagerDuty shows its signing secret once. Copy it into the field 'Secret' below and save."),
            ],
            AlertSourceKind.Opsgenie =>
            [
                new("Open Settings (in Jira Service Management: Operations), Integrations, Add, Webhook, outgoing."),
                new("The URL is:", url),
                new("Add a header:", $"Authorization: Bearer {secret}"),
                new("Tick the actions Create, Acknowledge and Close, and turn the integration on."),
            ],
            AlertSourceKind.SplunkOnCall =>
            [
                new("Open Integrations, Outgoing Webhooks, and add two, for Incident-Triggered and Incident-Resolved: POST, application/json."),
                new("To:", url),
                new("Header:", $"Authorization: Bearer {secret}"),
                new(
                    "Payload of the first:",
                    """{"event":"triggered","entity_id":"${{ALERT.entity_id}}","title":"${{ALERT.entity_display_name}}","text":"${{ALERT.state_message}}"}"""
                ),
                new("Payload of the second:", """{"event":"resolved","entity_id":"${{ALERT.entity_id}}","title":"${{ALERT.entity_display_name}}"}"""),
            ],
            AlertSourceKind.FireHydrant =>
            [
                new("As an owner, open Settings, Webhooks, Add webhook."),
                new("The URL is:", url),
                new("The secret is:", secret),
                new("Tick Incidents, never 'Incidents (Private)', and set it active."),
            ],
            AlertSourceKind.Heartbeat =>
            [
                new(
                    "Call this as long as all is well, for example at the end of a nightly job:",
                    $"curl -fsS -X POST -H 'Authorization: Bearer {secret}' {url}"
                ),
                new("When no call comes in time, a draft says that it went silent. The next call resolves it."),
            ],
            _ =>
            [
                new(
                    "Send JSON like this, or describe below where the parts stand in yours:",
                    """{"key":"api-errors","title":"API errors","text":"5% of requests fail","signal":"firing","severity":"SEV2"}"""
                ),
                new("To:", url),
                new("With the header:", $"Authorization: Bearer {secret}"),
                new("Send it again with this in place of the signal when the trouble is over:", "\"signal\":\"resolved\""),
            ],
        };
}
