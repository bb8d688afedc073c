namespace StatusPage.Domain.Components;

/// <summary>One day on which a component was not simply operational.</summary>
/// <param name="Date">The day in the page's zone.</param>
/// <param name="Worst">The worst state that lasted any time on that day.</param>
/// <param name="PartialMinutes">Minutes of partial outage.</param>
/// <param name="MajorMinutes">Minutes of major outage.</param>
public sealed record UptimeDay(DateOnly Date, ComponentStatus Worst, int DegradedMinutes, int PartialMinutes, int MajorMinutes);

/// <summary>A component's last days, told from its changes of state.</summary>
public sealed record UptimeHistory(DateOnly From, DateOnly To, DateOnly? Since, double UptimePercent, IReadOnlyList<UptimeDay> Troubled)
{
    /// <summary>Days shown on the page.</summary>
    public const int Days = 90;

    /// <summary>
    /// Uptime = 1 - (major seconds + share × partial seconds) / seconds observed, over the last 90 days or since the component exists.
    /// Degraded performance and maintenance do not count as down.
    /// </summary>
    /// <param name="partialPercent">The share of a partial outage that counts as down, as the owner set it; Statuspage counts 30.</param>
    /// <param name="changes">The component's changes inside the window, in the order of time.</param>
    public static UptimeHistory Tell(Component component, IReadOnlyList<StatusChange> changes, TimeZoneInfo zone, DateTimeOffset now, int partialPercent = Pages.Page.DefaultPartialPercent)
    {
        var startedAt = component.StartedAt;
        var today = DateOf(now, zone);
        var from = today.AddDays(1 - Days);
        var windowStart = StartOf(from, zone);
        var since = startedAt > windowStart ? startedAt : windowStart;
        var days = new Dictionary<DateOnly, long[]>();
        double down = 0;
        foreach (var (status, start, end) in Spans(component, changes, now))
        {
            if (end <= since || status == ComponentStatus.Operational) continue;
            var cursor = start > since ? start : since;
            down += (end - cursor).TotalSeconds * status.DowntimeWeight(partialPercent);
            while (cursor < end)
            {
                var day = DateOf(cursor, zone);
                var dayEnd = StartOf(day.AddDays(1), zone);
                var until = end < dayEnd ? end : dayEnd;
                if (!days.TryGetValue(day, out var ticks)) days[day] = ticks = new long[5];
                ticks[(int)status] += (until - cursor).Ticks;
                cursor = until;
            }
        }
        var observed = (now - since).TotalSeconds;
        var percent = observed <= 0 ? 100 : 100 * (1 - Math.Min(1, down / observed));
        return new(from, today, startedAt > windowStart ? DateOf(startedAt, zone) : null, Math.Round(percent, 4),
            [.. days.OrderBy(day => day.Key).Select(day => Day(day.Key, day.Value))]);
    }

    /// <summary>How long a component was down within a range.</summary>
    /// <param name="changes">Its changes from the beginning of the range to now, in the order of time.</param>
    public static (TimeSpan Partial, TimeSpan Major) Down(Component component, IReadOnlyList<StatusChange> changes, DateTimeOffset from, DateTimeOffset to, DateTimeOffset now)
    {
        TimeSpan partial = default, major = default;
        foreach (var (status, start, end) in Spans(component, changes, now))
        {
            var lasted = (end < to ? end : to) - (start > from ? start : from);
            if (lasted <= TimeSpan.Zero) continue;
            if (status == ComponentStatus.PartialOutage) partial += lasted;
            if (status == ComponentStatus.MajorOutage) major += lasted;
        }
        return (partial, major);
    }

    public static DateOnly DateOf(DateTimeOffset instant, TimeZoneInfo zone) =>
        DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(instant, zone).DateTime);

    /// <summary>The first instant of a day; where clocks skip midnight, the first instant that exists.</summary>
    public static DateTimeOffset StartOf(DateOnly day, TimeZoneInfo zone)
    {
        var local = day.ToDateTime(TimeOnly.MinValue);
        while (zone.IsInvalidTime(local)) local = local.AddMinutes(15);
        var offset = zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max() : zone.GetUtcOffset(local);
        return new DateTimeOffset(local, offset).ToUniversalTime();
    }

    private static IEnumerable<(ComponentStatus Status, DateTimeOffset Start, DateTimeOffset End)> Spans(
        Component component, IReadOnlyList<StatusChange> changes, DateTimeOffset now)
    {
        var first = changes.Count > 0 ? changes[0] : null;
        yield return (first?.From ?? component.Status, component.StartedAt, first?.At ?? now);
        for (var i = 0; i < changes.Count; i++)
            yield return (changes[i].To, changes[i].At, i + 1 < changes.Count ? changes[i + 1].At : now);
    }

    private static UptimeDay Day(DateOnly date, long[] ticks)
    {
        var worst = ComponentStatus.Operational;
        foreach (var status in ComponentStatuses.All)
            if (ticks[(int)status] > 0) worst = status;
        return new(date, worst, Minutes(ComponentStatus.DegradedPerformance), Minutes(ComponentStatus.PartialOutage), Minutes(ComponentStatus.MajorOutage));

        int Minutes(ComponentStatus status) => (int)Math.Ceiling(ticks[(int)status] / (double)TimeSpan.TicksPerMinute);
    }
}
