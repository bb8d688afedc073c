using StatusPage.Domain.Alerts;

namespace StatusPage.Web.Alerts.Sources;

/// <summary>That it reports at all says that it is well, whatever the body.</summary>
internal static class HeartbeatSource
{
    public const string Key = "heartbeat";

    public static AlertReading Read() => new AlertReading.Of(new AlertEvent(Key, AlertSignal.Resolved, "Heartbeat", ""));
}
