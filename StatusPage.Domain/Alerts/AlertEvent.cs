using System.Collections.ObjectModel;
using StatusPage.Domain.Incidents;

namespace StatusPage.Domain.Alerts;

public enum AlertSignal
{
    /// <summary>The trouble began, goes on, or came back.</summary>
    Firing = 0,
    Resolved = 1,

    /// <summary>Somebody took it on; it still lasts.</summary>
    Acknowledged = 2,

    /// <summary>News that leaves it as it was: a note, another priority, a status update.</summary>
    Updated = 3,
}

public static class AlertSignals
{
    public static string Label(this AlertSignal signal) =>
        signal switch
        {
            AlertSignal.Firing => "Firing",
            AlertSignal.Resolved => "Resolved",
            AlertSignal.Acknowledged => "Acknowledged",
            _ => "Updated",
        };
}

/// <summary>
/// What one delivery says of one stream of alerts. Every text in it fits its place and can be shown, whatever was sent (<see cref="AlertText"/>).
/// </summary>
/// <param name="Key">Names the stream, not the episode: the same key fires again next week. Belongs to one source.</param>
/// <param name="Title">One line, never empty.</param>
/// <param name="Text">Many lines, or empty.</param>
public sealed record AlertEvent(string Key, AlertSignal Signal, string Title, string Text)
{
    public string Key
    {
        get;
        init => field = AlertText.Key(value);
    } = AlertText.Key(Key);
    public string Title
    {
        get;
        init => field = AlertText.Line(value, AlertText.MaxTitle);
    } = AlertText.Line(Title, AlertText.MaxTitle);
    public string Text
    {
        get;
        init => field = AlertText.Block(value, AlertText.MaxText);
    } = AlertText.Block(Text, AlertText.MaxText);

    /// <summary>Null when nothing says so.</summary>
    public Severity? SuggestedSeverity { get; init; }

    /// <summary>How customers are hit, in the source's words. One that is longer than an update's impact may be is cut.</summary>
    public string? Impact
    {
        get;
        init => field = AlertText.OptionalLine(value, UpdateContent.MaxFactLength);
    }

    /// <summary>Where the source shows it: http or https. Any other is none.</summary>
    public string? Link
    {
        get;
        init => field = AlertText.Link(value);
    }

    /// <summary>When it began or ended, as the source says. One outside of <see cref="Instants"/> is none.</summary>
    public DateTimeOffset? At
    {
        get;
        init => field = value is { } at && Instants.Contain(at) ? at.ToUniversalTime() : null;
    }

    /// <summary>What fires, or what has ended, where a stream is of several alerts: see <see cref="AlertHistory"/>.</summary>
    public IReadOnlyList<AlertOccasion> Occasions { get; init; } = [];

    /// <summary>What has ended of a stream that still fires.</summary>
    public IReadOnlyList<AlertOccasion> Ended { get; init; } = [];

    /// <summary>Whether a report of the source that an end covers is old for certain, as each has a time or a name of its own.</summary>
    public bool NeverRepeats { get; init; }

    /// <summary>What a rule may ask for, by name. Each source says which names it gives.</summary>
    public IReadOnlyDictionary<string, string> Fields
    {
        get;
        init => field = AlertText.Fields(value);
    } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>
    /// The fields whose change is news. A source that tells of everything names them; a repetition in which they stand as before says nothing. Empty: each
    /// repetition counts.
    /// </summary>
    public IReadOnlyList<string> Watched { get; init; } = [];

    /// <summary>"severity: SEV2, now SEV1": how the watched fields differ from an earlier word of the same stream.</summary>
    public IReadOnlyList<string> ChangesSince(AlertEvent earlier) =>
        [
            .. from field in Watched
            let before = earlier.Fields.GetValueOrDefault(field)
            let now = Fields.GetValueOrDefault(field)
            where before != now
            select $"{field}: {before ?? "nothing"}, now {now ?? "nothing"}",
        ];

    /// <summary>What the source calls this delivery, the same when it sends it again. Null where it has no name for it.</summary>
    public string? DeliveryId
    {
        get;
        init => field = value is null ? null : AlertText.Key(value);
    }
}
