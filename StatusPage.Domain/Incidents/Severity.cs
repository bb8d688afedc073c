namespace StatusPage.Domain.Incidents;

/// <summary>How bad an incident is for the business, and how fast the team must respond.</summary>
public enum Severity
{
    Sev1 = 1,
    Sev2 = 2,
    Sev3 = 3,
    Sev4 = 4,
}

public static class Severities
{
    public static readonly Severity[] All = Enum.GetValues<Severity>();

    public static string Code(this Severity severity) =>
        severity switch
        {
            Severity.Sev1 => "SEV1",
            Severity.Sev2 => "SEV2",
            Severity.Sev3 => "SEV3",
            Severity.Sev4 => "SEV4",
            _ => throw new ArgumentOutOfRangeException(nameof(severity), severity, null),
        };

    /// <summary>The severity table of the incident management guide.</summary>
    public static string Meaning(this Severity severity) =>
        severity switch
        {
            Severity.Sev1 => "Critical: full outage, all users affected",
            Severity.Sev2 => "Major: partial outage, many users affected",
            Severity.Sev3 => "Moderate: degradation, slow response times",
            Severity.Sev4 => "Minor: small impact, few users affected",
            _ => throw new ArgumentOutOfRangeException(nameof(severity), severity, null),
        };

    /// <summary>Time allowed from the start to the first response, from the same table.</summary>
    public static TimeSpan ResponseTime(this Severity severity) =>
        severity switch
        {
            Severity.Sev1 => TimeSpan.Zero,
            Severity.Sev2 => TimeSpan.FromMinutes(15),
            Severity.Sev3 => TimeSpan.FromHours(1),
            Severity.Sev4 => TimeSpan.FromHours(4),
            _ => throw new ArgumentOutOfRangeException(nameof(severity), severity, null),
        };

    public static Severity? Parse(string? code)
    {
        foreach (var severity in All)
            if (string.Equals(severity.Code(), code, StringComparison.OrdinalIgnoreCase))
                return severity;
        return null;
    }
}
