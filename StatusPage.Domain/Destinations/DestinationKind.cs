namespace StatusPage.Domain.Destinations;

/// <summary>A system that takes postmortems or action items. The numbers lie in the store.</summary>
public enum DestinationKind
{
    /// <summary>Confluence Cloud, REST v2.</summary>
    Confluence = 0,

    /// <summary>Confluence Data Center, REST v1.</summary>
    ConfluenceDataCenter = 1,
    Notion = 2,

    /// <summary>Issues at github.com or GitHub Enterprise Server.</summary>
    GitHub = 3,

    /// <summary>One signed webhook (Standard Webhooks 1.0.0) for everything else.</summary>
    Webhook = 4,
}

/// <summary>What is sent to a destination. The numbers lie in the store.</summary>
public enum DestinationObject
{
    Postmortem = 0,
    ActionItem = 1,
}

public static class DestinationKinds
{
    public static IReadOnlyList<DestinationKind> All { get; } = Enum.GetValues<DestinationKind>();

    public static string Code(this DestinationKind kind) =>
        kind == DestinationKind.ConfluenceDataCenter ? "confluence-dc" : kind.ToString().ToLowerInvariant();

    public static DestinationKind? Parse(string? code)
    {
        foreach (var kind in All)
            if (string.Equals(kind.Code(), code, StringComparison.Ordinal))
                return kind;
        return null;
    }

    public static string Label(this DestinationKind kind) =>
        kind switch
        {
            DestinationKind.Confluence => "Confluence Cloud",
            DestinationKind.ConfluenceDataCenter => "Confluence Data Center",
            _ => kind.ToString(),
        };

    /// <summary>Whether it is told each time, and not only when something is new.</summary>
    public static bool IsTold(this DestinationKind kind) => kind == DestinationKind.Webhook;

    /// <summary>Pages take a postmortem with its action items as a list of tasks; GitHub takes the action items alone.</summary>
    public static bool Takes(this DestinationKind kind, DestinationObject what) =>
        kind switch
        {
            DestinationKind.Webhook => true,
            DestinationKind.GitHub => what == DestinationObject.ActionItem,
            _ => what == DestinationObject.Postmortem,
        };
}
