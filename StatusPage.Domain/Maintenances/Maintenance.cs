namespace StatusPage.Domain.Maintenances;

public enum MaintenancePhase { Scheduled, InProgress, Verifying, Completed }

public static class MaintenancePhases
{
    public static string Code(this MaintenancePhase phase) => phase switch
    {
        MaintenancePhase.Scheduled => "scheduled",
        MaintenancePhase.InProgress => "in_progress",
        MaintenancePhase.Verifying => "verifying",
        MaintenancePhase.Completed => "completed",
        _ => throw new ArgumentOutOfRangeException(nameof(phase), phase, null),
    };

    public static string Label(this MaintenancePhase phase) => phase switch
    {
        MaintenancePhase.InProgress => "In progress",
        _ => phase.ToString(),
    };
}

/// <summary>Planned work with a window. Its phase follows the clock: it starts and ends on time by itself.</summary>
public sealed class Maintenance
{
    private Maintenance() { }

    public MaintenanceId Id { get; private init; }
    public PageId PageId { get; private init; }
    public string Title { get; private set; } = "";
    public string Body { get; private set; } = "";
    public DateTimeOffset ScheduledFor { get; private set; }
    public DateTimeOffset ScheduledUntil { get; private set; }
    public DateTimeOffset CreatedAt { get; private init; }
    public DateTimeOffset UpdatedAt { get; private set; }
    public DateTimeOffset? CancelledAt { get; private set; }
    public IReadOnlyList<ComponentId> ComponentIds { get; private set; } = [];

    public static Maintenance Schedule(PageId page, string? title, string? body, DateTimeOffset from, DateTimeOffset until,
        IEnumerable<ComponentId> components, DateTimeOffset now)
    {
        var maintenance = new Maintenance { Id = MaintenanceId.New(), PageId = page, CreatedAt = now };
        maintenance.Reschedule(title, body, from, until, components, now);
        return maintenance;
    }

    public void Reschedule(string? title, string? body, DateTimeOffset from, DateTimeOffset until, IEnumerable<ComponentId> components, DateTimeOffset now)
    {
        if (CancelledAt is not null) throw new RuleViolation($"Maintenance '{Title}' was cancelled. Schedule a new one.");
        Title = Text.Line(title, nameof(Title), "a title", Incidents.Incident.MaxTitleLength);
        Body = Text.Block(body, nameof(Body), "what will be done", Incidents.UpdateDraft.MaxBodyLength);
        if (until <= from) throw new RuleViolation("The end must come after the start.", nameof(ScheduledUntil));
        ScheduledFor = from;
        ScheduledUntil = until;
        ComponentIds = [.. components.Distinct()];
        UpdatedAt = now;
    }

    public void Cancel(DateTimeOffset now)
    {
        if (PhaseAt(now) == MaintenancePhase.Completed)
            throw new RuleViolation($"Maintenance '{Title}' is over, so it cannot be cancelled.");
        CancelledAt = now;
        UpdatedAt = now;
    }

    public MaintenancePhase PhaseAt(DateTimeOffset instant) => PhaseAt(ScheduledFor, ScheduledUntil, instant);

    public static MaintenancePhase PhaseAt(DateTimeOffset from, DateTimeOffset until, DateTimeOffset instant) =>
        instant < from ? MaintenancePhase.Scheduled
        : instant < until ? MaintenancePhase.InProgress
        : MaintenancePhase.Completed;
}
