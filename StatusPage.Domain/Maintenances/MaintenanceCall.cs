namespace StatusPage.Domain.Maintenances;

/// <summary>What subscribers are told of a maintenance. The numbers lie in the store.</summary>
public enum MaintenanceEvent
{
    Scheduled = 0,

    /// <summary>Its times have changed.</summary>
    Changed = 1,
    Reminder = 2,

    /// <summary>By the clock.</summary>
    Started = 3,
    Completed = 4,
    Cancelled = 5,

    /// <summary>Somebody posted an update.</summary>
    Posted = 6,
}

/// <summary>Something that subscribers are to be told because its time has come.</summary>
/// <param name="Key">The same on every node and after every restart, so that the store takes it once.</param>
public sealed record MaintenanceCall(MaintenanceEvent Event, string Key)
{
    /// <summary>Nobody is told of what happened longer ago.</summary>
    private static readonly TimeSpan News = TimeSpan.FromDays(7);

    public static string KeyOf(Maintenance maintenance, MaintenanceEvent told) =>
        told switch
        {
            // A moved maintenance is another promise, and worth another reminder.
            MaintenanceEvent.Reminder => $"maintenance.{maintenance.Id}.reminder.{maintenance.ScheduledFor.ToUnixTimeSeconds()}",
            _ => $"maintenance.{maintenance.Id}.{told.ToString().ToLowerInvariant()}",
        };

    /// <summary>
    /// The latest call that is due; an earlier one that was missed while the program did not run is no longer news. Null when none is due.
    /// </summary>
    public static MaintenanceCall? Due(Maintenance maintenance, DateTimeOffset now)
    {
        if (maintenance.CancelledAt is not null)
            return null;
        var plan = maintenance.Plan;
        switch (plan.PhaseAt(now))
        {
            case MaintenancePhase.Scheduled:
                return RemindsAt(maintenance) <= now && now < maintenance.ScheduledFor ? Call(MaintenanceEvent.Reminder) : null;
            case MaintenancePhase.Completed:
                return maintenance is { TellsPhases: true, CompletedAt: null } && plan.CompletesAt > maintenance.CreatedAt && now - plan.CompletesAt < News
                    ? Call(MaintenanceEvent.Completed)
                    : null;
            default:
                return maintenance is { TellsPhases: true, StartedAt: null } && plan.StartsAt > maintenance.CreatedAt
                    ? Call(MaintenanceEvent.Started)
                    : null;
        }

        MaintenanceCall Call(MaintenanceEvent told) => new(told, KeyOf(maintenance, told));
    }

    public static DateTimeOffset? NextAfter(Maintenance maintenance, DateTimeOffset now)
    {
        if (maintenance.CancelledAt is not null)
            return null;
        return new[] { RemindsAt(maintenance), maintenance.Plan.StartsAt, maintenance.Plan.CompletesAt }.Where(at => at > now).Min();
    }

    /// <summary>Null when it was planned too late for a reminder: people were told at that time.</summary>
    private static DateTimeOffset? RemindsAt(Maintenance maintenance) =>
        maintenance.ScheduledFor - maintenance.RemindBefore is { } at && at > maintenance.PlannedAt ? at : null;
}
