using System.Text.Json;
using StatusPage.Domain;
using StatusPage.Domain.Alerts;

namespace StatusPage.Web.Alerts.Sources;

/// <summary>
/// Grafana Alerting (grafana.com/docs/grafana/latest/alerting, webhook notifier). Its groups are streams; what each alert in them is called is in
/// "fingerprints".
/// Fields: those of <see cref="AlertGroup"/>, "state", "org" and "title".
/// </summary>
internal static class GrafanaSource
{
    private static readonly Sentence WhatToDo = "Take the custom payload out of the contact point, so that Grafana sends its own.";

    public static AlertReading Read(JsonElement body)
    {
        var org = body.Words("orgId");
        if (org is null && body.Words("version") == "4")
            return new AlertReading.NotThisShape("This is what Alertmanager sends. Choose Prometheus Alertmanager as the kind of this source.");
        var group = new AlertGroup(body);
        if ((group.Missing ?? (org is null ? (Sentence)"'orgId' is missing" : null)) is { } missing)
            return new AlertReading.NotThisShape($"This is not Grafana's payload: {missing}. {WhatToDo}");
        var fields = group.Fields();
        fields.Add("title", body.Words("title"));
        fields.Add("state", body.Words("state"));
        fields.Add("org", org);
        return new AlertReading.Of(
            new AlertEvent(
                group.Key!,
                group.Signal!.Value,
                Payload.Title(AlertSourceKind.Grafana, body.Words("title"), group.Label("alertname")),
                body.Words("message") ?? group.Annotation("summary", "\n") ?? ""
            )
            {
                SuggestedSeverity = group.Severity,
                Link = group.Link("panelURL", "dashboardURL", "generatorURL"),
                At = group.At,
                Occasions = group.Occasions,
                Ended = group.Ended,
                Fields = fields.All,
            }
        );
    }
}
