namespace StatusPage.Domain.Components;

/// <summary>How long each state lasted on one day.</summary>
internal sealed class DayOfStates
{
    private static readonly ComponentStatus[] Counted =
    [
        ComponentStatus.MajorOutage,
        ComponentStatus.PartialOutage,
        ComponentStatus.DegradedPerformance,
        ComponentStatus.UnderMaintenance,
    ];

    private readonly Dictionary<ComponentStatus, TimeSpan> _lasted = [];
    private ComponentStatus _worst;

    public void Add(ComponentStatus status, TimeSpan lasted)
    {
        Note(status);
        _lasted[status] = _lasted.GetValueOrDefault(status) + lasted;
    }

    /// <summary>Records that the state occurred on this day.</summary>
    public void Note(ComponentStatus status) => _worst = status > _worst ? status : _worst;

    public UptimeDay Told(DateOnly date)
    {
        var minutes = Minutes();
        return new(
            date,
            _worst,
            minutes[ComponentStatus.DegradedPerformance],
            minutes[ComponentStatus.PartialOutage],
            minutes[ComponentStatus.MajorOutage],
            minutes[ComponentStatus.UnderMaintenance]
        );
    }

    /// <summary>The total is rounded up; each state is rounded up or down, the greatest remainders first, so that the sum never exceeds the day.</summary>
    private Dictionary<ComponentStatus, int> Minutes()
    {
        var whole = Counted.ToDictionary(status => status, status => (int)(Ticks(status) / TimeSpan.TicksPerMinute));
        var left = (int)Math.Ceiling(Counted.Sum(Ticks) / (double)TimeSpan.TicksPerMinute) - whole.Values.Sum();
        foreach (var status in Counted.OrderByDescending(status => Ticks(status) % TimeSpan.TicksPerMinute).Take(left))
            whole[status]++;
        return whole;
    }

    private long Ticks(ComponentStatus status) => _lasted.GetValueOrDefault(status).Ticks;
}
