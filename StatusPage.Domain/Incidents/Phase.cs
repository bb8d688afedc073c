namespace StatusPage.Domain.Incidents;

/// <summary>Where the handling of an incident stands, in the order in which it usually goes.</summary>
public enum Phase
{
    Investigating,
    Identified,
    Monitoring,
    Resolved,
    Postmortem,
}

public static class Phases
{
    /// <summary>The phases an update may carry; a postmortem is published, not posted.</summary>
    public static readonly Phase[] Postable = [Phase.Investigating, Phase.Identified, Phase.Monitoring, Phase.Resolved];

    /// <summary>The word used by APIs and forms, as in Statuspage's API.</summary>
    public static string Code(this Phase phase) =>
        phase switch
        {
            Phase.Investigating => "investigating",
            Phase.Identified => "identified",
            Phase.Monitoring => "monitoring",
            Phase.Resolved => "resolved",
            Phase.Postmortem => "postmortem",
            _ => throw new ArgumentOutOfRangeException(nameof(phase), phase, null),
        };

    public static string Label(this Phase phase)
    {
        var code = phase.Code();
        return char.ToUpperInvariant(code[0]) + code[1..];
    }

    public static Phase? Parse(string? code)
    {
        foreach (var phase in Postable)
            if (phase.Code() == code)
                return phase;
        return null;
    }

    public static bool IsOver(this Phase phase) => phase is Phase.Resolved or Phase.Postmortem;
}
