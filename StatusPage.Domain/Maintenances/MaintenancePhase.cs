namespace StatusPage.Domain.Maintenances;

public enum MaintenancePhase
{
    Scheduled,
    InProgress,
    Verifying,
    Completed,
}

public static class MaintenancePhases
{
    public static readonly MaintenancePhase[] All = Enum.GetValues<MaintenancePhase>();

    /// <summary>The word used by APIs and forms, as in Statuspage's API.</summary>
    public static string Code(this MaintenancePhase phase) =>
        phase switch
        {
            MaintenancePhase.Scheduled => "scheduled",
            MaintenancePhase.InProgress => "in_progress",
            MaintenancePhase.Verifying => "verifying",
            MaintenancePhase.Completed => "completed",
            _ => throw new ArgumentOutOfRangeException(nameof(phase), phase, null),
        };

    public static string Label(this MaintenancePhase phase) =>
        phase switch
        {
            MaintenancePhase.InProgress => "In progress",
            _ => phase.ToString(),
        };

    public static MaintenancePhase? Parse(string? code)
    {
        foreach (var phase in All)
            if (phase.Code() == code)
                return phase;
        return null;
    }

    /// <summary>While this phase lasts, its components are under maintenance.</summary>
    public static bool IsRunning(this MaintenancePhase phase) => phase is MaintenancePhase.InProgress or MaintenancePhase.Verifying;
}
