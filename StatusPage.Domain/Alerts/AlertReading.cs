namespace StatusPage.Domain.Alerts;

/// <summary>What a body turned out to be. A body that cannot be used is a value, never an exception.</summary>
public abstract record AlertReading
{
    /// <summary>Characters of a reason that are kept.</summary>
    public const int MaxWhy = 500;

    private AlertReading() { }

    /// <summary>It tells of these; of one nearly always.</summary>
    public sealed record Of(IReadOnlyList<AlertEvent> Events) : AlertReading
    {
        public Of(AlertEvent one)
            : this([one]) { }
    }

    /// <summary>
    /// It is what the source sends, and nothing follows from it. It is answered like one that is used, since some sources stop sending to those who
    /// refuse.
    /// </summary>
    public sealed record Unused(Sentence Said) : AlertReading
    {
        public string Why { get; } = Clean(Said);
    }

    /// <summary>It is not what the source sends.</summary>
    /// <param name="Said">What is missing and what to do, for the person who sets the source up.</param>
    public sealed record NotThisShape(Sentence Said) : AlertReading
    {
        public string Why { get; } = Clean(Said);
    }

    private static string Clean(Sentence said) => AlertText.Line(said.ToString(), MaxWhy);
}
