using StatusPage.Domain.Alerts;
using StatusPage.Domain.Incidents;

namespace StatusPage.Tests.Alerts;

/// <summary>Groups of alerts, as Alertmanager and Grafana make them.</summary>
public sealed class GroupTests
{
    private const string Mixed = """
        {"version":"4","groupKey":"{}/{team=\"$TEAM\"}:{job=\"api\"}","status":"firing","receiver":"page","externalURL":"http://am:9093",
        "groupLabels":{"job":"api"},"commonLabels":{"job":"api"},"commonAnnotations":{},"alerts":[
        {"status":"resolved","labels":{"alertname":"Slow","severity":"critical"},"annotations":{"summary":"It was slow"},
        "startsAt":"2026-11-24T19:00:00Z","endsAt":"2026-11-24T20:00:00Z","generatorURL":"http://prom/old","fingerprint":"f0"},
        {"status":"firing","labels":{"alertname":"Errors","severity":"info","pod":"a"},"annotations":{"summary":"Errors","description":"a fails"},
        "startsAt":"2026-11-24T20:50:00.123456789Z","endsAt":"0001-01-01T00:00:00Z","generatorURL":"http://prom/graph?g0.expr=x","fingerprint":"f1"},
        {"status":"firing","labels":{"alertname":"Errors","severity":"warning","pod":"b"},"annotations":{"summary":"Errors","description":"b fails"},
        "startsAt":"2026-11-24T21:45:00+01:00","endsAt":"0001-01-01T00:00:00Z","fingerprint":"f2"}]}
        """;

    [Fact]
    public void What_is_firing_speaks_for_the_group()
    {
        var alert = Sent.Event(AlertSourceKind.Alertmanager, Mixed);
        Assert.Equal(("Errors", "Errors\n\na fails\nb fails", Severity.Sev3), (alert.Title, alert.Text, alert.SuggestedSeverity));
        Assert.Equal((new DateTimeOffset(2026, 11, 24, 20, 45, 0, TimeSpan.Zero), "http://prom/graph?g0.expr=x"), (alert.At, alert.Link));
        Assert.Equal(
            ("api", "a, b", "f1, f2", "3"),
            (alert.Fields["label.job"], alert.Fields["label.pod"], alert.Fields["fingerprints"], alert.Fields["alerts"])
        );
        Assert.Equal("a fails, b fails", alert.Fields["annotation.description"]);
    }

    [Fact]
    public void A_key_is_taken_as_it_stands() => Assert.Equal("{}/{team=\"$TEAM\"}:{job=\"api\"}", Sent.Event(AlertSourceKind.Alertmanager, Mixed).Key);

    [Fact]
    public void A_group_ends_when_its_last_alert_ended()
    {
        var over = Mixed
            .Replace("\"firing\"", "\"resolved\"", StringComparison.Ordinal)
            .Replace("0001-01-01T00:00:00Z", "2026-11-24T22:00:00Z", StringComparison.Ordinal);
        var alert = Sent.Event(AlertSourceKind.Alertmanager, over);
        Assert.Equal((AlertSignal.Resolved, new DateTimeOffset(2026, 11, 24, 22, 0, 0, TimeSpan.Zero)), (alert.Signal, alert.At));
    }

    [Fact]
    public void The_shape_may_grow()
    {
        var later = Payloads.AlertmanagerFiring.Replace(
            "{\"version\"",
            "{\"routeLabels\":{\"team\":\"sre\"},\"new\":[{}],\"version\"",
            StringComparison.Ordinal
        );
        Assert.Equal("ApiErrors", Sent.Event(AlertSourceKind.Alertmanager, later).Title);
    }

    [Fact]
    public void A_group_without_a_name_is_called_by_its_source() =>
        Assert.Equal(
            "Alert from Prometheus Alertmanager",
            Sent.Event(AlertSourceKind.Alertmanager, """{"version":"4","groupKey":"k","status":"firing","alerts":[]}""").Title
        );

    [Theory]
    [InlineData("""{"text":"{{ .CommonLabels }}"}""", "'version' is missing")]
    [InlineData("""{"version":"3","groupKey":"k","status":"firing","alerts":[]}""", "'version' is '3', not '4'")]
    [InlineData("""{"version":"4","status":"firing","alerts":[]}""", "'groupKey' is missing")]
    [InlineData("""{"version":"4","groupKey":"k","status":"on fire","alerts":[]}""", "'status' must be firing or resolved")]
    [InlineData("""{"version":"4","groupKey":"k","status":"firing","alerts":{}}""", "the list 'alerts' is missing")]
    public void A_payload_of_ones_own_is_refused_by_Alertmanagers_reader(string body, string says)
    {
        Assert.Contains(says, Sent.Refused(AlertSourceKind.Alertmanager, body), StringComparison.Ordinal);
        Assert.Contains("Take 'payload' out", Sent.Refused(AlertSourceKind.Alertmanager, body), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"msg":"custom"}""", "'groupKey' is missing")]
    [InlineData("""{"orgId":1,"groupKey":"k","status":"pending","alerts":[]}""", "'status' must be firing or resolved")]
    [InlineData("""{"groupKey":"k","status":"firing","alerts":[],"version":"1"}""", "'orgId' is missing")]
    public void A_payload_of_ones_own_is_refused_by_Grafanas_reader(string body, string says)
    {
        Assert.Contains(says, Sent.Refused(AlertSourceKind.Grafana, body), StringComparison.Ordinal);
        Assert.Contains("Take the custom payload out", Sent.Refused(AlertSourceKind.Grafana, body), StringComparison.Ordinal);
    }

    [Fact]
    public void The_two_are_told_apart()
    {
        Assert.Contains("Choose Grafana", Sent.Refused(AlertSourceKind.Alertmanager, Payloads.GrafanaFiring), StringComparison.Ordinal);
        Assert.Contains("Choose Prometheus Alertmanager", Sent.Refused(AlertSourceKind.Grafana, Payloads.AlertmanagerFiring), StringComparison.Ordinal);
    }
}
