using StatusPage.Domain.Components;
using StatusPage.Domain.Incidents;
using StatusPage.Domain.Maintenances;
using StatusPage.Domain.Snapshot;

namespace StatusPage.Web.Public;

/// <summary>A phase as a mark along the line of an incident or a maintenance.</summary>
/// <param name="Code">Names its drawing.</param>
/// <param name="At">When it was first reached; null while it is ahead.</param>
public sealed record PhaseMark(string Code, string Label, DateTimeOffset? At, bool IsCurrent);

/// <summary>The way through the phases: those that were reached, in their order, and while it goes on those that are ahead.</summary>
/// <param name="Tone">The colour of the mark where it stands.</param>
public sealed record PhaseMarks(IReadOnlyList<PhaseMark> Marks, ComponentStatus Tone)
{
    public static IReadOnlyList<string> Codes { get; } =
    [.. Phases.Postable.Append(Phase.Postmortem).Select(phase => phase.Code()), .. MaintenancePhases.All.Select(phase => phase.Code()), "withdrawn"];

    public static PhaseMarks Of(IncidentView incident)
    {
        var reached = incident
            .Updates.Where(update => update is { WithdrawnAt: null, TakesBack: false })
            .GroupBy(update => update.Phase)
            .ToDictionary(group => group.Key, group => group.Min(update => update.PostedAt));
        // A withdrawal resolves nothing.
        if (incident.WithdrawnAt is null)
            reached.TryAdd(incident.Phase, incident.Postmortem?.PublishedAt ?? incident.UpdatedAt);
        var marks = Phases
            .Postable.Append(Phase.Postmortem)
            .Where(phase => phase <= incident.Phase ? reached.ContainsKey(phase) : incident.IsOpen && phase != Phase.Postmortem)
            .Select(phase => new PhaseMark(
                phase.Code(),
                phase.Label(),
                phase <= incident.Phase ? reached[phase] : null,
                phase == incident.Phase && incident.WithdrawnAt is null
            ));
        return new(
            incident.WithdrawnAt is { } at ? [.. marks, new("withdrawn", "Withdrawn", at, true)] : [.. marks],
            incident.IsOpen ? incident.Means
                : incident.WithdrawnAt is null ? ComponentStatus.Operational
                : ComponentStatus.UnderMaintenance
        );
    }

    public static PhaseMarks Of(MaintenanceView maintenance)
    {
        var reached = maintenance.Story.GroupBy(entry => entry.Phase).ToDictionary(group => group.Key, group => group.Min(entry => entry.At));
        var isCancelled = maintenance.CancelledAt is not null;
        var marks = MaintenancePhases
            .All.Where(phase =>
                phase <= maintenance.Phase
                    ? reached.ContainsKey(phase)
                    : !isCancelled && (phase != MaintenancePhase.Verifying || maintenance.Plan.End == MaintenanceEnd.Verified)
            )
            .Select(phase => new PhaseMark(
                phase.Code(),
                phase.Label(),
                phase <= maintenance.Phase ? reached[phase] : null,
                phase == maintenance.Phase && !isCancelled
            ));
        return new(
            maintenance.CancelledAt is { } at ? [.. marks, new("withdrawn", "Cancelled", at, true)] : [.. marks],
            maintenance.Phase == MaintenancePhase.Completed ? ComponentStatus.Operational : ComponentStatus.UnderMaintenance
        );
    }

    /// <summary>The drawing of a phase, in a square of 16: a lens, a target, an eye, a tick, a page; a calendar, a wrench; a line through.</summary>
    public static string PathOf(string code) =>
        code switch
        {
            "investigating" => "M7 2.5a4.5 4.5 0 1 0 0 9a4.5 4.5 0 0 0 0-9M10.3 10.3L14 14",
            "identified" => "M8 2.5a5.5 5.5 0 1 0 0 11a5.5 5.5 0 0 0 0-11M8 7.9v.2",
            "monitoring" or "verifying" => "M1.5 8C4 3.8 12 3.8 14.5 8C12 12.2 4 12.2 1.5 8M8 7.9v.2",
            "postmortem" => "M4 2h5.5L12 4.5V14H4zM6.5 7.5h3M6.5 10.5h3",
            "scheduled" => "M2.5 3.5h11v10h-11zM2.5 6.8h11M5.5 2v2M10.5 2v2",
            "in_progress" => StateIcons.PathOf(ComponentStatus.UnderMaintenance),
            "withdrawn" => "M3 8h10",
            _ => StateIcons.PathOf(ComponentStatus.Operational),
        };
}
