namespace StatusPage.Domain.Postmortems;

/// <summary>What a section is about, as far as the program fills it in. The numbers lie in the store.</summary>
public enum PostmortemKind
{
    Other = 0,
    Summary = 1,
    Impact = 2,
    RootCause = 3,
    Timeline = 4,
    Factors = 5,
    WentWell = 6,
    ActionItems = 7,
}

/// <summary>A heading of a postmortem and the text below it.</summary>
/// <param name="Body">Markdown; empty: not written yet.</param>
public sealed record PostmortemSection(PostmortemKind Kind, string Heading, string Body)
{
    public const int MaxHeadingLength = 100;
    public const int MaxBodyLength = 10_000;
    public const int MostSections = 20;

    /// <summary>The kind that a heading names: "Customer impact" is about the impact.</summary>
    public static PostmortemKind KindOf(string heading)
    {
        foreach (var (word, kind) in Words)
            if (heading.Contains(word, StringComparison.OrdinalIgnoreCase))
                return kind;
        return PostmortemKind.Other;
    }

    private static readonly (string Word, PostmortemKind Kind)[] Words =
    [
        ("summary", PostmortemKind.Summary),
        ("impact", PostmortemKind.Impact),
        ("root cause", PostmortemKind.RootCause),
        ("timeline", PostmortemKind.Timeline),
        ("contributing", PostmortemKind.Factors),
        ("went well", PostmortemKind.WentWell),
        ("action item", PostmortemKind.ActionItems),
    ];
}

public enum TimelineSource
{
    Update = 0,
    Note = 1,
    Alert = 2,

    /// <summary>What somebody did at the desk, as the audit has it.</summary>
    Act = 3,

    /// <summary>Written into the postmortem by a person.</summary>
    Hand = 4,
}

/// <summary>A moment that the timeline of a postmortem may tell.</summary>
/// <param name="Key">Names what it was made of, so that it is brought in once.</param>
/// <param name="Text">One line.</param>
/// <param name="IsIn">Whether the postmortem tells it.</param>
public sealed record TimelineEntry(string Key, DateTimeOffset At, string Text, TimelineSource Source, bool IsIn)
{
    public const int MaxTextLength = 500;

    /// <summary>A form has four fields for each, and the server reads 1,024 fields of a form.</summary>
    public const int Most = 150;
}
