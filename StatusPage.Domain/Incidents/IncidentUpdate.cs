using StatusPage.Domain.Channels;
using StatusPage.Domain.Components;

namespace StatusPage.Domain.Incidents;

/// <summary>A component that an update speaks of, with its state before and after.</summary>
/// <param name="SaysState">False when the component is only named: the update then says nothing of its state.</param>
public sealed record AffectedComponent(ComponentId ComponentId, string Name, ComponentStatus OldStatus, ComponentStatus NewStatus, bool SaysState = true);

/// <summary>What an update said until it was corrected.</summary>
/// <param name="Until">When the correction was published.</param>
public sealed record UpdateRevision(string Body, string? ImpactSummary, string? TeamStatus, DateTimeOffset Until);

/// <summary>The same update in words of its own for one audience.</summary>
public sealed record UpdateWording(AudienceId AudienceId, string Body, string? ImpactSummary, string? TeamStatus)
{
    /// <summary>What the audience read before each correction, the oldest first.</summary>
    public IReadOnlyList<UpdateRevision> Revisions { get; init; } = [];

    public bool SaysTheSameAs(UpdateWording? other) =>
        other is not null && (AudienceId, Body, ImpactSummary, TeamStatus) == (other.AudienceId, other.Body, other.ImpactSummary, other.TeamStatus);
}

/// <summary>One timestamped message about an incident. A correction keeps what it said before; a withdrawal leaves its trace.</summary>
public sealed class IncidentUpdate
{
    private IncidentUpdate() { }

    internal IncidentUpdate(
        Incident incident,
        int number,
        UpdateContent content,
        IReadOnlyList<AffectedComponent> affected,
        string author,
        DateTimeOffset at
    )
    {
        Id = UpdateId.New();
        IncidentId = incident.Id;
        Number = number;
        Phase = content.Phase;
        Body = content.Body;
        ImpactSummary = content.ImpactSummary;
        TeamStatus = content.TeamStatus;
        NextUpdateBy = content.NextUpdateBy;
        Affected = affected;
        Notifies = content.Notifies;
        Channels = content.Channels;
        IsPublic = content.IsPublic;
        AudienceIds = content.AudienceIds;
        Wordings = content.Wordings;
        Translations = content.Translations;
        Author = author;
        DraftedBy = content.DraftedBy;
        ApprovedBy = content.ApprovedBy;
        PostedAt = at;
    }

    /// <summary>A postmortem is told like an update. It is none, so it has the incident's id and is not stored.</summary>
    internal static IncidentUpdate OfPostmortem(Incident incident, string body, DateTimeOffset at) =>
        new()
        {
            Id = UpdateId.Of(incident.Id.Value),
            IncidentId = incident.Id,
            Number = incident.Updates.Count + 1,
            Phase = Phase.Postmortem,
            Body = body,
            PostedAt = at,
        };

    public UpdateId Id { get; private init; }
    public IncidentId IncidentId { get; private init; }

    /// <summary>1 for the first update of its incident; orders updates of the same instant.</summary>
    public int Number { get; private init; }
    public Phase Phase { get; private init; }

    /// <summary>What happened, in Markdown.</summary>
    public string Body { get; private set; } = "";

    /// <summary>Who is hit and how much: "~15% of requests failing".</summary>
    public string? ImpactSummary { get; private set; }

    /// <summary>What the team is doing: "Working on identifying root cause".</summary>
    public string? TeamStatus { get; private set; }

    /// <summary>The promise: when the next update comes at the latest.</summary>
    public DateTimeOffset? NextUpdateBy { get; private init; }
    public IReadOnlyList<AffectedComponent> Affected { get; private init; } = [];

    /// <summary>False when it was posted silently: on the page, but told to nobody.</summary>
    public bool Notifies { get; private init; } = true;

    /// <summary>The channels on which it was told.</summary>
    public ChannelSet Channels { get; private init; } = ChannelSet.All;

    /// <summary>False when it is for <see cref="AudienceIds"/> alone.</summary>
    public bool IsPublic { get; private init; } = true;

    /// <summary>The stakeholder groups that it addresses, together with the public or instead of it.</summary>
    public IReadOnlyList<AudienceId> AudienceIds { get; private init; } = [];
    public IReadOnlyList<UpdateWording> Wordings { get; private set; } = [];

    /// <summary>What it says in other languages.</summary>
    public IReadOnlyList<UpdateTranslation> Translations { get; private set; } = [];

    /// <summary>Who posted; never public.</summary>
    public string Author { get; private init; } = "";

    /// <summary>Who wrote it, if that was somebody else; never public.</summary>
    public string? DraftedBy { get; private init; }

    /// <summary>The second pair of eyes, where one was needed; never public.</summary>
    public string? ApprovedBy { get; private init; }
    public DateTimeOffset PostedAt { get; private init; }

    /// <summary>What it said before each correction, the oldest first. As public as the update itself.</summary>
    public IReadOnlyList<UpdateRevision> Revisions { get; private set; } = [];

    /// <summary>When it was withdrawn; its text is no longer shown.</summary>
    public DateTimeOffset? WithdrawnAt { get; private set; }

    /// <summary>Why, for the public.</summary>
    public string? WithdrawnBecause { get; private set; }

    public DateTimeOffset? CorrectedAt => Revisions.Count == 0 ? null : Revisions[^1].Until;

    /// <summary>When its text last changed.</summary>
    public DateTimeOffset ChangedAt => WithdrawnAt ?? CorrectedAt ?? PostedAt;

    /// <param name="audience">Null is the public.</param>
    public bool Addresses(AudienceId? audience) => IsPublic || (audience is { } group && AudienceIds.Contains(group));

    /// <summary>What it says to an audience: its own wording where there is one.</summary>
    public UpdateWording? WordingFor(AudienceId? audience) =>
        audience is { } group ? Wordings.FirstOrDefault(wording => wording.AudienceId == group) : null;

    /// <summary>The update as an audience reads it.</summary>
    public IncidentUpdate For(AudienceId? audience)
    {
        if (WordingFor(audience) is not { } wording)
            return this;
        var worded = (IncidentUpdate)MemberwiseClone();
        (worded.Body, worded.ImpactSummary, worded.TeamStatus, worded.Revisions, worded.Translations) = (
            wording.Body,
            wording.ImpactSummary ?? ImpactSummary,
            wording.TeamStatus ?? TeamStatus,
            wording.Revisions,
            []
        );
        return worded;
    }

    /// <summary>Whether its texts are just these.</summary>
    public bool Says(string? body, string? impact, string? team) =>
        (body?.ReplaceLineEndings("\n").Trim(), impact?.Trim(), team?.Trim()) == (Body, ImpactSummary, TeamStatus);

    internal void Correct(string body, string? impact, string? team, IReadOnlyList<UpdateWording> wordings, DateTimeOffset now)
    {
        Wordings = [.. wordings.Select(wording => Corrected(wording, now))];
        // Who reads words of their own sees no correction of the others, and the public none of theirs.
        if (Says(body, impact, team))
            return;
        Revisions = [.. Revisions, new(Body, ImpactSummary, TeamStatus, now)];
        // The translations are of the text that was wrong.
        (Body, ImpactSummary, TeamStatus, Translations) = (body, impact, team, []);
    }

    /// <summary>A wording with what its audience read before.</summary>
    private UpdateWording Corrected(UpdateWording wording, DateTimeOffset now)
    {
        var before = WordingFor(wording.AudienceId);
        if (before is not null && wording.SaysTheSameAs(before))
            return before;
        var read = For(wording.AudienceId);
        return wording with { Revisions = [.. before?.Revisions ?? [], new(read.Body, read.ImpactSummary, read.TeamStatus, now)] };
    }

    internal void Translate(IReadOnlyList<UpdateTranslation> translations) => Translations = translations;

    /// <summary>The translation into a language; null where there is none.</summary>
    public UpdateTranslation? In(string language) =>
        WithdrawnAt is null ? Translations.FirstOrDefault(translation => translation.Language == language) : null;

    internal void Withdraw(string because, DateTimeOffset now) => (WithdrawnAt, WithdrawnBecause) = (now, because);
}
