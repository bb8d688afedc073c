using System.Text.Json;
using StatusPage.Domain;
using StatusPage.Domain.Alerts;

namespace StatusPage.Web.Alerts.Sources;

/// <summary>
/// Prometheus Alertmanager, version 4 of its payload (prometheus.io/docs/alerting/latest/configuration, webhook_config). Its groups are streams.
/// Fields: those of <see cref="AlertGroup"/>, and "notification_reason".
/// </summary>
internal static class AlertmanagerSource
{
    private const string Version = "4";
    private static readonly Sentence WhatToDo = "Take 'payload' out of the webhook_config, so that Alertmanager sends its own.";

    public static AlertReading Read(JsonElement body)
    {
        if (body.At("orgId") is not null)
            return new AlertReading.NotThisShape("This is what Grafana sends. Choose Grafana as the kind of this source.");
        var group = new AlertGroup(body);
        if ((WrongVersion(body) ?? group.Missing) is { } wrong)
            return new AlertReading.NotThisShape($"This is not Alertmanager's payload: {wrong}. {WhatToDo}");
        var fields = group.Fields();
        fields.Add("notification_reason", body.Words("notification_reason"));
        return new AlertReading.Of(
            new AlertEvent(
                group.Key!,
                group.Signal!.Value,
                Payload.Title(
                    AlertSourceKind.Alertmanager,
                    group.Label("alertname"),
                    body.Words("groupLabels", "alertname"),
                    group.Annotation("summary", "; ")
                ),
                Payload.Joined([group.Annotation("summary", "\n"), group.Annotation("description", "\n")], "\n\n") ?? ""
            )
            {
                SuggestedSeverity = group.Severity,
                Link = group.Link("generatorURL"),
                At = group.At,
                Occasions = group.Occasions,
                Ended = group.Ended,
                Fields = fields.All,
            }
        );
    }

    private static Sentence? WrongVersion(JsonElement body) =>
        body.Words("version") switch
        {
            Version => null,
            null => (Sentence)"'version' is missing",
            var other => $"'version' is '{AlertText.Line(other, 20)}', not '{Version}'",
        };
}
