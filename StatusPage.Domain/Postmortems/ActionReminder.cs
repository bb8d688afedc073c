using System.Globalization;

namespace StatusPage.Domain.Postmortems;

/// <summary>When the owner of an action item is reminded: three days before it is due, on the day, and each week after.</summary>
public static class ActionReminder
{
    /// <summary>Days.</summary>
    public const int Before = 3;
    private const int Week = 7;

    /// <summary>
    /// Reminders are for the morning: a day begins for them at this time of the page's zone.
    /// </summary>
    public static readonly TimeSpan Morning = TimeSpan.FromHours(8);

    /// <summary>The reminder that holds on a day. Whoever missed earlier ones is told by this alone.</summary>
    /// <returns>A word that is the same as long as the same reminder holds; null when it is too early.</returns>
    public static string? StageOn(DateOnly today, DateOnly due) =>
        (today.DayNumber - due.DayNumber) switch
        {
            < -Before => null,
            < 0 => "soon",
            < Week => "due",
            var late => string.Create(CultureInfo.InvariantCulture, $"late{late / Week}"),
        };
}

/// <summary>An incident that an action item would have prevented: a second one that hit what the item is about.</summary>
public sealed class Prevention
{
    private Prevention() { }

    public Prevention(ActionItemId item, IncidentId incident) => (ItemId, IncidentId) = (item, incident);

    public ActionItemId ItemId { get; private init; }
    public IncidentId IncidentId { get; private init; }
}

/// <summary>A kind of finding, and how often it came.</summary>
/// <param name="Name">As it was written last.</param>
public sealed record Finding(string Name, int Incidents, IReadOnlyList<ActionItem> Items)
{
    public int Open => Items.Count(item => item.State == ActionItemState.Open);
    public int Done => Items.Count(item => item.State == ActionItemState.Done);

    /// <summary>Those that came with the most incidents first. Case does not part them.</summary>
    public static IReadOnlyList<Finding> Of(IEnumerable<ActionItem> items) =>
        [
            .. items
                .Where(item => item.Finding is not null)
                .GroupBy(item => item.Finding!, StringComparer.OrdinalIgnoreCase)
                .Select(group => new Finding(
                    group.MaxBy(item => item.UpdatedAt)!.Finding!,
                    group.Select(item => item.IncidentId).Distinct().Count(),
                    [.. group.OrderByDescending(item => item.CreatedAt)]
                ))
                .OrderByDescending(finding => finding.Incidents)
                .ThenByDescending(finding => finding.Items.Count)
                .ThenBy(finding => finding.Name, StringComparer.OrdinalIgnoreCase),
        ];
}
