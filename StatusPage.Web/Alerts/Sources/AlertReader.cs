using System.Text.Json;
using System.Text.Unicode;
using StatusPage.Domain.Alerts;

namespace StatusPage.Web.Alerts.Sources;

/// <summary>Reads what a source sent. Whatever the bytes are, the answer is a value.</summary>
public static class AlertReader
{
    /// <summary>Objects and lists within each other; no source comes near.</summary>
    public const int MaxDepth = 32;

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = MaxDepth, CommentHandling = JsonCommentHandling.Disallow };

    /// <param name="mapping">For <see cref="AlertSourceKind.Generic"/>; null there means <see cref="GenericMapping.Plain"/>.</param>
    public static AlertReading Read(AlertSourceKind kind, ReadOnlyMemory<byte> body, GenericMapping? mapping = null)
    {
        if (kind == AlertSourceKind.Heartbeat)
            return HeartbeatSource.Read();
        if (body.Span.StartsWith("\uFEFF"u8))
            body = body[3..];
        if (body.Span.Trim(" \t\r\n"u8).IsEmpty)
            return kind == AlertSourceKind.Generic
                ? new AlertReading.NotThisShape("The body is empty. Send JSON.")
                : new AlertReading.NotThisShape($"The body is empty. {kind.Label()} must send JSON.");
        if (!Utf8.IsValid(body.Span))
            return new AlertReading.NotThisShape("The body is not text in UTF-8.");
        try
        {
            using var document = JsonDocument.Parse(HalfPairs.Replaced(body), Options);
            return Read(kind, document.RootElement, mapping);
        }
        catch (JsonException exception)
        {
            return new AlertReading.NotThisShape(
                $"The body is not JSON, or is nested deeper than {MaxDepth}: line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}."
            );
        }
    }

    private static AlertReading Read(AlertSourceKind kind, JsonElement body, GenericMapping? mapping) =>
        kind switch
        {
            AlertSourceKind.Alertmanager => AlertmanagerSource.Read(body),
            AlertSourceKind.Grafana => GrafanaSource.Read(body),
            AlertSourceKind.Datadog => DatadogSource.Read(body),
            AlertSourceKind.PagerDuty => PagerDutySource.Read(body),
            AlertSourceKind.Opsgenie => OpsgenieSource.Read(body),
            AlertSourceKind.SplunkOnCall => SplunkOnCallSource.Read(body),
            AlertSourceKind.FireHydrant => FireHydrantSource.Read(body),
            AlertSourceKind.Generic => GenericSource.Read(body, mapping ?? GenericMapping.Plain),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
        };
}
