namespace StatusPage.Domain.Components;

/// <summary>One day on which a component was not simply operational.</summary>
/// <param name="Date">The day in the page's zone.</param>
/// <param name="Worst">The worst state on that day that lasted any time; for today, also the present one, however new.</param>
/// <param name="PartialMinutes">Minutes of partial outage.</param>
/// <param name="MajorMinutes">Minutes of major outage.</param>
/// <param name="MaintenanceMinutes">Minutes under maintenance without other trouble.</param>
public sealed record UptimeDay(
    DateOnly Date,
    ComponentStatus Worst,
    int DegradedMinutes,
    int PartialMinutes,
    int MajorMinutes,
    int MaintenanceMinutes = 0
);

/// <summary>A component's last days, derived from its states. docs/uptime.md has the rules.</summary>
/// <param name="Since">The day since which it exists, if that lies within these days.</param>
/// <param name="UptimePercent">Null until <see cref="Outage.ShortestObserved"/> has passed.</param>
/// <param name="Troubled">The days on which it was not simply operational, the oldest first.</param>
public sealed record UptimeHistory(DateOnly From, DateOnly To, DateOnly? Since, double? UptimePercent, IReadOnlyList<UptimeDay> Troubled)
{
    /// <summary>Days shown on the page.</summary>
    public const int Days = 90;

    /// <summary>Of a component whose uptime the owner hides: neither days nor a per cent, so that nothing can show them.</summary>
    public static UptimeHistory Hidden(Component component, IZone zone, DateTimeOffset now)
    {
        var from = zone.DateOf(now).AddDays(1 - Days);
        return new(from, zone.DateOf(now), component.StartedAt > zone.StartOf(from) ? zone.DateOf(component.StartedAt) : null, null, []);
    }

    /// <param name="partialPercent">The share of a partial outage that counts as down, as the owner set it; Statuspage counts 30.</param>
    public static UptimeHistory Tell(
        Component component,
        ComponentStates states,
        IZone zone,
        DateTimeOffset now,
        int partialPercent = Pages.Page.DefaultPartialPercent
    )
    {
        var today = zone.DateOf(now);
        var from = today.AddDays(1 - Days);
        var windowStart = zone.StartOf(from);
        var days = new SortedDictionary<DateOnly, DayOfStates>();
        foreach (var span in states.Spans(component.Id, component.StartedAt > windowStart ? component.StartedAt : windowStart, now))
            if (span.Status != ComponentStatus.Operational)
                Split(span, zone, days);
        // A state that began this instant has lasted no time yet, but is today's state all the same.
        if (states.Shown(component.Id, now) is var shown and not ComponentStatus.Operational)
            DayOf(days, today).Note(shown);
        return new(
            from,
            today,
            component.StartedAt > windowStart ? zone.DateOf(component.StartedAt) : null,
            Outage.Within(component, states, windowStart, now).UptimePercent(partialPercent),
            [.. days.Select(day => day.Value.Told(day.Key))]
        );
    }

    private static void Split(StateSpan span, IZone zone, SortedDictionary<DateOnly, DayOfStates> days)
    {
        for (var cursor = span.From; cursor < span.Until; )
        {
            var day = zone.DateOf(cursor);
            var dayEnd = zone.StartOf(day.AddDays(1));
            var until = span.Until < dayEnd ? span.Until : dayEnd;
            DayOf(days, day).Add(span.Status, until - cursor);
            cursor = until;
        }
    }

    private static DayOfStates DayOf(SortedDictionary<DateOnly, DayOfStates> days, DateOnly day) =>
        days.TryGetValue(day, out var known) ? known : days[day] = new();
}
