namespace StatusPage.Domain;

/// <summary>The one who knows on which day an instant falls in a zone, and when a day begins there. What stands behind it has the rules of all zones.</summary>
public interface IZone
{
    /// <summary>Its name in the IANA database: America/Los_Angeles.</summary>
    string Name { get; }

    DateOnly DateOf(DateTimeOffset instant);

    /// <summary>The first instant of a day; where clocks skip midnight, the first instant that exists; where it comes twice, the first of them.</summary>
    DateTimeOffset StartOf(DateOnly day);
}
