using System.Text.Json;
using StatusPage.Domain;
using StatusPage.Domain.Alerts;
using StatusPage.Domain.Incidents;

namespace StatusPage.Web.Alerts.Sources;

/// <summary>
/// A group of alerts, as Alertmanager makes it and Grafana after it. It fires as long as one of its alerts does. What is asked of it is answered by those
/// of its alerts that are in the group's own state: what is firing says why the group is.
/// </summary>
internal sealed class AlertGroup
{
    /// <summary>Alerts that are looked at; more say nothing that these do not.</summary>
    private const int MaxAlerts = 100;

    private readonly JsonElement _body;
    private readonly List<JsonElement> _alerts;
    private readonly string? _status;

    public AlertGroup(JsonElement body)
    {
        _body = body;
        _status = body.Words("status");
        var telling = body.Items("alerts").Where(alert => alert.Words("status") == _status).Take(MaxAlerts).ToList();
        _alerts = telling.Count > 0 ? telling : [.. body.Items("alerts").Take(MaxAlerts)];
    }

    /// <summary>What is missing for it to be one; null when nothing is.</summary>
    public Sentence? Missing =>
        Key is null ? (Sentence)"'groupKey' is missing"
        : Signal is null ? (Sentence)"'status' must be firing or resolved"
        : _body.At("alerts") is not { ValueKind: JsonValueKind.Array } ? (Sentence)"the list 'alerts' is missing"
        : null;

    public string? Key => _body.Verbatim("groupKey");

    public AlertSignal? Signal =>
        _status switch
        {
            "firing" => AlertSignal.Firing,
            "resolved" => AlertSignal.Resolved,
            _ => null,
        };

    /// <summary>When the first of them began; once all are over, when the last of them ended.</summary>
    public DateTimeOffset? At =>
        Signal == AlertSignal.Firing ? _alerts.Select(alert => alert.Instant("startsAt")).Min() : _alerts.Select(alert => alert.Instant("endsAt")).Max();

    /// <summary>The alerts in the group's own state.</summary>
    public IReadOnlyList<AlertOccasion> Occasions => OccasionsOf(_status);

    /// <summary>Those that are over in a group that fires. Each is told of once.</summary>
    public IReadOnlyList<AlertOccasion> Ended => Signal == AlertSignal.Firing ? OccasionsOf("resolved") : [];

    public Severity? Severity =>
        AlertSeverity.Worst(All("commonLabels", "labels", "severity")) ?? AlertSeverity.Worst(All("commonLabels", "labels", "priority"));

    /// <summary>The page of the alert, or whichever of these addresses the first alert has.</summary>
    public string? Link(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
            if (_alerts.Select(alert => alert.Words(name)).FirstOrDefault(link => AlertText.Link(link) is not null) is { } link)
                return link;
        return _body.Words("externalURL");
    }

    public string? Label(string name) => Payload.Joined(All("commonLabels", "labels", name));

    /// <param name="between">What stands between the annotations of several alerts.</param>
    public string? Annotation(string name, string between) => Payload.Joined(All("commonAnnotations", "annotations", name), between);

    /// <summary>
    /// "status", "receiver", "alerts" (how many), "fingerprints"; "label.NAME" and "annotation.NAME", of all alerts where they agree, otherwise with
    /// commas between what they say.
    /// </summary>
    public FieldList Fields()
    {
        var fields = new FieldList
        {
            { "status", _status },
            { "receiver", _body.Words("receiver") },
            { "alerts", $"{_body.Items("alerts").Count()}" },
            { "fingerprints", Payload.Joined(_alerts.Select(alert => alert.Words("fingerprint"))) },
        };
        foreach (var name in NamesIn("commonLabels", "labels"))
            fields.Add($"label.{name}", Label(name));
        foreach (var name in NamesIn("commonAnnotations", "annotations"))
            fields.Add($"annotation.{name}", Annotation(name, ", "));
        return fields;
    }

    /// <summary>An alert that fires anew begins anew, so that its labels and its beginning name one occasion.</summary>
    private List<AlertOccasion> OccasionsOf(string? status)
    {
        var occasions =
            from alert in _body.Items("alerts")
            where alert.Words("status") == status
            let name = alert.Verbatim("fingerprint") ?? alert.At("labels")?.GetRawText()
            where name is not null
            select AlertOccasion.Of(alert.Instant("startsAt"), name, alert.Verbatim("startsAt"));
        return [.. occasions.Take(AlertHistory.MostRemembered)];
    }

    private List<string?> All(string common, string own, string name) =>
        _body.Words(common, name) is { } agreed ? [agreed] : [.. _alerts.Select(alert => alert.Words(own, name))];

    private List<string> NamesIn(string common, string own) =>
        [
            .. _body
                .Pairs(common)
                .Concat(_alerts.SelectMany(alert => alert.Pairs(own)))
                .Select(pair => pair.Name)
                .Distinct(StringComparer.Ordinal)
                .Take(AlertText.MaxFields),
        ];
}
