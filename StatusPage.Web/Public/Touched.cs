using System.Runtime.CompilerServices;
using StatusPage.Domain;
using StatusPage.Domain.Snapshot;

namespace StatusPage.Web.Public;

/// <summary>Which incidents touched a component. Looked up once for each list of incidents, as the page asks for each day of each component.</summary>
internal static class Touched
{
    private static readonly ConditionalWeakTable<IReadOnlyList<IncidentView>, ILookup<ComponentId, IncidentView>> Known = [];

    /// <summary>The newest first.</summary>
    public static IEnumerable<IncidentView> By(StatusSnapshot snapshot, ComponentId component) => Known.GetValue(snapshot.Incidents, Look)[component];

    private static ILookup<ComponentId, IncidentView> Look(IReadOnlyList<IncidentView> incidents) =>
        incidents
            .SelectMany(incident => incident.Affected.Select(affected => (affected.ComponentId, incident)))
            .ToLookup(pair => pair.ComponentId, pair => pair.incident);
}
