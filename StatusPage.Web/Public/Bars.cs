using StatusPage.Domain.Components;
using StatusPage.Domain.Snapshot;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Public;

/// <summary>Ninety days as one drawing. Only the days that were not simply operational are marks of their own; the rest is a pattern.</summary>
/// <param name="Summary">The drawing in words.</param>
/// <param name="Unobserved">Units before there was anything to observe.</param>
public sealed record Bars(string Summary, int Unobserved, IReadOnlyList<Bar> Troubled)
{
    /// <summary>Units of one day in the drawing, gap included. On a phone 375 px wide, a day's mark is still 3 px wide.</summary>
    public const int DayWidth = 5;

    /// <summary>Units of a day's mark.</summary>
    public const int MarkWidth = 4;

    /// <summary>
    /// The bars of a group: each day shows the worst state of its members, and says whose it was. They link nothing, as they stand inside a button.
    /// </summary>
    public static Bars OfGroup(IReadOnlyList<ComponentView> members, ZoneClock clock)
    {
        var days = members
            .SelectMany(member => member.Uptime.Troubled.Select(day => (Member: member, Day: day)))
            .GroupBy(trouble => trouble.Day.Date)
            .OrderBy(day => day.Key)
            .Select(day =>
            {
                var worst = day.Select(trouble => trouble.Day.Worst).Worst();
                var names = string.Join(", ", day.Where(trouble => trouble.Day.Worst == worst).Select(trouble => trouble.Member.Name));
                return new Bar(OffsetOf(day.Key, members[0]), worst, $"{clock.Date(day.Key)}: {clock.Say.Within(worst.Label())}, {names}", null);
            })
            .ToList();
        // A group is as old as its oldest member.
        var since = members.Any(member => member.Uptime.Since is null) ? null : members.Min(member => member.Uptime.Since);
        return new(Summarize(days.Select(day => day.Worst), since, clock), members.Min(UnobservedOf), days);
    }

    /// <summary>"No trouble since Nov 28, 2026"; planned maintenance is no trouble.</summary>
    public static string Summarize(IEnumerable<ComponentStatus> days, DateOnly? since, ZoneClock clock)
    {
        var troubled = days.Count(worst => worst > ComponentStatus.UnderMaintenance);
        return troubled > 0 ? clock.Say["Trouble on {0} of the last {1} days", troubled, UptimeHistory.Days]
            : since is { } born ? clock.Say["No trouble since {0}", clock.Date(born)]
            : clock.Say["No trouble in the last {0} days", UptimeHistory.Days];
    }

    public static int OffsetOf(DateOnly date, ComponentView component) => (date.DayNumber - component.Uptime.From.DayNumber) * DayWidth;

    public static int UnobservedOf(ComponentView component) => component.Uptime.Since is { } since ? OffsetOf(since, component) : 0;
}

/// <summary>A day that was not simply operational.</summary>
/// <param name="Says">The day in words.</param>
/// <param name="Incident">What the mark leads to.</param>
public sealed record Bar(int Offset, ComponentStatus Worst, string Says, IncidentView? Incident);

/// <summary>A component's days with what they link to.</summary>
public sealed record BarsView(ComponentView Component, StatusSnapshot Snapshot, ZoneClock Clock)
{
    public Bars Bars =>
        new(
            Summary,
            Bars.UnobservedOf(Component),
            [.. Component.Uptime.Troubled.Select(day => new Bar(Bars.OffsetOf(day.Date, Component), day.Worst, Describe(day), IncidentOn(day.Date)))]
        );

    /// <summary>What the component suffers from now: the newest open incident that touches it, or the maintenance that runs.</summary>
    public (string Id, string Title)? Cause =>
        Component.Status == ComponentStatus.Operational ? null
        : Touched.By(Snapshot, Component.Id).FirstOrDefault(incident => incident.IsOpen) is { } incident ? (incident.Id.Value, incident.Title)
        : Snapshot.Running.FirstOrDefault(maintenance => maintenance.ComponentIds.Contains(Component.Id)) is { } maintenance
            ? (maintenance.Id.Value, maintenance.Title)
        : null;

    /// <summary>"99.98 % uptime", "99.98 % uptime since Nov 28, 2026", or, while there is too little to tell, "Since Nov 28, 2026".</summary>
    public string Uptime =>
        (Component.Uptime.UptimePercent, Component.Uptime.Since) switch
        {
            ({ } percent, null) => Clock.Say["{0} % uptime", ZoneClock.Percent(percent, Clock.Say)],
            ({ } percent, { } since) => Clock.Say["{0} % uptime since {1}", ZoneClock.Percent(percent, Clock.Say), Clock.Date(since)],
            (null, var since) => Clock.Say["Since {0}", Clock.Date(since ?? Component.StartDate)],
        };

    public string Describe(UptimeDay day)
    {
        var minutes = day.Worst == ComponentStatus.UnderMaintenance ? day.MaintenanceMinutes : day.MajorMinutes + day.PartialMinutes + day.DegradedMinutes;
        var lasted = minutes > 0 ? $", {Clock.Lasting(TimeSpan.FromMinutes(minutes))}" : "";
        return $"{Clock.Date(day.Date)}: {Clock.Say.Within(day.Worst.Label())}{lasted}";
    }

    private string Summary
    {
        get
        {
            var days = Component.Uptime.Troubled;
            var summary = Bars.Summarize(days.Select(day => day.Worst), Component.Uptime.Since, Clock);
            return days.Count == 0 ? $"{Component.Name}: {summary}" : $"{Component.Name}. {summary}: {string.Join("; ", days.Select(Describe))}";
        }
    }

    private IncidentView? IncidentOn(DateOnly date)
    {
        var (from, to) = (Clock.StartOf(date), Clock.StartOf(date.AddDays(1)));
        return Touched
            .By(Snapshot, Component.Id)
            .FirstOrDefault(incident => incident.StartedAt < to && (incident.ResolvedAt is not { } end || end >= from));
    }
}
