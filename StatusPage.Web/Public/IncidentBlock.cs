using StatusPage.Domain.Components;
using StatusPage.Domain.Snapshot;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Public;

/// <summary>An incident as the page shows it.</summary>
/// <param name="Root">The prefix of the address of its page; empty on the public page.</param>
/// <param name="Level">The level of its heading, one below the heading that it stands under.</param>
public sealed record IncidentBlock(IncidentView Incident, StatusSnapshot Snapshot, ZoneClock Clock, int Level = 3, string Root = "")
{
    /// <summary>The colour beside it: the worst state it brought, or degraded where it touched no component.</summary>
    public ComponentStatus Tone => Incident.Means;

    /// <summary>The promised time has come, and the owner's grace is not over yet.</summary>
    public bool IsDue => Incident.NextUpdateBy <= Snapshot.AsOf && !IsOverdue;
    public bool IsOverdue => Incident.NextUpdateBy + Snapshot.OverdueGrace <= Snapshot.AsOf;

    public IReadOnlyList<string> AffectedNames { get; } = [.. Incident.Affected.Select(component => component.Name)];
}
