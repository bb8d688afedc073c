namespace StatusPage.Domain.Records;

/// <summary>The times of an incident that its record holds, in the order in which they usually come.</summary>
public enum IncidentMoment
{
    Began = 0,
    Alerted = 1,
    Declared = 2,
    Acknowledged = 3,
    Identified = 4,
    FixDeployed = 5,
    Resolved = 6,
}

public static class IncidentMoments
{
    public static readonly IncidentMoment[] All = Enum.GetValues<IncidentMoment>();

    public static string Label(this IncidentMoment moment) =>
        moment switch
        {
            IncidentMoment.Began => "Began",
            IncidentMoment.Alerted => "Alert",
            IncidentMoment.Declared => "Declared",
            IncidentMoment.Acknowledged => "Acknowledged",
            IncidentMoment.Identified => "Cause identified",
            IncidentMoment.FixDeployed => "Fix deployed",
            IncidentMoment.Resolved => "Resolved",
            _ => throw new ArgumentOutOfRangeException(nameof(moment), moment, null),
        };

    /// <summary>Where the program takes it from, for the person who corrects it.</summary>
    public static string Source(this IncidentMoment moment) =>
        moment switch
        {
            IncidentMoment.Began => "the incident's beginning, or the first alert if that came earlier",
            IncidentMoment.Alerted => "the first alert",
            IncidentMoment.Declared => "the draft that the alert became, or the first update",
            IncidentMoment.Acknowledged => "when somebody took the alert, or the first update",
            IncidentMoment.Identified => "the first update with the phase “Identified”",
            IncidentMoment.FixDeployed => "the first update with the phase “Monitoring”",
            IncidentMoment.Resolved => "the update that resolved it",
            _ => throw new ArgumentOutOfRangeException(nameof(moment), moment, null),
        };

    public static IncidentMoment? Parse(string? name) => Enum.TryParse<IncidentMoment>(name, out var moment) && Enum.IsDefined(moment) ? moment : null;
}

/// <summary>A time of an incident that somebody set by hand.</summary>
public sealed class MomentCorrection
{
    /// <summary>An incident that somebody noticed so much later was a different one.</summary>
    public static readonly TimeSpan LongestUnnoticed = TimeSpan.FromDays(30);

    private MomentCorrection() { }

    public MomentCorrection(IncidentId incident, IncidentMoment moment) => (IncidentId, Moment) = (incident, moment);

    public IncidentId IncidentId { get; private init; }
    public IncidentMoment Moment { get; private init; }
    public DateTimeOffset At { get; private set; }
    public string By { get; private set; } = "";
    public DateTimeOffset CorrectedAt { get; private set; }

    public void Set(DateTimeOffset at, string by, DateTimeOffset now) => (At, By, CorrectedAt) = (at, by, now);
}
