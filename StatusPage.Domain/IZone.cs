namespace StatusPage.Domain;

/// <summary>A time zone: tells on which day an instant falls and when a day begins. The implementation has the rules of all zones.</summary>
public interface IZone
{
    /// <summary>Its name in the IANA database: America/Los_Angeles.</summary>
    string Name { get; }

    DateOnly DateOf(DateTimeOffset instant);

    /// <summary>
    /// The first instant of a day. Where clocks skip midnight: the first instant that exists. Where midnight comes twice: the first of the two.
    /// </summary>
    DateTimeOffset StartOf(DateOnly day);
}
