using StatusPage.Domain.Components;

namespace StatusPage.Domain.Incidents;

/// <summary>How far customers are hit, in Statuspage's words.</summary>
public enum Impact
{
    None,
    Minor,
    Major,
    Critical,
}

public static class Impacts
{
    public static readonly Impact[] All = Enum.GetValues<Impact>();

    public static string Code(this Impact impact) =>
        impact switch
        {
            Impact.None => "none",
            Impact.Minor => "minor",
            Impact.Major => "major",
            Impact.Critical => "critical",
            _ => throw new ArgumentOutOfRangeException(nameof(impact), impact, null),
        };

    public static Impact? Parse(string? code)
    {
        foreach (var impact in All)
            if (impact.Code() == code)
                return impact;
        return null;
    }

    /// <summary>
    /// The state of the page that an open incident of this impact means. An incident without impact still means that something does not work as it should.
    /// </summary>
    public static ComponentStatus Means(this Impact impact) =>
        impact switch
        {
            Impact.Critical => ComponentStatus.MajorOutage,
            Impact.Major => ComponentStatus.PartialOutage,
            _ => ComponentStatus.DegradedPerformance,
        };

    /// <summary>The impact that a severity corresponds to.</summary>
    public static Impact Of(Severity severity) =>
        severity switch
        {
            Severity.Sev1 => Impact.Critical,
            Severity.Sev2 => Impact.Major,
            Severity.Sev3 => Impact.Minor,
            _ => Impact.None,
        };

    /// <summary>The severity that an impact corresponds to.</summary>
    public static Severity Rank(this Impact impact) =>
        impact switch
        {
            Impact.Critical => Severity.Sev1,
            Impact.Major => Severity.Sev2,
            Impact.Minor => Severity.Sev3,
            _ => Severity.Sev4,
        };

    /// <summary>The impact that a component's state means: degraded is minor, partial is major, major is critical.</summary>
    public static Impact Of(ComponentStatus status) =>
        status switch
        {
            ComponentStatus.DegradedPerformance => Impact.Minor,
            ComponentStatus.PartialOutage => Impact.Major,
            ComponentStatus.MajorOutage => Impact.Critical,
            _ => Impact.None,
        };
}
