using System.Globalization;
using StatusPage.Domain;
using StatusPage.Domain.Components;
using StatusPage.Domain.Incidents;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Incidents;

/// <summary>The fields of an update as they stand in the form.</summary>
public sealed class UpdateForm
{
    /// <summary>Minutes that the form offers for the promise.</summary>
    public static readonly int[] Presets = [15, 30, 60, 120, 240];

    public const string AtATime = "at";
    public const string NoPromise = "none";

    public string Phase { get; set; } = "investigating";
    public string? Body { get; set; }
    public string? ImpactSummary { get; set; }
    public string? TeamStatus { get; set; }

    /// <summary>Minutes, "at" or "none".</summary>
    public string NextUpdateIn { get; set; } = "30";

    /// <summary>The value of a datetime-local field, in the page's zone.</summary>
    public string? NextUpdateBy { get; set; }

    /// <summary>New states by component id; empty leaves one as it is.</summary>
    public Dictionary<string, string?> Components { get; set; } = [];

    /// <summary>With the phase resolved: what this incident touched works again.</summary>
    public bool Restores { get; set; } = true;
    public bool Silent { get; set; }

    /// <summary>The form for the next update of an incident, filled with what still holds.</summary>
    public static UpdateForm After(Incident incident) => new()
    {
        Phase = (incident.Phase.IsOver() ? Domain.Incidents.Phase.Investigating : incident.Phase).Code(),
        ImpactSummary = incident.Latest.ImpactSummary,
        TeamStatus = incident.Latest.TeamStatus,
    };

    public UpdateDraft Read(ZoneClock clock, DateTimeOffset now, IEnumerable<ComponentId> touchedBefore)
    {
        var phase = Phases.Parse(Phase) ?? throw new RuleViolation("Choose where we stand.", nameof(Phase));
        var states = new Dictionary<ComponentId, ComponentStatus>();
        if (phase.IsOver() && Restores)
            foreach (var id in touchedBefore) states[id] = ComponentStatus.Operational;
        foreach (var (id, code) in Components)
            if (!string.IsNullOrEmpty(code))
                states[ComponentId.Of(id)] = ComponentStatuses.Parse(code) ?? throw new RuleViolation($"'{code}' is not a state of a component.", nameof(Components));
        return new()
        {
            Phase = phase,
            Body = Body ?? "",
            ImpactSummary = ImpactSummary,
            TeamStatus = TeamStatus,
            NextUpdateBy = phase.IsOver() ? null : Promise(clock, now),
            Notifies = !Silent,
            Components = states,
        };
    }

    private DateTimeOffset? Promise(ZoneClock clock, DateTimeOffset now)
    {
        if (NextUpdateIn == NoPromise) return null;
        if (NextUpdateIn != AtATime)
            return int.TryParse(NextUpdateIn, CultureInfo.InvariantCulture, out var minutes) && minutes > 0
                ? now.AddMinutes(minutes) : throw new RuleViolation("Choose when people will hear more.", nameof(NextUpdateIn));
        return clock.TryReadLocal(NextUpdateBy, out var promise)
            ? promise : throw new RuleViolation("Enter the day and the time of the next update.", nameof(NextUpdateBy));
    }
}

/// <summary>What the fields are shown with.</summary>
public sealed record UpdateFieldsView(UpdateForm Form, IReadOnlyList<Component> Components, IReadOnlyCollection<ComponentId> Touched, string Zone, bool IsNew);
