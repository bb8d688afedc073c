namespace StatusPage.Domain.Components;

/// <summary>How long a component was down while it was observed.</summary>
/// <param name="Observed">The length of the range, or of the part of it during which the component existed.</param>
/// <param name="Age">How long the component existed at the end of the range.</param>
public sealed record Outage(TimeSpan Partial, TimeSpan Major, TimeSpan Observed, TimeSpan Age)
{
    /// <summary>No per cent is given for a component that has existed for less: three minutes of an hour are no "95 %".</summary>
    public static readonly TimeSpan ShortestObserved = TimeSpan.FromHours(24);

    public static readonly Outage None = new(default, default, default, default);

    public static Outage Within(Component component, ComponentStates states, DateTimeOffset from, DateTimeOffset until)
    {
        var start = component.StartedAt > from ? component.StartedAt : from;
        if (until <= start)
            return None with { Age = until > component.StartedAt ? until - component.StartedAt : default };
        var (partial, major) = (TimeSpan.Zero, TimeSpan.Zero);
        foreach (var span in states.Spans(component.Id, start, until))
        {
            if (span.Status == ComponentStatus.PartialOutage)
                partial += span.Lasted;
            if (span.Status == ComponentStatus.MajorOutage)
                major += span.Lasted;
        }
        return new(partial, major, until - start, until - component.StartedAt);
    }

    /// <summary>The outage of several components: the sum of their times, and the age of the oldest.</summary>
    public static Outage Sum(IEnumerable<Outage> outages) =>
        outages.Aggregate(
            None,
            (sum, one) => new(sum.Partial + one.Partial, sum.Major + one.Major, sum.Observed + one.Observed, sum.Age > one.Age ? sum.Age : one.Age)
        );

    /// <summary>
    /// Uptime = 1 - (major + share × partial) / observed. Degraded performance and maintenance do not count as down. Null while too little was observed.
    /// </summary>
    /// <param name="partialPercent">The share of a partial outage that counts.</param>
    public double? UptimePercent(int partialPercent)
    {
        if (Age < ShortestObserved || Observed <= TimeSpan.Zero)
            return null;
        var down =
            Major.TotalSeconds * ComponentStatus.MajorOutage.DowntimeWeight(partialPercent)
            + Partial.TotalSeconds * ComponentStatus.PartialOutage.DowntimeWeight(partialPercent);
        return Math.Round(100 * (1 - Math.Min(1, down / Observed.TotalSeconds)), 4);
    }
}
