using StatusPage.Domain.Incidents;

namespace StatusPage.Domain.Postmortems;

/// <summary>A moment of an incident, as a postmortem tells it.</summary>
public sealed record PostmortemMoment(DateTimeOffset At, string Text);

/// <summary>A whole postmortem for another system: the text, and the facts that stand in it.</summary>
/// <param name="IncidentId">The postmortem's id, too: an incident has one.</param>
/// <param name="Revision">Rises by one with each change of the text.</param>
/// <param name="Url">The page of the incident.</param>
/// <param name="Title">"Postmortem: API errors".</param>
/// <param name="Revenue">As somebody wrote it; null: not known.</param>
/// <param name="Markdown">All of it, headings and action items included.</param>
/// <param name="Parts">The same in parts, of which each is to be read by itself.</param>
public sealed record PostmortemDocument(
    IncidentId IncidentId,
    int Revision,
    string Url,
    string Title,
    Severity? Severity,
    DateTimeOffset StartedAt,
    DateTimeOffset? ResolvedAt,
    long? UsersAffected,
    string? Revenue,
    string? RootCause,
    IReadOnlyList<PostmortemMoment> Timeline,
    IReadOnlyList<ActionItem> ActionItems,
    string Markdown,
    IReadOnlyList<string> Parts
);

/// <summary>An action item for another system, with the incident that it comes from.</summary>
/// <param name="IncidentUrl">The page of the incident.</param>
public sealed record ItemDocument(ActionItem Item, string IncidentTitle, string IncidentUrl);
