using StatusPage.Domain.Snapshot;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Public;

/// <summary>
/// Open incidents as a page shows them: a few in full, the worst first, more in a line each, and the number of the others. So a storm of alerts does not
/// make the page longer than somebody reads.
/// </summary>
/// <param name="Root">The prefix of the address of an incident's page; empty on the public page.</param>
public sealed record OpenIncidents(IReadOnlyList<IncidentView> All, StatusSnapshot Snapshot, ZoneClock Clock, string Root = "")
{
    public const int InFull = 20;
    public const int InALine = 200;

    public IEnumerable<IncidentBlock> Full => All.Take(InFull).Select(incident => new IncidentBlock(incident, Snapshot, Clock, Root: Root));
    public IEnumerable<IncidentView> Lines => All.Skip(InFull).Take(InALine);
    public bool HasLines => All.Count > InFull;
    public int Beyond => Math.Max(0, All.Count - InFull - InALine);
}

/// <summary>How many entries one place of a page shows, where they are over or stand elsewhere.</summary>
public static class Shown
{
    /// <summary>Past incidents, each with its last update.</summary>
    public const int Past = 100;

    /// <summary>Names in a line or under a heading.</summary>
    public const int Names = 20;

    /// <summary>Names in the words of a single day.</summary>
    public const int DayNames = 3;

    /// <summary>Components from which on one may look for them by name.</summary>
    public const int Filtered = 15;
}
