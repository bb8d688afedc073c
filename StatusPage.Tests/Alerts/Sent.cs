using System.Text;
using StatusPage.Domain.Alerts;
using StatusPage.Web.Alerts.Sources;

namespace StatusPage.Tests.Alerts;

/// <summary>What becomes of a body.</summary>
internal static class Sent
{
    public static AlertReading Read(AlertSourceKind kind, string json, GenericMapping? mapping = null) =>
        AlertReader.Read(kind, Encoding.UTF8.GetBytes(json), mapping);

    public static AlertEvent Event(AlertSourceKind kind, string json, GenericMapping? mapping = null) =>
        Read(kind, json, mapping) switch
        {
            AlertReading.Of { Events: [var one] } => one,
            var other => throw new InvalidOperationException($"One event was expected: {other}"),
        };

    public static string Unused(AlertSourceKind kind, string json, GenericMapping? mapping = null) =>
        Assert.IsType<AlertReading.Unused>(Read(kind, json, mapping)).Why;

    public static string Refused(AlertSourceKind kind, string json, GenericMapping? mapping = null) =>
        Assert.IsType<AlertReading.NotThisShape>(Read(kind, json, mapping)).Why;
}
