using StatusPage.Domain.Incidents;

namespace StatusPage.Domain.Promises;

/// <param name="NextUpdateBy">What it promised; null without a promise.</param>
public sealed record PromisePost(DateTimeOffset PostedAt, DateTimeOffset? NextUpdateBy);

/// <summary>An incident, reduced to what the report needs.</summary>
/// <param name="Posts">In their order.</param>
public sealed record PromiseRecord(Severity? Severity, DateTimeOffset StartedAt, IReadOnlyList<PromisePost> Posts);

/// <param name="First">The first day, in the page's zone, of the month in which the promised times lie.</param>
/// <param name="MedianLateness">Median over all updates that came late, however late; null when none did.</param>
public sealed record PromiseMonth(DateOnly First, int Kept, int Late, int Missed, TimeSpan? MedianLateness)
{
    public int Made => Kept + Late + Missed;
    public int? KeptPercent => Made == 0 ? null : (int)Math.Floor(100.0 * Kept / Made);
}

/// <summary>From the start of an incident to its first update, for one severity.</summary>
/// <param name="InTime">Those within the severity's response time, plus a minute for writing.</param>
public sealed record ResponseTimes(Severity Severity, int Incidents, int InTime, TimeSpan Median);

/// <summary>
/// How promises were kept, derived from the updates alone. A promise is kept when the next update of its incident came by the promised time. It came late
/// when it came after that, but before three times the promised wait was over: a promise of 30 minutes is late until 90 minutes have passed. Later than
/// that, or never, it is missed. A promise that is still open and not yet missed is not counted. Deleted incidents do not count.
/// </summary>
/// <param name="Months">The newest first, without months that have no promise.</param>
public sealed record PromiseReport(IReadOnlyList<PromiseMonth> Months, IReadOnlyList<ResponseTimes> Responses)
{
    /// <summary>Months that the report covers, including the current one.</summary>
    public const int MonthsShown = 12;

    private const int MissedAfter = 3;

    /// <summary>SEV1 asks for a response at once; writing one takes some time.</summary>
    public static readonly TimeSpan WritingTime = TimeSpan.FromMinutes(1);

    /// <summary>Whether a response came within the time that the guide allows the severity.</summary>
    /// <param name="took">From the start to the response.</param>
    public static bool IsInTime(Severity severity, TimeSpan took) => took <= severity.ResponseTime() + WritingTime;

    /// <summary>The instant from which a promise is missed.</summary>
    public static DateTimeOffset MissedAt(DateTimeOffset madeAt, DateTimeOffset by) => madeAt + (by - madeAt) * MissedAfter;

    /// <summary>The first instant that the report covers.</summary>
    public static DateTimeOffset Start(DateTimeOffset now, IZone zone)
    {
        var today = zone.DateOf(now);
        return zone.StartOf(new DateOnly(today.Year, today.Month, 1).AddMonths(1 - MonthsShown));
    }

    public static PromiseReport Tell(IEnumerable<PromiseRecord> incidents, IZone zone, DateTimeOffset now)
    {
        var start = Start(now, zone);
        var months = new SortedDictionary<DateOnly, Tally>();
        var responses = new SortedDictionary<Severity, List<TimeSpan>>();
        foreach (var incident in incidents)
        {
            if (incident.Severity is { } severity && incident.StartedAt >= start && incident.Posts.Count > 0)
            {
                if (!responses.TryGetValue(severity, out var list))
                    responses[severity] = list = [];
                list.Add(incident.Posts[0].PostedAt - incident.StartedAt);
            }
            for (var i = 0; i < incident.Posts.Count; i++)
            {
                if (incident.Posts[i] is not { NextUpdateBy: { } by, PostedAt: var madeAt } || by < start)
                    continue;
                var answer = i + 1 < incident.Posts.Count ? incident.Posts[i + 1].PostedAt : (DateTimeOffset?)null;
                var missedAt = MissedAt(madeAt, by);
                if (answer is null && now < missedAt)
                    continue;
                var day = zone.DateOf(by);
                var month = new DateOnly(day.Year, day.Month, 1);
                if (!months.TryGetValue(month, out var tally))
                    months[month] = tally = new();
                if (answer <= by)
                    tally.Kept++;
                else if (answer < missedAt)
                    tally.Late++;
                else
                    tally.Missed++;
                if (answer > by)
                    tally.Lateness.Add(answer.Value - by);
            }
        }
        return new(
            [
                .. months
                    .Reverse()
                    .Select(month => new PromiseMonth(month.Key, month.Value.Kept, month.Value.Late, month.Value.Missed, Median(month.Value.Lateness))),
            ],
            [.. responses.Select(of => new ResponseTimes(of.Key, of.Value.Count, of.Value.Count(took => IsInTime(of.Key, took)), Median(of.Value)!.Value))]
        );
    }

    /// <summary>For an even number, the mean of the two in the middle.</summary>
    public static TimeSpan? Median(IReadOnlyCollection<TimeSpan> spans)
    {
        if (spans.Count == 0)
            return null;
        var sorted = spans.Order().ToList();
        var middle = sorted.Count / 2;
        return sorted.Count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private sealed class Tally
    {
        public int Kept;
        public int Late;
        public int Missed;
        public readonly List<TimeSpan> Lateness = [];
    }
}
