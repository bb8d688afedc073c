namespace StatusPage.Domain.Alerts;

/// <summary>What tells of trouble. The numbers lie in the store.</summary>
public enum AlertSourceKind
{
    Alertmanager = 0,
    Grafana = 1,
    Datadog = 2,
    PagerDuty = 3,

    /// <summary>Opsgenie, and Jira Service Management, which sends the same.</summary>
    Opsgenie = 4,
    SplunkOnCall = 5,
    FireHydrant = 6,

    /// <summary>Any JSON, read by a <see cref="GenericMapping"/>.</summary>
    Generic = 7,

    /// <summary>Something that reports as long as it is well. Trouble is its silence.</summary>
    Heartbeat = 8,
}

public static class AlertSourceKinds
{
    public static IReadOnlyList<AlertSourceKind> All { get; } = Enum.GetValues<AlertSourceKind>();

    public static string Code(this AlertSourceKind kind) => kind == AlertSourceKind.SplunkOnCall ? "splunk-on-call" : kind.ToString().ToLowerInvariant();

    public static AlertSourceKind? Parse(string? code)
    {
        foreach (var kind in All)
            if (string.Equals(kind.Code(), code, StringComparison.Ordinal))
                return kind;
        return null;
    }

    public static string Label(this AlertSourceKind kind) =>
        kind switch
        {
            AlertSourceKind.Alertmanager => "Prometheus Alertmanager",
            AlertSourceKind.Opsgenie => "Opsgenie or Jira Service Management",
            AlertSourceKind.SplunkOnCall => "Splunk On-Call",
            AlertSourceKind.Generic => "JSON of your own",
            _ => kind.ToString(),
        };
}
