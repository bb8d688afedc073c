using System.Globalization;
using System.Text;
using System.Text.Json;
using CsCheck;
using StatusPage.Domain.Alerts;
using StatusPage.Domain.Incidents;
using StatusPage.Web.Alerts.Sources;

namespace StatusPage.Tests.Alerts;

/// <summary>Whatever the bytes are, something is said of them, and what gets further fits and can be shown.</summary>
public sealed class BodyTests
{
    private static readonly IEnumerable<AlertSourceKind> WithBody = AlertSourceKinds.All.Where(kind => kind != AlertSourceKind.Heartbeat);

    /// <summary>Names that the sources look for, so that chance gets somewhere.</summary>
    private static readonly Gen<string> Names = Gen.OneOf<string>(
        Gen.OneOf("status", "groupKey", "version", "orgId", "alerts", "labels", "commonLabels", "severity", "key", "transition", "title", "text", "date"),
        Gen.OneOf("event", "event_type", "data", "incident", "id", "current_milestone", "entity_id", "action", "alert", "alias", "tags", "details"),
        Gen.String[0, 6]
    );

    private static readonly Gen<string> Leaves = Gen.OneOf<string>(
        Gen.OneOf("\"firing\"", "\"resolved\"", "\"4\"", "1", "\"Triggered\"", "\"incident.triggered\"", "\"Create\"", "\"triggered\"", "\"P1\""),
        Gen.OneOf(
            "null",
            "true",
            "1e999",
            "-0",
            "\"\"",
            "\"\\ud800\"",
            "\"\\u0000\"",
            "\"$ALERT_ID\"",
            "\"0001-01-01T00:00:00Z\"",
            "99999999999999999999"
        ),
        Gen.String.Select(text => JsonSerializer.Serialize(text)),
        Gen.Double.Select(number => double.IsFinite(number) ? number.ToString("R", CultureInfo.InvariantCulture) : "0")
    );

    private static readonly Gen<string> Json = Gen.Recursive<string>(
        (depth, inner) =>
            depth > 4
                ? Leaves
                : Gen.OneOf<string>(
                    Leaves,
                    inner.Array[0, 3].Select(parts => $"[{string.Join(',', parts)}]"),
                    Gen.Select(Names, inner)
                        .Array[0, 8]
                        .Select(pairs => $"{{{string.Join(',', pairs.Select(pair => $"{JsonSerializer.Serialize(pair.Item1)}:{pair.Item2}"))}}}")
                )
    );

    [Fact]
    public void Random_bytes_are_no_shape_of_any_source() =>
        Gen
            .Byte.Array[0, 200]
            .Sample(bytes =>
            {
                foreach (var kind in WithBody)
                    Check(Assert.IsType<AlertReading.NotThisShape>(AlertReader.Read(kind, bytes)));
            });

    [Fact]
    public void Random_JSON_never_leads_to_an_exception() =>
        Json.Sample(
            json =>
            {
                foreach (var kind in AlertSourceKinds.All)
                    Check(Sent.Read(kind, json));
            },
            iter: 1_000
        );

    [Fact]
    public void An_example_in_which_something_is_swapped_never_leads_to_an_exception()
    {
        var events = 0;
        Gen.Select(Gen.Int[0, ExampleTests.All.Count - 1], Gen.Int[0, 10_000], Gen.Int[0, 20], Json)
            .Sample(
                (example, at, length, json) =>
                {
                    var (kind, _, firing, _) = ExampleTests.All[example];
                    // Mostly a value in the place of another: it begins behind a colon.
                    var colons = Enumerable.Range(0, firing.Length).Where(i => firing[i] == ':').ToList();
                    var from = colons[at % colons.Count] + 1;
                    var end = firing.IndexOfAny([',', '}'], from);
                    var until = length == 0 ? Math.Min(from + at % 7, firing.Length) : end;
                    var reading = Sent.Read(kind, firing[..from] + json + firing[until..]);
                    Check(reading);
                    if (reading is AlertReading.Of)
                        Interlocked.Increment(ref events);
                },
                iter: 2_000
            );
        Assert.InRange(events, 200, 1_800);
    }

    [Fact]
    public void A_body_that_breaks_off_is_refused()
    {
        foreach (var (kind, _, firing, _) in ExampleTests.All)
        {
            var bytes = Encoding.UTF8.GetBytes(firing);
            for (var length = 0; length < bytes.Length; length++)
                Assert.IsType<AlertReading.NotThisShape>(AlertReader.Read(kind, bytes.AsMemory(0, length)));
        }
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("  \n", "empty")]
    [InlineData("payload=%7B%7D", "not JSON")]
    [InlineData("{\"a\":1,}", "not JSON")]
    [InlineData("{} // a comment", "not JSON")]
    [InlineData("[]", "missing")]
    [InlineData("null", "missing")]
    [InlineData("\"text\"", "missing")]
    public void What_is_wrong_with_a_body_is_said(string body, string says) =>
        Assert.Contains(says, Sent.Refused(AlertSourceKind.Datadog, body), StringComparison.Ordinal);

    [Fact]
    public void Bytes_that_are_no_text_are_refused() =>
        Assert.Equal(
            "The body is not text in UTF-8.",
            Assert.IsType<AlertReading.NotThisShape>(AlertReader.Read(AlertSourceKind.Datadog, new byte[] { (byte)'"', 0xFF, (byte)'"' })).Why
        );

    [Fact]
    public void A_byte_order_mark_does_no_harm() => Assert.Equal("77", Sent.Event(AlertSourceKind.Datadog, "\uFEFF" + Payloads.DatadogFiring).Key);

    [Theory]
    [InlineData('[', ']')]
    [InlineData('{', '}')]
    public void A_bomb_of_nesting_does_not_go_off(char open, char close)
    {
        var inner = open == '{' ? "{\"a\":" : "[";
        var bomb = string.Concat(Enumerable.Repeat(inner, 100_000)) + "1" + new string(close, 100_000);
        foreach (var kind in WithBody)
            Assert.Contains("nested deeper than 32", Sent.Refused(kind, bomb), StringComparison.Ordinal);
    }

    [Fact]
    public void Half_of_an_emoji_costs_no_alert()
    {
        var alert = Sent.Event(
            AlertSourceKind.Datadog,
            """{"key":"1","transition":"Triggered","title":"Cut \ud83d","text":"whole \ud83d\udd25, \udd25\ud83d, \\ud83d","\ud800":"x"}"""
        );
        Assert.Equal(("Cut \uFFFD", "whole 🔥, \uFFFD\uFFFD, \\ud83d"), (alert.Title, alert.Text));
    }

    [Fact]
    public void Every_text_of_a_hundred_thousand_characters_is_cut()
    {
        const string Body =
            """{"key":"WORD","transition":"Triggered","title":"WORD","text":"WORD","scope":"WORD","WORD":"WORD","link":"https://a.example/WORD"}""";
        var alert = Sent.Event(AlertSourceKind.Datadog, Body.Replace("WORD", new string('x', 100_000), StringComparison.Ordinal));
        Check(new AlertReading.Of(alert));
        Assert.Equal((200, 5_000, 500, null), (alert.Title.Length, alert.Text.Length, alert.Fields["scope"].Length, alert.Link));
    }

    [Fact]
    public void Ten_thousand_fields_are_a_hundred()
    {
        var labels = string.Join(',', Enumerable.Range(0, 10_000).Select(i => $"\"l{i}\":\"{i}\""));
        var json = $$"""{"version":"4","groupKey":"k","status":"firing","alerts":[{"status":"firing","labels":{ {{labels}} } }]}""";
        Assert.Equal(AlertText.MaxFields, Sent.Event(AlertSourceKind.Alertmanager, json).Fields.Count);
    }

    private static void Check(AlertReading reading)
    {
        switch (reading)
        {
            case AlertReading.Of of:
                Assert.NotEmpty(of.Events);
                Assert.All(of.Events, alert => Check(alert));
                break;
            case AlertReading.Unused unused:
                Assert.InRange(unused.Why.Length, 1, AlertReading.MaxWhy);
                break;
            case AlertReading.NotThisShape refused:
                Assert.InRange(refused.Why.Length, 1, AlertReading.MaxWhy);
                break;
        }
    }

    private static void Check(AlertEvent alert)
    {
        Assert.InRange(alert.Key.Length, 1, AlertText.MaxKey);
        Assert.InRange(alert.Title.Length, 1, AlertText.MaxTitle);
        Assert.InRange(alert.Text.Length, 0, AlertText.MaxText);
        Assert.InRange(alert.Impact?.Length ?? 1, 1, UpdateContent.MaxFactLength);
        Assert.InRange(alert.Fields.Count, 0, AlertText.MaxFields);
        Assert.All(alert.Fields.Keys, name => Assert.InRange(name.Length, 1, AlertText.MaxName));
        Assert.All(alert.Fields.Values, value => Assert.InRange(value.Length, 1, AlertText.MaxValue));
        string?[] lines = [alert.Key, alert.Title, alert.Impact, alert.Link, alert.DeliveryId, .. alert.Fields.Keys, .. alert.Fields.Values];
        Assert.All(lines.OfType<string>(), line => Assert.Equal(Domain.Text.Shown(line, ""), line));
        Assert.Equal(Domain.Text.Shown(alert.Text), alert.Text);
        Assert.True(alert.At is not { } at || Domain.Instants.Contain(at));
    }
}
