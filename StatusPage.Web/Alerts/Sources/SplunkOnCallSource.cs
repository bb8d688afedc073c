using System.Text.Json;
using StatusPage.Domain;
using StatusPage.Domain.Alerts;

namespace StatusPage.Web.Alerts.Sources;

/// <summary>
/// Splunk On-Call, whose payload is whatever the user writes (help.splunk.com, custom outgoing webhooks of Splunk On-Call); we say what to write, in one
/// webhook for each event. A stream is an entity. Fields: "event", "entity", and what the user added to the payload, by its own name.
/// </summary>
internal static class SplunkOnCallSource
{
    private static readonly Sentence WhatToDo =
        "Copy the payloads of this source's set-up into the two outgoing webhooks, and leave their variables as they are.";

    public static AlertReading Read(JsonElement body)
    {
        if (body.Words("event") is not { } name)
            return NotFound("event");
        if (SignalOf(name) is not { } signal)
            return new AlertReading.Unused($"The event '{AlertText.Line(name, 50)}' is none of triggered, acknowledged and resolved.");
        if (body.Words("entity_id") is not { } key)
            return NotFound("entity_id");
        var fields = new FieldList { { "event", name }, { "entity", key } }.With("", body, "entity_id", "title", "text", "link");
        return new AlertReading.Of(
            new AlertEvent(key, signal, Payload.Title(AlertSourceKind.SplunkOnCall, body.Words("title"), key), body.Words("text") ?? "")
            {
                SuggestedSeverity = AlertSeverity.Parse(body.Words("severity")),
                Link = body.Words("link"),
                Fields = fields.All,
            }
        );
    }

    private static AlertSignal? SignalOf(string name) =>
        name switch
        {
            "triggered" => AlertSignal.Firing,
            "acknowledged" => AlertSignal.Acknowledged,
            "resolved" => AlertSignal.Resolved,
            _ => null,
        };

    private static AlertReading.NotThisShape NotFound(string name) => new($"'{name}' is missing, or its variable was not filled in. {WhatToDo}");
}
