namespace StatusPage.Domain.Incidents;

/// <summary>The guide's roles in the handling of an incident.</summary>
public enum IncidentRole
{
    Commander = 0,
    Lead = 1,
    Comms = 2,
    Scribe = 3,
}

public static class IncidentRoles
{
    public static readonly IncidentRole[] All = Enum.GetValues<IncidentRole>();

    public static string Label(this IncidentRole role) =>
        role switch
        {
            IncidentRole.Commander => "Incident commander",
            IncidentRole.Lead => "Technical lead",
            IncidentRole.Comms => "Communications",
            IncidentRole.Scribe => "Scribe",
            _ => throw new ArgumentOutOfRangeException(nameof(role), role, null),
        };

    /// <summary>What the role does, in the words of the guide.</summary>
    public static string Duty(this IncidentRole role) =>
        role switch
        {
            IncidentRole.Commander => "coordinates the response and decides",
            IncidentRole.Lead => "investigates and mends",
            IncidentRole.Comms => "tells customers and stakeholders",
            IncidentRole.Scribe => "writes down what happens when",
            _ => throw new ArgumentOutOfRangeException(nameof(role), role, null),
        };
}

/// <summary>Who has a role in an incident now.</summary>
public sealed class IncidentAssignment
{
    public const int MaxPersonLength = 200;

    private IncidentAssignment() { }

    public IncidentAssignment(IncidentId incident, IncidentRole role, string? person)
    {
        IncidentId = incident;
        Role = role;
        Give(person);
    }

    public IncidentId IncidentId { get; private init; }
    public IncidentRole Role { get; private init; }
    public string Person { get; private set; } = "";

    public void Give(string? person) => Person = Text.Line(person, nameof(Person), "a name", MaxPersonLength);
}

/// <summary>An entry of the internal timeline. It never leaves the admin area.</summary>
public sealed class IncidentNote
{
    public const int MaxBodyLength = 10_000;

    private IncidentNote() { }

    public IncidentNote(IncidentId incident, string? body, string author, DateTimeOffset now)
    {
        IncidentId = incident;
        Body = MarkdownRule.Block(body, nameof(Body), "a note", MaxBodyLength);
        Author = author;
        At = now;
    }

    public long Id { get; private init; }
    public IncidentId IncidentId { get; private init; }

    /// <summary>In Markdown.</summary>
    public string Body { get; private init; } = "";
    public string Author { get; private init; } = "";
    public DateTimeOffset At { get; private init; }
}
