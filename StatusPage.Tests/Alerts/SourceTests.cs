using StatusPage.Domain.Alerts;
using StatusPage.Domain.Incidents;

namespace StatusPage.Tests.Alerts;

/// <summary>The odd sides of Datadog, Opsgenie, Splunk On-Call and FireHydrant.</summary>
public sealed class SourceTests
{
    [Theory]
    [InlineData("Triggered", AlertSignal.Firing)]
    [InlineData("Re-Triggered", AlertSignal.Firing)]
    [InlineData("Warn", AlertSignal.Firing)]
    [InlineData("Re-Warn", AlertSignal.Firing)]
    [InlineData("No Data", AlertSignal.Firing)]
    [InlineData("Re-No Data", AlertSignal.Firing)]
    [InlineData("Renotify", AlertSignal.Firing)]
    [InlineData("Recovered", AlertSignal.Resolved)]
    public void A_transition_of_Datadog_has_a_meaning(string transition, AlertSignal signal) =>
        Assert.Equal(signal, Sent.Event(AlertSourceKind.Datadog, $$"""{"key":"1","transition":"{{transition}}"}""").Signal);

    [Fact]
    public void Another_transition_of_Datadog_is_not_used() =>
        Assert.Contains("Muted", Sent.Unused(AlertSourceKind.Datadog, """{"key":"1","transition":"Muted"}"""), StringComparison.Ordinal);

    [Fact]
    public void Tags_of_Datadog_are_fields_each()
    {
        var fields = Sent.Event(
            AlertSourceKind.Datadog,
            """{"key":"1","transition":"Warn","tags":"env:prod, service:checkout,monitor,url:a:b","host":"web-1","scope":"$ALERT_SCOPE"}"""
        ).Fields;
        Assert.Equal(("prod", "checkout", "a:b", "web-1"), (fields["tag.env"], fields["service"], fields["tag.url"], fields["host"]));
        Assert.Equal("env:prod, service:checkout,monitor,url:a:b", fields["tags"]);
        Assert.False(fields.ContainsKey("scope"));
    }

    [Theory]
    [InlineData("key")]
    [InlineData("transition")]
    public void A_variable_that_Datadog_did_not_fill_in_is_missing(string name)
    {
        var body = Payloads.DatadogFiring.Replace($"\"{name}\":\"", $"\"{name}\":\"$ALERT_X\",\"was\":\"", StringComparison.Ordinal);
        Assert.StartsWith($"'{name}' is missing", Sent.Refused(AlertSourceKind.Datadog, body), StringComparison.Ordinal);
    }

    [Fact]
    public void Money_and_scripts_are_no_variables()
    {
        var alert = Sent.Event(AlertSourceKind.Datadog, """{"key":"1","transition":"Warn","title":"$5 lost, $name, US$","text":"about $EVENT_MSG"}""");
        Assert.Equal(("$5 lost, $name, US$", ""), (alert.Title, alert.Text));
    }

    [Theory]
    [InlineData("Create", AlertSignal.Firing)]
    [InlineData("UnAcknowledge", AlertSignal.Firing)]
    [InlineData("Acknowledge", AlertSignal.Acknowledged)]
    [InlineData("Close", AlertSignal.Resolved)]
    [InlineData("Delete", AlertSignal.Resolved)]
    [InlineData("AddNote", AlertSignal.Updated)]
    [InlineData("UpdatePriority", AlertSignal.Updated)]
    public void An_action_of_Opsgenie_has_a_meaning(string action, AlertSignal signal) =>
        Assert.Equal(signal, Sent.Event(AlertSourceKind.Opsgenie, Payloads.OpsgenieFiring.Replace("Create", action, StringComparison.Ordinal)).Signal);

    [Theory]
    [InlineData("Escalate")]
    [InlineData("AssignOwnership")]
    [InlineData("Page the boss")]
    public void Another_action_of_Opsgenie_is_not_used(string action) =>
        Assert.Contains(
            action,
            Sent.Unused(AlertSourceKind.Opsgenie, Payloads.OpsgenieFiring.Replace("Create", action, StringComparison.Ordinal)),
            StringComparison.Ordinal
        );

    [Fact]
    public void An_alert_of_Opsgenie_without_an_alias_is_known_by_its_id()
    {
        var alert = Sent.Event(
            AlertSourceKind.Opsgenie,
            """{"action":"AddNote","alert":{"alertId":"ec03","alias":"","note":"Looking.","updatedAt":1795553100000123456,"details":{"region":"eu"}}}"""
        );
        Assert.Equal(("ec03", "Looking.", "eu"), (alert.Key, alert.Text, alert.Fields["detail.region"]));
        Assert.Equal(1_795_553_100_000, alert.At!.Value.ToUnixTimeMilliseconds());
    }

    [Theory]
    [InlineData("{}", "'action'")]
    [InlineData("""{"action":"Create"}""", "'alert'")]
    [InlineData("""{"action":"Create","alert":{}}""", "'alert.alias'")]
    public void What_Opsgenie_does_not_send_is_refused(string body, string says) =>
        Assert.StartsWith(says, Sent.Refused(AlertSourceKind.Opsgenie, body), StringComparison.Ordinal);

    [Fact]
    public void A_variable_that_Splunk_On_Call_did_not_fill_in_is_absent()
    {
        const string Body = """{"event":"triggered","entity_id":"api","title":"${{ALERT.entity_display_name}}","text":"was: ${{ALERT.state_message}}"}""";
        var alert = Sent.Event(AlertSourceKind.SplunkOnCall, Body);
        Assert.Equal(("api", ""), (alert.Title, alert.Text));
        Assert.StartsWith(
            "'entity_id' is missing",
            Sent.Refused(AlertSourceKind.SplunkOnCall, Body.Replace("\"api\"", "\"${{ALERT.entity_id}}\"", StringComparison.Ordinal)),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("acknowledged", true)]
    [InlineData("paged", false)]
    public void Another_event_of_Splunk_On_Call_may_be_one(string name, bool isUsed) =>
        Assert.Equal(isUsed, Sent.Read(AlertSourceKind.SplunkOnCall, $$"""{"event":"{{name}}","entity_id":"api"}""") is AlertReading.Of);

    [Theory]
    [InlineData("started", AlertSignal.Firing)]
    [InlineData("mitigated", AlertSignal.Firing)]
    [InlineData("resolved", AlertSignal.Resolved)]
    [InlineData("postmortem_started", AlertSignal.Resolved)]
    [InlineData("retrospective_completed", AlertSignal.Resolved)]
    [InlineData("closed", AlertSignal.Resolved)]
    public void A_milestone_of_FireHydrant_has_a_meaning(string milestone, AlertSignal signal)
    {
        var alert = Sent.Event(AlertSourceKind.FireHydrant, Payloads.FireHydrantFiring.Replace("investigating", milestone, StringComparison.Ordinal));
        Assert.Equal((signal, milestone), (alert.Signal, alert.Fields["milestone"]));
    }

    [Fact]
    public void FireHydrant_says_when_it_was_resolved()
    {
        const string Milestones =
            "\"milestones\":[{\"type\":\"started\",\"occurred_at\":\"2026-11-24 20:45:00 UTC\"},"
            + "{\"type\":\"resolved\",\"occurred_at\":\"2026-11-24 21:30:00 UTC\"}],\"name\"";
        var alert = Sent.Event(AlertSourceKind.FireHydrant, Payloads.FireHydrantResolved.Replace("\"name\"", Milestones, StringComparison.Ordinal));
        Assert.Equal(new DateTimeOffset(2026, 11, 24, 21, 30, 0, TimeSpan.Zero), alert.At);
    }

    [Theory]
    [InlineData("""{"data":{}}""", "'data.incident'")]
    [InlineData("""{"data":{"incident":{"current_milestone":"started"}}}""", "'data.incident.id'")]
    [InlineData("""{"data":{"incident":{"id":"1"}}}""", "'data.incident.current_milestone'")]
    public void What_FireHydrant_does_not_send_is_refused(string body, string says) =>
        Assert.StartsWith(says, Sent.Refused(AlertSourceKind.FireHydrant, body), StringComparison.Ordinal);

    [Theory]
    [InlineData("P1", Severity.Sev1)]
    [InlineData("p4", Severity.Sev4)]
    [InlineData("P5", Severity.Sev4)]
    [InlineData("P0", Severity.Sev1)]
    [InlineData("SEV3", Severity.Sev3)]
    [InlineData("sev-2", Severity.Sev2)]
    [InlineData("Sev 1: everything", Severity.Sev1)]
    [InlineData(" critical ", Severity.Sev1)]
    [InlineData("Warning", Severity.Sev3)]
    [InlineData("UNSET", null)]
    [InlineData("GAMEDAY", null)]
    [InlineData("page", null)]
    [InlineData("P12", null)]
    [InlineData("3", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void Words_for_severity_are_understood(string? word, Severity? severity) => Assert.Equal(severity, AlertSeverity.Parse(word));
}
