using StatusPage.Domain.Snapshot;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Public;

/// <summary>
/// Open incidents as a page shows them: so many in full, the worst first, so many more in a line each, and how many there are beyond. A storm of alerts makes the page no longer
/// than somebody reads.
/// </summary>
/// <param name="Root">Before the address of an incident's page; empty on the public page.</param>
public sealed record OpenIncidents(IReadOnlyList<IncidentView> All, StatusSnapshot Snapshot, ZoneClock Clock, string Root = "")
{
    public const int InFull = 20;
    public const int InALine = 200;

    public IEnumerable<IncidentBlock> Full => All.Take(InFull).Select(incident => new IncidentBlock(incident, Snapshot, Clock, Root: Root));
    public IEnumerable<IncidentView> Lines => All.Skip(InFull).Take(InALine);
    public bool HasLines => All.Count > InFull;
    public int Beyond => Math.Max(0, All.Count - InFull - InALine);
}

/// <summary>What is over, or stands elsewhere: so many are shown at one place of a page.</summary>
public static class Shown
{
    /// <summary>Past incidents with what was last said.</summary>
    public const int Past = 100;

    /// <summary>Names in a line or under a heading.</summary>
    public const int Names = 20;

    /// <summary>Names in the words of a single day.</summary>
    public const int DayNames = 3;
}
